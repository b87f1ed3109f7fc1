import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Broker, startBroker } from '../../../src/broker/index.js';
import { receive, send, topics } from '../../../src/kafka/index.js';
import { type TableEnvironment, tableEnv } from '../../../src/table/index.js';
import { fresh } from '../../kafka/support/broker.js';

let broker: Broker;
let t: TableEnvironment;
beforeAll(async () => {
  broker = await startBroker({ port: 0, data: 'memory' });
});
afterAll(() => broker.stop());
beforeEach(() => {
  t = tableEnv();
});

const at = (): { brokers: string } => ({ brokers: broker.address });

async function topic(name: string, partitions = 1): Promise<string> {
  const made = fresh(name);
  await topics.create(made, { partitions, ...at() });
  return made;
}

/** Sends objects as JSON, each to a partition, with a time. */
async function fill(
  name: string,
  messages: readonly (readonly [partition: number, value: object, ms?: number])[],
): Promise<void> {
  const now = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;
  await send(
    name,
    messages.map(([partition, value, ms = 0]) => ({ value: JSON.stringify(value), partition, timestamp: now + ms })),
    at(),
  ).done;
}

function table(name: string, columns: string, options: Record<string, string>, more = ''): void {
  const all: Record<string, string> = {
    connector: 'kafka',
    format: 'json',
    'properties.bootstrap.servers': broker.address,
    'scan.startup.mode': 'earliest-offset',
    ...options,
  };
  const clause = Object.entries(all)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `'${key}' = '${value.replaceAll("'", "''")}'`);
  t.executeSql(`CREATE TABLE ${name} (${columns}) ${more} WITH (${clause.join(', ')})`);
}

const END = { 'scan.bounded.mode': 'latest-offset' };

async function rows(sql: string): Promise<unknown[][]> {
  const found = await t.sqlQuery(sql).execute().collect();
  return found.map((row) => Object.values(row as object));
}

async function values(name: string): Promise<[number, unknown][]> {
  const all: [number, unknown][] = [];
  for await (const message of receive(name, { ...at(), until: 'end' })) all.push([message.partition, message.value]);
  return all;
}

describe('where reading begins and ends', () => {
  let name = '';
  beforeAll(async () => {
    name = await topic('places');
    await fill(
      name,
      [1, 2, 3, 4, 5].map((n) => [0, { n }, n * 1000]),
    );
  });

  test.each([
    [{ 'scan.startup.mode': 'specific-offsets', 'scan.startup.specific-offsets': 'partition:0,offset:3' }, [4, 5]],
    [{ 'scan.startup.mode': 'latest-offset' }, []],
    [{ 'scan.bounded.mode': 'specific-offsets', 'scan.bounded.specific-offsets': 'partition:0,offset:2' }, [1, 2]],
    [{ 'scan.startup.mode': 'group-offsets', 'properties.auto.offset.reset': 'latest' }, []],
    [{ 'scan.startup.mode': 'group-offsets' }, [1, 2, 3, 4, 5]],
    [{ 'properties.isolation.level': 'read_uncommitted', 'properties.client.id': 'me' }, [1, 2, 3, 4, 5]],
    [{ topic: '', 'topic-pattern': 'places-[0-9a-f]+' }, [1, 2, 3, 4, 5]],
  ])('%s', async (options, expected) => {
    table('t', 'n INT', { topic: name, ...END, ...(options as Record<string, string>) });
    expect((await rows('SELECT n FROM t')).flat()).toEqual(expected);
  });

  test('by time', async () => {
    table('ts', "n INT, ts BIGINT METADATA FROM 'offset', s TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'", {
      topic: name,
      ...END,
    });
    const [, , third, fourth] = (await rows('SELECT CAST(EXTRACT(EPOCH FROM s) AS BIGINT) FROM ts')).flat() as number[];
    table('t', 'n INT', {
      topic: name,
      'scan.startup.mode': 'timestamp',
      'scan.startup.timestamp-millis': String(Number(third) * 1000),
      'scan.bounded.mode': 'timestamp',
      'scan.bounded.timestamp-millis': String(Number(fourth) * 1000),
    });
    expect((await rows('SELECT n FROM t')).flat()).toEqual([3]);
  });

  test('where a group stands, and up to there', async () => {
    const group = fresh('group');
    let seen = 0;
    for await (const message of receive(name, { ...at(), group, from: 'earliest', commit: 'manual' })) {
      if (++seen < 3) continue;
      await message.commit();
      break;
    }
    const by = { topic: name, 'properties.group.id': group };
    table('before_', 'n INT', { ...by, 'scan.bounded.mode': 'group-offsets' });
    expect((await rows('SELECT n FROM before_')).flat()).toEqual([1, 2, 3]);
    table('rest_', 'n INT', { ...by, ...END, 'scan.startup.mode': 'group-offsets' });
    expect((await rows('SELECT n FROM rest_')).flat()).toEqual([4, 5]);
    table('nobody', 'n INT', {
      ...END,
      ...by,
      'properties.group.id': fresh('nobody'),
      'scan.startup.mode': 'group-offsets',
      'properties.auto.offset.reset': 'none',
    });
    await expect(rows('SELECT n FROM nobody')).rejects.toThrow(/has committed nothing[\s\S]*partition 0/);
  });

  test.each([
    [{ 'scan.startup.mode': 'timestamp' }, "'scan.startup.timestamp-millis' is required in 'timestamp' startup mode"],
    [{ 'scan.bounded.mode': 'timestamp' }, "'scan.bounded.timestamp-millis' is required in 'timestamp' bounded mode"],
    [{ 'scan.bounded.mode': 'group-offsets' }, "'properties.group.id' is required"],
    [{ 'topic-pattern': 'x.*' }, "'topic' and 'topic-pattern' shouldn't be set together"],
    [
      {
        topic: 'a;b',
        'scan.startup.mode': 'specific-offsets',
        'scan.startup.specific-offsets': 'partition:0,offset:1',
      },
      'only supports specific offset for single topic',
    ],
    [{ 'key.format': 'json' }, "'key.format' requires the declaration of one or more of key fields"],
    [{ 'key.format': 'json', 'key.fields': 'm' }, "Could not find the field 'm'"],
    [{ 'key.format': 'json', 'key.fields': 'n', 'key.fields-prefix': 'k_' }, 'A key prefix is not allowed'],
    [{ 'sink.partitioner': 'org.example.Mine' }, 'a Java class cannot be named here'],
    [{ 'properties.max.poll.records': '7' }, "'properties.max.poll.records' is not carried out here"],
    [{ 'scan.watermark.alignment.group': 'g' }, 'must be set when configuring watermark alignment'],
    [{ 'sink.semantic': 'exactly-once' }, "'sink.delivery-guarantee' now"],
    [{ format: 'raw', 'raw.endianness': 'middle' }, 'Unsupported endianness name'],
  ])('%s is refused', (options, message) => {
    table('t', 'n INT', { topic: name, ...(options as Record<string, string>) });
    expect(() => t.explainSql('SELECT n FROM t')).toThrow(message);
  });

  test('what only a sink can be asked is refused when it is written', () => {
    const once = { topic: name, 'sink.delivery-guarantee': 'exactly-once' };
    table('a', 'n INT', once);
    expect(() => t.explainSql('SELECT n FROM a')).not.toThrow();
    expect(() => t.explainSql('INSERT INTO a SELECT 1')).toThrow('sink.transactional-id-prefix must be specified');
    table('b', 'n INT', { topic: 'x;y' });
    expect(() => t.explainSql('INSERT INTO b SELECT 1')).toThrow(
      /Expected a single topic but no topic is set[\s\S]*`topic` STRING METADATA/,
    );
    table('single', "n INT, tp STRING METADATA FROM 'topic'", { topic: 'x' });
    expect(() => t.explainSql("INSERT INTO single SELECT 1, 'x'")).toThrow("Invalid metadata key 'topic'");
    table('c', "n INT, p INT METADATA FROM 'partition'", { topic: name });
    expect(() => t.explainSql('INSERT INTO c SELECT 1, 2')).toThrow(
      /Invalid metadata key 'partition'[\s\S]*METADATA VIRTUAL/,
    );
    table('d', 'n INT, m INT, PRIMARY KEY (n) NOT ENFORCED', { topic: name });
    expect(() => t.explainSql('INSERT INTO d SELECT 1, 2')).toThrow(
      /doesn't support defining PRIMARY KEY[\s\S]*upsert-kafka/,
    );
  });
});

test('what Kafka says of a message, in other types, too', async () => {
  const name = await topic('said');
  await fill(name, [[0, { n: 1 }, 5000]]);
  table(
    't',
    "n INT, `topic` STRING METADATA, p BIGINT METADATA FROM 'partition', o STRING METADATA FROM 'offset', ty STRING METADATA FROM 'timestamp-type', le INT METADATA FROM 'leader-epoch', ts STRING METADATA FROM 'timestamp'",
    { topic: name, ...END },
  );
  const [row = []] = await rows('SELECT * FROM t');
  expect(row.slice(0, 6)).toEqual([1, name, 0, '0', 'CreateTime', 0]);
  expect(row[6]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:05\.000$/);
  // A TIMESTAMP is what clocks of the session's time zone show.
  t.executeSql("SET 'table.local-time-zone' = 'Asia/Shanghai'");
  table('zoned', "ts TIMESTAMP(3) METADATA FROM 'timestamp', utc TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', n INT", {
    topic: name,
    ...END,
  });
  expect(await rows('SELECT ts = CAST(utc AS TIMESTAMP(3)) FROM zoned')).toEqual([[true]]);
  table('bad', "n INT, ts INT METADATA FROM 'timestamp'", { topic: name, ...END });
  expect(() => t.explainSql('SELECT * FROM bad')).toThrow('Cast function cannot convert');
});

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

describe('watermarks are made per partition', () => {
  const COLUMNS = 'id INT, ms BIGINT, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts';
  const WINDOWS =
    "SELECT CAST(EXTRACT(EPOCH FROM window_start) AS BIGINT) AS s, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end";

  // The first partition, which is read first, is far ahead.
  const drifting = (i: number): { readonly id: number; readonly ms: number } => ({
    id: i,
    ms: i % 2 === 1 ? i * 500 : 1_000_000 + i * 500,
  });
  const COUNTED = [
    [0, 10],
    [10, 10],
    [1000, 10],
    [1010, 10],
  ];
  const sorted = (found: unknown[][]): unknown[][] => found.sort((a, b) => Number(a[0]) - Number(b[0]));
  const counts = (of: string): string =>
    `SELECT CAST(EXTRACT(EPOCH FROM TUMBLE_START(ts, INTERVAL '10' SECOND)) AS BIGINT) AS s, COUNT(*) AS n FROM ${of} GROUP BY TUMBLE(ts, INTERVAL '10' SECOND)`;

  test('a partition that is far ahead makes nothing of the others late', async () => {
    const name = await topic('drift', 2);
    await fill(
      name,
      Array.from({ length: 40 }, (_, i): [number, object] => [i % 2, drifting(i)]),
    );
    table('t', COLUMNS, { topic: name, ...END });
    expect(sorted(await rows(WINDOWS))).toEqual(COUNTED);
    // Also where a table is read once for two steps that want other columns of it.
    const twice = '(SELECT ts, id FROM t UNION ALL SELECT ts, CAST(ms AS INT) AS id FROM t)';
    expect(sorted(await rows(counts(twice)))).toEqual(COUNTED.map(([second, n]) => [second, 2 * Number(n)]));
  });

  test('of changes by key, too, with deletions that do not tell their time', async () => {
    const name = await topic('changing', 2);
    const key = (id: number): string => JSON.stringify({ id });
    const messages = Array.from({ length: 41 }, (_, i) => ({
      key: key(i),
      value: JSON.stringify(drifting(i)),
      partition: i % 2,
    }));
    await send(name, [...messages, { key: key(40), value: null, partition: 0 }], at()).done;
    table('t', `${COLUMNS}, PRIMARY KEY (id) NOT ENFORCED`, {
      connector: 'upsert-kafka',
      format: '',
      'scan.startup.mode': '',
      topic: name,
      'key.format': 'json',
      'value.format': 'json',
      ...END,
    });
    expect(sorted(await rows(counts('t')))).toEqual(COUNTED);
  });

  test('a partition that is silent holds nothing back after its time', async () => {
    const name = await topic('silent', 2);
    await fill(
      name,
      [0, 5, 12, 25].map((s) => [0, { id: s, ms: s * 1000 }]),
    );
    table('t', COLUMNS, { topic: name, 'scan.watermark.idle-timeout': '100 ms' });
    const found: unknown[] = [];
    let done = false;
    // With all of them silent nothing would come any more: one goes on speaking.
    const speaking = (async () => {
      while (!done) await fill(name, [[0, { id: 99, ms: 26_000 }]]);
    })();
    for await (const row of t.sqlQuery(WINDOWS).execute()) {
      found.push(Object.values(row as object));
      if (found.length === 2) break;
    }
    done = true;
    await speaking;
    expect(found).toEqual([
      [0, 2],
      [10, 1],
    ]);
  });

  test('tables of one group wait for each other', async () => {
    const [slow, fast] = [await topic('slow'), await topic('fast')];
    await fill(
      slow,
      [0, 1].map((s) => [0, { id: s, ms: s * 1000 }]),
    );
    await fill(
      fast,
      Array.from({ length: 50 }, (_, i): [number, object] => [0, { id: 100 + i, ms: i * 10_000 }]),
    );
    const together = { 'scan.watermark.alignment.group': 'g', 'scan.watermark.alignment.max-drift': '30 s' };
    table('slow', COLUMNS, { topic: slow, ...together });
    table('fast', COLUMNS, { topic: fast, ...together });
    const seen: number[] = [];
    let sent = false;
    for await (const row of t.sqlQuery('SELECT id FROM slow UNION ALL SELECT id FROM fast').execute()) {
      seen.push(Number((row as { id: number }).id));
      // As far as it may go: the slow one is at 1 s, and 40 s is the first that is more than 30 s ahead.
      if (!sent && seen.includes(104) && seen.includes(1)) {
        sent = true;
        await fill(slow, [[0, { id: 2, ms: 100_000 }]]);
      }
      if (seen.includes(105)) break;
    }
    expect(seen.indexOf(105)).toBeGreaterThan(seen.indexOf(2));
    expect(seen).toContain(2);
  });
});

describe('messages that cannot be read', () => {
  test('fail with topic, partition and offset', async () => {
    const name = await topic('broken', 2);
    await fill(name, [[1, { n: 1 }]]);
    await send(name, [{ value: '{"n":"x"}', partition: 1 }], at()).done;
    table('t', 'n INT', { topic: name, ...END });
    await expect(rows('SELECT n FROM t')).rejects.toThrow(
      new RegExp(
        `'"x"' is no INT[^]*topic \`${name}\`, partition 1, offset 1, line 1, column \`n\`[^]*'json.ignore-parse-errors'`,
      ),
    );
  });

  test('are left out and counted, or go into a table', async () => {
    const name = await topic('broken');
    await fill(name, [[0, { n: 1 }]]);
    await send(name, ['nope', '{"n":"x"}', '{"n":4}'], at()).done;
    const out = await topic('good');
    table('kept', 'n INT', { topic: out });
    table('t', 'n INT', { topic: name, ...END, 'json.ignore-parse-errors': 'true' });
    const result = t.executeSql('INSERT INTO kept SELECT n FROM t');
    await result.wait();
    expect((await values(out)).map(([, value]) => value)).toEqual(['{"n":1}', '{"n":null}', '{"n":4}']);
    expect(JSON.stringify(result.job?.metrics())).toContain('"numRecordsSkipped":1');

    const bad = await topic('bad');
    table('bad', 'source STRING, kafka_partition INT, kafka_offset BIGINT, field STRING, content STRING', {
      topic: bad,
    });
    table('u', 'n INT', { topic: name, ...END, 'bad-rows': 'bad' });
    expect((await rows('SELECT n FROM u')).flat()).toEqual([1, 4]);
    expect((await values(bad)).map(([, value]) => JSON.parse(String(value)))).toEqual([
      { source: name, kafka_partition: 0, kafka_offset: 1, field: null, content: 'nope' },
      { source: name, kafka_partition: 0, kafka_offset: 2, field: 'n', content: '{"n":"x"}' },
    ]);
  });
});

test('new topics, and new partitions, are found', async () => {
  const name = fresh('found');
  await topics.create(`${name}-a`, { partitions: 1, ...at() });
  await fill(`${name}-a`, [[0, { n: 1 }]]);
  table('t', 'n INT, `topic` STRING METADATA VIRTUAL', {
    'topic-pattern': `${name}-.*`,
    'scan.topic-partition-discovery.interval': '50 ms',
  });
  const seen: string[] = [];
  for await (const row of t.sqlQuery('SELECT n, `topic` FROM t').execute()) {
    const { n, topic: from } = row as { n: number; topic: string };
    seen.push(`${from.slice(-1)}${n}`);
    if (seen.length === 1) {
      await topics.create(`${name}-b`, { partitions: 1, ...at() });
      await fill(`${name}-b`, [[0, { n: 2 }]]);
    }
    if (seen.length === 2) await fill(`${name}-a`, [[0, { n: 3 }]]);
    if (seen.length === 3) break;
  }
  expect(seen).toEqual(['a1', 'b2', 'a3']);
});
