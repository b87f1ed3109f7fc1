import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Row } from '../../../src/core/rows/index.js';
import { type FieldTypes, type } from '../../../src/core/types/index.js';
import { csvDecoder, csvMessageDecoder } from '../../../src/formats/csv/decoder.js';
import { csvEncoder } from '../../../src/formats/csv/encoder.js';
import type { CsvOptions } from '../../../src/formats/csv/options.js';
import { CsvParser } from '../../../src/formats/csv/parser.js';
import type { BadRow, DecoderOptions, RowDecoder } from '../../../src/formats/format.js';

/** Everything a decoder gives, read in batches of `max`, the bytes cut at `cuts`. */
function readAll(decoder: RowDecoder, bytes: Buffer, cuts: readonly number[] = [], max = 1000): Row[] {
  const rows: Row[] = [];
  const batch: Row[] = [];
  const pull = () => {
    for (let n = decoder.read(batch, max); n > 0; n = decoder.read(batch, max)) rows.push(...batch.slice(0, n));
  };
  let from = 0;
  for (const cut of [...cuts.filter((c) => c < bytes.length).sort((a, b) => a - b), bytes.length]) {
    const scratch = Buffer.from(bytes.subarray(from, cut));
    decoder.feed(scratch);
    scratch.fill(0x58); // the decoder must have its own copy
    pull();
    from = cut;
  }
  decoder.end();
  pull();
  return rows;
}

function rowsOf(fields: FieldTypes, text: string, options: CsvOptions & DecoderOptions = {}): object[] {
  return readAll(csvDecoder(fields, options), Buffer.from(text)).map((row) => ({ ...row }));
}

const cutsOf = fc.array(fc.nat({ max: 400 }), { maxLength: 6 });
// Many short fields out of the characters that matter, and any other text.
const field = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '1', ';', '#', 'ü', '中', '\\'), maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 5 }).map((text) => text.replace(/\p{Cs}/gu, '')),
  fc.constant('a longer text with more than thirteen characters'),
);

describe('against csv-parse', () => {
  const three = { a: type.string(), b: type.string(), c: type.string() };

  for (const lineEnd of ['\n', '\r\n']) {
    test(`any fields, any chunks, lines ending with ${JSON.stringify(lineEnd)}`, () => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(field, field, field), { maxLength: 12 }),
          fc.boolean(),
          fc.boolean(),
          cutsOf,
          fc.integer({ min: 1, max: 4 }),
          (records, quoteAll, endsWithLineEnd, cuts, max) => {
            const needs = (text: string) => quoteAll || /[",\r\n]/.test(text);
            const write = (text: string) => (needs(text) ? `"${text.replaceAll('"', '""')}"` : text);
            const text = records.map((r) => r.map(write).join(',')).join(lineEnd) + (endsWithLineEnd ? lineEnd : '');
            const oracle = parse(Buffer.from(text), {
              skip_empty_lines: true,
              record_delimiter: lineEnd,
            }) as string[][];
            const rows = readAll(csvDecoder(three), Buffer.from(text), cuts, max);
            expect(rows.map((r) => [r.a, r.b, r.c])).toEqual(oracle);
            const used = readAll(csvDecoder(three, { columns: ['c', 'a'] }), Buffer.from(text), cuts, max);
            expect(used.map((r) => Object.entries(r))).toEqual(
              oracle.map(([a, , c]) => [
                ['c', c],
                ['a', a],
              ]),
            );
          },
        ),
        { numRuns: 400 },
      );
    });
  }
});

describe('types', () => {
  test('what the encoder writes, the decoder reads, whatever the chunks', () => {
    const schema = {
      s: type.string(),
      t: type.tinyint(),
      i: type.int(),
      l: type.bigint(),
      f: type.float(),
      d: type.double(),
      m: type.decimal(12, 3),
      g: type.decimal(30, 6),
      b: type.boolean(),
      y: type.date(),
      z: type.timestamp(3),
    };
    const units = fc.bigInt({ min: -(10n ** 30n) + 1n, max: 10n ** 30n - 1n });
    const value = fc.record({
      s: field,
      t: fc.integer({ min: -128, max: 127 }),
      i: fc.integer(),
      l: fc.oneof(
        fc.maxSafeInteger(),
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
        fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
      ),
      f: fc.float(),
      d: fc.double(),
      m: fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }),
      g: units,
      b: fc.boolean(),
      y: fc.integer({ min: -700_000, max: 2_900_000 }),
      z: fc.integer({ min: -60_000_000_000_000, max: 250_000_000_000_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(
          value.chain((v) =>
            fc.subarray(Object.keys(v)).map((nulls) => ({ ...v, ...Object.fromEntries(nulls.map((n) => [n, null])) })),
          ),
          { maxLength: 8 },
        ),
        cutsOf,
        fc.constantFrom('', 'NULL', '\\N', '-'),
        fc.boolean(),
        (values, cuts, nullLiteral, header) => {
          const written = values.filter((v) => v.s !== nullLiteral);
          const options = { nullLiteral, header };
          const encoder = csvEncoder(schema, options);
          const text = encoder.head + written.map((v) => encoder.encode(v) + encoder.lineEnd).join('');
          const rows = readAll(csvDecoder(schema, options), Buffer.from(text), cuts, 3);
          expect(rows.map((row) => ({ ...row }))).toEqual(written);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('the scanner and the full parser agree on numbers', () => {
    const schema = {
      l: type.bigint(),
      i: type.int(),
      d: type.double(),
      f: type.float(),
      m: type.decimal(9, 2),
      g: type.decimal(16, 14),
    };
    const number = fc.oneof(
      fc.stringMatching(/^-?\d{1,17}$/),
      fc.stringMatching(/^-?\d{0,9}\.?\d{0,9}$/),
      fc.double({ noNaN: true }).map(String),
      // Between two floats, in digits that a double takes for exactly the middle: rounding twice goes wrong.
      fc.constantFrom('4.18442177772522', '9.37001657485962', '-5.41506552696228'),
      fc.constantFrom('-0', '0', '007', '-', '.', '1.', '.5', '+5', ' 12 ', '9007199254740991', '9007199254740992'),
    );
    fc.assert(
      fc.property(number, (text) => {
        // Quoted, a number is never read by the scanner.
        for (const name of Object.keys(schema) as (keyof typeof schema)[]) {
          const one = { [name]: schema[name], z: type.int() };
          const options = { onBadRow: 'skip' } as const;
          expect(rowsOf(one, `${text},1\n`, options)).toEqual(rowsOf(one, `"${text}",1\n`, options));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('dates and timestamps', () => {
    const schema = { d: type.date(), a: type.timestamp(3), b: type.timestamp(9), t: type.time(0) };
    expect(rowsOf(schema, '1969-12-31,2024-02-29 23:59:59.9,2024-02-29T00:00:00.000000001Z,12:30:01\n')).toEqual([
      { d: -1, a: Date.UTC(2024, 1, 29, 23, 59, 59, 900), b: expect.objectContaining({ nanosOfMs: 1 }), t: 45001000 },
    ]);
    for (const bad of ['2023-02-29', '2024-13-01', '2024-00-10', 'x024-01-01', '2024-0a-01', '']) {
      expect(() => rowsOf({ d: type.date() }, `${bad},\n`)).toThrow('bad-row');
    }
  });

  test('arrays and rows within a field', () => {
    const schema = { a: type.array(type.int()), r: type.row({ x: type.int(), y: type.string() }) };
    expect(rowsOf(schema, '1;2;3,7;seven\n,8;\n')).toEqual([
      { a: [1, 2, 3], r: { x: 7, y: 'seven' } },
      { a: [], r: { x: 8, y: '' } },
    ]);
    expect(() => csvDecoder({ m: type.map(type.string(), type.int()) })).toThrow('csv cannot hold a MAP');
  });
});

describe('options', () => {
  const two = { a: type.string(), n: type.int() };

  test('delimiter, quote, escape, comments', () => {
    const options = { fieldDelimiter: '|', quoteCharacter: "'", escapeCharacter: '\\', allowComments: true };
    const text = "# it's a comment\nx\\|y|1\n'it\\'s'|2\n'p''q|r'|3\na\\nb|4\n";
    expect(rowsOf(two, text, options)).toEqual([
      { a: 'x|y', n: 1 },
      { a: "it's", n: 2 },
      { a: "p'q|r", n: 3 },
      { a: 'a\nb', n: 4 },
    ]);
    expect(rowsOf(two, '"a",1\n', { quoteCharacter: null })).toEqual([{ a: '"a"', n: 1 }]);
    expect(() => csvDecoder(two, { fieldDelimiter: '||' })).toThrow('"||" is not one ASCII character');
  });

  test('a header finds columns by name', () => {
    const text = '\ufeffz,n,a\n9,1,x\n8,2,y\n';
    expect(rowsOf(two, text, { header: true })).toEqual([
      { a: 'x', n: 1 },
      { a: 'y', n: 2 },
    ]);
    expect(() => rowsOf(two, 'a,b\n', { header: true, source: 'f.csv' })).toThrow(
      /no column `n`\n {2}at f.csv, line 1\n {2}hint: it has: a, b/,
    );
  });

  test('ignoreParseErrors sets fields to NULL and counts', () => {
    const decoder = csvDecoder(two, { ignoreParseErrors: true });
    const rows = readAll(decoder, Buffer.from('x,1\ny,two\nz\n"broken"x,3\n'));
    expect(rows.map((r) => [r.a, r.n])).toEqual([
      ['x', 1],
      ['y', null],
      ['z', null],
    ]);
    expect([decoder.badFields, decoder.badRows]).toEqual([1, 1]);
  });
});

describe('bad rows', () => {
  const two = { a: type.string(), n: type.int().notNull() };
  const text = 'x,1\n"two\nlines",2\ny,three\n"open"z,4\nok,5\nonly\n1,2,3\n"never closed,6\nlast,7\n';

  test('fail names file, line, column and text, and gives the rows before it', () => {
    const decoder = csvDecoder(two, { source: 'data/f.csv' });
    decoder.feed(Buffer.from(text));
    const batch: Row[] = [];
    expect(decoder.read(batch, 100)).toBe(2);
    expect(() => decoder.read([], 100)).toThrow(
      /'three' is no INT\n {2}y,three\n {2}at data\/f.csv, line 4, column `n`/,
    );
    expect(batch.map((row) => row.n)).toEqual([1, 2]);
    expect(decoder.position()).toMatchObject({ position: 18, line: 3 });
  });

  test('side output has them all, in order, and nothing else is lost', () => {
    const bad: BadRow[] = [];
    const decoder = csvDecoder(two, { onBadRow: 'side', onBad: (row) => bad.push(row) });
    const rows = readAll(decoder, Buffer.from(text), [3, 9, 20, 33]);
    expect(rows.map((row) => row.n)).toEqual([1, 2, 5, 7]);
    expect(bad.map((row) => [row.line, row.text])).toEqual([
      [4, 'y,three'],
      [5, '"open"z,4'],
      [7, 'only'],
      [8, '1,2,3'],
      [9, '"never closed,6'],
    ]);
    for (const row of bad) expect(text.slice(row.position)).toMatch(row.text.slice(0, 5));
    expect(decoder.badRows).toBe(5);
  });

  test('NULL where the type refuses it', () => {
    expect(() => rowsOf(two, 'x,\n', { nullLiteral: '' })).toThrow('NULL in a column of INT NOT NULL');
  });

  test('a row without an end is refused', () => {
    const decoder = csvDecoder(two, { maxRowBytes: 1000 });
    expect(() => {
      for (let i = 0; i < 20; i++) decoder.feed(Buffer.alloc(100, 'x'));
    }).toThrow('row-too-long');
    const quoted = csvDecoder(two, { maxRowBytes: 1000 });
    expect(() => {
      for (let i = 0; i < 20; i++) {
        quoted.feed(Buffer.from(`"${'x'.repeat(98)}\n`.slice(i === 0 ? 0 : 1)));
        quoted.read([], 10);
      }
    }).toThrow('is a closing quote missing?');
  });
});

test('a decoder goes on where another one stood', () => {
  const schema = { a: type.string(), n: type.bigint() };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(field, fc.maxSafeInteger()), { minLength: 1, maxLength: 10 }),
      fc.nat(),
      cutsOf,
      fc.boolean(),
      (records, stop, cuts, header) => {
        const encoder = csvEncoder(schema, { header });
        const bytes = Buffer.from(encoder.head + records.map(([a, n]) => `${encoder.encode({ a, n })}\n`).join(''));
        const first = csvDecoder(schema, { header });
        first.feed(bytes.subarray(0, bytes.length - (stop % 5)));
        const before: Row[] = [];
        const n = first.read(before, stop % (records.length + 1));
        const resume = JSON.parse(JSON.stringify(first.position()));
        const second = csvDecoder(schema, { header, resume });
        const after = readAll(second, bytes.subarray(resume.position), cuts, 2);
        expect([...before.slice(0, n), ...after].map((row) => [row.a, row.n])).toEqual(records);
        expect(second.position().position).toBe(bytes.length);
        expect(second.position().line).toBe(bytes.toString('latin1').split('\n').length - 1);
      },
    ),
    { numRuns: 300 },
  );
});

test.each(['\n', '\r\n'])(
  'plain rows that end with %j need no full parser, also when nothing has come at first',
  (lineEnd) => {
    const split = vi.spyOn(CsvParser.prototype, 'split');
    try {
      // What memory happens to hold must not be taken for text.
      const unsafe = vi
        .spyOn(Buffer, 'allocUnsafe')
        .mockImplementation((size) => Buffer.from('\r\nx\n'.repeat(size).slice(0, size)));
      const decoder = csvDecoder({ a: type.int(), b: type.string() });
      unsafe.mockRestore();
      const rows: Row[] = [];
      expect(decoder.read(rows, 10)).toBe(0);
      decoder.feed(Buffer.from(`1,x${lineEnd}2,y${lineEnd}`));
      expect(decoder.read(rows, 10)).toBe(2);
      expect(rows.map((row) => [row.a, row.b])).toEqual([
        [1, 'x'],
        [2, 'y'],
      ]);
      expect(split).not.toHaveBeenCalled();
    } finally {
      split.mockRestore();
    }
  },
);

test('messages: one row each', () => {
  const decoder = csvMessageDecoder({ a: type.string(), n: type.int() }, { onBadRow: 'skip' });
  expect({ ...decoder.decode(Buffer.from('x,1')) }).toEqual({ a: 'x', n: 1 });
  expect({ ...decoder.decode(Buffer.from('"y\nz",2\r\n')) }).toEqual({ a: 'y\nz', n: 2 });
  expect(decoder.decode(Buffer.from('a,1\nb,2'))).toBeUndefined();
  expect(decoder.decode(Buffer.from('a,b'))).toBeUndefined();
  expect(decoder.badRows).toBe(2);
  const strict = csvMessageDecoder({ a: type.string(), n: type.int() });
  expect(() => strict.decode(Buffer.from('x,y'), 'topic `t`, partition 0, offset 7')).toThrow(
    'at topic `t`, partition 0, offset 7, line 1, column `n`',
  );
});

describe('as the real Flink 1.20 does', () => {
  const two = { s: type.string(), n: type.int() };
  const one = (text: string, options: CsvOptions = {}) => {
    const [row] = rowsOf(two, text, options) as { s: unknown; n: unknown }[];
    return row === undefined ? undefined : [row.s, row.n];
  };

  test('quotes and spaces', () => {
    expect(one(' "a",1')).toEqual([' "a"', 1]);
    expect(one('"a" ,1')).toEqual(['a', 1]);
    expect(one('a"b"c,1')).toEqual(['a"b"c', 1]);
    expect(one('a, 12 ')).toEqual(['a', 12]);
    expect(one('a,"1"')).toEqual(['a', 1]);
    for (const bad of ['a,', 'a', 'a,1,2', '"a"x,1', 'a,1.5']) expect(() => one(bad)).toThrow('bad-row');
  });

  test('null literals count in quotes, too', () => {
    expect(one('"",1', { nullLiteral: '' })).toEqual([null, 1]);
    expect(one('"x",1', { nullLiteral: 'x' })).toEqual([null, 1]);
    expect(one('x,', { nullLiteral: '' })).toEqual(['x', null]);
  });

  test('escapes name control characters', () => {
    expect(one('a\\nb\\,c\\td\\q,1', { escapeCharacter: '\\' })).toEqual(['a\nb,c\tdq', 1]);
    expect(one('"a\\nb\\"c",1', { escapeCharacter: '\\' })).toEqual(['a\nb"c', 1]);
  });

  test('ignoreParseErrors: missing fields are NULL, too many lose the row', () => {
    expect(one('a,x', { ignoreParseErrors: true })).toEqual(['a', null]);
    expect(one('a', { ignoreParseErrors: true })).toEqual(['a', null]);
    expect(one('a,1,2', { ignoreParseErrors: true })).toBeUndefined();
  });

  test('values', () => {
    expect(rowsOf({ t: type.time(0), m: type.decimal(5, 2) }, '12:30:05.5,1.005\n')).toEqual([{ t: 45005000, m: 101 }]);
    const encoder = csvEncoder({
      a: type.decimal(20, 10),
      b: type.decimal(10, 2),
      t: type.timestamp(3),
      d: type.double(),
    });
    expect(encoder.encode({ a: 27n, b: 10000, t: 500, d: 1e10 })).toBe('2.7E-9,"1E+2","1970-01-01 00:00:00.5",1.0E10');
  });
});
