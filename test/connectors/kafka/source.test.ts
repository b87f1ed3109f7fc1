import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamEnv } from '../../../src/datastream/index.js';
import { boundedOutOfOrderness } from '../../../src/engine/time/watermarks.js';
import { TumblingEventTimeWindows } from '../../../src/engine/windows/assigners.js';
import { type Message, send, topics } from '../../../src/kafka/index.js';
import { fresh, type TestBroker, testBroker, until } from '../../kafka/support/broker.js';

let broker: TestBroker;
beforeAll(async () => {
  broker = await testBroker();
});
afterAll(() => broker.stop());

const T0 = Date.now() - 3_600_000;

async function topicWith(values: string[], partitions = 1): Promise<string> {
  const topic = fresh('stream');
  await topics.create(topic, { partitions, brokers: broker.brokers });
  await send(topic, values, { timestamp: (_, i) => T0 + 1000 * i, brokers: broker.brokers, show: false });
  return topic;
}

describe('a stream from Kafka', () => {
  it('reads what is there now, counts words, and ends', async () => {
    const topic = await topicWith(['to be or', 'not to be'], 3);
    const env = streamEnv();
    const counts = await env
      .fromKafka(topic, { from: 'earliest', until: 'end', brokers: broker.brokers })
      .flatMap((message) => message.text.split(' '))
      .map((word) => ({ word, n: 1 }))
      .keyBy((w) => w.word)
      .sum('n')
      .executeAndCollect();
    const last = new Map(counts.map(({ word, n }) => [word, n]));
    expect(Object.fromEntries(last)).toEqual({ to: 2, be: 2, or: 1, not: 1 });
  });

  it('carries the timestamps of Kafka, and makes watermarks per partition', async () => {
    const topic = await topicWith(
      Array.from({ length: 30 }, (_, i) => String(i)),
      3,
    );
    const env = streamEnv();
    const sizes = await env
      .fromKafka(topic, { until: 'end', brokers: broker.brokers, watermarks: boundedOutOfOrderness<Message>(0) })
      .keyBy(() => 'all')
      .window(TumblingEventTimeWindows.of<Message>(10_000))
      .process<number>((_key, _context, elements) => elements.length)
      .executeAndCollect();
    // Whatever order the partitions come in, nothing is late.
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(30);
  });

  it('takes new messages until it is cancelled', async () => {
    const topic = await topicWith(['one']);
    const env = streamEnv();
    const seen: string[] = [];
    env.fromKafka(topic, { brokers: broker.brokers }).forEach((message) => {
      seen.push(message.text);
    });
    const job = await env.executeAsync('endless');
    await until(() => seen.length === 1);
    await send(topic, ['two'], { brokers: broker.brokers, show: false });
    await until(() => seen.length === 2);
    await job.cancel();
    expect(job.status).toBe('cancelled');
    expect(seen).toEqual(['one', 'two']);
  });

  it('reads JSON, and fails or skips what is none, with the place', async () => {
    const topic = await topicWith(['{"n":1}', 'oops', '{"n":3}']);
    const env = streamEnv();
    const read = (onBad: 'fail' | 'skip') =>
      env
        .fromKafka<{ n: number }>(topic, { as: 'json', onBad, until: 'end', brokers: broker.brokers })
        .map((message) => message.value.n)
        .executeAndCollect();
    expect(await read('skip')).toEqual([1, 3]);
    await expect(read('fail')).rejects.toThrow(/a value is not JSON[\s\S]*offset 1/);
  });

  it('waits for an end that the log has not reached; a partition that was read to its end holds no watermark back', async () => {
    const topic = fresh('ends');
    await topics.create(topic, { partitions: 2, brokers: broker.brokers });
    const put = (partition: number, second: number) =>
      send(topic, [{ partition, value: String(second), timestamp: T0 + 1000 * second }], {
        brokers: broker.brokers,
        show: false,
      });
    const sizes: number[] = [];
    const env = streamEnv();
    env
      .fromKafka(topic, {
        until: { offsets: { 0: 1, 1: 3 } },
        brokers: broker.brokers,
        watermarks: boundedOutOfOrderness<Message>(0),
      })
      .keyBy(() => 'all')
      .window(TumblingEventTimeWindows.of<Message>(10_000, T0 % 10_000))
      .process<number>((_key, _context, elements) => elements.length)
      .forEach((size) => {
        sizes.push(size);
      });
    const job = await env.executeAsync('ends');
    await put(0, 1);
    await put(1, 2);
    await put(1, 30);
    await until(() => sizes.length === 1);
    expect(job.status).toBe('running');
    await put(1, 31);
    await job.wait();
    expect(sizes).toEqual([2, 2]);
  });

  it('says at once which address does not answer', async () => {
    const env = streamEnv();
    const stream = env.fromKafka('any', { brokers: '127.0.0.1:1' });
    await expect(stream.executeAndCollect(1)).rejects.toThrow(/127\.0\.0\.1:1/);
  });
});
