import { pipeline, Readable } from 'node:stream';
import { StreambookError } from '../../core/errors.js';
import { checkNames, SEND_OPTIONS } from '../option-names.js';
import { blocksOf, decodedText, encodingOf, findFile, isUtf8Name, nameOf } from './files.js';
import { type Ready, ready } from './outgoing.js';
import { type SendValuesOptions, send } from './send.js';
import { checkTopic } from './send-file.js';
import { type SendSource, startSending } from './sender.js';
import type { Sending } from './sending.js';

/** A row of a CSV file: by the header's names, or by position where there is no header. */
export type Row = Record<string, string> | readonly string[];

export interface SendRowsOptions extends Omit<SendValuesOptions, 'key' | 'timestamp'> {
  readonly topic: string;
  /** Whether the first line names the columns (default), or their names. `false`: neither; rows are arrays. */
  readonly header?: boolean | readonly string[] | undefined;
  /** What a message holds: the row as JSON (default), or its line of CSV as it stands in the file. */
  readonly as?: 'json' | 'csv' | undefined;
  /** The file's encoding; by default it is guessed. Messages are UTF-8. */
  readonly encoding?: string | undefined;
  /** Default: `,`. */
  readonly delimiter?: string | undefined;
  /** A row that is not right (a wrong number of fields, a quote that never ends): end (default), or leave it out. */
  readonly onBad?: 'fail' | 'skip' | undefined;
  /** The key: a column, or made from the row and its number (from 0). */
  readonly key?: string | ((row: Row, index: number) => string) | undefined;
  /** Epoch ms, made from the row and its number; the time of sending by default. */
  readonly timestamp?: ((row: Row, index: number) => number) | undefined;
}

const NAMES = [
  ...SEND_OPTIONS,
  ...['topic', 'header', 'as', 'encoding', 'delimiter', 'onBad', 'key', 'timestamp', 'partition', 'headers'],
];

/**
 * Sends the rows of a CSV file, one message each, in the background; or rows that are there already.
 *
 * Values stay strings, so that `050314421` keeps its zero. The file is streamed.
 *
 * @param rows the path of a CSV file, or an iterable of rows
 * @throws through the handle: `bad-row` with file and line, `file-not-found`, ...
 * @example
 *   await sendRows('transactions.csv', { topic: 'transaction', key: 'name', perSecond: 50 });
 * @see RFC 4180
 */
export function sendRows(rows: string | Iterable<object> | AsyncIterable<object>, options: SendRowsOptions): Sending {
  checkTopic(options?.topic);
  checkNames('sendRows', options, NAMES);
  if (typeof rows !== 'string') {
    const { key } = options;
    const {
      topic,
      header: _header,
      as: _as,
      encoding: _encoding,
      delimiter: _delimiter,
      onBad: _onBad,
      ...rest
    } = options;
    return send(topic, rows, {
      ...rest,
      key:
        typeof key === 'string'
          ? (row) => String((row as Record<string, unknown>)[key])
          : (key as SendValuesOptions['key']),
      timestamp: options.timestamp as SendValuesOptions['timestamp'],
    });
  }
  const source: SendSource = {
    name: options.name ?? nameOf(rows),
    async prepare() {
      const found = await findFile(rows);
      const encoding = await encodingOf(found.path, options.encoding ?? 'detect');
      if (isUtf8Name(encoding)) source.totalBytes = found.size;
      source.open = () => messages(found.path, encoding, options);
    },
    open: () => [],
  };
  return startSending(options.topic, source, options);
}

/** What csv-parse hands over with `raw` and `info`. */
interface Parsed {
  readonly record: Row;
  readonly raw: string;
  readonly info: { readonly bytes: number };
}

async function* messages(path: string, encoding: string, options: SendRowsOptions): AsyncGenerator<Ready, void> {
  const { parse } = await import('csv-parse');
  const { header = true, as = 'json', partition, headers, timestamp } = options;
  const parser = parse({
    columns: header === true ? true : header === false ? false : [...header],
    delimiter: options.delimiter ?? ',',
    bom: true,
    raw: true,
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: options.onBad === 'skip',
  });
  pipeline(Readable.from(decodedText(blocksOf(path), encoding)), parser, () => {});
  let index = 0;
  let before = 0;
  try {
    for await (const parsed of parser as AsyncIterable<Parsed>) {
      const { record, raw, info } = parsed;
      const value = as === 'json' ? JSON.stringify(record) : raw.replace(/^[\r\n]+|\r?\n$/g, '');
      const key = keyOf(record, index, options.key);
      const message = { value, key, partition, headers, timestamp: timestamp?.(record, index) };
      yield ready(message, index, info.bytes - before);
      before = info.bytes;
      index++;
    }
  } catch (error) {
    const { code, lines } = error as { code?: string; lines?: number };
    if (typeof code !== 'string' || !code.startsWith('CSV_')) throw error;
    throw new StreambookError('bad-row', `a row cannot be read: ${(error as Error).message}`, {
      where: `${path}, line ${lines}`,
      hint: "`onBad: 'skip'` leaves such rows out; another `delimiter` or `header` may be what is wrong",
      cause: error,
    });
  }
}

function keyOf(record: Row, index: number, key: SendRowsOptions['key']): string | undefined {
  if (typeof key === 'function') return key(record, index);
  if (key === undefined) return undefined;
  const value = (record as Record<string, string>)[key];
  if (value === undefined) {
    throw new StreambookError('unknown-column', `no column \`${key}\` to take the key from`, {
      hint: `columns: ${Object.keys(record).join(', ')}`,
    });
  }
  return value;
}
