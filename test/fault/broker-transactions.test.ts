import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { expect, test } from 'vitest';
import { spawnBroker } from '../broker/support/built.js';
import { tempFolder, until } from '../broker/support/temp.js';
import { Random } from '../wire/fuzz/random.js';
import { restart } from './support/restart.js';

const kills = Number(process.env.FAULT_KILLS ?? 20);
const random = new Random(Number(process.env.FAULT_SEED ?? 2));

/*
 * A broker is killed at random moments while two producers run transactions in turn: each writes its number into two
 * partitions and a second topic, together with an offset. Whatever the moment, a reader of committed records finds all of
 * a transaction or nothing, everything whose commit was acknowledged, nothing that was aborted, and an offset that fits.
 */
test(`no transaction is half visible over ${kills} kills`, { timeout: 24 * 3_600_000 }, async () => {
  const data = tempFolder();
  let broker = await spawnBroker(['--port', '0', '--data', data]);
  const { port } = broker;
  const kafka = new Kafka({
    brokers: [broker.address],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 8, initialRetryTime: 20, maxRetryTime: 100 },
  });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [
      { topic: 'a', numPartitions: 2 },
      { topic: 'b', numPartitions: 1 },
      { topic: 'in', numPartitions: 1 },
    ],
  });
  const loads = ['even', 'odd'].map((id) => new Load(kafka, id));
  for (const load of loads) load.start();
  const done = () => loads.reduce((sum, load) => sum + load.committed.size, 0);
  for (let kill = 0; kill < kills; kill++) {
    const before = done();
    await delay(random.below(300));
    await broker.end('SIGKILL');
    broker = await restart(port, data);
    await until(() => done() >= before + 5, `work after kill ${kill}`, 60_000);
  }
  await Promise.all(loads.map((load) => load.stop()));
  const [a0, a1, b] = [await readAll(kafka, 'a', 0), await readAll(kafka, 'a', 1), await readAll(kafka, 'b', 0)];
  expect([...a0].sort(), 'the same transactions in both partitions').toEqual([...a1].sort());
  expect([...a0].sort(), 'and in the other topic').toEqual([...b].sort());
  expect(new Set(a0).size, 'each once').toBe(a0.length);
  const there = new Set(a0);
  for (const load of loads) {
    expect([...load.committed].filter((name) => !there.has(name))).toEqual([]);
    expect([...load.aborted].filter((name) => there.has(name))).toEqual([]);
    // The offset is the number of the last transaction that can be seen.
    const last = Math.max(...a0.filter((name) => name.startsWith(load.id)).map((name) => Number(name.split(' ')[1])));
    const [offsets] = await admin.fetchOffsets({ groupId: load.id, topics: ['in'] });
    expect(Number(offsets!.partitions[0]!.offset), `offset of ${load.id}`).toBe(last);
  }
  await admin.disconnect();
  const aborted = loads.reduce((sum, load) => sum + load.aborted.size, 0);
  console.log(
    `${kills} kills, ${done()} commits acknowledged, ${a0.length} seen, ${aborted} aborted, none half visible`,
  );
  expect(await broker.end('SIGTERM')).toBe(0);
});

/** One transactional id; after a failure a new producer takes it over. */
class Load {
  readonly committed = new Set<string>();
  readonly aborted = new Set<string>();
  private running = true;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly kafka: Kafka,
    readonly id: string,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  private async run(): Promise<void> {
    let producer: Producer | undefined;
    for (let number = 1; this.running; number++) {
      try {
        if (producer === undefined) {
          producer = this.kafka.producer({ transactionalId: this.id, idempotent: true, maxInFlightRequests: 1 });
          await producer.connect();
        }
        await this.once(producer, number);
      } catch {
        await producer?.disconnect().catch(() => {});
        producer = undefined;
      }
    }
    await producer?.disconnect();
  }

  private async once(producer: Producer, number: number): Promise<void> {
    const value = `${this.id} ${number}`;
    const tx = await producer.transaction();
    await tx.send({
      topic: 'a',
      messages: [
        { value, partition: 0 },
        { value, partition: 1 },
      ],
    });
    await tx.send({ topic: 'b', messages: [{ value, partition: 0 }] });
    const partitions = [{ partition: 0, offset: String(number) }];
    await tx.sendOffsets({ consumerGroupId: this.id, topics: [{ topic: 'in', partitions }] });
    if (random.below(4) === 0) {
      // From now on it must not be seen, even if the answer is lost.
      this.aborted.add(value);
      await tx.abort();
    } else {
      await tx.commit();
      this.committed.add(value);
    }
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.loop;
    // What the last failure left open is aborted.
    const producer = this.kafka.producer({ transactionalId: this.id, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    await (await producer.transaction()).abort();
    await producer.disconnect();
  }
}

/** The values that a reader of committed records sees in a partition, up to its end. */
async function readAll(kafka: Kafka, topic: string, partition: number): Promise<string[]> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ value: 'the end', partition }] });
  await producer.disconnect();
  const consumer = kafka.consumer({ groupId: `all-${topic}-${partition}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const values: string[] = [];
  await consumer.run({
    autoCommit: false,
    eachMessage: async (payload) => {
      if (payload.partition === partition) values.push(String(payload.message.value));
    },
  });
  await until(() => values.includes('the end'), `the end of ${topic}-${partition}`, 60_000);
  await consumer.disconnect();
  return values.filter((value) => value !== 'the end');
}
