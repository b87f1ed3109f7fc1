import { ArgumentError } from '../core/errors.js';
import type { FrameColumns } from '../core/frames.js';
import { type FieldTypes, type Schema, schemaOf } from '../core/types/index.js';
import type { DataStream } from '../datastream/data-stream.js';
import { bindExpression } from './binder/index.js';
import { type FromStreamOptions, streamFields, streamSource } from './bridge.js';
import { withDerived } from './derived-columns.js';
import { frameSource } from './frame-source.js';
import type { ScanSource } from './physical/context.js';
import type { Rel } from './plan/rel.js';
import { inferSchema, rowsSource } from './rows.js';
import type { Runner } from './runner.js';
import { parseExpression } from './sql/parse.js';
import type { Statements } from './statements.js';

/** What `fromRows` may be told. */
export interface FromRowsOptions<C extends string = string> {
  /** Further columns, each a SQL expression: `{ rowtime: 'TO_TIMESTAMP_LTZ(ts, 3)' }`. */
  readonly computed?: { readonly [name in C]: string };
  /** The time column and its watermark: `{ rowtime: "rowtime - INTERVAL '3' SECOND" }`. */
  readonly watermark?: Readonly<Record<string, string>>;
}

/** Plans that read what the program itself holds: rows, frames, streams. */
export class InlineTables {
  /** @param next a number for the next name */
  constructor(
    private readonly runner: Runner,
    private readonly statements: Statements,
    private readonly next: () => number,
  ) {}

  ofRows(rows: Iterable<object>, options: FromRowsOptions & { readonly schema?: Schema | FieldTypes }): Rel {
    const list = [...rows];
    const schema = options.schema === undefined ? inferSchema(list) : schemaOf(options.schema as FieldTypes);
    const name = `rows_${this.next()}`;
    return this.scan(name, rowsSource(name, list, schema), schema, options);
  }

  ofFrame(columns: FrameColumns, options: FromRowsOptions): Rel {
    const name = `frame_${this.next()}`;
    return this.scan(name, frameSource(name, columns), columns.schema, options);
  }

  /** @param where the method that was called */
  ofStream(where: string, stream: DataStream<unknown>, options: FromStreamOptions<FieldTypes>, changes: boolean): Rel {
    if (!this.runner.owns(stream)) {
      throw new ArgumentError(`${where}: the stream belongs to another environment`, {
        hint: 'const env = streamEnv(); const t = tableEnv({ streamEnv: env });',
      });
    }
    const name = `stream_${this.next()}`;
    const id = this.runner.addInline(streamSource(name, stream, options, changes));
    return { kind: 'inlineScan', id, name, fields: streamFields(options) };
  }

  private scan(name: string, source: ScanSource, { fields }: Schema, options: FromRowsOptions): Rel {
    const rel: Rel = { kind: 'inlineScan', id: this.runner.addInline(source), name, fields };
    return withDerived(rel, options, (sql, among) =>
      bindExpression(parseExpression(sql), among, this.statements.context(sql)),
    );
  }
}
