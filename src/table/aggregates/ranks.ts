import { StreambookError } from '../../core/errors.js';
import type { AnyType } from '../../core/types/index.js';
import type { AggregateFunction } from './code.js';

/** ROW_NUMBER: rows so far. */
const rowNumber: AggregateFunction = ({ slot }) => {
  const n = slot('number');
  return { slots: { [n]: '0' }, add: () => `acc.${n} += 1;`, value: `acc.${n}` };
};

/**
 * RANK and DENSE_RANK over time: Flink never finds two rows equal, so that both count rows, and rows of one moment all have
 * the number of the last of them.
 */
const rank = rowNumber;

/** What Flink makes of a NULL where its types say that there is none. */
function notNull(root: AnyType['root']): string {
  if (root === 'BOOLEAN') return ' ?? false';
  if (root === 'CHAR' || root === 'VARCHAR') return " ?? ''";
  return /^(TINYINT|SMALLINT|INT|BIGINT|FLOAT|DOUBLE|DATE|TIME)$/.test(root) ? ' ?? -1' : '';
}

/** How many rows before. */
function offsetOf(offset: number | bigint | null): number {
  if (offset !== null && offset >= 0) return Number(offset);
  throw new StreambookError('bad-offset', `Offset(${offset}) should be positive.`, {
    hint: 'LAG counts rows before this one: 1, 2, ...; what comes later is not known yet',
  });
}

/** LAG: the value so many rows before (1 unless given), or the default. Values come in the order of the window. */
const lag: AggregateFunction = ({ slot, constant, call: { type } }) => {
  const [list, otherwise, distance] = [slot('list'), slot('default'), slot('offset')];
  return {
    slots: { [list]: '[]', [otherwise]: 'null', [distance]: '1' },
    nulls: 'pass',
    add: ([x, offset, fallback]) =>
      `${offset === undefined ? '' : `acc.${distance} = ${constant(offsetOf)}(${offset}); `}${fallback === undefined ? '' : `acc.${otherwise} = ${fallback}; `}acc.${list}.push(${x}); if (acc.${list}.length > acc.${distance} + 1) acc.${list}.shift();`,
    // The oldest rows leave the frame first, and they were forgotten already.
    remove: () => '',
    value: `((acc.${list}.length > acc.${distance} ? acc.${list}[0] : acc.${otherwise})${type.nullability === 'nullable' ? '' : notNull(type.root)})`,
  };
};

export const RANKS: Readonly<Record<string, AggregateFunction>> = {
  ROW_NUMBER: rowNumber,
  RANK: rank,
  DENSE_RANK: rank,
  LAG: lag,
};
