import { beforeEach, describe, expect, test } from 'vitest';
import {
  aggregateFunction,
  callFunction,
  col,
  type Expression,
  lit,
  Over,
  rowInterval,
  scalarFunction,
  type TableEnvironment,
  tableEnv,
  tableFunction,
  type,
} from '../../src/index.js';

let t: TableEnvironment;
beforeEach(() => {
  t = tableEnv();
  t.createTemporaryView(
    'words',
    t.fromRows([
      { s: 'to be', n: 1 },
      { s: null, n: 2 },
      { s: 'or', n: 3 },
    ]),
  );
});

describe('functions of one’s own', () => {
  test('a scalar function in SQL and in table programs', async () => {
    t.createTemporarySystemFunction(
      'SHOUT',
      scalarFunction({ accepts: [type.string(), type.bigint()], returns: type.string() }, (s, n) =>
        s === null ? null : `${s.toUpperCase()}${'!'.repeat(Number(n))}`,
      ),
    );
    const rows = await t.executeSql('SELECT shout(s, n) AS x FROM words WHERE n <> 2').collect();
    expect(rows).toEqual([{ x: 'TO BE!' }, { x: 'OR!!!' }]);
    const made = t.from('words').select(callFunction('SHOUT', col('s'), 2).as('x'));
    expect(await made.execute().collect()).toEqual([{ x: 'TO BE!!' }, { x: null }, { x: 'OR!!' }]);
    expect(() => t.sqlQuery('SELECT shout(n, s) FROM words')).toThrow('SHOUT');
  });

  test('a table function with LATERAL', async () => {
    t.createTemporarySystemFunction(
      'SPLIT_WORDS',
      tableFunction({ accepts: [type.string()], returns: { word: type.string(), length: type.int() } }, (s) =>
        (s ?? '')
          .split(' ')
          .filter(Boolean)
          .map((word) => ({ word, length: word.length })),
      ),
    );
    const rows = await t
      .executeSql('SELECT n, word, length FROM words, LATERAL TABLE(SPLIT_WORDS(s)) AS w(word, length)')
      .collect();
    expect(rows).toEqual([
      { n: 1, word: 'to', length: 2 },
      { n: 1, word: 'be', length: 2 },
      { n: 3, word: 'or', length: 2 },
    ]);
  });

  test('an aggregate, with and without retraction', async () => {
    const mean = aggregateFunction(
      { accepts: [type.double()], returns: type.double() },
      {
        createAccumulator: () => ({ sum: 0, n: 0 }),
        accumulate: (acc, x) => ({ sum: acc.sum + (x ?? 0), n: acc.n + 1 }),
        retract: (acc, x) => ({ sum: acc.sum - (x ?? 0), n: acc.n - 1 }),
        getValue: (acc) => (acc.n === 0 ? null : acc.sum / acc.n),
      },
    );
    t.createTemporarySystemFunction('MEAN', mean);
    expect(await t.executeSql('SELECT MEAN(n) AS m FROM words').rows()).toEqual([{ m: 2 }]);
    const nested =
      'SELECT MEAN(c) AS m FROM (SELECT s, COUNT(*) AS c FROM (SELECT s FROM words UNION ALL SELECT s FROM words) GROUP BY s)';
    expect(await t.executeSql(nested).rows()).toEqual([{ m: 2 }]);
  });

  test('an aggregate that cannot take rows away is refused where rows change', async () => {
    const sum = aggregateFunction(
      { accepts: [type.bigint()], returns: type.bigint() },
      { createAccumulator: () => 0, accumulate: (acc, x) => acc + (x ?? 0), getValue: (acc) => acc },
    );
    t.createTemporarySystemFunction('PLAIN_SUM', sum);
    const changing = 'SELECT PLAIN_SUM(n) FROM (SELECT s, MAX(n) AS n FROM words GROUP BY s)';
    await expect(t.executeSql(changing).rows()).rejects.toThrow(
      /PLAIN_SUM is over rows that are updated[\s\S]*retract\(acc/,
    );
  });

  describe('in table programs', () => {
    beforeEach(() => {
      t.createTemporarySystemFunction(
        'SPLIT_WORDS',
        tableFunction({ accepts: [type.string()], returns: { word: type.string(), length: type.int() } }, (s) =>
          (s ?? '').split(' ').flatMap((word) => (word === '' ? [] : [{ word, length: word.length }])),
        ),
      );
      t.createTemporarySystemFunction(
        'WEIGHTED',
        aggregateFunction(
          { accepts: [type.bigint(), type.int()], returns: type.double() },
          {
            createAccumulator: () => ({ sum: 0, weight: 0 }),
            accumulate: (acc, x, w) => ({ sum: acc.sum + Number(x ?? 0) * (w ?? 0), weight: acc.weight + (w ?? 0) }),
            retract: (acc, x, w) => ({ sum: acc.sum - Number(x ?? 0) * (w ?? 0), weight: acc.weight - (w ?? 0) }),
            merge: (a, b) => ({ sum: a.sum + b.sum, weight: a.weight + b.weight }),
            getValue: ({ sum, weight }) => (weight === 0 ? null : sum / weight),
          },
        ),
      );
    });

    test('a table function beside the rows it is called for', async () => {
      const words = t.from('words');
      const rows = await words
        .joinLateral(callFunction('SPLIT_WORDS', col('s')).as('w', 'len'))
        .select((o) => ({ n: o.n, w: o.w, len: o.len }))
        .execute()
        .collect();
      expect(rows).toEqual([
        { n: 1, w: 'to', len: 2 },
        { n: 1, w: 'be', len: 2 },
        { n: 3, w: 'or', len: 2 },
      ]);
      const outer = words.leftOuterJoinLateral((o) => callFunction('SPLIT_WORDS', o.s)).select(col('n'), col('word'));
      expect(await outer.execute().collect()).toEqual([
        { n: 1, word: 'to' },
        { n: 1, word: 'be' },
        { n: 2, word: null },
        { n: 3, word: 'or' },
      ]);
      expect(() => words.joinLateral(callFunction('SPLIT_WORDS', col('s')).as('w'))).toThrow('gives 2 columns, and 1');
      expect(() => words.joinLateral(callFunction('SPLIT_WORDS', col('s')).as('n', 'm'))).toThrow('a column `n`');
      expect(() => words.joinLateral(callFunction('SPLIT_WORDS', col('n')))).toThrow('Invalid function call');
      expect(() => words.joinLateral(callFunction('UPPER', col('s')))).toThrow(
        'a call of a table function is asked for',
      );
      expect(() => words.select(callFunction('UPPER', col('s')).as('a', 'b'))).toThrow('one column cannot be called');
    });

    test('an aggregate by its name: of groups, of everything, over rows that change, over windows of rows', async () => {
      const words = t.fromRows(
        [1, 2, 3, 3].map((n, i) => ({ k: i % 2 === 0 ? 'odd' : 'even', n, w: i, ms: 1000 + i * 1000 })),
        {
          schema: { k: type.string(), n: type.bigint(), w: type.int(), ms: type.bigint() },
          computed: { ts: 'TO_TIMESTAMP_LTZ(ms, 3)' },
          watermark: { ts: 'ts' },
        },
      );
      const weighted = (n: Expression, w: Expression): Expression => callFunction('WEIGHTED', n, w);
      const groups = words
        .groupBy((o) => o.k)
        .select((o) => ({ k: o.k, mean: weighted(o.n, o.w), largest: callFunction('MAX', o.n) }));
      expect(await groups.execute().rows()).toEqual([
        { k: 'odd', mean: 3, largest: 3 },
        { k: 'even', mean: 2.75, largest: 3 },
      ]);
      const all = words.select((o) => ({ mean: weighted(o.n, o.w) }));
      expect(await all.execute().rows()).toEqual([{ mean: 17 / 6 }]);
      const changing = groups.select((o) => ({ mean: weighted(o.largest, lit(1)) }));
      expect(await changing.execute().rows()).toEqual([{ mean: 3 }]);
      const over = words
        .overWindow(Over.orderBy(col('ts')).preceding(rowInterval(1)).as('w2'))
        .select((o) => ({ mean: weighted(o.n, lit(1)).over('w2') }));
      expect(await over.execute().rows()).toEqual([{ mean: 1 }, { mean: 1.5 }, { mean: 2.5 }, { mean: 3 }]);
    });
  });

  test('what a function throws names it', async () => {
    t.createTemporarySystemFunction(
      'BAD',
      scalarFunction({ accepts: [type.string()], returns: type.int() }, () => 'text' as never),
    );
    await expect(t.executeSql('SELECT BAD(s) FROM words').collect()).rejects.toThrow('the result of BAD');
  });
});
