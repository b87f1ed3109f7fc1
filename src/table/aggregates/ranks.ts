import { sameValue } from '../codegen/same-value.js';
import type { AggregateFunction } from './code.js';

/** ROW_NUMBER: rows so far. */
const rowNumber: AggregateFunction = ({ slot }) => {
  const n = slot('number');
  return { slots: { [n]: '0' }, add: () => `acc.${n} += 1;`, value: `acc.${n}` };
};

/**
 * RANK and DENSE_RANK: rows that are equal in the columns `options.orderBy` (indexes of the input) have the same rank.
 */
const rank =
  (dense: boolean): AggregateFunction =>
  ({ slot, constant, call, column }) => {
    const [n, r, last] = [slot('number'), slot('rank'), slot('last')];
    const keys = (call.options?.orderBy as readonly number[] | undefined) ?? [];
    const values = `[${keys.map(column).join(', ')}]`;
    return {
      slots: { [n]: '0', [r]: '0', [last]: 'null' },
      add: () =>
        `acc.${n} += 1; { const keys = ${values}; if (acc.${last} === null || !${constant(sameValue)}(keys, acc.${last})) { acc.${r} = ${dense ? `acc.${r} + 1` : `acc.${n}`}; acc.${last} = keys; } }`,
      value: `acc.${r}`,
    };
  };

/** LAG: the value so many rows before (1 unless given), or the default. Values come in the order of the window. */
const lag: AggregateFunction = ({ slot }) => {
  const [list, otherwise, distance] = [slot('list'), slot('default'), slot('offset')];
  return {
    slots: { [list]: '[]', [otherwise]: 'null', [distance]: '1' },
    nulls: 'pass',
    add: ([x, offset, fallback]) =>
      `${offset === undefined ? '' : `acc.${distance} = Number(${offset}); `}${fallback === undefined ? '' : `acc.${otherwise} = ${fallback}; `}acc.${list}.push(${x}); if (acc.${list}.length > acc.${distance} + 1) acc.${list}.shift();`,
    // The oldest rows leave the frame first, and they were forgotten already.
    remove: () => '',
    value: `(acc.${list}.length > acc.${distance} ? acc.${list}[0] : acc.${otherwise})`,
  };
};

export const RANKS: Readonly<Record<string, AggregateFunction>> = {
  ROW_NUMBER: rowNumber,
  RANK: rank(false),
  DENSE_RANK: rank(true),
  LAG: lag,
};
