import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Schema, type } from '../../../src/core/types/index.js';
import {
  dateOfEpochDay,
  dateText,
  epochDayOf,
  fromCell,
  parseDate,
  parseTime,
  rowFromCell,
  rowToCell,
  Timestamp,
  timeText,
  toCell,
} from '../../../src/core/values/index.js';

const day = fc.integer({ min: -1_000_000, max: 2_932_896 });

describe('dates and times', () => {
  test('agree with Date in UTC', () => {
    fc.assert(
      fc.property(day, (d) => {
        const date = new Date(d * 86_400_000);
        expect(dateOfEpochDay(d)).toEqual({
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
        });
        const { year, month, day: ofMonth } = dateOfEpochDay(d);
        expect(epochDayOf(year, month, ofMonth)).toBe(d);
        expect(parseDate(dateText(d))).toBe(d);
      }),
      { numRuns: 2000 },
    );
  });

  test('times of day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_399_999 }), (ms) => {
        expect(timeText(ms, 3)).toBe(new Date(ms).toISOString().slice(11, 23));
        expect(parseTime(timeText(ms, 3))?.ms).toBe(ms);
      }),
    );
    expect(['24:00', '12:60', '1', '12:00:60', ''].map(parseTime)).toEqual(Array(5).fill(undefined));
  });
});

describe('Timestamp', () => {
  const any = fc
    .tuple(fc.integer({ min: -60_000_000_000_000, max: 250_000_000_000_000 }), fc.integer({ min: 0, max: 999_999 }))
    .map(([ms, n]) => Timestamp.ofMs(ms, n));

  test('prints as ISO does, reads back, orders', () => {
    fc.assert(
      fc.property(any, any, (t, u) => {
        expect(t.format(3, 'T')).toBe(new Date(t.ms).toISOString().slice(0, -1));
        expect(Timestamp.parse(t.toString())).toEqual(t);
        expect(Timestamp.parse(t.format(9, 'T')).equals(t)).toBe(true);
        const order = Timestamp.compare(t, u);
        const [a, b] = [
          BigInt(t.ms) * 1_000_000n + BigInt(t.nanosOfMs),
          BigInt(u.ms) * 1_000_000n + BigInt(u.nanosOfMs),
        ];
        expect(Math.sign(order)).toBe(a < b ? -1 : a > b ? 1 : 0);
        for (let p = 0; p <= 9; p++)
          expect(t.withPrecision(p).format(9)).toBe(
            `${t.format(p)}${p === 0 ? '.' : ''}`.padEnd(t.format(9).length, '0'),
          );
      }),
      { numRuns: 1000 },
    );
  });

  test('zones, wrong input, immutability', () => {
    expect(Timestamp.parse('2024-05-01T12:00:00+02:00').ms).toBe(Date.UTC(2024, 4, 1, 10));
    expect(Timestamp.parse('2024-05-01').toString()).toBe('2024-05-01 00:00:00.000');
    expect(() => Timestamp.parse('2024-02-30 00:00')).toThrow('not a timestamp');
    expect(() => Timestamp.ofMs(1.5)).toThrow('whole number');
    expect(() => Timestamp.ofMs(0, 1_000_000)).toThrow('0 to 999999');
    const t = Timestamp.ofMs(5);
    expect(() => Object.assign(t, { ms: 6 })).toThrow();
    expect(JSON.stringify({ t })).toBe('{"t":"1970-01-01 00:00:00.005"}');
  });
});

describe('values leave and come in', () => {
  test('BIGINT: unsafe ones are refused, unless bigint is wanted', () => {
    expect(toCell(type.bigint())(5)).toBe(5);
    expect(() => toCell(type.bigint(), {}, 'column `n`')(2n ** 60n)).toThrow(
      /is beyond 2\^53-1: a JavaScript number would round it\n {2}at column `n`/,
    );
    expect(toCell(type.bigint(), { bigint: 'bigint' })(5)).toBe(5n);
    expect(fromCell(type.bigint())(2n ** 60n)).toBe(2n ** 60n);
    expect(() => fromCell(type.bigint())(2 ** 60)).toThrow('is no BIGINT');
  });

  test('a row there and back', () => {
    const schema = new Schema({
      d: type.decimal(10, 2),
      t: type.timestamp(9),
      s: type.timestamp(3),
      y: type.date(),
      z: type.time(3),
      f: type.float(),
      a: type.array(type.decimal(20, 1)),
      m: type.map(type.string(), type.date()),
      r: type.row({ x: type.bigint() }),
    });
    const cell = {
      d: '12.50',
      t: Timestamp.parse('2024-05-01 00:00:00.000000001'),
      s: Timestamp.parse('2024-05-01 00:00:00.123'),
      y: '2024-02-29',
      z: '12:30:00.500',
      f: 0.1,
      a: ['0.5', '-0.1'],
      m: new Map([['k', '1969-12-31']]),
      r: { x: 7 },
    };
    const row = rowFromCell(schema)(cell) as object;
    expect({ ...row }).toMatchObject({ d: 1250, y: 19782, a: [5n, -1n], f: Math.fround(0.1) });
    expect(rowToCell(schema)(row)).toEqual(cell);
    expect(() => rowFromCell(schema)({ r: { x: 'seven' } })).toThrow(
      /'seven' is no BIGINT\n {2}at column `r`, column `x`/,
    );
    expect(() => rowFromCell(new Schema({ a: type.int().notNull() }))({})).toThrow('undefined is no INT NOT NULL');
  });
});
