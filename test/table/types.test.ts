import { describe, expectTypeOf, test } from 'vitest';
import {
  aggregateFunction,
  type Expression,
  scalarFunction,
  type Table,
  tableEnv,
  tableFunction,
  type,
} from '../../src/index.js';

const t = tableEnv();
const orders = t.fromRows([{ name: 'Ann', price: 1, ok: true }], {
  schema: { name: type.string().notNull(), price: type.double(), id: type.bigint() },
});

describe('what the compiler knows of tables', () => {
  test('columns by name and type', () => {
    orders.select((o) => {
      expectTypeOf(o.name).toEqualTypeOf<Expression<ReturnType<ReturnType<typeof type.string>['notNull']>>>();
      // @ts-expect-error: there is no such column
      void (() => o.nmae.isNull());
      return { name: o.name };
    });
  });

  test('what a selection gives', () => {
    const made = orders.select((o) => ({ fee: o.price.times(0.5), big: o.name.isNull() }));
    made.filter((o) => {
      expectTypeOf(o.fee.type).toExtend<{ readonly root: 'DOUBLE'; readonly nullability: 'nullable' } | undefined>();
      expectTypeOf(o.big.type).toExtend<{ readonly root: 'BOOLEAN'; readonly nullability: 'not null' } | undefined>();
      return o.big;
    });
  });

  test('columns of rows and of SQL expressions', () => {
    const rows = t.fromRows([{ name: 'Ann', ts: 1 }], { computed: { twice: 'ts * 2' } });
    rows.select((o) => {
      expectTypeOf(o.name.type).toExtend<{ readonly root: 'VARCHAR' } | undefined>();
      // @ts-expect-error: there is no such column
      void (() => o.tiwce.isNull());
      return { twice: o.twice };
    });
  });

  test('joins have the columns of both; SQL has any', () => {
    const cities = t.fromRows([{ who: 'Ann', city: 'Bern' }]);
    const both = orders.join(cities, (o, c) => o.name.isEqual(c.who));
    both.select((o) => ({ city: o.city, price: o.price }));
    const any: Table = t.sqlQuery('SELECT 1 AS x');
    any.select((o) => ({ x: o.x }));
  });

  test('what functions of one’s own get and give', () => {
    scalarFunction({ accepts: [type.int(), type.string(), type.bigint()], returns: type.double() }, (n, s, b) => {
      expectTypeOf(n).toEqualTypeOf<number | null>();
      expectTypeOf(s).toEqualTypeOf<string | null>();
      expectTypeOf(b).toEqualTypeOf<number | null>();
      return n;
    });
    // @ts-expect-error: a text is no DOUBLE
    scalarFunction({ accepts: [type.int()], returns: type.double() }, () => 'text');
    // @ts-expect-error: it takes one value
    scalarFunction({ accepts: [type.int()], returns: type.double() }, (n, m) => (n ?? 0) + m);
    tableFunction({ accepts: [type.string()], returns: { word: type.string(), length: type.int() } }, (s) => {
      expectTypeOf(s).toEqualTypeOf<string | null>();
      return [{ word: s, length: 1 }];
    });
    // @ts-expect-error: the column `length` is missing
    tableFunction({ accepts: [], returns: { word: type.string(), length: type.int() } }, () => [{ word: 'x' }]);
    aggregateFunction(
      { accepts: [type.double()], returns: type.double() },
      {
        createAccumulator: () => ({ sum: 0 }),
        accumulate: (acc, x) => {
          expectTypeOf(acc).toEqualTypeOf<{ sum: number }>();
          expectTypeOf(x).toEqualTypeOf<number | null>();
          return { sum: acc.sum + (x ?? 0) };
        },
        merge: (a, b) => ({ sum: a.sum + b.sum }),
        getValue: (acc) => acc.sum,
      },
    );
  });
});
