import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { type Broker, startBroker } from '../../src/broker/index.js';
import { killTaskManager, startTaskManager } from '../../src/flink/local/control.js';
import { type Cluster, cluster, type Program, receive, send, topics } from '../../src/index.js';

const gateway = inject('gateway');
const stateFile = inject('stateFile');
const COUNT = 1500;
const patient = { timeout: 90_000, interval: 200 };

/** Copies numbers from one topic to another, each exactly once. */
const copying =
  (brokers: string): Program =>
  (t) => {
    const kafka = `'connector' = 'kafka', 'properties.bootstrap.servers' = '${brokers}', 'format' = 'json'`;
    t.config.set('execution.checkpointing.interval', '500 ms');
    t.config.set('restart-strategy.type', 'fixed-delay');
    t.config.set('restart-strategy.fixed-delay.attempts', '100');
    t.config.set('restart-strategy.fixed-delay.delay', '200 ms');
    t.executeSql(
      `CREATE TABLE numbers (n INT) WITH (${kafka}, 'topic' = 'numbers', 'scan.startup.mode' = 'earliest-offset')`,
    );
    t.executeSql(`CREATE TABLE squares (n INT, square INT) WITH (${kafka}, 'topic' = 'squares',
      'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'squares',
      'properties.transaction.timeout.ms' = '600000')`);
    return t.createStatementSet().addInsertSql('INSERT INTO squares SELECT n, n * n FROM numbers');
  };

describe.skipIf(gateway === '')("a real Flink's Kafka connector and the broker of this package", () => {
  const folder = mkdtempSync(join(tmpdir(), 'streambook-kafka-'));
  let broker: Broker;
  let flink: Cluster;

  beforeAll(async () => {
    broker = await startBroker({ port: 0, data: join(folder, 'broker') });
    flink = await cluster(gateway);
  });
  afterAll(async () => {
    await flink?.close();
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('each number comes out exactly once, although the TaskManager is killed', async () => {
    const brokers = broker.address;
    await topics.create('numbers', { partitions: 2, brokers });
    await topics.create('squares', { brokers });
    const { remoteJob } = await flink.execute(copying(brokers));
    const job = await flink.job(remoteJob?.id ?? '');
    const numbers = Array.from({ length: COUNT }, (_, n) => ({ n }));
    const sending = send('numbers', numbers, { everyMs: 4, key: (_, n) => String(n), brokers, show: false });
    const seen: number[] = [];
    for await (const { value } of receive<{ n: number }>('squares', {
      from: 'earliest',
      until: { count: COUNT },
      as: 'json',
      brokers,
    })) {
      seen.push(value.n);
      if (seen.length !== 100) continue;
      await killTaskManager(stateFile);
      await startTaskManager(stateFile);
    }
    await sending;
    await job.stop({ drain: true });
    const all: unknown[] = [];
    for await (const { value } of receive('squares', { from: 'earliest', until: 'end', as: 'json', brokers })) {
      all.push(value);
    }
    const wanted = numbers.map(({ n }) => JSON.stringify({ n, square: n * n }));
    expect(all.map((value) => JSON.stringify(value)).sort()).toEqual(wanted.sort());
    expect((await job.figures()).checkpoints.restored).toBeGreaterThan(0);
    await vi.waitFor(async () => expect(await flink.overview()).toMatchObject({ running: 0, freeSlots: 4 }), patient);
  });
});
