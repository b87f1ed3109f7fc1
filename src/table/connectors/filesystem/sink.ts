import { type BucketCommit, fileSink, type RollingPolicy } from '../../../connectors/file/sink.js';
import { ArgumentError } from '../../../core/errors.js';
import type { Row } from '../../../core/rows/index.js';
import type { Schema } from '../../../core/types/index.js';
import { INSERT_ONLY, isInsertOnly } from '../../physical/changelog-mode.js';
import { planSchema } from '../../plan/field.js';
import type { TableDescription, TableSink } from '../contract.js';
import { tableFormat } from '../formats.js';
import { metadataColumns } from '../metadata.js';
import { inTable, TableOptions } from '../options.js';
import { withParallelism } from '../parallelism.js';
import { refuseUpdates } from '../updates.js';
import { watermarkOptions } from '../watermarks.js';
import { partitionCommit } from './commit.js';
import { FILESYSTEM_OPTIONS } from './options.js';
import { DEFAULT_PARTITION, Partitions } from './partitions.js';
import { pathOf } from './path.js';

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;

/** What only writing asks for; a source reads it, too, so that a table's description is checked as one. */
interface SinkOptions {
  readonly commit: BucketCommit | undefined;
  readonly rollingPolicy: RollingPolicy;
  readonly shuffle: boolean;
  readonly parallelism: number | undefined;
}

/** Reads the options that begin with `sink.`. @throws ValidationError */
export function readSinkOptions(table: TableDescription, options: TableOptions, partitions: Partitions): SinkOptions {
  const commit = partitionCommit(table, options, partitions);
  const prefix = 'sink.rolling-policy.';
  return {
    commit,
    rollingPolicy: {
      maxPartBytes: options.memorySize(`${prefix}file-size`) ?? 128 * MIB,
      rolloverIntervalMs: options.duration(`${prefix}rollover-interval`, 1) ?? 30 * MINUTE_MS,
      inactivityIntervalMs: options.duration(`${prefix}inactivity-interval`, 1) ?? 30 * MINUTE_MS,
      checkIntervalMs: options.duration(`${prefix}check-interval`, 1) ?? MINUTE_MS,
    },
    shuffle: options.flag('sink.shuffle-by-partition.enable') ?? false,
    parallelism: options.integer('sink.parallelism', 1),
  };
}

/** A table of files, to be written: files appear when the checkpoint that covers them is complete. */
export function filesystemSink(table: TableDescription): TableSink {
  const options = new TableOptions(FILESYSTEM_OPTIONS, table);
  const path = pathOf(options.required('path'));
  const formatName = options.required('format');
  // Said about reading; looked at all the same.
  watermarkOptions(table, options);
  options.duration('source.monitor-interval', 1);
  options.text('bad-rows');
  const partitions = new Partitions(table, options.text('partition.default-name') ?? DEFAULT_PARTITION);
  const { commit, rollingPolicy, shuffle, parallelism } = readSinkOptions(table, options, partitions);
  options.checkMissing();
  const format = tableFormat(formatName, '', table, options, true);
  options.done();
  metadataColumns(table, [], 'writing');
  const names = new Set(partitions.fields.map(({ name }) => name));
  const schema = planSchema(table.fields.filter(({ name }) => !names.has(name)));
  const { head, encode } = inTable(table, () =>
    format.name === 'raw' ? lines(schema, table) : format.encoder(schema),
  );
  const bucket = partitions.fields.length === 0 ? undefined : (row: Row) => partitions.pathOf(row);
  return {
    accepts: (requested, step) => (isInsertOnly(requested) ? INSERT_ONLY : refuseUpdates(table, step)),
    write: (stream) => {
      const shuffled = shuffle && bucket !== undefined ? stream.keyBy(bucket) : stream;
      const sink = shuffled
        .sinkTo(
          fileSink<Row>(path, {
            encode: encode as (row: never) => string,
            head,
            partSuffix: SUFFIXES[format.name] ?? '',
            rollingPolicy,
            ...(bucket === undefined ? {} : { bucket }),
            ...(commit === undefined ? {} : { bucketCommit: commit }),
          }),
        )
        .name(`Sink: ${table.identifier[2]}`);
      // One subtask knows all files of a partition, and so when it is complete.
      return withParallelism(sink, commit === undefined ? parallelism : 1);
    },
  };
}

/** Text as it is, a row a line. */
function lines(schema: Schema, table: TableDescription): { head: string; encode: (row: object) => string } {
  const [column, another] = schema.fields;
  const root = column?.type.root;
  const charset = table.options['raw.charset'] ?? 'UTF-8';
  if (
    column === undefined ||
    another !== undefined ||
    (root !== 'VARCHAR' && root !== 'CHAR') ||
    !/^utf-?8$/i.test(charset)
  ) {
    throw new ArgumentError("'format' = 'raw' to write: lines of a file are text, one column of STRING, in UTF-8", {
      hint: "'format' = 'csv' or 'json' write all types",
    });
  }
  return { head: '', encode: (row) => String((row as Row)[column.name] ?? '') };
}

const SUFFIXES: Readonly<Record<string, string>> = { csv: '.csv', json: '.jsonl', raw: '.txt' };
