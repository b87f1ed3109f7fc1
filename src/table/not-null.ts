import { StreambookError } from '../core/errors.js';
import { columnAccess, type Row } from '../core/rows/index.js';
import type { DataStream } from '../datastream/data-stream.js';
import type { PlanField } from './plan/field.js';

/** Raised when NULL is on its way into a column that is NOT NULL. */
export class NullViolationError extends StreambookError {
  constructor(column: string) {
    super('null-in-not-null', `Column '${column}' is NOT NULL, however, a null value is being written into it`, {
      hint: "SET 'table.exec.sink.not-null-enforcer' = 'DROP' leaves such rows out",
    });
  }
}

/**
 * Checks rows before they leave: in a NOT NULL column there may be NULL all the same, where a conversion made it. Fails, or
 * with `drop` leaves such rows out.
 *
 * @see Flink: `table.exec.sink.not-null-enforcer`
 */
export function enforceNotNull(stream: DataStream<Row>, fields: readonly PlanField[], drop: boolean): DataStream<Row> {
  const columns = fields.filter(({ type, time }) => type.nullability === 'not null' && time === undefined);
  if (columns.length === 0) return stream;
  const tests = columns.map(({ name }) => {
    const then = drop ? 'return false' : `fail(${JSON.stringify(name)})`;
    return `if (${columnAccess('row', name)} === null) ${then};`;
  });
  const fail = (column: string): never => {
    throw new NullViolationError(column);
  };
  const check = new Function('fail', `return (row) => { ${tests.join(' ')} return true; };`)(fail) as (
    row: Row,
  ) => boolean;
  return stream.filter(check).name('ConstraintEnforcer');
}
