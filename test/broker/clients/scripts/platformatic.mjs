// @platformatic/kafka: node platformatic.mjs BROKER PREFIX. STREAMBOOK_PLATFORMATIC is the folder it is installed in.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { broker, digest, numbered, own, step, until } from './steps.mjs';

const installed = createRequire(`${process.env.STREAMBOOK_PLATFORMATIC}/`).resolve('@platformatic/kafka');
const { Admin, Consumer, MessagesStreamModes, ProduceAcks, Producer, stringDeserializers, stringSerializers } =
  await import(pathToFileURL(installed).href);

const base = { clientId: 'matrix', bootstrapBrokers: [broker], retries: 5 };
const admin = new Admin(base);

/**
 * @param {object} options of the producer
 * @param {(producer: any) => unknown} action
 */
async function producing(options, action) {
  const producer = new Producer({ ...base, serializers: stringSerializers, ...options });
  try {
    return await action(producer);
  } finally {
    await producer.close();
  }
}

/** @param {string} topic @param {string[]} values */
const messages = (topic, values, partition = 0) =>
  values.map((value, i) => ({ topic, partition, key: `k${i % 3}`, value, headers: { h: `${i}` } }));

/** @param {any} sent */
const offsets = (sent) => sent.offsets?.map((/** @type {any} */ one) => `${one.partition} ${one.offset}`);

/** @param {string} topic @param {number} count */
async function read(topic, count, from = 0n, options = {}) {
  const consumer = new Consumer({ ...base, groupId: own(`read-${Math.random()}`), deserializers: stringDeserializers });
  try {
    const stream = await consumer.consume({
      topics: [topic],
      mode: MessagesStreamModes.MANUAL,
      offsets: [{ topic, partition: 0, offset: from }],
      autocommit: false,
      maxWaitTime: 100,
      ...options,
    });
    /** @type {string[]} */
    const seen = [];
    stream.on('data', (/** @type {any} */ { offset, key, value, headers }) =>
      seen.push(`${offset} ${key} ${value} ${headers.get('h')}`),
    );
    await until(
      () => seen.length >= count,
      () => seen,
    );
    return seen;
  } finally {
    await consumer.close(true);
  }
}

await step('create topics', async () => {
  await admin.createTopics({ topics: [own('plain'), own('transactions')], partitions: 1, replicas: 1 });
  await admin.createTopics({ topics: [own('four')], partitions: 4, replicas: 1 });
  const ours = async () => (await admin.listTopics()).filter((/** @type {string} */ name) => name.startsWith(own('')));
  // The real one's brokers hear of new topics a moment later.
  await until(async () => (await ours()).length === 3);
  return (await ours()).sort();
});
await step('create a topic that exists', () =>
  admin.createTopics({ topics: [own('plain')], partitions: 1, replicas: 1 }),
);
await step('metadata', async () => {
  const { topics } = await admin.metadata({ topics: [own('four')] });
  return topics.get(own('four')).partitionsCount;
});
await step('write plain', () =>
  producing({}, async (p) =>
    offsets(await p.send({ messages: messages(own('plain'), numbered(100, 'plain')), acks: ProduceAcks.ALL })),
  ),
);
for (const compression of ['gzip', 'zstd']) {
  if (compression === 'zstd' && !('zstdCompress' in (await import('node:zlib')))) continue;
  await step(`write ${compression}`, () =>
    producing({ compression }, async (p) =>
      offsets(await p.send({ messages: messages(own('plain'), numbered(100, compression)) })),
    ),
  );
}
await step('write idempotent', () =>
  producing({ idempotent: true }, async (p) => {
    const sent = [];
    for (let i = 0; i < 5; i++) {
      sent.push(offsets(await p.send({ messages: messages(own('plain'), numbered(10, `once${i}`)) })));
    }
    return sent.length;
  }),
);
await step('read from the start', async () => digest(await read(own('plain'), 250)));
await step('read from an offset', async () => digest(await read(own('plain'), 50, 200n)));
await step('write a transaction', () =>
  producing({ idempotent: true, transactionalId: own('tx') }, async (p) => {
    for (const end of ['commit', 'abort', 'commit']) {
      const transaction = await p.beginTransaction();
      await transaction.send({ messages: messages(own('transactions'), numbered(2, end)) });
      await transaction[end]();
    }
    return 'done';
  }),
);
await step('read committed', async () => {
  const isolationLevel = 1;
  return read(own('transactions'), 4, 0n, { isolationLevel });
});
await step('read uncommitted', async () => read(own('transactions'), 6, 0n, { isolationLevel: 0 }));
await step('a group of two', async () => {
  const topic = own('four');
  // What was not committed before a member left comes again.
  /** @type {Set<string>} */
  const seen = new Set();
  const member = async () => {
    const consumer = new Consumer({
      ...base,
      groupId: own('pair'),
      sessionTimeout: 10_000,
      heartbeatInterval: 200,
      deserializers: stringDeserializers,
    });
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'committed',
      fallbackMode: 'earliest',
      maxWaitTime: 100,
    });
    stream.on('data', (/** @type {any} */ { partition, offset, value }) => seen.add(`${partition} ${offset} ${value}`));
    return consumer;
  };
  const shares = (/** @type {any[]} */ ...consumers) =>
    String(consumers.map(({ assignments }) => assignments?.[0]?.partitions.length).sort());
  const everywhere = (/** @type {string} */ value) =>
    producing({}, (p) => p.send({ messages: [0, 1, 2, 3].map((partition) => ({ topic, partition, value })) }));
  const one = await member();
  const two = await member();
  await until(
    () => shares(one, two) === '2,2',
    () => shares(one, two),
  );
  await everywhere('both');
  await until(
    () => seen.size === 4,
    () => [...seen],
  );
  await two.close(true);
  await until(
    () => shares(one) === '4',
    () => shares(one),
  );
  await everywhere('alone');
  await until(
    () => seen.size === 8,
    () => [...seen],
  );
  const groups = await admin.describeGroups({ groups: [own('pair')] });
  const group = groups.get(own('pair'));
  await one.close(true);
  return { state: group.state, members: group.members.size, seen: [...seen].sort() };
});
await step('delete a group', async () => {
  await admin.deleteGroups({ groups: [own('pair')] });
  const groups = await admin.listGroups();
  return groups.has(own('pair'));
});
await step('delete topics', async () => {
  const topics = ['plain', 'transactions', 'four'].map(own);
  await admin.deleteTopics({ topics });
  await until(async () => (await admin.listTopics()).every((/** @type {string} */ topic) => !topics.includes(topic)));
  return 'gone';
});
await admin.close();
process.exit();
