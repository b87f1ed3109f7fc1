import type { DataType, Expression, Query, Statement } from '../ast/index.js';
import { alterText } from './alter.js';
import { createText } from './create.js';
import { expressionText } from './expressions.js';
import { fromText, queryText } from './queries.js';
import { otherText } from './statements.js';
import { typeText } from './types.js';
import type { Writers } from './writer.js';

function makeWriters(expanded: boolean): Writers {
  const writers: Writers = {
    expanded,
    expression: (node) => expressionText(writers, node),
    query: (node) => queryText(writers, node),
    from: (node) => fromText(writers, node),
    type: typeText,
    statement: (node) =>
      createText(writers, node) ??
      alterText(writers, node) ??
      otherText(writers, node) ??
      queryText(writers, node as Query),
  };
  return writers;
}

const writers = makeWriters(false);
const expandedWriters = makeWriters(true);

/**
 * A statement as Flink SQL text on one line: names between back-ticks where they must be, parentheses that show the
 * order of operators, no comments. `parseStatement` reads the same statement back.
 *
 * @example unparse(parseStatement('select `value` from t')) // 'SELECT `value` FROM t'
 */
export function unparse(statement: Statement): string {
  return writers.statement(statement);
}

/** A query as Flink keeps it for a view: each clause on a line of its own, joins and branches in full. */
export function unparseExpanded(query: Query): string {
  return expandedWriters.query(query);
}

/** An expression as Flink SQL text. */
export function unparseExpression(expression: Expression): string {
  return writers.expression(expression);
}

/** A type as Flink SQL text. */
export function unparseType(type: DataType): string {
  return typeText(type);
}

export { quoteIdentifier, quoteText } from './writer.js';
