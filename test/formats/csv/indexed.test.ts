import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Row, rowClassOf } from '../../../src/core/rows/index.js';
import { type AnyType, type FieldTypes, schemaOf, type } from '../../../src/core/types/index.js';
import { csvDecoder } from '../../../src/formats/csv/decoder.js';
import type { CsvOptions } from '../../../src/formats/csv/options.js';
import type { BadRow, DecoderOptions } from '../../../src/formats/format.js';
import type { ColumnCode, RowProgram } from '../../../src/formats/row-program.js';

// An index of where the fields are must change nothing. Three ways to read the same rows: with it, from the first byte on and
// whatever the chunks; with the scanner alone; and with the full parser alone, which a space behind a closing quote calls for.

const WITH_INDEX = { indexFromBytes: 1 };
const WITHOUT = { indexFromBytes: Number.POSITIVE_INFINITY };

type Options = CsvOptions & DecoderOptions;

/** All that comes out of a decoder: rows, times, watermarks, what was refused, and where it stood in the end. */
function all(fields: FieldTypes, bytes: Buffer, options: Options, cuts: readonly number[] = [], max = 1000) {
  const bad: Omit<BadRow, 'text' | 'position'>[] = [];
  const onBad = ({ text: _, position: __, ...rest }: BadRow) => bad.push(rest);
  const decoder = csvDecoder(fields, { source: 'f', onBadRow: 'side', onBad, ...options });
  const rows: unknown[] = [];
  const batch: Row[] = [];
  const pull = () => {
    for (let n = decoder.read(batch, max); n > 0; n = decoder.read(batch, max)) {
      for (let i = 0; i < n; i++) rows.push([...Object.values(batch[i] as Row), decoder.times?.[i]]);
    }
  };
  let from = 0;
  for (const cut of [...cuts.filter((one) => one < bytes.length).sort((a, b) => a - b), bytes.length]) {
    decoder.feed(bytes.subarray(from, cut));
    pull();
    from = cut;
  }
  decoder.end();
  pull();
  const { line, badRows, badFields } = decoder.position();
  return { rows, bad, watermark: decoder.takeWatermark?.(), line, badRows, badFields };
}

const digits = fc
  .bigInt({ min: 0n, max: 10n ** 18n })
  .chain((n) => fc.nat({ max: 18 }).map((length) => String(n).slice(0, length)));
const number = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(fc.constantFrom('', '', '', '-', '+', ' '), digits).map((parts) => parts.join('')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('0', '-0', '-', '--1', '1:', '/2', '1234567:', '12345678:012', '00000000000000007'),
  },
  { weight: 1, arbitrary: fc.constantFrom('9007199254740991', '9007199254740992', '-9223372036854775808') },
);
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '7', '-', ' ', 'é', '中', '𝄞', '\\', '#', '\0', '\x7f'), maxLength: 20 }),
  fc.constantFrom('', 'name17', 'a longer text with more than thirteen characters'),
);
const COLUMNS: readonly { readonly of: AnyType; readonly values: fc.Arbitrary<string> }[] = [
  { of: type.string(), values: texts },
  { of: type.char(3), values: texts },
  { of: type.bigint(), values: number },
  { of: type.int(), values: number },
  { of: type.smallint(), values: number },
  { of: type.tinyint().notNull(), values: number },
  { of: type.double(), values: fc.oneof(number, fc.double({ noNaN: true }).map(String), fc.constant('12.50')) },
  { of: type.float(), values: fc.oneof(number, fc.float({ noNaN: true }).map(String)) },
  { of: type.decimal(10, 2), values: fc.oneof(number, fc.constantFrom('1.5', '-0.07', '1.255', '12345678.90')) },
  { of: type.date(), values: fc.constantFrom('2024-05-01', '2023-02-30', '1969-12-31', '') },
  { of: type.timestamp(3), values: fc.constantFrom('2024-05-01 12:30:00', '2024-05-01 12:30:00.25', 'noon') },
  { of: type.boolean(), values: fc.constantFrom('true', 'false', 'maybe', '') },
];

/** Mostly a plain field of the column; at times another column's, or characters that need quotes, of which there is no index. */
const fieldOf = (values: fc.Arbitrary<string>, quotes: boolean) =>
  fc.oneof(
    { weight: 60, arbitrary: values },
    { weight: 1, arbitrary: texts },
    {
      weight: quotes ? 1 : 0,
      arbitrary: fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', '1', ';'), maxLength: 5 }),
    },
  );

const table = fc
  .tuple(fc.array(fc.constantFrom(...COLUMNS), { minLength: 2, maxLength: 6 }), fc.boolean())
  .chain(([columns, quotes]) =>
    fc.record({
      types: fc.constant(columns.map(({ of }) => of)),
      used: fc.subarray(
        columns.map((_, i) => `c${i}`),
        { minLength: 1 },
      ),
      rows: fc.array(fc.tuple(...columns.map(({ values }) => fieldOf(values, quotes))), { maxLength: 40 }),
    }),
  );

const settings = fc.record({
  fieldDelimiter: fc.constantFrom(',', ';', '\t'),
  nullLiteral: fc.constantFrom(null, null, '', 'a', '7'),
  allowComments: fc.boolean(),
  ignoreParseErrors: fc.boolean(),
});

const needsQuotes = (text: string, delimiter: string): boolean => /["\n]|\r$/.test(text) || text.includes(delimiter);
const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Keeps the rows whose first column is there; the second one's length, or number, is their time. */
function programFor(fields: FieldTypes, used: readonly string[]): RowProgram {
  const schema = schemaOf(fields).project(used);
  return {
    steps: ['Test'],
    rowClass: rowClassOf(schema),
    nullTime: (where) => new Error(`no time, ${where}`),
    write: (columns: readonly ColumnCode[]) => ({
      tested: new Set([0]),
      test: `let time = typeof ${columns[0]?.value} === 'number' ? ${columns[0]?.value} : String(${columns[0]?.value}).length;`,
      keep: `${columns[0]?.value} !== null`,
      time: { value: 'time', nullable: false },
      watermark: { value: 'time - 3', nullable: false },
      make: '',
      values: columns.map(({ value }) => value),
      constants: new Map(),
    }),
  };
}

const OTHER = { '\n': '\r\n', '\r\n': '\n' };

describe('an index of fields changes nothing', () => {
  for (const lineEnd of ['\n', '\r\n'] as const) {
    test(`lines ending with ${JSON.stringify(lineEnd)}`, () => {
      fc.assert(
        fc.property(
          table,
          settings,
          fc.array(fc.nat({ max: 800 }), { maxLength: 5 }),
          fc.integer({ min: 1, max: 30 }),
          fc.array(fc.nat({ max: 9 }), { maxLength: 2 }),
          fc.record({ programmed: fc.boolean(), mixed: fc.boolean() }),
          ({ types, used, rows }, csv, cuts, max, odd, { programmed, mixed }) => {
            const fields = Object.fromEntries(types.map((one, i) => [`c${i}`, one]));
            const delimiter = csv.fieldDelimiter;
            // A first field must not look like a comment or an empty line.
            const lines = rows.map((row) =>
              csv.allowComments || row.every((one) => one === '') ? ['x', ...row.slice(1)] : row,
            );
            // One row is too short, or ends as the others do not, and maybe another one is too long.
            const [short = -1, long = -1] = odd;
            if (!mixed) lines[short]?.pop();
            lines[long]?.push('7');
            const written = lines.filter((line) => line.length > 1 || line[0] !== '');
            const plain = written.map((line) => line.map((one) => (needsQuotes(one, delimiter) ? quote(one) : one)));
            const quoted = written.map((line) => line.map((one) => `${quote(one)} `));
            const texts = (of: string[][]) =>
              of.map((line, i) => line.join(delimiter) + (mixed && i === short ? OTHER[lineEnd] : lineEnd));
            const comment = csv.allowComments && long >= 0 ? texts([types.map((_, i) => (i === 0 ? '#' : '7'))]) : [];
            const bytesOf = (of: string[][]) =>
              Buffer.from([...texts(of.slice(0, long + 1)), ...comment, ...texts(of.slice(long + 1))].join(''));
            const options: Options = {
              ...csv,
              columns: used,
              ...(programmed ? { program: programFor(fields, used) } : {}),
            };
            const expected = all(fields, bytesOf(quoted), { ...options, ...WITHOUT });
            expect(all(fields, bytesOf(plain), { ...options, ...WITHOUT })).toEqual(expected);
            const indexed = all(fields, bytesOf(plain), { ...options, ...WITH_INDEX }, cuts, max);
            expect(indexed).toEqual(expected);
          },
        ),
        { numRuns: Number(process.env.STREAMBOOK_CSV_RUNS ?? 300) },
      );
    });
  }
});
