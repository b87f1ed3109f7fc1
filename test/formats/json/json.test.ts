import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../../src/core/rows/index.js';
import { type FieldTypes, type } from '../../../src/core/types/index.js';
import { longOf, Timestamp } from '../../../src/core/values/index.js';
import {
  type BadRow,
  type DecoderOptions,
  type JsonOptions,
  jsonDecoder,
  jsonEncoder,
  jsonMessageDecoder,
  type RowDecoder,
} from '../../../src/formats/index.js';

function readAll(decoder: RowDecoder, bytes: Buffer, cuts: readonly number[] = [], max = 3): Row[] {
  const rows: Row[] = [];
  const batch: Row[] = [];
  const pull = () => {
    for (let n = decoder.read(batch, max); n > 0; n = decoder.read(batch, max)) rows.push(...batch.slice(0, n));
  };
  let from = 0;
  for (const cut of [...cuts.filter((c) => c < bytes.length).sort((a, b) => a - b), bytes.length]) {
    decoder.feed(bytes.subarray(from, cut));
    pull();
    from = cut;
  }
  decoder.end();
  pull();
  return rows;
}

function rowsOf(fields: FieldTypes, text: string, options: JsonOptions & DecoderOptions = {}): object[] {
  return readAll(jsonDecoder(fields, options), Buffer.from(text)).map((row) => ({ ...row }));
}

test('what the encoder writes, the decoder reads, whatever the chunks', () => {
  const schema = {
    s: type.string(),
    constructor: type.string(),
    i: type.int(),
    l: type.bigint(),
    f: type.float(),
    d: type.double(),
    m: type.decimal(12, 9),
    g: type.decimal(38, 10),
    b: type.boolean(),
    x: type.bytes(),
    y: type.date(),
    z: type.timestamp(3),
    n: type.timestampLtz(9),
    a: type.array(type.bigint()),
    p: type.map(type.string(), type.decimal(20, 1)),
  };
  const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(longOf);
  const text = fc.string({ unit: 'binary' }).map((s) => s.replace(/\p{Cs}/gu, ''));
  const value = fc.record({
    s: fc.oneof(text, fc.stringMatching(/^\d{10,25}$/), fc.constant('"12345678901234567890"')),
    constructor: text,
    i: fc.integer(),
    l: fc.oneof(long, fc.integer()),
    f: fc.float(),
    d: fc.double(),
    m: fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }),
    g: fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
    b: fc.boolean(),
    x: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    y: fc.integer({ min: -700_000, max: 2_900_000 }),
    z: fc.integer({ min: -60_000_000_000_000, max: 250_000_000_000_000 }),
    n: fc
      .tuple(fc.integer({ min: -60_000_000_000_000, max: 250_000_000_000_000 }), fc.integer({ min: 0, max: 999_999 }))
      .map(([ms, nanos]) => Timestamp.ofMs(ms, nanos)),
    a: fc.array(fc.option(long), { maxLength: 3 }),
    p: fc
      .array(fc.tuple(text, fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n })), { maxLength: 3 })
      .map((entries) => new Map(entries.filter(([key]) => key !== '__proto__'))),
  });
  fc.assert(
    fc.property(
      fc.array(
        value.chain((v) =>
          fc.subarray(Object.keys(v)).map((nulls) => ({ ...v, ...Object.fromEntries(nulls.map((n) => [n, null])) })),
        ),
        { maxLength: 5 },
      ),
      fc.array(fc.nat({ max: 1500 }), { maxLength: 5 }),
      fc.record({
        timestampFormat: fc.constantFrom('SQL' as const, 'ISO-8601' as const),
        encodeDecimalAsPlainNumber: fc.boolean(),
        encodeIgnoreNullFields: fc.boolean(),
      }),
      (values, cuts, options) => {
        const encoder = jsonEncoder(schema, options);
        const bytes = Buffer.from(values.map((v) => `${encoder.encode(v)}\n`).join(''));
        expect(readAll(jsonDecoder(schema, options), bytes, cuts).map((row) => ({ ...row }))).toEqual(values);
        const used = ['l', 's'] as const;
        const pruned = readAll(jsonDecoder(schema, { ...options, columns: used }), bytes, cuts);
        expect(pruned.map((row) => Object.entries(row))).toEqual(
          values.map((v) => used.map((name) => [name, v[name]])),
        );
      },
    ),
    { numRuns: 300 },
  );
});

describe('values', () => {
  test('numbers that a double would round are kept', () => {
    const schema = { l: type.bigint(), m: type.decimal(30, 20), s: type.string(), d: type.double() };
    const line = '{"l":9007199254740993,"m":0.10000000000000000001,"s":12345678901234567890,"d":0.30000000000000004}';
    expect(rowsOf(schema, line)).toEqual([
      { l: 9007199254740993n, m: 10000000000000000001n, s: '12345678901234567890', d: 0.30000000000000004 },
    ]);
    expect(rowsOf({ s: type.string() }, '{"s":{"id":12345678901234567890,"t":"1"}}')).toEqual([
      { s: '{"id":12345678901234567890,"t":"1"}' },
    ]);
  });

  test('as in Flink: numbers in strings, fractions cut off, nested values as text', () => {
    const schema = { i: type.int(), l: type.bigint(), d: type.double(), s: type.string(), b: type.boolean() };
    expect(rowsOf(schema, '{"i":" 12 ","l":7.9,"d":"1.5","s":{"a":[1]},"b":"TRUE"}\n{"i":1.9,"s":true}\n')).toEqual([
      { i: 12, l: 7, d: 1.5, s: '{"a":[1]}', b: true },
      { i: 1, l: null, d: null, s: 'true', b: null },
    ]);
  });

  test('nested rows, maps, multisets', () => {
    const schema = {
      r: type.row({ a: type.int(), q: type.row({ b: type.string() }) }),
      m: type.map(type.string(), type.array(type.int())),
      u: type.multiset(type.string()),
    };
    expect(rowsOf(schema, '{"r":{"a":1,"q":{"b":"x"}},"m":{"k":[1,null]},"u":{"v":2}}')).toEqual([
      { r: { a: 1, q: { b: 'x' } }, m: new Map([['k', [1, null]]]), u: new Map([['v', 2]]) },
    ]);
    expect(() => jsonDecoder({ m: type.map(type.int(), type.int()) })).toThrow('json cannot hold a MAP<INT, INT>');
  });

  test('inherited names are no fields, and __proto__ is one', () => {
    const schema = { constructor: type.string(), toString: type.string(), ['__proto__']: type.int() };
    const [row] = rowsOf(schema, '{"__proto__":5}');
    expect(Object.entries(row as object)).toEqual([
      ['constructor', null],
      ['toString', null],
      ['__proto__', 5],
    ]);
  });

  test('encoding: special numbers, decimals, null keys', () => {
    const encoder = jsonEncoder({ d: type.double(), m: type.decimal(20, 10) });
    expect(encoder.encode({ d: Number.NaN, m: 27n })).toBe('{"d":"NaN","m":2.7E-9}');
    const decimals = jsonEncoder({ a: type.decimal(20, 10), b: type.decimal(10, 2) });
    expect(decimals.encode({ a: 125000000000n, b: 10000 })).toBe('{"a":12.5,"b":1E+2}');
    expect(decimals.encode({ a: 0n, b: -1250 })).toBe('{"a":0,"b":-12.5}');
    const plain = jsonEncoder({ m: type.decimal(20, 10) }, { encodeDecimalAsPlainNumber: true });
    expect(plain.encode({ m: 27n })).toBe('{"m":0.0000000027}');
    const map = { m: type.map(type.string(), type.int()) };
    const nullKey = { m: new Map([[null, 1]]) };
    expect(() => jsonEncoder(map).encode(nullKey)).toThrow('a map has a NULL key');
    expect(jsonEncoder(map, { mapNullKeyMode: 'DROP' }).encode(nullKey)).toBe('{"m":{}}');
    expect(jsonEncoder(map, { mapNullKeyMode: 'LITERAL' }).encode(nullKey)).toBe('{"m":{"null":1}}');
  });
});

describe('bad rows', () => {
  const schema = { a: type.string(), n: type.int() };
  const text = '{"a":"x","n":1}\n\n{"a":"y","n":"two"}\n{"a":\n[1]\n7\n{"a":"z"}\r\n';

  test('fail says where and why', () => {
    expect(() => rowsOf(schema, text, { source: 'f.jsonl' })).toThrow(
      /'"two"' is no INT\n {2}\{"a":"y","n":"two"\}\n {2}at f.jsonl, line 3, column `n`/,
    );
    expect(() => rowsOf(schema, '{"a":\n')).toThrow('no json');
    expect(() => rowsOf(schema, '{"n":1}\n', { failOnMissingField: true })).toThrow('the field `a` is missing');
    expect(() => rowsOf({ a: type.int().notNull() }, '{}\n')).toThrow('NULL in a column of INT NOT NULL');
  });

  test('side has all of them, ignoreParseErrors counts', () => {
    const bad: BadRow[] = [];
    const decoder = jsonDecoder(schema, { onBadRow: 'side', onBad: (row) => bad.push(row) });
    expect(readAll(decoder, Buffer.from(text), [5, 20]).map((row) => row.a)).toEqual(['x', 'z']);
    expect(bad.map((row) => row.line)).toEqual([3, 4, 5, 6]);
    expect(bad.map((row) => text.slice(row.position, row.position + row.text.length))).toEqual(bad.map((b) => b.text));
    const lenient = jsonDecoder(schema, { ignoreParseErrors: true });
    expect(readAll(lenient, Buffer.from(text)).map((row) => [row.a, row.n])).toEqual([
      ['x', 1],
      ['y', null],
      ['z', null],
    ]);
    expect([lenient.badFields, lenient.badRows]).toEqual([1, 3]);
  });

  test('a decoder goes on where another one stood', () => {
    const bytes = Buffer.from('{"a":"中","n":1}\n{"a":"b","n":2}\n{"a":"c","n":3}');
    const first = jsonDecoder(schema);
    first.feed(bytes.subarray(0, 25));
    const out: Row[] = [];
    expect(first.read(out, 10)).toBe(1);
    const resume = first.position();
    const second = jsonDecoder(schema, { resume });
    expect(readAll(second, bytes.subarray(resume.position)).map((row) => row.n)).toEqual([2, 3]);
    expect(second.position()).toMatchObject({ position: bytes.length, line: 3 });
  });
});

test('messages may take several lines', () => {
  const decoder = jsonMessageDecoder({ a: type.string() });
  expect({ ...decoder.decode(Buffer.from('\ufeff{\n  "a": "ü"\n}')) }).toEqual({ a: 'ü' });
  expect(decoder.decode(Buffer.from(''))).toBeUndefined();
  expect(() => decoder.decode(Buffer.from('{"a"'), 'topic `t`, offset 3')).toThrow('at topic `t`, offset 3');
});
