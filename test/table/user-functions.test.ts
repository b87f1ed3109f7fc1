import { beforeEach, describe, expect, test } from 'vitest';
import {
  aggregateFunction,
  callFunction,
  col,
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

  test('what a function throws names it', async () => {
    t.createTemporarySystemFunction(
      'BAD',
      scalarFunction({ accepts: [type.string()], returns: type.int() }, () => 'text' as never),
    );
    await expect(t.executeSql('SELECT BAD(s) FROM words').collect()).rejects.toThrow('the result of BAD');
  });
});
