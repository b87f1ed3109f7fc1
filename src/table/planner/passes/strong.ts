import type { Rex } from '../../plan/rex.js';

/** Functions that give NULL for a NULL operand, whichever it is. */
const NULL_IN_NULL_OUT = new Set([
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '-/1',
  '||',
  'LIKE',
  'NOT LIKE',
  'SIMILAR TO',
  'NOT SIMILAR TO',
  'UPPER',
  'LOWER',
  'CHAR_LENGTH',
  'CHARACTER_LENGTH',
  'ABS',
  'FLOOR',
  'CEIL',
  'SUBSTRING',
  'SUBSTR',
  'TRIM',
  'EXTRACT',
  'CAST',
  'MOD',
  'POWER',
  'SQRT',
  'NOT',
]);

/**
 * Whether a condition cannot be TRUE for a row in which these columns are NULL: then a join that would add such rows need
 * not add them. `false` means: not known.
 *
 * @see Calcite: `Strong.isNotTrue`
 */
export function rejectsNulls(condition: Rex, columns: (index: number) => boolean): boolean {
  if (condition.kind === 'literal') return condition.value !== true;
  if (condition.kind !== 'call') return isNull(condition, columns);
  switch (condition.function) {
    case 'AND':
      return condition.operands.some((part) => rejectsNulls(part, columns));
    case 'OR':
      return condition.operands.every((part) => rejectsNulls(part, columns));
    case 'IS NOT NULL':
    case 'IS TRUE':
    case 'IS FALSE':
      return condition.operands.some((part) => isNull(part, columns));
    default:
      return isNull(condition, columns);
  }
}

/** Whether an expression is NULL when these columns are. */
function isNull(rex: Rex, columns: (index: number) => boolean): boolean {
  if (rex.kind === 'input') return columns(rex.index);
  if (rex.kind === 'literal') return rex.value === null;
  if (rex.kind === 'field') return isNull(rex.operand, columns);
  return (
    rex.kind === 'call' && NULL_IN_NULL_OUT.has(rex.function) && rex.operands.some((part) => isNull(part, columns))
  );
}
