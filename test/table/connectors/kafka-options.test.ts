import { beforeAll, describe, expect, test } from 'vitest';
import { receive, send, topics } from '../../../src/kafka/index.js';
import { fresh } from '../../kafka/support/broker.js';
import { at, END, fill, rows, t, table, topic, values } from './kafka-tables.js';

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
