import { StreambookError } from '../../core/errors.js';
import type { ExpressionNode } from './node.js';

/** What was built while a callback ran, and has not become a part of something else. */
let loose: Map<ExpressionNode, string> | undefined;

/** To be called for every call that is built: its operands are used now, it is not yet. */
export function built(node: ExpressionNode, operands: readonly ExpressionNode[], name: string): void {
  if (loose === undefined) return;
  for (const operand of operands) loose.delete(operand);
  loose.set(node, name);
}

/** A column of BOOLEAN that was asked for: `a && b` would lose it. */
export function asked(node: ExpressionNode, name: string): void {
  loose?.set(node, name);
}

/**
 * Runs a callback that builds expressions, once. What it built must be in its result: JavaScript's own `&&`, `||`, `!`
 * and `? :` look at the expression as a value that is always there, and lose it.
 */
export function traced<R>(where: string, callback: () => R, nodesOf: (result: R) => Iterable<ExpressionNode>): R {
  const before = loose;
  const mine = new Map<ExpressionNode, string>();
  loose = mine;
  try {
    const result = callback();
    for (const node of nodesOf(result)) mine.delete(node);
    const [lost] = mine.values();
    if (lost !== undefined) {
      throw new StreambookError('lost-expression', `${where}: an expression was built and then lost: ${lost}`, {
        hint: 'JavaScript cannot look into a column: write a.and(b), a.or(b), a.not(), ifThenElse(a, b, c) instead of &&, ||, ! and ? :',
      });
    }
    return result;
  } finally {
    loose = before;
  }
}
