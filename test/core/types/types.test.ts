import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { rowClassOf } from '../../../src/core/rows/index.js';
import {
  type AnyType,
  parseSchema,
  parseType,
  type RowOf,
  Schema,
  sameType,
  schemaOf,
  type,
  type ValueOf,
} from '../../../src/core/types/index.js';

const name = fc.string({ unit: fc.constantFrom('a', '`', ' ', "'", 'ü', '<', ',', '_'), minLength: 1, maxLength: 4 });
const any: fc.Arbitrary<AnyType> = fc.letrec<{ any: AnyType }>((tie) => ({
  any: fc
    .tuple(
      fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<AnyType[]>(
          type.boolean(),
          type.tinyint(),
          type.bigint(),
          type.double(),
          type.string(),
          type.bytes(),
          type.date(),
          type.char(3),
          type.varbinary(7),
          type.intervalYearMonth(),
          type.intervalDayTime('DAY(3) TO SECOND(3)'),
          type.raw("it's", 'x'),
        ),
        fc.nat({ max: 9 }).map((p) => type.timestampLtz(p) as AnyType),
        fc.integer({ min: 1, max: 38 }).chain((p) => fc.nat({ max: p }).map((s) => type.decimal(p, s) as AnyType)),
        tie('any').map((e) => type.array(e) as AnyType),
        tie('any').map((e) => type.multiset(e) as AnyType),
        fc.tuple(tie('any'), tie('any')).map(([k, v]) => type.map(k, v) as AnyType),
        fc
          .uniqueArray(fc.tuple(name, tie('any')), { selector: ([n]) => n, maxLength: 3 })
          .map((fields) => type.row(fields.map(([n, t]) => ({ name: n, type: t }))) as AnyType),
      ),
      fc.boolean(),
    )
    .map(([t, notNull]) => (notNull ? (t.notNull() as AnyType) : t)),
})).any;

describe('types', () => {
  test('read back from their text', () => {
    fc.assert(
      fc.property(any, (t) => {
        expect(sameType(parseType(String(t)), t)).toBe(true);
        expect(String(parseType(String(t)))).toBe(String(t));
      }),
      { numRuns: 1000 },
    );
  });

  test('synonyms of SQL', () => {
    for (const [text, same] of [
      ['integer', 'INT'],
      ['numeric(5)', 'DECIMAL(5, 0)'],
      ['dec', 'DECIMAL(10, 0)'],
      ['double precision not null', 'DOUBLE NOT NULL'],
      ['timestamp', 'TIMESTAMP(6)'],
      ['TIMESTAMP(3) WITH LOCAL TIME ZONE', 'TIMESTAMP_LTZ(3)'],
      ['TIMESTAMP(3) WITHOUT TIME ZONE NULL', 'TIMESTAMP(3)'],
      ['INT NOT NULL ARRAY', 'ARRAY<INT NOT NULL>'],
      ['ROW(a INT, `b c` STRING)', 'ROW<`a` INT, `b c` STRING>'],
      ['INTERVAL DAY TO SECOND(3)', 'INTERVAL DAY TO SECOND(3)'],
    ] as const) {
      expect(String(parseType(text))).toBe(same);
    }
    expect(() => parseType('DECIMAL(39, 0)')).toThrow('not a whole number from 1 to 38');
    expect(() => parseType('MAP<INT>')).toThrow(/expected `,`\n {2}MAP<INT>\n {9}\^/);
  });

  test('compare with and without NULL', () => {
    expect(sameType(type.int(), parseType('INT'))).toBe(true);
    expect(sameType(type.int(), type.int().notNull())).toBe(false);
    expect(type.int().notNull().nullable()).toEqual(type.int());
  });

  test('tell TypeScript what a cell gets', () => {
    const row = { ts: type.bigint(), name: type.string().notNull(), tags: type.array(type.string()) };
    expectTypeOf<RowOf<typeof row>>().toEqualTypeOf<{ ts: number; name: string; tags: string[] }>();
    const nested = type.row({ a: type.map(type.string(), type.double()) });
    expectTypeOf<ValueOf<typeof nested>>().toEqualTypeOf<{ a: Map<string, number> }>();
  });
});

describe('schemas', () => {
  test('find columns, project, read back', () => {
    const schema = schemaOf({ a: type.int(), 'b c': type.string().notNull() });
    expect(schema.indexOf('b c')).toBe(1);
    expect(schema.project(['b c']).names).toEqual(['b c']);
    expect(parseSchema(String(schema)).equals(schema)).toBe(true);
    expect(() => schema.field('b')).toThrow(/no column `b`\n {2}hint: columns: a, b c/);
    expect(
      () =>
        new Schema([
          { name: 'a', type: type.int() },
          { name: 'a', type: type.int() },
        ]),
    ).toThrow('two fields');
    expect(() => schemaOf({ a: 'INT' as never })).toThrow('field `a`: INT is not a type');
  });
});

describe('row classes', () => {
  test('one per schema, whatever the names', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.oneof(
            fc.string({ minLength: 1 }),
            fc.constantFrom('__proto__', 'constructor', 'toString', 'a"]', '\u2028', 'of'),
          ),
          { minLength: 1, maxLength: 6 },
        ),
        (names) => {
          const schema = new Schema(names.map((n) => ({ name: n, type: type.int() })));
          const Row = rowClassOf(schema);
          const row = Row.of(names.map((_, i) => i));
          for (const [i, n] of names.entries()) expect(Object.getOwnPropertyDescriptor(row, n)?.value).toBe(i);
          expect(Object.keys(row).sort()).toEqual([...names].sort());
          expect(Row.values(row)).toEqual(names.map((_, i) => i));
          expect(rowClassOf(parseSchema(String(schema)))).toBe(Row);
        },
      ),
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});
