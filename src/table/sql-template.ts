import { ArgumentError } from '../core/errors.js';
import { isTimestamp } from '../core/values/index.js';
import { quoteText } from './sql/index.js';

/** A value as a SQL literal, so that nothing in it is read as SQL. */
export function literalText(value: unknown): string {
  if (value === null) return 'NULL';
  switch (typeof value) {
    case 'string':
      return quoteText(value);
    case 'boolean':
      return value ? 'TRUE' : 'FALSE';
    case 'bigint':
      return value < 0n ? `(${value})` : String(value);
    case 'number':
      return numberText(value);
    case 'object':
      if (isTimestamp(value)) return `TIMESTAMP '${value}'`;
      if (value instanceof Date) return `TO_TIMESTAMP_LTZ(${value.getTime()}, 3)`;
      if (Array.isArray(value) && value.length > 0) return value.map(literalText).join(', ');
      break;
    default:
  }
  throw new ArgumentError(`${value === undefined ? 'undefined' : `a ${typeof value}`} cannot stand in SQL`, {
    hint: 'values are texts, numbers, booleans, dates, timestamps, null, lists of these (for IN), and tables',
  });
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new ArgumentError(`${value} has no literal in SQL`);
  const text = Number.isInteger(value) && Math.abs(value) < 1e21 ? String(value) : value.toExponential();
  return value < 0 || Object.is(value, -0) ? `(${text})` : text;
}
