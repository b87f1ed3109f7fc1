import { existsSync } from 'node:fs';
import { type DecoderFactory, fileSource } from '../../../connectors/file/source.js';
import { messageOf } from '../../../core/errors.js';
import type { Row } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import type { StreamExecutionEnvironment } from '../../../datastream/environment.js';
import { OutputTag } from '../../../engine/channels/output-tag.js';
import type { Source } from '../../../engine/source.js';
import type { BadRow, DecoderOptions, DecoderPosition, RowProgram } from '../../../formats/index.js';
import { INSERT_ONLY } from '../../physical/changelog-mode.js';
import { type PlanField, planSchema } from '../../plan/field.js';
import type { BadRecord, TableDescription, TableSource } from '../contract.js';
import { tableFormat } from '../formats.js';
import { metadataCast, metadataColumns, physicalColumns } from '../metadata.js';
import { inTable, optionError, TableOptions } from '../options.js';
import { strategyOf, watermarkOptions } from '../watermarks.js';
import { filesBelow } from './listing.js';
import { FILE_METADATA } from './metadata.js';
import { FILESYSTEM_OPTIONS } from './options.js';
import { DEFAULT_PARTITION, Partitions } from './partitions.js';
import { pathOf } from './path.js';
import { completing, TableFileDecoder } from './rows.js';
import { readSinkOptions } from './sink.js';

/** The values of columns that are not in a file but of it. */
type OwnValues = (file: string) => ReadonlyMap<string, unknown> | undefined;

/** A table of files, to be read. */
export function filesystemSource(table: TableDescription): TableSource {
  const options = new TableOptions(FILESYSTEM_OPTIONS, table);
  const path = pathOf(options.required('path'));
  const formatName = options.required('format');
  const intervalMs = options.duration('source.monitor-interval', 1);
  const pattern = patternOf(options.text('source.path.regex-pattern'), table);
  options.oneOf('source.report-statistics', ['ALL', 'NONE'], 'ALL');
  const partitions = new Partitions(table, options.text('partition.default-name') ?? DEFAULT_PARTITION);
  const watermarks = watermarkOptions(table, options);
  const badTable = options.text('bad-rows');
  readSinkOptions(table, options, partitions);
  options.checkMissing();
  const format = tableFormat(formatName, '', table, options, true);
  options.done();

  const metadata = metadataColumns(table, Object.keys(FILE_METADATA), 'reading');
  const apart = new Set([...partitions.fields, ...metadata.map(({ column }) => column)].map(({ name }) => name));
  const inFile = physicalColumns(table).filter(({ name }) => !apart.has(name));
  const schema = planSchema(inFile);
  inTable(table, () => format.rows(schema, {}));
  const tag = badTable === undefined ? undefined : new OutputTag<BadRecord>(`bad rows of ${table.identifier[2]}`);

  const ownValues = (columns: readonly PlanField[]): OwnValues | undefined => {
    const readers = columns
      .filter(({ name }) => apart.has(name))
      .map(({ name }) => {
        const meta = metadata.find(({ column }) => column.name === name);
        if (meta === undefined) return { name, read: partitions.reader(name) };
        const { type, of } = FILE_METADATA[meta.key] as (typeof FILE_METADATA)[string];
        const cast = metadataCast(type, meta.column.type, table.evaluation);
        return { name, read: (_: unknown, file: string) => cast(of(file)) };
      });
    if (readers.length === 0) return undefined;
    return (file) => {
      const texts = partitions.textsOf(path, file) ?? new Map<string, string | null>();
      return new Map(readers.map(({ name, read }) => [name, read(texts, file)]));
    };
  };
  const list = (): string[] => {
    const files = filesBelow(path, pattern);
    // What lies beside the partitions belongs to none.
    return partitions.fields.length === 0
      ? files
      : files.filter((file) => partitions.textsOf(path, file) !== undefined);
  };
  const source = (name: string, columns: readonly PlanField[], program?: RowProgram): Source<Row> => {
    if (!existsSync(path)) throw optionError(table, `'path' = '${path}': there is no such file or folder`);
    const own = ownValues(columns);
    const names = columns.map((column) => column.name).filter((one) => !apart.has(one));
    const decoder: DecoderFactory<Row> = (file, resume) => {
      const bad: BadRow[] = [];
      const more: DecoderOptions = {
        source: file,
        columns: names,
        ...(resume === undefined ? {} : { resume: resume as DecoderPosition }),
        ...(program === undefined ? {} : { program }),
        ...(tag === undefined ? {} : { onBadRow: 'side', onBad: (row) => void bad.push(row) }),
      };
      const values = own?.(file);
      const complete = values === undefined ? undefined : completing(columns, values);
      return new TableFileDecoder(format.rows(schema, more), bad, complete);
    };
    const watch = intervalMs === undefined ? {} : { watch: { intervalMs, list } };
    return fileSource(name, list(), decoder, { badTag: tag as OutputTag<unknown> | undefined, ...watch });
  };
  const title = `Source: ${table.identifier[2]}`;
  return {
    changelogMode: INSERT_ONLY,
    ...(tag === undefined || badTable === undefined ? {} : { badRows: { table: badTable, tag } }),
    stream: (env, columns) => env.fromSource(source(title, columns)),
    // Steps on columns that are not in the file are carried out after it.
    streamThrough:
      formatName === 'csv' && apart.size === 0 && watermarks === undefined
        ? (env: StreamExecutionEnvironment, columns: readonly PlanField[], program: RowProgram): DataStream<Row> =>
            env.fromSource(source([title, ...program.steps].join(' -> '), columns, program))
        : undefined,
    streamTimed:
      watermarks === undefined
        ? undefined
        : (env, columns, timing) => env.fromSource(source(title, columns), strategyOf(timing, watermarks)),
  };
}

/** As Java reads it, where JavaScript reads it too. */
function patternOf(text: string | undefined, table: TableDescription): RegExp | undefined {
  if (text === undefined) return undefined;
  try {
    return new RegExp(`^(?:${text})$`, 'u');
  } catch (error) {
    throw optionError(table, `'source.path.regex-pattern' = '${text}' cannot be read: ${messageOf(error)}`);
  }
}
