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

/** What an expression is when some columns are NULL; `undefined`: that depends on others. */
type Known = { readonly value: unknown } | undefined;

const NULL: Known = { value: null };
const known = (value: unknown): Known => ({ value });

/**
 * Whether a condition cannot be TRUE for a row in which these columns are NULL: then a join that would add such rows need
 * not add them. `false` means: not known.
 *
 * @see Calcite: `Strong.isNotTrue`
 */
export function rejectsNulls(condition: Rex, columns: (index: number) => boolean): boolean {
  if (condition.kind === 'call' && condition.function === 'AND')
    return condition.operands.some((part) => rejectsNulls(part, columns));
  if (condition.kind === 'call' && condition.function === 'OR')
    return condition.operands.every((part) => rejectsNulls(part, columns));
  const found = outcomeOf(condition, columns);
  return found !== undefined && found.value !== true;
}

function outcomeOf(rex: Rex, columns: (index: number) => boolean): Known {
  if (rex.kind === 'input') return columns(rex.index) ? NULL : undefined;
  if (rex.kind === 'literal') return known(rex.value);
  if (rex.kind === 'field') return outcomeOf(rex.operand, columns)?.value === null ? NULL : undefined;
  if (rex.kind !== 'call') return undefined;
  const of = (operand: Rex | undefined): Known => (operand === undefined ? NULL : outcomeOf(operand, columns));
  const { operands } = rex;
  const [first] = operands;
  switch (rex.function) {
    case 'IS NULL':
      return test(of(first), (value) => value === null);
    case 'IS NOT NULL':
      return test(of(first), (value) => value !== null);
    case 'IS TRUE':
      return test(of(first), (value) => value === true);
    case 'IS FALSE':
      return test(of(first), (value) => value === false);
    case 'IS NOT TRUE':
      return test(of(first), (value) => value !== true);
    case 'IS NOT FALSE':
      return test(of(first), (value) => value !== false);
    case 'AND':
      return junction(operands.map(of), false);
    case 'OR':
      return junction(operands.map(of), true);
    case 'COALESCE':
      for (const operand of operands) {
        const found = of(operand);
        if (found === undefined || found.value !== null) return found;
      }
      return NULL;
    case 'CASE':
      for (let i = 0; i + 1 < operands.length; i += 2) {
        const condition = of(operands[i]);
        if (condition === undefined) return undefined;
        if (condition.value === true) return of(operands[i + 1]);
      }
      return of(operands.at(-1));
    default:
      return strict(rex.function, operands.map(of));
  }
}

function test(found: Known, holds: (value: unknown) => boolean): Known {
  return found === undefined ? undefined : known(holds(found.value));
}

/** AND (which FALSE decides) and OR (which TRUE decides), three-valued. */
function junction(parts: readonly Known[], decides: boolean): Known {
  if (parts.some((part) => part?.value === decides)) return known(decides);
  if (parts.includes(undefined)) return undefined;
  return parts.some((part) => part?.value === null) ? NULL : known(!decides);
}

function strict(name: string, operands: readonly Known[]): Known {
  if (!NULL_IN_NULL_OUT.has(name)) return undefined;
  if (operands.some((operand) => operand?.value === null)) return NULL;
  const [a, b] = operands.map((operand) => operand?.value);
  if (name === 'NOT' && typeof a === 'boolean') return known(!a);
  if (typeof a !== 'number' || typeof b !== 'number') return undefined;
  switch (name) {
    case '=':
      return known(a === b);
    case '<>':
      return known(a !== b);
    case '<':
      return known(a < b);
    case '<=':
      return known(a <= b);
    case '>':
      return known(a > b);
    case '>=':
      return known(a >= b);
    default:
      return undefined;
  }
}
