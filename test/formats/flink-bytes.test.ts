import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseSchema, type Schema } from '../../src/core/types/index.js';
import { floatOf, parseDate, Timestamp } from '../../src/core/values/index.js';
import { csvDecoder, csvEncoder, csvOptionsOf, jsonEncoder, jsonOptionsOf } from '../../src/formats/index.js';

interface Written {
  readonly columns: string;
  readonly format: 'csv' | 'json';
  readonly options: Record<string, string>;
  readonly text: string;
}

const fixture = JSON.parse(readFileSync(new URL('./fixtures/flink-files.json', import.meta.url), 'utf8')) as {
  readonly values: readonly (string | null)[];
  readonly texts: readonly Written[];
  readonly columns: string;
  readonly types: readonly Written[];
};

const day = (text: string): number => parseDate(text) as number;
const at = (text: string): Timestamp => Timestamp.tryParse(text) as Timestamp;
const time = (h: number, m: number, s: number): number => ((h * 60 + m) * 60 + s) * 1000;

/** What was inserted on Flink, as the engine holds it. */
const ROWS: readonly (readonly unknown[])[] = [
  [true, 1, 1.5, 1e10, 10_000, 270n, day('2024-05-01'), time(12, 34, 56), at('2024-05-01 12:34:56.7').ms],
  [false, -1, floatOf('0.1'), 0.1, 1_234_567_890, 12345678901234567890n, day('0001-01-01'), 0, at('2024-05-01').ms],
  [null, 100, -0.5, 123456789.125, 0, 0n, day('9999-12-31'), time(23, 59, 59), at('1969-12-31 23:59:59.999').ms],
  [true, 1, floatOf('1e20'), 1e-7, 110, 10n ** 19n, day('2024-05-01'), time(12, 34, 0), at('2024-05-01 12:34:00').ms],
];
const REST: readonly (readonly unknown[])[] = [
  [at('2024-05-01 12:34:56.123456789'), 1714567890123, Buffer.from('00ff41', 'hex'), 9223372036854775807n],
  [at('2024-05-01 12:00:00.1'), 0, Buffer.alloc(0), -1],
  [at('2024-05-01 12:00:00'), -1, Buffer.from('a'), 0],
  [at('2024-05-01 12:34:56.123456789'), 60_000, Buffer.from('00ff41', 'hex'), 123],
];

function write(
  schema: Schema,
  { format, options }: Pick<Written, 'format' | 'options'>,
  rows: readonly object[],
): string {
  const encoder =
    format === 'csv' ? csvEncoder(schema, csvOptionsOf(options)) : jsonEncoder(schema, jsonOptionsOf(options));
  return rows.map((row) => `${encoder.encode(row)}\n`).join('');
}

describe('what is written has the bytes that Flink writes', () => {
  test.each(fixture.texts.map((one) => [JSON.stringify(one.options), one] as const))('texts, csv, %s', (_, one) => {
    const schema = parseSchema(`(${one.columns})`);
    const rows = fixture.values.map((s) => ({ s, n: 1 }));
    expect(write(schema, { ...one, format: 'csv' }, rows)).toBe(one.text);
  });

  test.each(fixture.types.map((one) => [one.format, JSON.stringify(one.options), one] as const))(
    'types, %s, %s',
    (_, __, one) => {
      const schema = parseSchema(`(${fixture.columns})`);
      const rows = ROWS.map((values, i) => {
        const all = [...values, ...(REST[i] ?? [])];
        return Object.fromEntries(schema.names.map((name, column) => [name, all[column]]));
      });
      expect(write(schema, one, rows)).toBe(one.text);
    },
  );
});

test('texts that Flink wrote as csv are read again', () => {
  for (const { columns, options, text } of fixture.texts) {
    const decoder = csvDecoder(parseSchema(`(${columns})`), csvOptionsOf(options));
    decoder.feed(Buffer.from(text));
    decoder.end();
    const rows: { s?: unknown }[] = [];
    const n = decoder.read(rows as never[], 100);
    expect(n).toBe(fixture.values.length);
    const { 'csv.null-literal': nullLiteral } = options;
    const lost = nullLiteral === undefined ? null : nullLiteral;
    const read = fixture.values.map((value) => (value === lost ? (nullLiteral === undefined ? '' : null) : value));
    expect(rows.map(({ s }) => s)).toEqual(read);
  }
});

test('arrays and rows in a csv field', () => {
  const schema = parseSchema('(a ARRAY<STRING>, r ROW<x INT, y STRING>, n INT)');
  const row = { a: ['a', 'b c', 'd;e', null], r: { x: 1, y: 'x y' }, n: 1 };
  expect(csvEncoder(schema).encode(row)).toBe('"a;b c;d;e;","1;x y",1');
  expect(csvEncoder(schema, { arrayElementDelimiter: '|' }).encode(row)).toBe('"a|b c|d;e|","1|x y",1');
  const nulls = { a: ['a', null], r: { x: 1, y: null }, n: 1 };
  expect(csvEncoder(schema, { nullLiteral: 'NIL' }).encode(nulls)).toBe('a;NIL,1;NIL,1');
});

test('long texts are quoted, and numbers never', () => {
  const encoder = csvEncoder(parseSchema('(s STRING, n INT)'), { fieldDelimiter: ';' });
  expect(encoder.encode({ s: 'abcdefghijklmnopqrstuvwx', n: -24 })).toBe('abcdefghijklmnopqrstuvwx;-24');
  expect(encoder.encode({ s: 'abcdefghijklmnopqrstuvwxy', n: 25 })).toBe('"abcdefghijklmnopqrstuvwxy";25');
});

test('keys of maps that are NULL, in json', () => {
  const schema = parseSchema('(m MAP<STRING, INT>, r ROW<x INT, y STRING>)');
  const row = {
    m: new Map([
      ['a', 1],
      [null, 2],
    ] as [string, number][]),
    r: { x: null, y: 'q"/é' },
  };
  const rest = ',"r":{"x":null,"y":"q\\"/é"}}';
  expect(jsonEncoder(schema, { mapNullKeyMode: 'DROP' }).encode(row)).toBe(`{"m":{"a":1}${rest}`);
  expect(jsonEncoder(schema, { mapNullKeyMode: 'LITERAL', mapNullKeyLiteral: 'nokey' }).encode(row)).toBe(
    `{"m":{"a":1,"nokey":2}${rest}`,
  );
  expect(() => jsonEncoder(schema).encode(row)).toThrow('NULL key');
});
