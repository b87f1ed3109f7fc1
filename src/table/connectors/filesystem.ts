import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RowFileDecoder } from '../../connectors/file/rows.js';
import { fileSink } from '../../connectors/file/sink.js';
import { type DecoderFactory, fileSource } from '../../connectors/file/source.js';
import type { Row } from '../../core/rows/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import type { StreamExecutionEnvironment } from '../../datastream/environment.js';
import {
  csvDecoder,
  csvOptionsOf,
  type DecoderOptions,
  type DecoderPosition,
  jsonDecoder,
  jsonOptionsOf,
  type RowDecoder,
  type RowProgram,
  rawDecoder,
  rawOptionsOf,
} from '../../formats/index.js';
import { NotImplementedError } from '../errors.js';
import { INSERT_ONLY, isInsertOnly } from '../physical/changelog-mode.js';
import { type PlanField, planSchema } from '../plan/field.js';
import type { TableConnector, TableDescription } from './contract.js';
import { optionError, TableOptions } from './options.js';
import { refuseUpdates } from './updates.js';

/** How bytes become rows, by the format's own options. */
type MakeDecoder = (columns: readonly string[], options: DecoderOptions) => RowDecoder;

const FORMATS = ['csv', 'json', 'raw'] as const;

function formatOf(name: string, table: TableDescription, options: TableOptions): MakeDecoder {
  const schema = planSchema(table.fields);
  switch (name) {
    case 'csv': {
      const csv = options.format(csvOptionsOf, 'csv.');
      return (columns, more) => csvDecoder(schema, { ...csv, ...more, columns });
    }
    case 'json': {
      const json = options.format(jsonOptionsOf, 'json.');
      return (columns, more) => jsonDecoder(schema, { ...json, ...more, columns });
    }
    case 'raw': {
      const raw = options.format(rawOptionsOf, 'raw.');
      return (_, more) => rawDecoder(schema, { ...raw, ...more });
    }
    default:
      throw optionError(table, `no format '${name}'`, `there are: ${FORMATS.join(', ')}`);
  }
}

/** The path as given, or from a `file:` URL. */
function pathOf(text: string): string {
  return /^file:/i.test(text) ? fileURLToPath(text) : text;
}

/** All files to read: the file, or everything in the folder and below; names that begin with `.` or `_` are passed over. */
function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .filter((name) => !name.startsWith('.') && !name.startsWith('_'))
    .flatMap((name) => filesBelow(join(path, name)));
}

/**
 * `'connector' = 'filesystem'`: files of rows, csv, json (a line each) or raw. Only the columns that are used are read.
 *
 * @see Flink: FileSystem SQL Connector
 */
export const filesystemConnector: TableConnector = {
  name: 'filesystem',

  source(table) {
    const options = new TableOptions('filesystem', table);
    const path = pathOf(options.required('path'));
    const formatName = options.required('format');
    const format = formatOf(formatName, table, options);
    options.passOver('sink.');
    options.done();
    const read = (
      env: StreamExecutionEnvironment,
      columns: readonly PlanField[],
      program?: RowProgram,
    ): DataStream<Row> => {
      if (!existsSync(path)) throw optionError(table, `'path' = '${path}': there is no such file or folder`);
      const names = columns.map(({ name }) => name);
      const decoder: DecoderFactory<Row> = (file, resume) =>
        new RowFileDecoder(
          format(names, {
            source: file,
            ...(resume === undefined ? {} : { resume: resume as DecoderPosition }),
            ...(program === undefined ? {} : { program }),
          }),
        );
      const name = [`Source: ${table.identifier[2]}`, ...(program?.steps ?? [])].join(' -> ');
      return env.fromSource(fileSource(name, filesBelow(path), decoder));
    };
    return {
      changelogMode: INSERT_ONLY,
      stream: (env, columns) => read(env, columns),
      streamThrough: formatName === 'csv' ? read : undefined,
    };
  },

  sink(table) {
    const options = new TableOptions('filesystem', table);
    const path = pathOf(options.required('path'));
    const name = options.required('format');
    const csv = options.format(csvOptionsOf, 'csv.');
    const json = options.format(jsonOptionsOf, 'json.');
    const maxPartBytes = options.integer('sink.rolling-policy.file-size', 1);
    const rolloverIntervalMs = options.duration('sink.rolling-policy.rollover-interval');
    options.done();
    if (name !== 'csv' && name !== 'json')
      throw optionError(table, `no format '${name}' to write`, 'there are: csv, json');
    if (table.partitionedBy.length > 0) throw new NotImplementedError('PARTITIONED BY of a filesystem table');
    return {
      accepts: (requested) => (isInsertOnly(requested) ? INSERT_ONLY : refuseUpdates(table)),
      write: (stream) =>
        stream
          .sinkTo(
            fileSink<Row>(path, {
              format: name,
              schema: planSchema(table.fields),
              csv,
              json,
              rollingPolicy: {
                ...(maxPartBytes === undefined ? {} : { maxPartBytes }),
                ...(rolloverIntervalMs === undefined ? {} : { rolloverIntervalMs }),
              },
            }),
          )
          .name(`Sink: ${table.identifier[2]}`),
    };
  },
};
