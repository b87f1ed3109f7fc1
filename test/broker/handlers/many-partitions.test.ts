import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../../src/broker/index.js';
import { RawClient } from '../support/client.js';
import { tempFolder, until } from '../support/temp.js';

let broker: Broker;
let client: RawClient;

async function start(data = tempFolder()): Promise<string> {
  broker = await startBroker({ port: 0, data });
  client = await RawClient.connect(broker.address);
  return data;
}

afterEach(async () => {
  await client.close();
  await broker.stop();
});

const topic = (name: string, numPartitions: number, partitions = 0) => ({
  name,
  numPartitions,
  replicationFactor: partitions > 0 ? -1 : 1,
  assignments: Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, brokerIds: [1] })),
  configs: [],
});

const create = async (topics: ReturnType<typeof topic>[], validateOnly = false) =>
  (await client.request('CreateTopics', 5, { topics, timeoutMs: 30_000, validateOnly })).topics.map(
    ({ errorCode, errorMessage }) => [errorCode, errorMessage],
  );

const TOO_MANY = [44, 'Excessively large number of partitions per request.'];

it('refuses a request that creates more than ten thousand partitions, as Kafka 4.3.1 does', async () => {
  await start();
  expect(await create([topic('a', 10_001)], true)).toEqual([TOO_MANY]);
  expect(await create([topic('a', 6000), topic('b', 6000)])).toEqual([TOO_MANY, TOO_MANY]);
  expect(await create([topic('n', -5), topic('a', 10_001)])).toEqual([TOO_MANY, TOO_MANY]);
  expect(await create([topic('a', -1, 9999), topic('b', -1), topic('c', 1)])).toEqual([TOO_MANY, TOO_MANY, TOO_MANY]);
  expect(await create([topic('a', 9999)], true)).toEqual([[0, null]]);
});

it('refuses to add more than ten thousand partitions in one request', async () => {
  await start();
  expect(await create([topic('a', 1), topic('b', 1)])).toEqual([
    [0, null],
    [0, null],
  ]);
  const add = async (counts: readonly [string, number][]) => {
    const topics = counts.map(([name, count]) => ({ name, count, assignments: null }));
    const { results } = await client.request('CreatePartitions', 1, { topics, timeoutMs: 1000, validateOnly: true });
    return results.map(({ errorCode, errorMessage }) => [errorCode, errorMessage]);
  };
  expect(await add([['a', 10_001]])).toEqual([[0, null]]);
  expect(await add([['a', 10_002]])).toEqual([TOO_MANY]);
  const both: [string, number][] = [
    ['a', 6001],
    ['b', 6002],
  ];
  expect(await add(both)).toEqual([[0, null], TOO_MANY]);
});

it('answers others while thousands of partitions are created and deleted', async () => {
  const data = await start();
  const other = await RawClient.connect(broker.address);
  const whileIn = async (action: Promise<unknown>): Promise<number> => {
    let done = false;
    let answers = 0;
    action.finally(() => {
      done = true;
    });
    while (!done) {
      await other.request('ApiVersions', 0, {});
      answers++;
    }
    await action;
    return answers;
  };
  expect(await whileIn(create([topic('big', 4000)]))).toBeGreaterThan(5);
  const deletion = client.request('DeleteTopics', 1, { topicNames: ['big'], timeoutMs: 30_000 });
  expect(await whileIn(deletion)).toBeGreaterThan(5);
  expect((await deletion).responses[0]!.errorCode).toBe(0);
  await until(() => readdirSync(join(data, 'logs')).length === 0, 'the folders gone');
  await other.close();
});

it('removes at its next start what was left of deleted topics', async () => {
  const data = await start();
  await create([topic('big', 2000)]);
  await client.request('DeleteTopics', 1, { topicNames: ['big'], timeoutMs: 30_000 });
  await client.close();
  await broker.stop();
  const left = readdirSync(join(data, 'logs'));
  expect(left.filter((name) => !name.endsWith('.deleted'))).toEqual([]);
  await start(data);
  await until(() => readdirSync(join(data, 'logs')).length === 0, 'the folders gone');
});

it('takes the name of a deleted topic again at once, with nothing in it', async () => {
  await start();
  for (let round = 0; round < 5; round++) {
    expect(await create([topic('again', 100)])).toEqual([[0, null]]);
    expect(await create([topic('AGAIN', 1), topic('x.y', 1), topic('x_y', 1)])).toEqual([
      [0, null],
      [0, null],
      [17, "Topic 'x_y' collides with existing topic: x.y"],
    ]);
    const topicNames = ['again', 'AGAIN', 'x.y', 'again'];
    const { responses } = await client.request('DeleteTopics', 1, { topicNames, timeoutMs: 30_000 });
    expect(responses.map(({ errorCode }) => errorCode)).toEqual([0, 0, 0, 3]);
  }
});
