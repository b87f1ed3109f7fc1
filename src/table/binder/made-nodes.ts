import type { Expression } from '../sql/ast/expressions.js';
import type { Identifier } from '../sql/ast/names.js';
import type { Span } from '../sql/ast/span.js';

/** A column by its name. */
export type ColumnNode = Extract<Expression, { kind: 'column' }> & { readonly parts: readonly [Identifier] };

export function identifier(name: string, span: Span): Identifier {
  return { kind: 'identifier', name, quoted: true, span };
}

export function columnNode(name: string | Identifier, span?: Span): ColumnNode {
  const made = typeof name === 'string' ? identifier(name, span as Span) : name;
  return { kind: 'column', parts: [made], span: made.span };
}

/** `left operator right`, as if it stood where `right` does. */
export function operation(operator: string, left: Expression, right: Expression): Expression {
  return { kind: 'binary-operation', operator, operatorSpan: right.span, left, right, span: right.span };
}
