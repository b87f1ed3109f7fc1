import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyType, type Field, type } from '../../src/core/types/index.js';
import { floatOf, fromCell, Timestamp, toCell } from '../../src/core/values/index.js';

/** What crosses between Flink and a function: null, booleans, numbers, texts and lists of these. */
type Crossing = (value: unknown) => unknown;

/** values.js of flink-js/. */
interface Values {
  reader(type: object): Crossing;
  writer(type: object, where: string): Crossing;
  rowsWriter(type: object, name: string): Crossing;
}

const resource = (name: string): string =>
  readFileSync(new URL(`../../flink-js/src/main/resources/dev/streambook/js/${name}`, import.meta.url), 'utf8');
const Moment = runInThisContext(resource('timestamp.js')) as typeof Timestamp;
const values = (runInThisContext(resource('values.js')) as (moment: unknown) => Values)(Moment);

/** As Types.java describes a type. */
function described(of: AnyType, bigint = false): object {
  const rest = {
    text: String(of),
    nullable: of.nullability === 'nullable',
    bigint,
    ...('precision' in of ? { precision: of.precision } : {}),
  };
  const children = (...all: AnyType[]): object => ({ children: all.map((one) => described(one, bigint)) });
  switch (of.root) {
    case 'INT':
      return { root: 'INTEGER', ...rest };
    case 'TIME':
      return { root: 'TIME_WITHOUT_TIME_ZONE', ...rest };
    case 'TIMESTAMP':
      return { root: 'TIMESTAMP_WITHOUT_TIME_ZONE', ...rest };
    case 'TIMESTAMP_LTZ':
      return { root: 'TIMESTAMP_WITH_LOCAL_TIME_ZONE', ...rest };
    case 'DECIMAL':
      return { root: of.root, ...rest, scale: of.scale };
    case 'ARRAY':
      return { root: of.root, ...rest, ...children(of.element) };
    case 'MAP':
      return { root: of.root, ...rest, ...children(of.key, of.value) };
    case 'ROW':
      return {
        root: of.root,
        ...rest,
        names: of.fields.map(({ name }: Field) => name),
        ...children(...of.fields.map((field: Field) => field.type)),
      };
    default:
      return { root: of.root, ...rest };
  }
}

/** What the function's result becomes, or why not; on the cluster and here. */
function bothWays(of: AnyType, result: unknown): { there: unknown; here: unknown } {
  const outcome = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return (error as { where?: string }).where === undefined
        ? (error as Error).message
        : `${(error as { where: string }).where}: ${(error as Error).message.split('\n')[0]?.replace(/^\[.*?\] /, '')}`;
    }
  };
  const mine = (value: unknown): unknown =>
    value instanceof Timestamp ? Moment.ofMs(value.ms, value.nanosOfMs) : value;
  return {
    there: outcome(() => values.writer(described(of), 'the result of f')(mine(result))),
    here: outcome(() => fromCell(of, 'the result of f')(result)),
  };
}

const RESULTS: unknown[] = [
  null,
  undefined,
  true,
  'x',
  '',
  '12',
  '1.005',
  '-0.5',
  '1e3',
  '.5',
  '.',
  0,
  -0,
  1.5,
  127,
  128,
  -128,
  -129,
  32768,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  2 ** 53 - 1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  5n,
  2n ** 63n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  300n,
  1e20,
  99999.995,
  1e-7,
  '2024-02-29',
  '2023-02-29',
  '2024-5-1',
  '10000-01-01',
  '2024-05-01-05',
  '12:30',
  '12:30:15.123456',
  '24:00',
  '12:30:15Z',
  '2024-05-01 12:30:00.123456789',
  '2024-05-01T12:30:00+02:00',
  '2024-05-01 12:30:00Z',
  '2024-05-01 12',
  new Date(5),
  new Date(Number.NaN),
  Timestamp.ofMs(-1, 999_999),
  [1, null],
  [1.5],
  ['a'],
  { a: 1, b: 'x' },
  { a: 'x' },
  {},
  [1, 'x'],
  new Map([['k', 1]]),
  new Map<unknown, unknown>([[1, 'x']]),
  new Uint8Array([0, 255]),
  () => 1,
  'y'.repeat(200),
];

describe('values of a function on a cluster', () => {
  const simple = [
    type.boolean(),
    type.string(),
    type.tinyint(),
    type.smallint(),
    type.int(),
    type.bigint(),
    type.float(),
    type.double(),
    type.decimal(5, 2),
    type.decimal(38, 10),
    type.date(),
    type.time(3),
    type.time(0),
    type.timestamp(3),
    type.timestamp(0),
    type.timestamp(9),
    type.timestampLtz(6),
    type.bytes(),
    type.int().notNull(),
  ] as AnyType[];

  it('are refused where they are refused here, with the same words', () => {
    const nested = [
      type.array(type.int()),
      type.map(type.string(), type.int()),
      type.row({ a: type.int(), b: type.string() }),
      type.array(type.row({ a: type.int().notNull() })),
    ] as AnyType[];
    const refused = (outcome: unknown): string | undefined =>
      typeof outcome === 'string' && / is no /.test(outcome) ? outcome : undefined;
    for (const of of [...simple, ...nested]) {
      for (const result of RESULTS) {
        const { there, here } = bothWays(of, result);
        expect([String(of), result, refused(there)]).toEqual([String(of), result, refused(here)]);
      }
    }
  });

  it('are the values they are here', () => {
    for (const of of simple) {
      for (const result of RESULTS) {
        const { there, here } = bothWays(of, result);
        if (typeof here === 'string' || here === null) continue;
        expect([String(of), result, plain(of, there)]).toEqual([String(of), result, plain(of, here)]);
      }
    }
  });

  it('are what a function gets here', () => {
    const both = (of: AnyType, crossing: unknown, engine: unknown): void => {
      const there = values.reader(described(of))(crossing);
      const here = toCell(of)(engine);
      expect(there instanceof Moment ? String(there) : there).toEqual(here instanceof Timestamp ? String(here) : here);
    };
    for (const day of [0, -1, 19844, 2932897, -719529, 10957]) both(type.date(), day, day);
    for (const ms of [0, 1, 86399999, 45015123]) for (const p of [0, 1, 3]) both(type.time(p as 3), ms, ms);
    for (const ms of [0, -1, 1714566600123, 253402300800000]) both(type.timestamp(3), ms, ms);
    both(type.timestamp(9), [-1, 999_999], Timestamp.ofMs(-1, 999_999));
    both(type.timestampLtz(6), 5, Timestamp.ofMs(5));
    both(type.bytes(), '\u0000ÿ', new Uint8Array([0, 255]));
    both(type.array(type.date()), [0, null], [0, null]);
    both(type.map(type.string(), type.date()), [['a'], [1]], new Map([['a', 1]]));
    both(type.row({ a: type.int(), __proto__x: type.date() }), [1, null], { a: 1, __proto__x: null });
    expect(values.reader(described(type.bigint(), true))(9)).toBe(9n);
  });

  it('print a FLOAT with the fewest digits', () => {
    const read = values.reader(described(type.float()));
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (x) => {
        expect(read(x)).toBe(toCell(type.float())(x));
      }),
      { numRuns: 20_000 },
    );
    for (const text of ['0.1', '16777216', '3.4028235e38', '1.17549435e-38', '1e-45', '9.999999e9']) {
      expect(read(floatOf(text))).toBe(toCell(type.float())(floatOf(text)));
    }
  });

  it('of a table function are rows', () => {
    const write = values.rowsWriter(described(type.row({ w: type.string(), n: type.int() })), 'split');
    expect(write(new Set([{ w: 'a', n: 1, more: 1 }, ['b', null]]))).toEqual([
      ['a', 1],
      ['b', null],
    ]);
    expect(() => write(null)).toThrow('split gave null: a table function gives an array of rows');
    expect(() => write([{ n: 'x' }])).toThrow("column `n` of split: 'x' is no INT");
    expect(() => write(['a'])).toThrow('a row of split');
  });
});

/** What crossed as the engine holds it. */
function plain(of: AnyType, value: unknown): unknown {
  if (of.root === 'DECIMAL') return String(value);
  if (of.root === 'BIGINT') return BigInt(value as number);
  if (of.root === 'FLOAT') return Math.fround(value as number);
  if (of.root === 'TIMESTAMP' || of.root === 'TIMESTAMP_LTZ') {
    const [ms, nanos = 0] = value instanceof Timestamp ? [value.ms, value.nanosOfMs] : [value].flat();
    return `${Moment.ofMs(ms as number, nanos as number)}`;
  }
  if (of.root === 'VARBINARY' && typeof value === 'string') return Buffer.from(value, 'latin1').toString('hex');
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

describe('Timestamp on a cluster', () => {
  it('is the one of here', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -62_135_596_800_000 * 3, max: 253_402_300_800_000 * 3 }),
        fc.integer({ min: 0, max: 999_999 }),
        fc.integer({ min: 0, max: 9 }),
        (ms, nanos, precision) => {
          const [there, here] = [Moment.ofMs(ms, nanos), Timestamp.ofMs(ms, nanos)];
          expect(String(there)).toBe(String(here));
          expect(there.format(precision, 'T')).toBe(here.format(precision, 'T'));
          const [cut, cutHere] = [there.withPrecision(precision), here.withPrecision(precision)];
          expect([cut.ms, cut.nanosOfMs]).toEqual([cutHere.ms, cutHere.nanosOfMs]);
          const back = Moment.parse(String(here));
          expect([back.ms, back.nanosOfMs]).toEqual([ms, nanos]);
        },
      ),
    );
    const names = (of: object): string[] => Object.getOwnPropertyNames(of).sort();
    expect(names(Moment)).toEqual(names(Timestamp));
    expect(names(Moment.prototype)).toEqual(names(Timestamp.prototype));
    expect(Object.isFrozen(Moment.ofMs(1))).toBe(true);
    expect(Moment.ofMs(1).equals(Moment.ofMs(1))).toBe(true);
    expect(Moment.ofMs(1).isBefore(Moment.ofMs(2))).toBe(true);
    expect(Moment.ofMs(1).plusMs(5).ms).toBe(6);
    expect(Moment.ofDate(new Date(7)).ms).toBe(7);
    expect(() => Moment.ofMs(1.5)).toThrow('whole number');
    expect(() => Moment.parse('x')).toThrow('not a timestamp');
  });
});
