import { isDeterministic, visitRex } from '../expressions/index.js';
import type { Rex, RexCall } from '../plan/rex.js';

/** Functions that give a value, or NULL, for all operands of their types. */
const TOTAL = new Set([
  'AND',
  'OR',
  'NOT',
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'IN',
  'NOT IN',
  'IS NULL',
  'IS NOT NULL',
  'IS TRUE',
  'IS NOT TRUE',
  'IS FALSE',
  'IS NOT FALSE',
  'IS UNKNOWN',
  'IS NOT UNKNOWN',
  'IS DISTINCT FROM',
  'IS NOT DISTINCT FROM',
  '+',
  '-',
  '*',
  '-/1',
  'CASE',
  'COALESCE',
  'UPPER',
  'LOWER',
  'CHAR_LENGTH',
  'CONCAT',
  '||',
]);

function isTotal({ function: name, operands: [, second] }: RexCall): boolean {
  if (name === 'TO_TIMESTAMP_LTZ') return second?.kind === 'literal' && (second.value === 0 || second.value === 3);
  return TOTAL.has(name);
}

/** Whether an expression gives a value, or NULL, for every row, and the same one each time. */
export function cannotThrow(rex: Rex): boolean {
  if (!isDeterministic(rex)) return false;
  let total = true;
  visitRex(rex, (one) => {
    if (one.kind === 'call' ? !isTotal(one) : one.kind !== 'input' && one.kind !== 'literal') total = false;
  });
  return total;
}
