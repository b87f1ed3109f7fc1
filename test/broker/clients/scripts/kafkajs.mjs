// kafkajs: node kafkajs.mjs BROKER PREFIX
import kafkajs from 'kafkajs';
import { broker, digest, numbered, own, step, until } from './steps.mjs';

const { CompressionTypes, Kafka, logLevel } = kafkajs;
const kafka = new Kafka({ brokers: [broker], clientId: 'matrix', logLevel: logLevel.NOTHING, retry: { retries: 8 } });
const admin = kafka.admin();
await admin.connect();
const firstPartition = { createPartitioner: () => () => 0 };

/** @param {{ value: Buffer | null }} message */
const text = ({ value }) => String(value);

/**
 * Reads partitions until `count` messages have come.
 *
 * @param {string} topic
 * @param {number} count
 * @param {{ from?: number, readUncommitted?: boolean }} [options]
 */
async function read(topic, count, { from = 0, readUncommitted = false } = {}) {
  const consumer = kafka.consumer({ groupId: own(`read-${Math.random()}`), maxWaitTimeInMs: 100, readUncommitted });
  /** @type {import('kafkajs').KafkaMessage[]} */
  const seen = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => void seen.push(message) });
    if (from > 0) consumer.seek({ topic, partition: 0, offset: String(from) });
    await until(
      () => seen.length >= count,
      () => seen.map(text),
    );
  } finally {
    await consumer.disconnect();
  }
  return from > 0 ? seen.filter(({ offset }) => Number(offset) >= from) : seen;
}

/**
 * @param {object} options of the producer
 * @param {(producer: import('kafkajs').Producer) => unknown} action
 */
async function producing(options, action) {
  const producer = kafka.producer({ ...firstPartition, ...options });
  await producer.connect();
  try {
    return await action(producer);
  } finally {
    await producer.disconnect();
  }
}

/** @param {string[]} values */
const messages = (values) => values.map((value, i) => ({ key: `k${i % 3}`, value, headers: { h: `${i}` } }));

await step('create topics', () =>
  admin.createTopics({
    topics: [
      { topic: own('plain'), numPartitions: 1, configEntries: [{ name: 'retention.ms', value: '7200000' }] },
      { topic: own('four'), numPartitions: 4 },
      { topic: own('transactions'), numPartitions: 1 },
    ],
  }),
);
await step('create a topic that exists', () => admin.createTopics({ topics: [{ topic: own('plain') }] }));
await step('create with an invalid name', () => admin.createTopics({ topics: [{ topic: 'no spaces' }] }));
await step('create with an invalid config', () =>
  admin.createTopics({ topics: [{ topic: own('x'), configEntries: [{ name: 'retention.ms', value: 'long' }] }] }),
);
await step('create with three replicas', () =>
  admin.createTopics({ topics: [{ topic: own('x'), replicationFactor: 3 }] }),
);
await step('metadata', async () => {
  const { topics } = await admin.fetchTopicMetadata({ topics: [own('four')] });
  return topics[0]?.partitions
    .map(({ partitionId, replicas, isr, partitionErrorCode }) => ({ partitionId, replicas, isr, partitionErrorCode }))
    .sort((a, b) => a.partitionId - b.partitionId);
});
await step('describe configs', async () => {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: 2, name: own('plain'), configNames: ['retention.ms', 'cleanup.policy', 'segment.bytes'] }],
  });
  return resources[0]?.configEntries
    .map(({ configName, configValue, configSource }) => ({ configName, configValue, configSource }))
    .sort((a, b) => a.configName.localeCompare(b.configName));
});
await step('alter configs', async () => {
  const configEntries = [{ name: 'retention.ms', value: '5000000' }];
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name: own('plain'), configEntries }] });
  const value = async () => {
    const resource = { type: 2, name: own('plain'), configNames: ['retention.ms'] };
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
    return resources[0]?.configEntries[0]?.configValue;
  };
  // The real one's brokers hear of changes a moment later.
  await until(async () => (await value()) === '5000000');
  return value();
});

/** @param {import('kafkajs').RecordMetadata[]} sent */
const where = (sent) => sent.map(({ partition, errorCode, baseOffset }) => ({ partition, errorCode, baseOffset }));
await step('write plain', () =>
  producing({}, async (p) => where(await p.send({ topic: own('plain'), messages: messages(numbered(100, 'plain')) }))),
);
await step('write with acks 1', () =>
  producing({}, async (p) => where(await p.send({ topic: own('plain'), acks: 1, messages: [{ value: 'acks-1' }] }))),
);
await step('write with acks 0', () =>
  producing({}, async (p) => {
    await p.send({ topic: own('plain'), acks: 0, messages: [{ value: 'acks-0' }] });
    await until(async () => (await admin.fetchTopicOffsets(own('plain')))[0]?.high === '102');
    return 'written';
  }),
);
await step('write gzip', () =>
  producing({}, async (p) =>
    where(
      await p.send({
        topic: own('plain'),
        compression: CompressionTypes.GZIP,
        messages: messages(numbered(100, 'gzip')),
      }),
    ),
  ),
);
await step('write idempotent', () =>
  producing({ idempotent: true, maxInFlightRequests: 1 }, async (p) => {
    const sent = [];
    for (let i = 0; i < 5; i++) {
      sent.push(...where(await p.send({ topic: own('plain'), messages: messages(numbered(10, `once${i}`)) })));
    }
    return sent;
  }),
);
await step('write a message that is too large', () =>
  producing({ retry: { retries: 1 } }, (p) =>
    p.send({ topic: own('plain'), messages: [{ value: 'x'.repeat(1_100_000) }] }),
  ),
);
await step('read from the start', async () => {
  const seen = await read(own('plain'), 252);
  return digest(seen.map((message) => `${message.offset} ${message.key} ${text(message)} ${message.headers?.h ?? ''}`));
});
await step('read from an offset', async () =>
  (await read(own('plain'), 52, { from: 200 })).map(({ offset }) => offset),
);

await step('write transactions', () =>
  producing({ idempotent: true, maxInFlightRequests: 1, transactionalId: own('tx') }, async (p) => {
    const topic = own('transactions');
    const committed = await p.transaction();
    await committed.send({ topic, messages: messages(numbered(3, 'committed')) });
    await committed.commit();
    const aborted = await p.transaction();
    await aborted.send({ topic, messages: messages(numbered(3, 'aborted')) });
    await aborted.abort();
    const withOffsets = await p.transaction();
    await withOffsets.send({ topic, messages: [{ value: 'with offsets' }] });
    await withOffsets.sendOffsets({
      consumerGroupId: own('tx-group'),
      topics: [{ topic: own('plain'), partitions: [{ partition: 0, offset: '42' }] }],
    });
    await withOffsets.commit();
    // The marker of the last commit may come a moment after its answer.
    const high = async () => (await admin.fetchTopicOffsets(topic))[0]?.high;
    await until(async () => (await high()) === '10', high);
    return 'written';
  }),
);
await step('offsets of a transaction', async () => {
  const offsets = await admin.fetchOffsets({ groupId: own('tx-group'), topics: [own('plain')] });
  return offsets.map(({ partitions }) => partitions.map(({ partition, offset }) => ({ partition, offset })));
});
await step('read committed', async () => (await read(own('transactions'), 4)).map((m) => `${m.offset} ${text(m)}`));
await step('read uncommitted', async () =>
  (await read(own('transactions'), 7, { readUncommitted: true })).map((m) => `${m.offset} ${text(m)}`),
);
await step('an open transaction holds readers back', async () => {
  const topic = own('open');
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  return producing({ idempotent: true, maxInFlightRequests: 1, transactionalId: own('tx2') }, async (p) => {
    const transaction = await p.transaction();
    await transaction.send({ topic, messages: [{ value: 'open' }] });
    await producing({}, (other) => other.send({ topic, messages: [{ value: 'behind it' }] }));
    const uncommitted = (await read(topic, 2, { readUncommitted: true })).map(text);
    await transaction.commit();
    return { uncommitted, committed: (await read(topic, 2)).map(text) };
  });
});

await step('a group of two', async () => {
  const topic = own('four');
  /** @type {Map<string, number[]>} */
  const assigned = new Map();
  /** @type {string[]} */
  const seen = [];
  /** @param {string} name */
  const member = async (name) => {
    const consumer = kafka.consumer({
      groupId: own('pair'),
      heartbeatInterval: 200,
      sessionTimeout: 10_000,
      maxWaitTimeInMs: 100,
    });
    consumer.on('consumer.group_join', ({ payload }) => {
      assigned.set(name, payload.memberAssignment[topic] ?? []);
    });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) => void seen.push(`${partition} ${message.offset} ${text(message)}`),
    });
    return consumer;
  };
  const sizes = () => [...assigned.values()].map(({ length }) => length).sort();
  const write = (/** @type {string} */ value) =>
    producing({ createPartitioner: undefined }, (p) =>
      p.send({ topic, messages: [0, 1, 2, 3].map((partition) => ({ partition, value })) }),
    );
  const one = await member('one');
  const two = await member('two');
  const state = () => ({ assigned: [...assigned], seen });
  await until(() => String(sizes()) === '2,2', state);
  await write('both');
  await until(() => seen.length === 4, state);
  const { groups } = await admin.describeGroups([own('pair')]);
  const group = groups[0];
  await two.disconnect();
  assigned.delete('two');
  await until(() => String(sizes()) === '4', state);
  await write('alone');
  await until(() => seen.length === 8, state);
  await one.disconnect();
  // Who comes back goes on behind what was committed.
  await write('again');
  const three = await member('three');
  await until(() => seen.length >= 12, state);
  await three.disconnect();
  return {
    state: group?.state,
    protocol: group?.protocol,
    protocolType: group?.protocolType,
    members: group?.members.length,
    seen: seen.sort(),
  };
});
await step('committed offsets', async () => {
  const offsets = await admin.fetchOffsets({ groupId: own('pair'), topics: [own('four')] });
  return offsets[0]?.partitions.map(({ partition, offset }) => `${partition} ${offset}`).sort();
});
await step('set offsets', async () => {
  await admin.setOffsets({ groupId: own('pair'), topic: own('four'), partitions: [{ partition: 1, offset: '2' }] });
  const offsets = await admin.fetchOffsets({ groupId: own('pair'), topics: [own('four')] });
  return offsets[0]?.partitions.map(({ partition, offset }) => `${partition} ${offset}`).sort();
});
await step('list groups', async () =>
  (await admin.listGroups()).groups.filter(({ groupId }) => groupId === own('pair')),
);

await step('offsets by time', async () => {
  const topic = own('timed');
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  const base = Date.now() - 60_000;
  const timed = [0, 1, 2, 3].map((i) => ({ value: `${i}`, timestamp: String(base + i * 1000) }));
  await producing({}, (p) => p.send({ topic, messages: timed }));
  const at = async (/** @type {number} */ ms) =>
    (await admin.fetchTopicOffsetsByTimestamp(topic, base + ms))[0]?.offset;
  return [await at(-5), await at(0), await at(1), await at(1000), await at(2500), await at(9000)];
});
await step('create partitions', async () => {
  await admin.createPartitions({ topicPartitions: [{ topic: own('timed'), count: 3 }] });
  // The real Kafka answers before every part of it knows.
  const count = async () => (await admin.fetchTopicMetadata({ topics: [own('timed')] })).topics[0]?.partitions.length;
  await until(async () => (await count()) === 3);
  return 3;
});
await step('fewer partitions', () => admin.createPartitions({ topicPartitions: [{ topic: own('timed'), count: 1 }] }));
await step('delete records', async () => {
  await admin.deleteTopicRecords({ topic: own('plain'), partitions: [{ partition: 0, offset: '250' }] });
  return {
    offsets: await admin.fetchTopicOffsets(own('plain')),
    read: (await read(own('plain'), 2)).map(({ offset }) => offset),
  };
});
await step('an offset before the start', async () =>
  (await read(own('plain'), 2, { from: 5 })).map(({ offset }) => offset),
);
await step('delete a group', async () =>
  (await admin.deleteGroups([own('pair')])).map(({ groupId, errorCode }) => ({ groupId, errorCode })),
);
await step('delete topics', async () => {
  const topics = ['plain', 'four', 'transactions', 'open', 'timed'].map(own);
  await admin.deleteTopics({ topics });
  await until(async () => (await admin.listTopics()).every((topic) => !topics.includes(topic)));
  return 'gone';
});
await admin.disconnect();
process.exit();
