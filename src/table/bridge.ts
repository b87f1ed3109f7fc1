import { ArgumentError } from '../core/errors.js';
import { kindOf, type Row, rowClassOf, rowKind } from '../core/rows/index.js';
import { type FieldTypes, type Schema, schemaOf, type } from '../core/types/index.js';
import { rowFromCell, rowToCell } from '../core/values/index.js';
import type { DataStream } from '../datastream/data-stream.js';
import { ALL_CHANGES, type ChangelogMode, INSERT_ONLY } from './physical/changelog-mode.js';
import type { ScanSource } from './physical/context.js';
import { type PlanField, planSchema } from './plan/field.js';
import type { ResultRow } from './result/table-result.js';

/** How a stream becomes a table. */
export interface FromStreamOptions<F extends FieldTypes> {
  /** Names and types of the columns; elements are objects with these properties, or lists in their order. */
  readonly schema: F | Schema<F>;
  /**
   * A further column with the elements' timestamps, TIMESTAMP_LTZ(3): a time attribute that follows the stream's own
   * watermarks.
   */
  readonly rowtime?: string;
}

/** The columns that a stream's table has. */
export function streamFields({ schema, rowtime }: FromStreamOptions<FieldTypes>): readonly PlanField[] {
  const { fields, names } = schemaOf(schema as FieldTypes);
  if (rowtime === undefined) return fields;
  if (names.includes(rowtime)) throw new ArgumentError(`rowtime: there is a column \`${rowtime}\` already`);
  return [...fields, { name: rowtime, type: type.timestampLtz(3) as never, time: 'rowtime' }];
}

/** Elements of a stream as rows. With `changes` an element's own kind counts, where it has one. */
export function streamSource(
  name: string,
  stream: DataStream<unknown>,
  options: FromStreamOptions<FieldTypes>,
  changes: boolean,
): ScanSource {
  const schema = schemaOf(options.schema as FieldTypes);
  const convert = rowFromCell(schema, name);
  const { rowtime } = options;
  const mode: ChangelogMode = changes ? ALL_CHANGES : INSERT_ONLY;
  return {
    name,
    changelogMode: mode,
    stream: (_, columns) => {
      const Wanted = rowClassOf(planSchema(columns));
      const names = columns.map((column) => column.name);
      return stream.process((element: unknown, context, out) => {
        const row = convert(element) as Row | undefined;
        if (row === undefined) throw new ArgumentError(`${name}: an element is no row of ${schema}`);
        const made = Wanted.of(names.map((one) => (one === rowtime ? timeOf(context.timestamp(), name) : row[one])));
        if (changes) made[rowKind] = kindOf(element as object);
        out.collect(made);
      }) as DataStream<Row>;
    },
  };
}

function timeOf(timestamp: number | null, name: string): number {
  if (timestamp !== null) return timestamp;
  throw new ArgumentError(`${name}: an element has no timestamp`, {
    hint: 'stream.assignTimestampsAndWatermarks(...) before it becomes a table',
  });
}

/** Rows as objects for functions of the user's; the kind of each under `rowKindOf(row)`. */
export function rowsAsElements(stream: DataStream<Row>, fields: readonly PlanField[]): DataStream<ResultRow> {
  const cellOf = rowToCell(planSchema(fields));
  return stream.map((row) => {
    const cell = cellOf(row) as ResultRow;
    Object.defineProperty(cell, rowKind, { value: row[rowKind], enumerable: false });
    return cell;
  });
}
