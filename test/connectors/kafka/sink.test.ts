import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { fileSink } from '../../../src/connectors/file/sink.js';
import { kafkaSink } from '../../../src/connectors/kafka/sink.js';
import { streamEnv } from '../../../src/datastream/index.js';
import { RestartStrategies } from '../../../src/engine/restart/strategies.js';
import { openGroupOffsets, openReader, send, topics } from '../../../src/kafka/index.js';
import { fresh, type TestBroker, testBroker } from '../../kafka/support/broker.js';

let broker: TestBroker;
let folder = '';
beforeAll(async () => {
  broker = await testBroker();
});
afterAll(() => broker.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-kafka-sink-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

async function textsOf(topic: string): Promise<string[]> {
  const reader = await openReader({ topic, until: 'end', brokers: broker.brokers });
  const texts: string[] = [];
  for await (const { records } of reader) for (const record of records) texts.push(String(record.value));
  reader.close();
  return texts;
}

describe('a Kafka sink', () => {
  test.each(['none', 'at-least-once'] as const)('%s: everything is there at the end', async (deliveryGuarantee) => {
    const topic = fresh('sink');
    const env = streamEnv();
    const numbers = Array.from({ length: 20_000 }, (_, i) => i);
    env
      .fromCollection(numbers)
      .sinkTo(kafkaSink(topic, { brokers: broker.brokers, deliveryGuarantee, partitions: 2, key: (n) => `${n % 10}` }));
    await env.execute();
    const all = (await textsOf(topic)).map(Number);
    expect(all.sort((a, b) => a - b)).toEqual(numbers);
  });

  test('carries timestamps, and what else a message has', async () => {
    const topic = fresh('sink');
    const env = streamEnv();
    env.fromElements({ word: 'a', at: 1000 }).sinkTo(
      kafkaSink(topic, {
        brokers: broker.brokers,
        message: (x) => ({ value: { w: x.word }, key: x.word, timestamp: x.at, headers: { kind: 'word' } }),
      }),
    );
    await env.execute();
    const reader = await openReader({ topic, until: 'end', brokers: broker.brokers });
    const batch = await reader.next();
    reader.close();
    const record = batch?.records[0];
    expect(record?.timestamp).toBe(1000);
    expect(String(record?.key)).toBe('a');
    expect(String(record?.value)).toBe('{"w":"a"}');
    expect(record?.headers.map(([name, value]) => [name, String(value)])).toEqual([['kind', 'word']]);
  });
});

describe('an exactly-once Kafka sink', () => {
  test('commits at the end of a job without checkpoints', async () => {
    const topic = fresh('sink');
    const env = streamEnv();
    env.fromElements(1, 2, 3).sinkTo(kafkaSink(topic, { brokers: broker.brokers, deliveryGuarantee: 'exactly-once' }));
    await env.execute({ uid: fresh('job') });
    // The broker has promised the commit; its markers come a moment later.
    await vi.waitFor(async () => expect(await textsOf(topic)).toEqual(['1', '2', '3']), { timeout: 10_000 });
  });

  test('writes each element once although the job fails in between', async () => {
    const warned: string[] = [];
    vi.spyOn(console, 'warn').mockImplementation((message) => void warned.push(String(message)));
    const topic = fresh('sink');
    const env = streamEnv({ checkpointing: { intervalMs: 50, storage: folder } });
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(5, 10));
    let failures = 0;
    env
      .fromCollection(async function* () {
        for (let i = 0; i < 300; i++) {
          yield i;
          if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        }
      })
      .map((n) => {
        if ((n === 100 && failures === 0) || (n === 220 && failures === 1)) {
          failures++;
          throw new Error('boom');
        }
        return n;
      })
      .sinkTo(kafkaSink(topic, { brokers: broker.brokers, deliveryGuarantee: 'exactly-once' }));
    const uid = fresh('job');
    const job = await env.executeAsync({ uid });
    await job.wait();
    // A busy machine is warned of, too.
    const restarts = warned.filter((line) => line.includes('it starts again'));
    expect(restarts).toEqual([expect.stringContaining('boom'), expect.stringContaining('boom')]);
    expect(job.restarts).toBe(2);
    await vi.waitFor(
      async () => expect((await textsOf(topic)).map(Number)).toEqual(Array.from({ length: 300 }, (_, i) => i)),
      { timeout: 10_000 },
    );
  });

  test('goes on from a savepoint that was all there was to commit with', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const topic = fresh('sink');
    const env = streamEnv();
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(1, 1));
    let goOn: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let seen = 0;
    let failed = false;
    env
      .fromCollection(async function* () {
        yield* [1, 2];
        await gate;
        yield* [3, 4];
      })
      .map((n) => {
        if (n === 3 && !failed) {
          failed = true;
          throw new Error('boom');
        }
        seen++;
        return n;
      })
      .sinkTo(kafkaSink(topic, { brokers: broker.brokers, deliveryGuarantee: 'exactly-once' }));
    const job = await env.executeAsync({ uid: fresh('job') });
    await vi.waitFor(() => expect(seen).toBe(2), 60_000);
    await job.savepoint(join(folder, 'sp'));
    goOn();
    await job.wait();
    expect([job.restarts, job.checkpoints.restored]).toEqual([1, 1]);
    await vi.waitFor(async () => expect(await textsOf(topic)).toEqual(['1', '2', '3', '4']), { timeout: 10_000 });
  });

  test('several in a job, and the offsets of the source, are one transaction', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { brokers } = broker;
    const [input, even, odd, groupId] = [fresh('in'), fresh('even'), fresh('odd'), fresh('group')];
    await topics.create(input, { partitions: 2, brokers });
    const numbers = Array.from({ length: 400 }, (_, i) => i);
    await send(
      input,
      numbers.map((n) => ({ value: String(n), partition: n % 2 })),
      { brokers, show: false },
    );
    const env = streamEnv({ parallelism: 2, checkpointing: { intervalMs: 20, storage: join(folder, 'checkpoints') } });
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(5, 10));
    const files = join(folder, 'files');
    let failed = false;
    const all = env.fromKafka(input, { until: 'end', groupId, brokers }).map((message) => {
      const n = Number(message.text);
      if (n === 300 && !failed) {
        failed = true;
        throw new Error('boom');
      }
      if (n % 20 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
      return n;
    });
    const exactly = { brokers, deliveryGuarantee: 'exactly-once' } as const;
    all.filter((n) => n % 2 === 0).sinkTo(kafkaSink(even, exactly));
    all.filter((n) => n % 2 === 1).sinkTo(kafkaSink(odd, exactly));
    all.map(String).sinkTo(fileSink(files, { deliveryGuarantee: 'exactly-once' }));
    const job = await env.executeAsync({ uid: fresh('job') });
    await job.wait();
    expect(job.restarts).toBeGreaterThan(0);
    const sorted = async (topic: string) => (await textsOf(topic)).map(Number).sort((a, b) => a - b);
    await vi.waitFor(
      async () => {
        expect(await sorted(even)).toEqual(numbers.filter((n) => n % 2 === 0));
        expect(await sorted(odd)).toEqual(numbers.filter((n) => n % 2 === 1));
      },
      { timeout: 10_000 },
    );
    const lines = readdirSync(files)
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) => readFileSync(join(files, name), 'utf8').split('\n').filter(Boolean));
    expect(lines.map(Number).sort((a, b) => a - b)).toEqual(numbers);
    const group = await openGroupOffsets(groupId, [input], { brokers });
    await vi.waitFor(
      async () => {
        const committed = await group.committed([0, 1].map((partition) => ({ topic: input, partition })));
        expect(committed.map(({ offset }) => offset)).toEqual([200, 200]);
      },
      { timeout: 10_000 },
    );
    group.close();
  });
});
