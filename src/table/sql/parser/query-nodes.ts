import type { Expression, Query } from '../ast/index.js';

const QUERIES = new Set(['select', 'values', 'tableQuery', 'setOperation', 'with', 'ordered']);

export const isQuery = (node: { readonly kind: string }): node is Query => QUERIES.has(node.kind);

/** A query in the place of an expression is a subquery. */
export function asExpression(node: Query | Expression): Expression {
  return isQuery(node) ? { kind: 'subquery', query: node, span: node.span } : node;
}
