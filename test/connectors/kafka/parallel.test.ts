import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ownerOf } from '../../../src/connectors/kafka/offsets.js';
import {
  boundedOutOfOrderness,
  type Message,
  Operator,
  OutputTag,
  RestartStrategies,
  send,
  streamEnv,
  topics,
  WatermarkStrategy,
} from '../../../src/index.js';
import { fresh, type TestBroker, testBroker, until } from '../../kafka/support/broker.js';

let broker: TestBroker;
let folder = '';
beforeAll(async () => {
  broker = await testBroker();
});
afterAll(() => broker.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-kafka-parallel-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const T0 = Date.now() - 3_600_000;

/** A topic with the numbers from 0, in turn over its partitions; 100 ms of event time apart. */
async function topicOf(count: number, partitions: number, text = (i: number) => String(i)): Promise<string> {
  const topic = fresh('parallel');
  await topics.create(topic, { partitions, brokers: broker.brokers });
  const values = Array.from({ length: count }, (_, i) => text(i));
  const messages = values.map((value, i) => ({ value, partition: i % partitions, timestamp: T0 + 100 * i }));
  await send(topic, messages, { brokers: broker.brokers, show: false });
  return topic;
}

/** Tells which subtask an element came through. */
class Subtask extends Operator<Message, { subtask: number; partition: number; n: number }> {
  override processElement({ partition, text }: Message, timestamp: number): void {
    this.output.collect({ subtask: this.context.subtask, partition, n: Number(text) }, timestamp);
  }
}

describe('a Kafka source with several subtasks', () => {
  test('gives each the partitions that Flink would', async () => {
    const topic = await topicOf(120, 5);
    const all = await streamEnv({ parallelism: 3 })
      .fromKafka(topic, { until: 'end', brokers: broker.brokers })
      .transform('Subtask', () => new Subtask('Subtask'))
      .executeAndCollect();
    expect(all.map(({ n }) => n).sort((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, i) => i));
    for (const { subtask, partition } of all) expect(subtask).toBe(ownerOf(topic, partition, 3));
    expect(new Set(all.map(({ subtask }) => subtask)).size).toBe(3);
  });

  test('owners are those of KafkaSourceEnumerator', () => {
    // "words".hashCode() in Java is 113318569; times 31, cut to 31 bits.
    const start = Number((113318569n * 31n) & 0x7fffffffn) % 3;
    expect([0, 1, 2, 3].map((partition) => ownerOf('words', partition, 3))).toEqual(
      [0, 1, 2, 3].map((partition) => (start + partition) % 3),
    );
  });

  test('a subtask without partitions holds nothing back', async () => {
    const topic = await topicOf(20, 1);
    const env = streamEnv({ parallelism: 3 });
    const watermarks: number[] = [];
    class Watch extends Operator<Message, never> {
      override processElement(): void {}
      override processWatermark(watermark: number): void {
        watermarks.push(watermark);
      }
    }
    env
      .fromKafka(topic, { brokers: broker.brokers, watermarks: boundedOutOfOrderness<Message>(0) })
      .transform('Watch', () => new Watch('Watch'))
      .setParallelism(1)
      .print();
    const job = await env.executeAsync();
    await until(() => watermarks.at(-1) === T0 + 1_900 - 1);
    await job.cancel();
  });

  test('goes on with another number of subtasks, and every message comes once', async () => {
    // A savepoint waits until what was fetched at once has been taken: one partition's share, here.
    const topic = await topicOf(8000, 8);
    const seen: number[] = [];
    const run = async (parallelism: number, from?: string, to?: string) => {
      const stopAt = seen.length + 100;
      const env = streamEnv();
      let reached: () => void = () => undefined;
      const stopHere = new Promise<void>((resolve) => {
        reached = resolve;
      });
      env
        .fromKafka(topic, { until: 'end', brokers: broker.brokers })
        .setParallelism(parallelism)
        .uid('source')
        .forEach((message) => {
          if (seen.push(Number(message.text)) === stopAt) reached();
          if (seen.length % 100 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
        })
        .setParallelism(1);
      const job = await env.executeAsync(from === undefined ? {} : { restoreFrom: join(folder, from) });
      if (to !== undefined) {
        await stopHere;
        await job.stopWithSavepoint(join(folder, to));
      }
      await job.wait();
    };
    await run(1, undefined, 'a');
    expect(seen.length).toBeLessThan(8000);
    await run(3, 'a', 'b');
    await run(2, 'b');
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 8000 }, (_, i) => i));
  });
});

describe('where a Kafka source ends', () => {
  test('after so many messages, over a restart too', async () => {
    const topic = await topicOf(50, 2);
    const read = async (count: number, restoreFrom?: string) => {
      const env = streamEnv({ checkpointing: { intervalMs: 3_600_000, storage: folder } });
      const seen: string[] = [];
      env
        .fromKafka(topic, { until: { count }, brokers: broker.brokers })
        .setParallelism(4)
        .forEach((message) => void seen.push(message.text));
      await env.execute(restoreFrom === undefined ? {} : { restoreFrom });
      return seen;
    };
    const first = await read(7);
    expect(first).toHaveLength(7);
    const second = await read(12, 'latest');
    expect(second).toHaveLength(5);
    expect(new Set([...first, ...second]).size).toBe(12);
    expect(await read(12, 'latest')).toEqual([]);
    expect(await read(0)).toEqual([]);
    expect(() => streamEnv().fromKafka(topic, { until: { count: -1 } })).toThrow('until.count is -1');
  });
});

describe('messages that cannot be read', () => {
  test('go into a side output, with the reason, and are counted', async () => {
    const topic = await topicOf(9, 1, (i) => (i % 3 === 1 ? 'oops' : `{"n":${i}}`));
    const bad = new OutputTag<Message<undefined>>('bad');
    const env = streamEnv();
    const numbers = env.fromKafka<{ n: number }>(topic, {
      as: 'json',
      onBad: bad,
      until: 'end',
      brokers: broker.brokers,
    });
    const seen: unknown[] = [];
    const aside: unknown[] = [];
    numbers.forEach((message) => void seen.push(message.value.n));
    numbers.getSideOutput(bad).forEach(({ offset, text, error }, timestamp) => {
      aside.push([offset, text, error?.code, timestamp - T0]);
    });
    const job = await env.executeAsync();
    await job.wait();
    expect(seen).toEqual([0, 2, 3, 5, 6, 8]);
    expect(aside).toEqual([1, 4, 7].map((offset) => [offset, 'oops', 'bad-value', offset * 100]));
    expect(job.metrics().operators[0]?.numRecordsSkipped).toBe(3);
  });
});

test('a checkpoint does not wait for the end of a fetch', async () => {
  const topic = await topicOf(20_000, 1);
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const env = streamEnv({ checkpointing: { intervalMs: 10 } });
  env.setRestartStrategy(RestartStrategies.fixedDelayRestart(1, 1));
  const seen: number[] = [];
  let failedAt = -1;
  let before = Number.POSITIVE_INFINITY;
  env.fromKafka(topic, { until: 'end', brokers: broker.brokers }).forEach(({ text }) => {
    const n = Number(text);
    seen.push(n);
    if (n % 100 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    if (n === 1000 && failedAt < 0) before = job.checkpoints.completed;
    // One may have been under way by then.
    if (failedAt >= 0 || job.checkpoints.completed < before + 2) return;
    failedAt = n;
    throw new Error('boom');
  });
  const job = await env.executeAsync();
  await job.wait();
  warn.mockRestore();
  expect(failedAt).toBeGreaterThan(0);
  const again = seen[seen.indexOf(failedAt) + 1] as number;
  expect([again > 0, seen.at(-1)]).toEqual([true, 19_999]);
});

describe('alignment', () => {
  test('holds partitions back that are ahead, until the slowest has caught up', async () => {
    const topic = fresh('aligned');
    await topics.create(topic, { partitions: 2, brokers: broker.brokers });
    const put = (partition: number, seconds: number[]) =>
      send(
        topic,
        seconds.map((n) => ({ value: String(n), partition, timestamp: T0 + 1000 * n })),
        { brokers: broker.brokers, show: false },
      );
    const count = 1500;
    await put(1, [0, 1, 2]);
    await put(
      0,
      Array.from({ length: count }, (_, i) => i),
    );
    const seen: [number, number][] = [];
    const env = streamEnv();
    env
      .fromKafka(topic, {
        brokers: broker.brokers,
        watermarks: WatermarkStrategy.forMonotonousTimestamps<Message>().withWatermarkAlignment('all', 10_000),
      })
      .forEach(({ partition, text }) => void seen.push([partition, Number(text)]));
    const job = await env.executeAsync();
    const of = (partition: number) => seen.filter(([from]) => from === partition).map(([, n]) => n);
    await until(() => of(1).length === 3 && of(0).length >= 12);
    // What partition 1 has come to is 2 s; partition 0 may be ahead by 10 s and the element that shows it.
    const [source] = job.metrics().operators;
    expect(source?.name).toContain('Kafka');
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(of(0).at(-1)).toBeLessThanOrEqual(14);
    await put(1, [1000]);
    await until(() => of(0).at(-1) !== undefined && (of(0).at(-1) as number) > 900);
    expect(of(0).at(-1)).toBeLessThanOrEqual(1012);
    await put(1, [2 * count]);
    await until(() => of(0).length === count);
    expect(of(0)).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(of(1)).toEqual([0, 1, 2, 1000, 2 * count]);
    await job.cancel();
  });
});
