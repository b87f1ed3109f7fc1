import { describe, expect, test, vi } from 'vitest';
import { receive } from '../../../src/kafka/index.js';
import { fresh } from '../../kafka/support/broker.js';
import { at, END, rows, t, table, topic, values } from './kafka-tables.js';

describe('writing', () => {
  test('times and headers that rows give', async () => {
    const name = await topic('stamped');
    const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    table('t', "n INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', h MAP<STRING, BYTES> METADATA FROM 'headers'", {
      topic: name,
      ...END,
    });
    await t.executeSql(`INSERT INTO t SELECT 1, TO_TIMESTAMP_LTZ(${hour}, 3), MAP['a', CAST('b' AS BYTES)]`).wait();
    for await (const message of receive(name, { ...at(), until: 'end' })) {
      expect([message.timestamp, message.headers]).toEqual([hour, { a: 'b' }]);
    }
    expect(await rows("SELECT n, CAST(h['a'] AS STRING) FROM t")).toEqual([[1, 'b']]);
  });

  test.each([
    ['round-robin', [0, 1, 2, 0, 1, 2]],
    ['fixed', [0, 0, 0, 0, 0, 0]],
  ])('the partitioner %s', async (partitioner, expected) => {
    const name = await topic('parts', 3);
    table('t', 'n INT', { topic: name, 'sink.partitioner': partitioner });
    await t.executeSql('INSERT INTO t VALUES (0), (1), (2), (3), (4), (5)').wait();
    const found = (await values(name)).map(([partition, value]) => [JSON.parse(String(value)).n, partition]);
    expect(found.sort().map(([, partition]) => partition)).toEqual(expected);
  });

  test.each(['at-least-once', 'exactly-once'])('rows say which of several topics they go to, %s', async (guarantee) => {
    const [a, b] = [fresh('several'), await topic('several', 2)];
    const columns = "n INT, tp STRING METADATA FROM 'topic'";
    const more = {
      ...END,
      'sink.delivery-guarantee': guarantee,
      'sink.transactional-id-prefix': fresh('job'),
      'sink.partitioner': 'round-robin',
    };
    table('list', columns, { topic: `${a};${b}`, ...more });
    await t.executeSql(`INSERT INTO list VALUES (1, '${a}'), (2, '${b}'), (3, '${b}'), (4, '${a}')`).wait();
    table('fitting', columns, { topic: '', 'topic-pattern': 'several-[0-9a-f-]+', ...more });
    await t.executeSql(`INSERT INTO fitting VALUES (5, '${b}')`).wait();
    // A transaction's markers may still be under way to a reader of what is committed.
    await vi.waitFor(
      async () =>
        expect((await rows('SELECT n, tp FROM list')).sort((x, y) => Number(x[0]) - Number(y[0]))).toEqual([
          [1, a],
          [2, b],
          [3, b],
          [4, a],
          [5, b],
        ]),
      { timeout: 60_000 },
    );
    expect((await values(b)).filter(([, value]) => value !== '{"n":5}').map(([partition]) => partition)).toEqual([
      0, 1,
    ]);
    const wrong = (into: string, name: string): Promise<unknown> =>
      t.executeSql(`INSERT INTO ${into} VALUES (1, ${name})`).wait();
    await expect(wrong('list', "'other'")).rejects.toThrow(`Expected topic to be in: [${a}, ${b}] but was: other`);
    await expect(wrong('fitting', "'other'")).rejects.toThrow('Expected topic to match: several-[0-9a-f-]+ but was');
    await expect(wrong('list', 'CAST(NULL AS STRING)')).rejects.toThrow('but no topic is set');
  });

  test('NULL is a message without a key or a value, where a column is all there is to it', async () => {
    const name = await topic('nothing');
    const raw = { topic: name, 'key.format': 'raw', 'key.fields': 'k', format: '', 'value.format': 'raw' };
    table('t', 'k STRING, n INT', { ...raw, 'value.fields-include': 'EXCEPT_KEY', ...END });
    const expected = [
      ['a', 1],
      [null, 2],
      ['c', null],
    ];
    await t.executeSql("INSERT INTO t VALUES ('a', 1), (CAST(NULL AS STRING), 2), ('c', CAST(NULL AS INT))").wait();
    expect(await rows('SELECT * FROM t')).toEqual(expected);
    const messages: unknown[] = [];
    for await (const { key, value } of receive(name, { ...at(), until: 'end', as: 'bytes' })) {
      messages.push([key, value === null ? null : value.readInt32BE()]);
    }
    expect(messages).toEqual(expected);
  });

  // As Flink 1.20.3 wrote them.
  test.each([
    [{}, '0.000000000000000001,10000000000'],
    [{ 'csv.write-bigdecimal-in-scientific-notation': 'true' }, '1E-18,"1E+10"'],
  ])('decimals in csv messages: %s', async (options, expected) => {
    const name = await topic('decimals');
    table('t', 'a DECIMAL(38, 18), b DECIMAL(20, 0)', { topic: name, format: 'csv', ...options });
    await t.executeSql('INSERT INTO t SELECT 0.000000000000000001, CAST(10000000000 AS DECIMAL(20, 0))').wait();
    expect(await values(name)).toEqual([[0, expected]]);
  });

  test.each([
    ['drop', '{"m":{"b":2}}'],
    ['Literal', '{"m":{"nk":1,"b":2}}'],
  ])('a map with a NULL key: %s', async (mode, expected) => {
    const name = await topic('null-key');
    table('t', 'm MAP<STRING, INT>', {
      topic: name,
      'json.map-null-key.mode': mode,
      'json.map-null-key.literal': 'nk',
    });
    await t.executeSql("INSERT INTO t SELECT MAP[CAST(NULL AS STRING), 1, 'b', 2]").wait();
    expect(await values(name)).toEqual([[0, expected]]);
    table('bad', 'm MAP<STRING, INT>', { topic: name, 'json.map-null-key.mode': 'x' });
    expect(() => t.explainSql("INSERT INTO bad SELECT MAP['b', 2]")).toThrow(
      "'json.map-null-key.mode' = 'x': one of FAIL, DROP, LITERAL",
    );
  });

  test('only the last row of a key, where rows are gathered', async () => {
    const name = await topic('gathered');
    table('counts', 'word STRING, n BIGINT, PRIMARY KEY (word) NOT ENFORCED', {
      connector: 'upsert-kafka',
      format: '',
      'scan.startup.mode': '',
      topic: name,
      'key.format': 'raw',
      'value.format': 'json',
      'sink.buffer-flush.max-rows': '100',
      'sink.buffer-flush.interval': '1 h',
    });
    await t
      .executeSql("INSERT INTO counts SELECT w, COUNT(*) FROM (VALUES ('a'), ('b'), ('a'), ('a')) AS t (w) GROUP BY w")
      .wait();
    expect((await values(name)).map(([, value]) => value).sort()).toEqual(['{"word":"a","n":3}', '{"word":"b","n":1}']);
    table('half', 'w STRING, PRIMARY KEY (w) NOT ENFORCED', {
      connector: 'upsert-kafka',
      format: '',
      'scan.startup.mode': '',
      topic: name,
      'key.format': 'raw',
      'value.format': 'json',
      'sink.buffer-flush.max-rows': '100',
    });
    expect(() => t.explainSql("INSERT INTO half SELECT 'a'")).toThrow('must be set to be greater than zero together');
  });
});
