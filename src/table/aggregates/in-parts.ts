import type { PlanField } from '../plan/field.js';
import type { AggregateCall } from '../plan/rex.js';

const WHOLE = new Set(['TINYINT', 'SMALLINT', 'INT', 'BIGINT']);
/** Sums have 38 digits: of operands with no more than so many, no file is long enough to fill them. */
const MOST_DIGITS = 18;

/**
 * Whether an aggregate comes to the same when stretches of rows are aggregated first, and then put together in their order.
 * Sums of FLOAT and DOUBLE do not: each addition rounds. Nor do their extremes, where there is a NaN among them.
 */
export function addsUpInParts(
  { function: name, operands, distinct }: AggregateCall,
  input: readonly PlanField[],
): boolean {
  if (distinct) return false;
  const type = input[operands[0] ?? -1]?.type;
  switch (name) {
    case 'COUNT':
    case 'FIRST_VALUE':
    case 'LAST_VALUE':
      return true;
    case 'SUM':
    case '$SUM0':
    case 'AVG':
      return type !== undefined && (WHOLE.has(type.root) || (type.root === 'DECIMAL' && type.precision <= MOST_DIGITS));
    case 'MIN':
    case 'MAX':
      return type !== undefined && type.root !== 'FLOAT' && type.root !== 'DOUBLE';
    default:
      return false;
  }
}
