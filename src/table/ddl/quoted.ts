import type { Expression, Query } from '../sql/ast/index.js';
import { unparse, unparseExpression } from '../sql/unparse/index.js';

/** The same with every name between back-ticks, as Flink keeps expressions and queries; functions have none. */
function quoteAll<T>(part: T): T {
  if (Array.isArray(part)) return part.map(quoteAll) as T;
  if (typeof part !== 'object' || part === null) return part;
  const { kind } = part as { kind?: unknown };
  if (kind === 'identifier') return { ...part, quoted: true };
  const made = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key,
      // The name of a function stands in a call; it is written as it is.
      (kind === 'call' || kind === 'tableFunction') && key === 'name' ? value : quoteAll(value),
    ]),
  );
  return made as T;
}

export function quotedExpression(expression: Expression): string {
  return unparseExpression(quoteAll(expression));
}

export function quotedQuery(query: Query): string {
  return unparse(quoteAll(query));
}
