import { ArgumentError } from '../../core/errors.js';

/** Makes a value of a message's bytes. What it throws is a bad value; see `onBad`. */
export type Decoder<T> = (bytes: Buffer, message: { topic: string; partition: number; offset: number }) => T;

/** How values are read: as text (default), JSON, a line of CSV, bytes, or by a function. */
export type As<T = unknown> = 'text' | 'json' | 'csv' | 'bytes' | Decoder<T>;

export interface CsvOptions {
  /** Names of the columns: a row is an object then. Without them it is an array. */
  readonly columns?: readonly string[] | undefined;
  /** Default: `,`. */
  readonly delimiter?: string | undefined;
}

/** A decoder and what it is called in errors. */
export interface NamedDecoder {
  readonly kind: string;
  readonly decode: Decoder<unknown>;
}

/**
 * @param encoding of text, JSON and CSV; UTF-8 by default
 * @throws `bad-argument`
 */
export async function decoderFor(as: As, csv: CsvOptions, encoding = 'utf8'): Promise<NamedDecoder> {
  if (typeof as === 'function') return { kind: 'readable', decode: as };
  if (as === 'bytes') return { kind: 'bytes', decode: (bytes) => bytes };
  const text = await textDecoder(encoding);
  if (as === 'text') return { kind: 'text', decode: text };
  if (as === 'json') return { kind: 'JSON', decode: (bytes) => JSON.parse(text(bytes)) };
  if (as === 'csv') return { kind: 'a line of CSV', decode: await csvDecoder(csv, text) };
  throw new ArgumentError(`\`as\` is \`${String(as)}\``, {
    hint: "'text', 'json', 'csv', 'bytes', or a function of the bytes",
  });
}

async function textDecoder(encoding: string): Promise<(bytes: Buffer) => string> {
  if (/^utf-?8$/i.test(encoding)) return (bytes) => bytes.toString();
  const { default: iconv } = await import('iconv-lite');
  if (!iconv.encodingExists(encoding)) throw new ArgumentError(`no encoding is called \`${encoding}\``);
  return (bytes) => iconv.decode(bytes, encoding);
}

async function csvDecoder(csv: CsvOptions, text: (bytes: Buffer) => string): Promise<Decoder<unknown>> {
  const { parse } = await import('csv-parse/sync');
  const { columns, delimiter = ',' } = csv;
  return (bytes) => {
    const rows = parse(text(bytes), { delimiter, columns: columns === undefined ? false : [...columns] }) as unknown[];
    if (rows.length !== 1) throw new Error(`it has ${rows.length} lines`);
    return rows[0];
  };
}
