import type { BucketCommit } from '../../../connectors/file/sink.js';
import { Timestamp } from '../../../core/values/index.js';
import { parseTimeBy } from '../../functions/runtime/date-pattern.js';
import { toInstant } from '../../functions/runtime/zones.js';
import type { TableDescription } from '../contract.js';
import { optionError, type TableOptions } from '../options.js';
import type { Partitions } from './partitions.js';

const TRIGGERS = ['process-time', 'partition-time'] as const;
/** Java's letters that are understood in a pattern. */
const LETTERS = /^(?:[^A-Za-z']|'[^']*'|[yMdHhmsSau])+$/;

/**
 * When a partition is complete, as the options say; `undefined`: nobody is told.
 *
 * @see Flink: FileSystem SQL Connector, Partition Commit
 */
export function partitionCommit(
  table: TableDescription,
  options: TableOptions,
  partitions: Partitions,
): BucketCommit | undefined {
  const trigger = options.oneOf('sink.partition-commit.trigger', TRIGGERS, 'process-time');
  const delayMs = options.duration('sink.partition-commit.delay') ?? 0;
  const fileName = options.text('sink.partition-commit.success-file.name') ?? '_SUCCESS';
  const zone = options.text('sink.partition-commit.watermark-time-zone') ?? 'UTC';
  const kinds = options.text('sink.partition-commit.policy.kind');
  const timeOf = timeExtractor(table, options, partitions, zone);
  if (kinds === undefined) return undefined;
  for (const kind of kinds.split(',').map((word) => word.trim().toLowerCase())) {
    if (kind === 'success-file') continue;
    if (kind === 'metastore') {
      throw optionError(
        table,
        "Can not configure a 'metastore' partition commit policy for a file system table.",
        "'success-file' writes a file into each partition that is complete",
      );
    }
    throw optionError(
      table,
      `'sink.partition-commit.policy.kind' = '${kinds}': '${kind}' is not carried out here`,
      'there is: success-file',
    );
  }
  if (partitions.fields.length === 0) return undefined;
  if (!/^[\w.-]+$/.test(fileName)) {
    throw optionError(table, `'sink.partition-commit.success-file.name' = '${fileName}' is no name of a file`);
  }
  return { fileName, delayMs, ...(trigger === 'partition-time' ? { timeOf } : {}) };
}

/** @see Flink: `DefaultPartTimeExtractor` */
function timeExtractor(
  table: TableDescription,
  options: TableOptions,
  partitions: Partitions,
  zone: string,
): (path: string) => number {
  const kind = options.text('partition.time-extractor.kind') ?? 'default';
  if (kind !== 'default') {
    throw optionError(
      table,
      `'partition.time-extractor.kind' = '${kind}' is not carried out here`,
      "there is: default, with 'partition.time-extractor.timestamp-pattern'",
    );
  }
  const pattern = options.text('partition.time-extractor.timestamp-pattern');
  const formatter = options.text('partition.time-extractor.timestamp-formatter');
  if (formatter !== undefined && !LETTERS.test(formatter)) {
    throw optionError(table, `'partition.time-extractor.timestamp-formatter' = '${formatter}' is not understood`);
  }
  const names = partitions.fields.map(({ name }) => name);
  // The longer name first: `$day_hour` is not `$day` and more.
  const longest = [...names].sort((a, b) => b.length - a.length);
  return (path) => {
    const texts = partitions.textsOf('', `${path}/file`) ?? new Map<string, string | null>();
    const of = (name: string): string => texts.get(name) ?? '';
    let text = pattern ?? of(names[0] as string);
    if (pattern !== undefined) for (const name of longest) text = text.replaceAll(`$${name}`, () => of(name));
    const local = formatter === undefined ? usual(text) : parseTimeBy(text, formatter)?.ms;
    if (local !== undefined) return toInstant(local, zone);
    throw optionError(
      table,
      `the partition ${path} has no time that can be read: '${text}'`,
      "'partition.time-extractor.timestamp-pattern' = '$day $hour:00:00' makes one of its columns",
    );
  };
}

/** `2024-5-1` or `2024-05-01 7:00:00`. */
function usual(text: string): number | undefined {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?$/.exec(text.trim());
  if (parts === null) return undefined;
  const [year, month, day, hour = '0', minute = '0', second = '0'] = parts.slice(1);
  const two = (number = '0'): string => number.padStart(2, '0');
  return Timestamp.tryParse(`${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`)?.ms;
}
