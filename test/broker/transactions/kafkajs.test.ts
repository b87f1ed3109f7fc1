import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../../src/broker/index.js';
import { tempFolder, until } from '../support/temp.js';

let broker: Broker;
let data: string;
let kafka: Kafka;
const open: (Producer | Consumer)[] = [];

async function start(): Promise<void> {
  broker = await startBroker({ port: 0, data });
  kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, retry: { retries: 3 } });
}

beforeEach(async () => {
  data = tempFolder();
  await start();
  await broker.createTopic('t', { partitions: 2 });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.disconnect()));
  await broker.stop();
});

async function producer(transactionalId: string, transactionTimeout = 60_000): Promise<Producer> {
  const made = kafka.producer({ transactionalId, transactionTimeout, idempotent: true, maxInFlightRequests: 1 });
  open.push(made);
  await made.connect();
  return made;
}

function message(value: string, partition = 0) {
  return { value, partition };
}

/** What a consumer of the topic sees, as it comes. */
async function reader(readUncommitted: boolean, groupId = `g${open.length}`): Promise<string[]> {
  const consumer = kafka.consumer({ groupId, readUncommitted, maxWaitTimeInMs: 20 });
  open.push(consumer);
  await consumer.connect();
  await consumer.subscribe({ topic: 't', fromBeginning: true });
  const seen: string[] = [];
  await consumer.run({ eachMessage: async (payload) => void seen.push(String(payload.message.value)) });
  return seen;
}

async function committed(groupId: string): Promise<string[]> {
  const admin = kafka.admin();
  await admin.connect();
  const [topic] = await admin.fetchOffsets({ groupId, topics: ['t'] });
  await admin.disconnect();
  return topic!.partitions.sort((a, b) => a.partition - b.partition).map(({ offset }) => offset);
}

describe('kafkajs with transactions', () => {
  it('commits and aborts over partitions: readers of committed records see the one and not the other', async () => {
    const p = await producer('tx');
    for (const [round, end] of (['commit', 'abort', 'commit'] as const).entries()) {
      const tx = await p.transaction();
      await tx.send({ topic: 't', messages: [message(`${round} a`, 0), message(`${round} b`, 1)] });
      await tx.send({ topic: 't', messages: [message(`${round} c`, 0)] });
      await tx[end]();
    }
    const [strict, loose] = [await reader(false), await reader(true)];
    const expected = [0, 2].flatMap((round) => [`${round} a`, `${round} b`, `${round} c`]);
    await until(() => strict.length >= 6 && loose.length >= 9);
    expect(strict.sort()).toEqual(expected);
    expect(loose.length).toBe(9);
  });

  it('holds back what comes behind an open transaction, from readers of committed records only', async () => {
    const plain = kafka.producer();
    open.push(plain);
    await plain.connect();
    const tx = await (await producer('tx')).transaction();
    await tx.send({ topic: 't', messages: [message('inside')] });
    await plain.send({ topic: 't', messages: [message('behind')] });
    const [strict, loose] = [await reader(false), await reader(true)];
    await until(() => loose.length === 2);
    expect(strict).toEqual([]);
    await tx.commit();
    await until(() => strict.length === 2);
    expect(strict).toEqual(['inside', 'behind']);
  });

  it('commits offsets with the transaction, or not at all', async () => {
    const p = await producer('tx');
    const offsets = (offset: string) => ({
      consumerGroupId: 'group',
      topics: [{ topic: 't', partitions: [{ partition: 0, offset }] }],
    });
    const first = await p.transaction();
    await first.sendOffsets(offsets('5'));
    expect(await committed('group')).toEqual(['-1', '-1']);
    await first.commit();
    expect(await committed('group')).toEqual(['5', '-1']);
    const second = await p.transaction();
    await second.sendOffsets(offsets('9'));
    await second.abort();
    expect(await committed('group')).toEqual(['5', '-1']);
  });

  it('fences the producer whose id another one took, and aborts what it left open', async () => {
    const first = await (await producer('tx')).transaction();
    await first.send({ topic: 't', messages: [message('lost')] });
    const second = await (await producer('tx')).transaction();
    await second.send({ topic: 't', messages: [message('kept')] });
    await expect(first.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
    await second.commit();
    const strict = await reader(false);
    await until(() => strict.length > 0);
    expect(strict).toEqual(['kept']);
  });

  it('aborts a transaction that takes too long, and fences its producer', async () => {
    const p = await producer('tx', 100);
    const tx = await p.transaction();
    await tx.send({ topic: 't', messages: [message('late')] });
    const plain = kafka.producer();
    open.push(plain);
    await plain.connect();
    await plain.send({ topic: 't', messages: [message('behind')] });
    const strict = await reader(false);
    await until(() => strict.length === 1);
    expect(strict).toEqual(['behind']);
    await expect(tx.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
  });

  it('keeps two alternating producers apart', async () => {
    const [a, b] = [await producer('even'), await producer('odd')];
    for (let round = 0; round < 10; round++) {
      const tx = await (round % 2 === 0 ? a : b).transaction();
      await tx.send({ topic: 't', messages: [message(`${round}`)] });
      await tx.commit();
    }
    const strict = await reader(false);
    await until(() => strict.length === 10);
    expect(strict).toEqual(Array.from({ length: 10 }, (_, round) => `${round}`));
  });

  it('hides aborted transactions that overlap', async () => {
    const [p, q] = [await producer('p'), await producer('q')];
    const first = await p.transaction();
    await first.send({ topic: 't', messages: [message('p 1')] });
    const second = await q.transaction();
    await second.send({ topic: 't', messages: [message('q 1')] });
    await first.send({ topic: 't', messages: [message('p 2')] });
    await second.abort();
    await first.abort();
    const third = await q.transaction();
    await third.send({ topic: 't', messages: [message('q 2')] });
    await third.commit();
    const strict = await reader(false);
    await until(() => strict.includes('q 2'));
    expect(strict).toEqual(['q 2']);
  });

  it('hides aborted transactions that overlap, wherever reading begins', async () => {
    const names = ['p', 'q', 'r', 's'];
    const producers = await Promise.all(names.map((name) => producer(name)));
    // The order of the records is another one in each round, and so is the order of the ends.
    const orders = ['pqrs rqps srqp pp', 'spqr qpsr s', 'rsqp ps qr rrr'];
    for (const order of orders) {
      const transactions = await Promise.all(producers.map((one) => one.transaction()));
      for (const name of order.replaceAll(' ', '')) {
        await transactions[names.indexOf(name)]!.send({ topic: 't', messages: [message(`${name} aborted`)] });
      }
      for (const index of [2, 0, 3, 1]) await transactions[index]!.abort();
      const last = await producers[0]!.transaction();
      await last.send({ topic: 't', messages: [message('committed')] });
      await last.commit();
    }
    const admin = kafka.admin();
    await admin.connect();
    const { high } = (await admin.fetchTopicOffsets('t')).find(({ partition }) => partition === 0)!;
    await admin.disconnect();
    // Every producer's record, two markers and the committed record between the rounds.
    for (let from = 0; from < Number(high) - 2; from++) {
      const consumer = kafka.consumer({ groupId: `from-${from}`, maxWaitTimeInMs: 20 });
      await consumer.connect();
      await consumer.subscribe({ topic: 't', fromBeginning: true });
      const seen: { offset: number; value: string }[] = [];
      const run = consumer.run({
        eachMessage: async ({ message: { offset, value } }) =>
          void seen.push({ offset: Number(offset), value: `${value}` }),
      });
      consumer.seek({ topic: 't', partition: 0, offset: `${from}` });
      await run;
      await until(() => seen.some(({ offset }) => offset === Number(high) - 2), `the end, from ${from}`);
      await consumer.disconnect();
      expect(seen.filter(({ offset, value }) => offset >= from && value !== 'committed')).toEqual([]);
    }
  });

  it('begins anew when the internal topics are deleted, and holds nobody back', async () => {
    const old = await producer('tx');
    const first = await old.transaction();
    await first.send({ topic: 't', messages: [message('lost')] });
    const partitions = [{ partition: 0, offset: '5' }];
    await first.sendOffsets({ consumerGroupId: 'group', topics: [{ topic: 't', partitions }] });
    const admin = kafka.admin();
    await admin.connect();
    await admin.setOffsets({ groupId: 'group', topic: 't', partitions: [{ partition: 1, offset: '7' }] });
    expect(await committed('group')).toEqual(['-1', '7']);
    await admin.deleteTopics({ topics: ['__transaction_state', '__consumer_offsets'] });
    await admin.disconnect();
    expect(await committed('group')).toEqual(['-1', '-1']);
    await expect(first.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_ID_MAPPING' });
    const second = await (await producer('tx')).transaction();
    await second.send({ topic: 't', messages: [message('kept')] });
    await second.commit();
    const strict = await reader(false);
    await until(() => strict.length > 0);
    expect(strict).toEqual(['kept']);
  });

  it('takes up an open transaction after a restart, so that the next producer aborts it', async () => {
    const tx = await (await producer('tx')).transaction();
    await tx.send({ topic: 't', messages: [message('before')] });
    const gone = open.splice(0);
    await broker.stop();
    await Promise.all(gone.map((client) => client.disconnect().catch(() => {})));
    await start();
    const next = await (await producer('tx')).transaction();
    await next.send({ topic: 't', messages: [message('after')] });
    await next.commit();
    const strict = await reader(false);
    await until(() => strict.length > 0);
    expect(strict).toEqual(['after']);
  });
});
