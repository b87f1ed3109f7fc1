import { type Consumer, type Kafka, Kafka as KafkaClient, logLevel } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, type Fault, startBroker } from '../../../src/broker/index.js';
import { encodeBatch } from '../../../src/wire/encode-batch.js';
import { RawClient } from '../support/client.js';
import { tempFolder, until } from '../support/temp.js';

let broker: Broker;
const consumers: Consumer[] = [];
const clients: RawClient[] = [];

beforeEach(async () => {
  broker = await startBroker({ port: 0 });
});

afterEach(async () => {
  broker.heal();
  await Promise.all(consumers.splice(0).map((consumer) => consumer.disconnect()));
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await broker.stop();
});

async function raw(): Promise<RawClient> {
  const client = await RawClient.connect(broker.address);
  clients.push(client);
  return client;
}

function kafka(clientId = 'tester', of = broker): Kafka {
  const retry = { retries: 10, initialRetryTime: 20, maxRetryTime: 100 };
  return new KafkaClient({ brokers: [of.address], clientId, logLevel: logLevel.NOTHING, retry });
}

async function send(client: Kafka, topic: string, value: string, options: { idempotent?: boolean } = {}) {
  const producer = client.producer({ ...options, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    return await producer.send({ topic, acks: -1, messages: [{ value }] });
  } finally {
    await producer.disconnect();
  }
}

async function endOf(topic: string): Promise<number> {
  const admin = kafka().admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

const produce = (topic: string, value: string, acks = -1) => ({
  acks,
  timeoutMs: 1000,
  topicData: [
    {
      name: topic,
      partitionData: [{ index: 0, records: encodeBatch({ records: [{ value, timestamp: Date.now() }] }) }],
    },
  ],
});

describe('an error in place of an answer', () => {
  it('makes kafkajs try again, as often as it is injected', async () => {
    await broker.createTopic('t');
    const fault = broker.inject({
      fault: 'error',
      error: 'NOT_LEADER_OR_FOLLOWER',
      api: 'Produce',
      topic: 't',
      times: 2,
    });
    await send(kafka(), 't', 'x');
    expect(fault.hits).toBe(2);
    expect(fault.active).toBe(false);
    expect(await endOf('t')).toBe(1);
  });

  it('reaches the caller when it is not one that passes', async () => {
    await broker.createTopic('t');
    broker.inject({ fault: 'error', error: 'TOPIC_AUTHORIZATION_FAILED', api: 'Produce' });
    await expect(send(kafka(), 't', 'x')).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' });
    expect(await endOf('t')).toBe(0);
  });

  it('has a place in the answers of every API in every version that kafkajs asks for', async () => {
    await broker.createTopic('t');
    const client = kafka();
    const admin = client.admin();
    await admin.connect();
    const error = 'TOPIC_AUTHORIZATION_FAILED';
    const calls: [Fault & { fault: 'error' }, () => Promise<unknown>][] = [
      [{ fault: 'error', error, api: 'ListOffsets' }, () => admin.fetchTopicOffsets('t')],
      [{ fault: 'error', error, api: 'Metadata' }, () => admin.fetchTopicMetadata({ topics: ['t'] })],
      [{ fault: 'error', error, api: 'CreateTopics' }, () => admin.createTopics({ topics: [{ topic: 'u' }] })],
      [{ fault: 'error', error, api: 'DeleteTopics' }, () => admin.deleteTopics({ topics: ['t'] })],
      [
        { fault: 'error', error, api: 'CreatePartitions' },
        () => admin.createPartitions({ topicPartitions: [{ topic: 't', count: 2 }] }),
      ],
      [
        { fault: 'error', error, api: 'DeleteRecords' },
        () => admin.deleteTopicRecords({ topic: 't', partitions: [{ partition: 0, offset: '0' }] }),
      ],
      [
        { fault: 'error', error, api: 'DescribeConfigs' },
        () => admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: 't' }] }),
      ],
      [
        { fault: 'error', error, api: 'AlterConfigs' },
        () => admin.alterConfigs({ validateOnly: true, resources: [{ type: 2, name: 't', configEntries: [] }] }),
      ],
      [{ fault: 'error', error, api: 'OffsetFetch' }, () => admin.fetchOffsets({ groupId: 'g', topics: ['t'] })],
      [{ fault: 'error', error, api: 'ListGroups' }, () => admin.listGroups()],
      [{ fault: 'error', error, api: 'DeleteGroups' }, () => admin.deleteGroups(['g'])],
    ];
    for (const [fault, call] of calls) {
      const injected = broker.inject(fault);
      const outcome = await call().then(
        () => 'went well',
        (failure: Error) => failure.message,
      );
      expect([fault.api, injected.hits > 0, outcome]).toEqual([
        fault.api,
        true,
        expect.not.stringMatching('went well'),
      ]);
      injected.remove();
    }
    await admin.disconnect();
    // Not one of them was done.
    expect(broker.metrics().topics.map(({ topic, partitions }) => [topic, partitions.length])).toEqual([['t', 1]]);
  });

  it('does not hit what has no place for it', async () => {
    await broker.createTopic('t');
    const fault = broker.inject({ fault: 'error', error: 'UNKNOWN_SERVER_ERROR' });
    const client = await raw();
    expect((await client.request('ApiVersions', 0, {})).errorCode).toBe(0);
    expect(fault.hits).toBe(0);
    expect((await client.request('Heartbeat', 3, { groupId: 'g', generationId: 1, memberId: 'm' })).errorCode).toBe(-1);
    expect(fault.hits).toBe(1);
  });
});

describe('a delay', () => {
  it('holds up the client that it is for, in order, and no other', async () => {
    await broker.createTopic('t');
    const slow = await raw();
    const quick = await raw();
    let over = false;
    const fault = broker.inject({ fault: 'delay', delayMs: 60_000, api: 'Produce', topic: 't', times: 1 });
    const late = slow.request('Produce', 7, produce('t', 'a')).finally(() => {
      over = true;
    });
    late.catch(() => {});
    const after = slow.request('Produce', 7, produce('t', 'b'));
    after.catch(() => {});
    await fault.hit();
    const { responses } = await quick.request('Produce', 7, produce('t', 'c'));
    expect(responses[0]!.partitionResponses[0]!.baseOffset).toBe(0);
    expect(over).toBe(false);
    // Nothing waits for a client that has gone, and what was delayed is not done any more.
    await slow.close();
    await expect(late).rejects.toThrow();
    await expect(after).rejects.toThrow();
    await broker.stop();
  });

  it('adds up with others, and what was asked is done after it', async () => {
    await broker.createTopic('t');
    const client = await raw();
    const faults = [1, 2].map(() => broker.inject({ fault: 'delay', delayMs: 15, api: 'Produce' }));
    const begun = performance.now();
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((value) => client.request('Produce', 7, produce('t', value))),
    );
    expect(performance.now() - begun).toBeGreaterThan(85);
    expect(answers.map(({ responses }) => responses[0]!.partitionResponses[0]!.baseOffset)).toEqual([0, 1, 2]);
    expect(faults.map(({ hits }) => hits)).toEqual([3, 3]);
  });
});

describe('connections', () => {
  it('are dropped before anything is done', async () => {
    await broker.createTopic('t');
    const client = await raw();
    broker.inject({ fault: 'drop', api: 'Produce', times: 1 });
    await expect(client.request('Produce', 7, produce('t', 'lost'))).rejects.toThrow('closed');
    expect(await endOf('t')).toBe(0);
    await send(kafka(), 't', 'x');
    expect(await endOf('t')).toBe(1);
  });

  it('are dropped together with all that was sent after', async () => {
    await broker.createTopic('t');
    const client = await raw();
    broker.inject({ fault: 'drop', api: 'Produce', times: 1 });
    const all = Array.from({ length: 20 }, () => client.request('Produce', 7, produce('t', 'x')));
    expect((await Promise.allSettled(all)).every(({ status }) => status === 'rejected')).toBe(true);
    expect(await endOf('t')).toBe(0);
  });

  it('are refused, and the client comes back', async () => {
    const fault = broker.inject({ fault: 'refuse', times: 3 });
    await send(kafka(), 't', 'x');
    expect(fault.hits).toBe(3);
    expect(broker.metrics().connections.refused).toBe(3);
    expect(await endOf('t')).toBe(1);
  });
});

describe('an answer that gets lost', () => {
  it('leaves the record written; a plain producer writes it twice, an idempotent one does not', async () => {
    await broker.createTopic('plain');
    await broker.createTopic('idempotent');
    for (const topic of ['plain', 'idempotent']) {
      const fault = broker.inject({ fault: 'lose-answer', api: 'Produce', topic, times: 1 });
      await send(kafka(), topic, 'x', { idempotent: topic === 'idempotent' });
      expect(fault.hits).toBe(1);
    }
    expect(await endOf('plain')).toBe(2);
    expect(await endOf('idempotent')).toBe(1);
  });

  it('counts for acks=0 too, which has none', async () => {
    await broker.createTopic('t');
    broker.inject({ fault: 'lose-answer', api: 'Produce', times: 1 });
    const client = await raw();
    client.tell('Produce', 7, produce('t', 'x', 0));
    await client.closed;
    expect(await endOf('t')).toBe(1);
  });
});

describe('which requests are hit', () => {
  it('is said by API, client id, topic, a pattern, a predicate, and a count', async () => {
    await broker.createTopic('orders-1');
    await broker.createTopic('other');
    const seen: unknown[] = [];
    const fault = broker.inject({
      fault: 'drop',
      api: ['Produce', 'Fetch'],
      clientId: /^bad/,
      topic: /^orders/g,
      when: ({ api, version, clientId, topics, body }) => {
        seen.push({ api, version, clientId, topics, acks: body.acks });
        return seen.length > 1;
      },
      times: 1,
    });
    await send(kafka('good'), 'orders-1', 'x');
    await send(kafka('bad'), 'other', 'x');
    expect(seen).toEqual([]);
    await send(kafka('bad'), 'orders-1', 'x');
    expect(fault.hits).toBe(0);
    await send(kafka('bad'), 'orders-1', 'x');
    expect(fault.hits).toBe(1);
    expect(seen[0]).toEqual({ api: 'Produce', version: 7, clientId: 'bad', topics: ['orders-1'], acks: -1 });
    expect(await endOf('orders-1')).toBe(3);
  });

  it('knows topics by their ids, and groups', async () => {
    await broker.createTopic('t');
    const client = await raw();
    const metadata = await client.request('Metadata', 12, { topics: [{ topicId: 'A'.repeat(22), name: 't' }] });
    const { topicId } = metadata.topics[0]!;
    const groups: unknown[] = [];
    broker.inject({ fault: 'delay', delayMs: 0, when: ({ groupId }) => groups.push(groupId) > 0 });
    const fault = broker.inject({ fault: 'error', error: 'KAFKA_STORAGE_ERROR', api: 'Fetch', topic: 't' });
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1 }];
    const fetched = await client.request('Fetch', 13, { maxWaitMs: 0, minBytes: 0, topics: [{ topicId, partitions }] });
    expect(fetched.errorCode).toBe(0);
    expect(fetched.responses[0]!.topicId).toBe(topicId);
    expect(fetched.responses[0]!.partitions[0]).toMatchObject({ partitionIndex: 0, errorCode: 56, highWatermark: -1 });
    expect(fault.hits).toBe(1);
    await client.request('Heartbeat', 3, { groupId: 'readers', generationId: 1, memberId: 'm' });
    await client.request('FindCoordinator', 2, { key: 'readers', keyType: 0 });
    expect(groups).toEqual([undefined, 'readers', 'readers']);
  });

  it('must make sense', () => {
    const wrong = (fault: object) => () => broker.inject(fault as Fault);
    expect(wrong({ fault: 'explode' })).toThrow("not 'explode'");
    expect(wrong({ fault: 'drop', times: 0 })).toThrow('times');
    expect(wrong({ fault: 'drop', api: 'Produc' })).toThrow("no API 'Produc'");
    expect(wrong({ fault: 'delay' })).toThrow('delayMs');
    expect(wrong({ fault: 'delay', delayMs: -1 })).toThrow('not -1');
    expect(wrong({ fault: 'error', error: 'OOPS' })).toThrow("no error 'OOPS'");
    expect(wrong({ fault: 'error', error: 'NONE' })).toThrow('NONE');
  });

  it('ends with the connection when the predicate throws, and others go on', async () => {
    const events: string[] = [];
    const other = await startBroker({ port: 0, onEvent: ({ message }) => void events.push(message) });
    const client = await RawClient.connect(other.address);
    other.inject({
      fault: 'drop',
      when: () => {
        throw new Error('a mistake of the test');
      },
    });
    await expect(client.request('Metadata', 1, { topics: null })).rejects.toThrow();
    expect(events[0]).toContain('a mistake of the test');
    other.heal();
    const next = await RawClient.connect(other.address);
    expect((await next.request('Metadata', 1, { topics: null })).brokers).toHaveLength(1);
    await next.close();
    await other.stop();
  });
});

describe('a broker that goes down', () => {
  it.each(['memory', 'disk'])(
    'comes back on its port with what it had in %s, and clients find it again',
    async (where) => {
      const other = await startBroker({ port: 0, data: where === 'disk' ? tempFolder() : 'memory' });
      const client = kafka('tester', other);
      const seen: string[] = [];
      const consumer = client.consumer({
        groupId: 'g',
        heartbeatInterval: 100,
        retry: { retries: 50, initialRetryTime: 20, maxRetryTime: 50 },
      });
      consumers.push(consumer);
      const producer = client.producer({ idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      await producer.send({ topic: 't', messages: [{ value: 'before' }] });
      await consumer.connect();
      await consumer.subscribe({ topic: 't', fromBeginning: true });
      await consumer.run({ eachMessage: async ({ message }) => void seen.push(String(message.value)) });
      await until(() => seen.length === 1);
      await Promise.all([other.down(), other.down()]);
      expect(other.metrics().connections.open).toBe(0);
      await expect(RawClient.connect(other.address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      const sent = producer.send({ topic: 't', messages: [{ value: 'meanwhile' }] });
      await Promise.all([other.up(), other.up()]);
      await sent;
      await until(() => seen.includes('meanwhile'));
      // Written once; a consumer that lost its place may see it again.
      const [{ partitions } = { partitions: [] }] = other.metrics().topics.filter(({ topic }) => topic === 't');
      expect(partitions.map(({ endOffset }) => endOffset)).toEqual([2]);
      await producer.disconnect();
      await consumers.pop()!.disconnect();
      await other.stop();
    },
  );

  it('can be stopped while it is down, and does not come up after that', async () => {
    const other = await startBroker({ port: 0 });
    await other.down();
    await other.stop();
    await expect(other.up()).rejects.toMatchObject({ code: 'broker-stopped' });
  });

  it('says so when somebody took its port', async () => {
    const other = await startBroker({ port: 0 });
    await other.down();
    const thief = await startBroker({ port: other.port });
    await expect(other.up()).rejects.toMatchObject({ code: 'broker-port-taken' });
    await thief.stop();
    await other.up();
    await send(kafka('x', other), 't', 'x');
    await other.stop();
  });
});
