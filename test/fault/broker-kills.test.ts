import { setTimeout as delay } from 'node:timers/promises';
import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';
import { expect, test } from 'vitest';
import { spawnBroker } from '../broker/support/built.js';
import { tempFolder, until } from '../broker/support/temp.js';
import { Random } from '../wire/fuzz/random.js';
import { restart } from './support/restart.js';

const kills = Number(process.env.FAULT_KILLS ?? 20);
const random = new Random(Number(process.env.FAULT_SEED ?? 1));

/*
 * A broker is killed at random moments while an idempotent producer, a plain one, a transactional one and a group that
 * commits are at work. What was acknowledged must be there at the end: every record, nothing twice from the idempotent
 * producer, no committed offset lower than an acknowledged commit, each transaction whole or not at all.
 */
test(`nothing acknowledged is lost over ${kills} kills`, { timeout: 24 * 3_600_000 }, async () => {
  const data = tempFolder();
  let broker = await spawnBroker(['--port', '0', '--data', data]);
  const { port } = broker;
  const kafka = new Kafka({
    brokers: [broker.address],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 3000,
    retry: { retries: 1000, initialRetryTime: 20, maxRetryTime: 100 },
  });
  const admin = kafka.admin();
  await admin.connect();
  const topics = ['once', 'plain', 'together'].map((topic) => ({ topic, numPartitions: 2 }));
  await admin.createTopics({ topics });
  await admin.disconnect();
  const load = new Load(kafka);
  await load.start();
  for (let kill = 0; kill < kills; kill++) {
    const before = load.acknowledged;
    await delay(random.below(400));
    await broker.end('SIGKILL');
    broker = await restart(port, data);
    // The next blow falls while all are at work again.
    await until(() => load.acknowledged >= before + 20, `work after kill ${kill}`, 60_000);
  }
  // On a slow machine somebody may not have had a turn between two blows, and there would be nothing to check.
  await load.doneEverything();
  await load.stop();
  await check(kafka, load);
  expect(await broker.end('SIGTERM')).toBe(0);
});

/** What is sent and read while the broker falls. */
class Load {
  readonly sent = { once: [] as string[], plain: [] as string[] };
  /** The highest offset whose commit was acknowledged, by partition of `once`. */
  readonly committed = new Map<number, number>();
  acknowledged = 0;
  /** Transactions whose end was acknowledged. */
  readonly ended = { committed: [] as number[], aborted: [] as number[] };
  private readonly producers: Producer[] = [];
  private consumer: Consumer;
  private running = true;
  private readonly loops: Promise<void>[] = [];

  get hasDoneEverything(): boolean {
    return this.committed.size === 2 && this.ended.committed.length > 0 && this.ended.aborted.length > 0;
  }

  /**
   * Waits for commits in both partitions, a committed and an aborted transaction. A kafkajs consumer may stop for good when
   * its broker falls at the wrong moment; another one of the same group takes its place then.
   */
  async doneEverything(): Promise<void> {
    const what = 'commits in both partitions, a committed and an aborted transaction';
    try {
      await until(() => this.hasDoneEverything, what, 30_000);
    } catch {
      console.log(`${what}: not within 30 s; a second consumer takes over`);
      const stopped = this.consumer;
      void stopped.disconnect().catch(() => undefined);
      this.consumer = this.makeConsumer();
      await this.consume();
      await until(() => this.hasDoneEverything, what, 60_000);
    }
  }

  constructor(private readonly kafka: Kafka) {
    this.consumer = this.makeConsumer();
  }

  private makeConsumer(): Consumer {
    return this.kafka.consumer({
      groupId: 'g',
      sessionTimeout: 6000,
      heartbeatInterval: 200,
      maxWaitTimeInMs: 100,
      retry: { retries: 1000, restartOnFailure: async () => true },
    });
  }

  async start(): Promise<void> {
    const idempotent = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    const plain = this.kafka.producer();
    this.producers.push(idempotent, plain);
    for (const producer of this.producers) await producer.connect();
    this.loops.push(this.send('once', idempotent), this.send('plain', plain), this.transact());
    await this.consume();
  }

  private async consume(): Promise<void> {
    const { consumer } = this;
    await consumer.connect();
    await consumer.subscribe({ topic: 'once', fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
        const { partition } = batch;
        const next = Number(batch.lastOffset()) + 1;
        resolveOffset(batch.lastOffset());
        await consumer.commitOffsets([{ topic: 'once', partition, offset: String(next) }]);
        this.committed.set(partition, Math.max(next, this.committed.get(partition) ?? 0));
        await heartbeat();
      },
    });
  }

  private async send(topic: 'once' | 'plain', producer: Producer): Promise<void> {
    for (let i = 0; this.running; i++) {
      const values = Array.from({ length: 1 + random.below(20) }, (_, n) => `${i}.${n}`);
      try {
        await producer.send({ topic, acks: -1, messages: values.map((value) => ({ value, partition: i % 2 })) });
        this.sent[topic].push(...values);
        this.acknowledged += values.length;
      } catch {
        // Not acknowledged: it may be there or not.
      }
    }
  }

  /** Each transaction writes its number to both partitions, a record and, in a request of its own, another. */
  private async transact(): Promise<void> {
    let producer: Producer | undefined;
    for (let i = 0; this.running; i++) {
      try {
        if (producer === undefined) {
          producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1, transactionalId: 'killed' });
          await producer.connect();
        }
        const transaction = await within(20_000, producer.transaction());
        const messages = [0, 1].map((partition) => ({ value: `${i}`, partition }));
        await transaction.send({ topic: 'together', messages });
        await transaction.send({ topic: 'together', messages });
        if (random.below(4) === 0) {
          await transaction.abort();
          this.ended.aborted.push(i);
        } else {
          await transaction.commit();
          this.ended.committed.push(i);
        }
      } catch {
        // Whether it has ended is not known; the next producer of this name ends what is open.
        await producer?.disconnect().catch(() => {});
        producer = undefined;
      }
    }
    await producer?.disconnect();
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.loops);
    await Promise.all(this.producers.map((producer) => producer.disconnect()));
    await this.consumer.disconnect();
  }
}

/** A client that waits for an answer that went down with its broker is given up. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const over = delay(ms, undefined, { ref: false }).then(() => {
    throw new Error(`nothing within ${ms} ms`);
  });
  return Promise.race([promise, over]);
}

const RECORDS_OF_A_TRANSACTION = 4;

async function check(kafka: Kafka, load: Load): Promise<void> {
  const found = { once: await readAll(kafka, 'once'), plain: await readAll(kafka, 'plain') };
  for (const topic of ['once', 'plain'] as const) {
    const there = new Set(found[topic]);
    expect(
      load.sent[topic].filter((value) => !there.has(value)),
      `acknowledged and lost, of ${load.sent[topic].length} in ${topic}`,
    ).toEqual([]);
  }
  const seen = new Set<string>();
  const twice = found.once.filter((value) => seen.size === seen.add(value).size);
  expect(twice, 'doubled by the idempotent producer').toEqual([]);
  const admin = kafka.admin();
  await admin.connect();
  const [offsets] = await admin.fetchOffsets({ groupId: 'g', topics: ['once'] });
  await admin.disconnect();
  expect(load.committed.size).toBe(2);
  for (const { partition, offset } of offsets!.partitions) {
    expect(Number(offset), `committed in partition ${partition}`).toBeGreaterThanOrEqual(
      load.committed.get(partition)!,
    );
  }
  const times = new Map<number, number>();
  for (const value of await readAll(kafka, 'together')) times.set(Number(value), (times.get(Number(value)) ?? 0) + 1);
  const { committed, aborted } = load.ended;
  expect([...times].filter(([, count]) => count !== RECORDS_OF_A_TRANSACTION)).toEqual([]);
  expect(committed.filter((i) => !times.has(i))).toEqual([]);
  expect(aborted.filter((i) => times.has(i))).toEqual([]);
  expect(Math.min(committed.length, aborted.length)).toBeGreaterThan(0);
  console.log(`${committed.length} transactions committed, ${aborted.length} aborted, each whole or not at all`);
  console.log(`${kills} kills, ${load.sent.once.length} + ${load.sent.plain.length} records acknowledged, none lost`);
}

/** Everything that a reader of committed records sees; a last record to each partition says when that is all. */
async function readAll(kafka: Kafka, topic: string): Promise<string[]> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: [0, 1].map((partition) => ({ partition, value: 'end' })) });
  await producer.disconnect();
  const consumer = kafka.consumer({ groupId: `all-${topic}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values: string[] = [];
  let ends = 0;
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => {
      if (String(message.value) === 'end') ends++;
      else values.push(String(message.value));
    },
  });
  await until(() => ends === 2, `the end of ${topic}`, 60_000);
  await consumer.disconnect();
  return values;
}
