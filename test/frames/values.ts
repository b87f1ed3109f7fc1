import fc from 'fast-check';
import { rowClassOf } from '../../src/core/rows/index.js';
import { type AnyType, Schema, type } from '../../src/core/types/index.js';
import { fromCell, Timestamp } from '../../src/core/values/index.js';

const DAY = 86_400_000;
const moment = fc.integer({ min: -60_000 * DAY, max: 60_000 * DAY });
const float = fc.float({ noNaN: false }).map(Math.fround);

/** Types that both libraries hold, each with the cells it takes. */
const PLAIN: readonly [AnyType, fc.Arbitrary<unknown>][] = [
  [type.string() as AnyType, fc.string({ unit: 'grapheme' })],
  [type.boolean() as AnyType, fc.boolean()],
  [type.tinyint() as AnyType, fc.integer({ min: -128, max: 127 })],
  [type.smallint() as AnyType, fc.integer({ min: -32768, max: 32767 })],
  [type.int() as AnyType, fc.integer()],
  [type.bigint() as AnyType, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [type.float() as AnyType, float],
  [type.double() as AnyType, fc.double()],
  [
    type.decimal(10, 2) as AnyType,
    fc.integer({ min: -999_999_999, max: 999_999_999 }).map((n) => (n / 100).toFixed(2)),
  ],
  [type.decimal(38, 10) as AnyType, fc.bigInt({ min: -(10n ** 27n), max: 10n ** 27n }).map(String)],
  [type.date() as AnyType, moment.map((ms) => new Date(ms).toISOString().slice(0, 10))],
  [type.time(3) as AnyType, fc.integer({ min: 0, max: DAY - 1 }).map((ms) => new Date(ms).toISOString().slice(11, 23))],
  [type.timestamp(3) as AnyType, moment.map((ms) => Timestamp.ofMs(ms))],
  [type.timestampLtz(3) as AnyType, moment.map((ms) => Timestamp.ofMs(ms))],
];

/** Those that arquero holds besides. */
const NESTED: readonly [AnyType, fc.Arbitrary<unknown>][] = [
  [type.bytes() as AnyType, fc.uint8Array({ maxLength: 8 })],
  [type.array(type.int()) as AnyType, fc.array(fc.option(fc.integer()), { maxLength: 4 })],
  [
    type.map(type.string(), type.double()) as AnyType,
    fc.dictionary(fc.string(), fc.double()).map((o) => new Map(Object.entries(o))),
  ],
  [type.row({ a: type.int(), b: type.string() }) as AnyType, fc.record({ a: fc.option(fc.integer()), b: fc.string() })],
];

/** Columns of the engine's values, with NULLs. */
export interface Sample {
  readonly schema: Schema;
  readonly rows: readonly object[];
}

export function samples(nested: boolean): fc.Arbitrary<Sample> {
  const all = nested ? [...PLAIN, ...NESTED] : PLAIN;
  return fc
    .tuple(fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 6 }))
    .chain(([columns, count]) => {
      const schema = new Schema(columns.map(([type], i) => ({ name: `c${i}`, type })));
      const cells = columns.map(([, cell]) =>
        fc.oneof(
          { weight: 2, arbitrary: fc.array(cell, { minLength: count, maxLength: count }) },
          { weight: 1, arbitrary: fc.array(fc.option(cell), { minLength: count, maxLength: count }) },
        ),
      );
      return fc.tuple(...cells).map((lists) => {
        const Row = rowClassOf(schema);
        const values = lists.map((list, i) => list.map(fromCell((columns[i] as [AnyType, unknown])[0])));
        return { schema, rows: Array.from({ length: count }, (_, r) => Row.of(values.map((list) => list[r]))) };
      });
    });
}
