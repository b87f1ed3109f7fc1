import type { Rex } from '../plan/rex.js';
import type { Expression } from '../sql/ast/expressions.js';
import type { Binder, ExpressionEnv, QueryEnv } from './env.js';
import { bindExpr } from './mutual.js';
import { rexKey } from './rex-tools.js';

/** A condition, which has to be BOOLEAN. */
export function conditionOf(node: Expression, env: ExpressionEnv, clause: string): Rex {
  const made = bindExpr(node, env);
  if (made.type.root !== 'BOOLEAN' && made.type.root !== 'NULL') {
    throw env.binder.invalid(`${clause} clause must be a condition`, node, `it is ${made.type}`);
  }
  return made;
}

/** NULL alone has no type. */
export function noBareNull(node: Expression, binder: Binder): void {
  if (node.kind !== 'keyword' || node.value !== 'NULL') return;
  throw binder.invalid("Illegal use of 'NULL'", node, 'say of which type it is: CAST(NULL AS STRING)');
}

/** ORDER BY 2: the position of a column, from 0. */
export function ordinal(expression: Expression, columns: number, { binder }: QueryEnv): number | undefined {
  if (expression.kind !== 'number' || expression.form !== 'integer') return undefined;
  const n = Number(expression.text);
  if (n < 1 || n > columns)
    throw binder.invalid('Ordinal out of range', expression, `there are columns 1 to ${columns}`);
  return n - 1;
}

/** Whether two expressions are the same apart from where they stand. */
export function sameText(a: Rex, b: Rex): boolean {
  return rexKey(a) === rexKey(b);
}
