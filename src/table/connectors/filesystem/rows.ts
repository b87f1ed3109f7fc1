import { RowFileDecoder } from '../../../connectors/file/rows.js';
import type { FileDecoder } from '../../../connectors/file/source.js';
import { type Row, type RowClass, rowClassOf } from '../../../core/rows/index.js';
import type { BadRow, RowDecoder } from '../../../formats/index.js';
import { type PlanField, planSchema } from '../../plan/field.js';
import type { BadRecord } from '../contract.js';

/** What {@link RowFileDecoder} hands over, told as a record that a table can take. */
function recordOf({ source, line, column, reason, text }: BadRow): BadRecord {
  return { source, line, column, reason, content: text };
}

/** The rows of a file, with columns whose value is the same for all of them: those of its partition, its name. */
export class TableFileDecoder implements FileDecoder<Row> {
  private readonly rows: RowFileDecoder;
  private readonly made: Row[] = [];

  /** @param complete makes a row of those in the file; absent: they are what is wanted */
  constructor(
    decoder: RowDecoder,
    private readonly bad: BadRow[],
    private readonly complete: ((row: Row) => Row) | undefined,
  ) {
    this.rows = new RowFileDecoder(decoder);
  }

  feed(bytes: Buffer): void {
    this.rows.feed(bytes);
  }

  end(): void {
    this.rows.end();
  }

  read(): readonly Row[] {
    const rows = this.rows.read();
    if (this.complete === undefined) return rows;
    this.made.length = rows.length;
    for (let i = 0; i < rows.length; i++) this.made[i] = this.complete(rows[i] as Row);
    return this.made;
  }

  get timing(): RowFileDecoder['timing'] {
    return this.rows.timing;
  }

  takeWatermark(): number | undefined {
    return this.rows.takeWatermark();
  }

  takeBad(): readonly BadRecord[] {
    return this.bad.splice(0).map(recordOf);
  }

  get badRows(): number {
    return this.rows.badRows;
  }

  position(): ReturnType<RowFileDecoder['position']> {
    return this.rows.position();
  }
}

/** Makes the function that puts a file's own values between those of its rows. @param own by column */
export function completing(columns: readonly PlanField[], own: ReadonlyMap<string, unknown>): (row: Row) => Row {
  const RowOf: RowClass = rowClassOf(planSchema(columns));
  const names = columns.map(({ name }) => name);
  return (row) => RowOf.of(names.map((name) => (own.has(name) ? own.get(name) : row[name])));
}
