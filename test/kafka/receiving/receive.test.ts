import { hostname } from 'node:os';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopRunning } from '../../../src/core/running.js';
import { openCluster } from '../../../src/kafka/connection/cluster.js';
import { GroupMember } from '../../../src/kafka/group/group.js';
import { type Message, type ReceiveOptions, receive, send, topics } from '../../../src/kafka/index.js';
import { fresh, type TestBroker, testBroker, until } from '../support/broker.js';

let broker: TestBroker;
beforeAll(async () => {
  broker = await testBroker();
});
afterAll(() => broker.stop());

const at = () => ({ brokers: broker.brokers, show: false }) as const;
const from = (topic: string, options: ReceiveOptions = {}) =>
  receive(topic, { brokers: broker.brokers, ...options } as never);
const texts = async (topic: string, options: ReceiveOptions) =>
  (await from(topic, options).toArray()).map((m) => m.text);

// Not long ago: what is older than a week, retention deletes.
const T0 = Date.now() - 3_600_000;

/** A topic with the values '0', '1', ... at the times T0, T0 + 10, ... */
async function numbers(count: number, partitions = 1): Promise<string> {
  const topic = fresh('numbers');
  await topics.create(topic, { partitions, ...at() });
  await send(
    topic,
    Array.from({ length: count }, (_, i) => String(i)),
    { timestamp: (_, i) => T0 + 10 * i, ...at() },
  );
  return topic;
}

describe('where receiving begins', () => {
  it('at a time, among times of which some have a digit more', async () => {
    const topic = fresh('years');
    await topics.create(topic, { config: { 'retention.ms': -1 }, ...at() });
    const years = [1970, 1975, 1990, 2001, 2002, 2008, 2024];
    await send(topic, years.map(String), { timestamp: (year) => Date.UTC(Number(year), 0), ...at() });
    for (const [index, year] of years.entries()) {
      const start = { timestamp: Date.UTC(year, 0) };
      expect(await texts(topic, { from: start, until: 'end' })).toEqual(years.slice(index).map(String));
    }
  });

  it('at the earliest, at a time, at an offset, behind the last', async () => {
    const topic = await numbers(10);
    expect(await texts(topic, { until: 'end' })).toHaveLength(10);
    expect(await texts(topic, { from: 'earliest', until: { count: 2 } })).toEqual(['0', '1']);
    expect(await texts(topic, { from: { timestamp: T0 + 71 }, until: 'end' })).toEqual(['8', '9']);
    expect(await texts(topic, { from: { timestamp: T0 + 9_999 }, until: 'end' })).toEqual([]);
    expect(await texts(topic, { from: { offsets: { 0: 7 } }, until: 'end' })).toEqual(['7', '8', '9']);
    expect(await texts(topic, { from: { offsets: { [topic]: { 0: 9 } } }, until: 'end' })).toEqual(['9']);
    expect(await texts(topic, { from: 'latest', until: 'end' })).toEqual([]);
  });

  it('names what is there when an offset is not', async () => {
    const topic = await numbers(3);
    await expect(texts(topic, { from: { offsets: { 0: 4 } }, until: 'end' })).rejects.toThrow(
      /offset-out-of-range.*offset 4[\s\S]*holds offsets 0 to 2; 3 comes next/,
    );
    await expect(texts(topic, { from: { offsets: { 1: 0 } }, until: 'end' })).rejects.toThrow('no partition 1');
    await expect(texts(`${topic}s`, { until: 'end' })).rejects.toThrow(new RegExp(`did you mean \`${topic}\``));
  });

  it('sees what comes after `latest`', async () => {
    const topic = await numbers(5);
    const stream = from(topic, { from: 'latest' });
    const first = stream.next();
    let sent = 0;
    const value = await new Promise<string>((resolve, reject) => {
      first.then((result) => resolve((result.value as Message).text), reject);
      // Sent until one is seen: the loop begins some time after next() was called.
      void (async () => {
        for (; stream.stats.messages === 0; sent++) await send(topic, `new ${sent}`, at());
      })();
    });
    expect(value).toMatch(/^new \d+$/);
    await stream.close();
  });
});

describe('where receiving ends', () => {
  it('after a count, an idle time, at a time, at offsets, on a signal', async () => {
    const topic = await numbers(10);
    expect(await texts(topic, { until: { count: 3 } })).toEqual(['0', '1', '2']);
    expect(await texts(topic, { until: { count: 0 } })).toEqual([]);
    // What a clock ends may end before all of it has come, where the machine is busy.
    const all = await texts(topic, { until: 'end' });
    expect(all).toHaveLength(10);
    for (const ended of [{ idleMs: 100 }, { forMs: 100 }, AbortSignal.timeout(100)]) {
      const got = await texts(topic, { until: ended });
      expect(got).toEqual(all.slice(0, got.length));
    }
    expect(await texts(topic, { until: { timestamp: T0 + 30 } })).toEqual(['0', '1', '2']);
    expect(await texts(topic, { until: { offsets: { 0: 2 } } })).toEqual(['0', '1']);
    expect(await texts(topic, { until: { end: true, count: 99 } })).toHaveLength(10);
    expect(await texts(topic, { until: AbortSignal.abort() })).toEqual([]);
  });

  it('at what is there when the loop begins, though more keeps coming', async () => {
    const topic = await numbers(50);
    let sending: ReturnType<typeof send> | undefined;
    let seen = 0;
    for await (const _ of from(topic, { until: 'end' })) {
      sending ??= send(
        topic,
        Array.from({ length: 50 }, (_, i) => `late ${i}`),
        at(),
      );
      if (++seen === 25) await sending;
    }
    expect(seen).toBe(50);
  });

  it('behind the last message even if only markers of transactions follow', async () => {
    const topic = await numbers(2);
    const kafka = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ transactionalId: fresh('tx'), idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = async (value: string, end: 'commit' | 'abort') => {
      const tx = await producer.transaction();
      await tx.send({ topic, messages: [{ value }, { value }] });
      await tx[end]();
    };
    await transaction('committed', 'commit');
    await transaction('aborted', 'abort');
    expect(await texts(topic, { until: 'end' })).toEqual(['0', '1', 'committed', 'committed']);
    expect(await texts(topic, { until: 'end', group: fresh('g') })).toHaveLength(4);
    expect(await texts(topic, { until: 'end', readUncommitted: true })).toHaveLength(6);
    // While one is open, its messages and those behind it are not there yet.
    const open = await producer.transaction();
    await open.send({ topic, messages: [{ value: 'open' }] });
    await send(topic, 'behind', at());
    expect(await texts(topic, { until: 'end' })).toHaveLength(4);
    await open.commit();
    await until(async () => (await texts(topic, { until: 'end' })).length === 6);
    await producer.disconnect();
  });

  it('at the end of every partition, of several topics, and of an empty one', async () => {
    const [one, two, empty] = [await numbers(30, 3), await numbers(20, 2), await numbers(0, 2)];
    const stream = receive([one, two, empty], { brokers: broker.brokers, until: 'end' });
    const messages = await stream.toArray();
    expect(messages.filter((m) => m.topic === one)).toHaveLength(30);
    expect(messages.filter((m) => m.topic === two)).toHaveLength(20);
    expect(stream.stats.messages).toBe(50);
    expect(await texts(empty, { until: 'end', group: fresh('g') })).toEqual([]);
  });

  it('can be read once only', async () => {
    const stream = from(await numbers(1), { until: 'end' });
    await stream.toArray();
    await expect(stream.toArray()).rejects.toThrow('already-received');
  });
});

describe('what a message holds', () => {
  it('decodes JSON, and treats what is none as told', async () => {
    const topic = fresh('json');
    await send(topic, [{ n: 1 }, 'no JSON', { n: 2 }], at());
    const failing = from(topic, { until: 'end', as: 'json' });
    await expect(failing.toArray()).rejects.toThrow(/bad-value.*JSON.*no JSON[\s\S]*partition 0, offset 1/);
    expect(failing.stats).toMatchObject({ messages: 1, bad: 1 });
    const skipping = receive<{ n: number }>(topic, {
      brokers: broker.brokers,
      until: 'end',
      as: 'json',
      onBad: 'skip',
    });
    expect((await skipping.toArray()).map((m) => m.value.n)).toEqual([1, 2]);
    expect(skipping.stats.bad).toBe(1);
    const kept = await from(topic, { until: 'end', as: 'json', onBad: 'keep' }).toArray();
    expect(kept.map((m) => m.error?.code)).toEqual([undefined, 'bad-value', undefined]);
    expect(kept[1]!.text).toBe('no JSON');
    expect(() => kept[1]!.json()).toThrow('bad-value');
    expect(kept[0]!.json<{ n: number }>().n).toBe(1);
  });

  it('gives bytes, or what a function makes of them', async () => {
    const topic = fresh('bytes');
    await send(topic, [Buffer.from([0, 255]), null], at());
    const [bytes, nothing] = await receive(topic, { brokers: broker.brokers, until: 'end', as: 'bytes' }).toArray();
    expect([...bytes!.value]).toEqual([0, 255]);
    expect(nothing).toMatchObject({ value: null, bytes: null, text: '' });
    const lengths = receive(topic, { brokers: broker.brokers, until: 'end', as: (b, m) => [b.length, m.offset] });
    expect((await lengths.toArray()).map((m) => m.value)).toEqual([[2, 0], null]);
  });
});

describe('groups', () => {
  it('go on where they left off; `otherwise` says where they begin', async () => {
    const topic = await numbers(10);
    const group = fresh('g');
    expect(await texts(topic, { group, until: { count: 4 } })).toEqual(['0', '1', '2', '3']);
    expect(await texts(topic, { group, until: { count: 2 } })).toEqual(['4', '5']);
    expect(await texts(topic, { group, until: 'end' })).toEqual(['6', '7', '8', '9']);
    expect(await texts(topic, { group, until: 'end' })).toEqual([]);
    // A start position counts whatever was committed.
    expect(await texts(topic, { group, from: { offsets: { 0: 8 } }, until: 'end' })).toEqual(['8', '9']);
    expect(await texts(topic, { group, from: 'earliest', until: { count: 1 } })).toEqual(['0']);
    expect(await texts(topic, { group, until: { count: 1 } })).toEqual(['1']);
    expect(await texts(topic, { group: fresh('g'), otherwise: 'latest', until: 'end' })).toEqual([]);
  });

  it('get a message again at which the loop was left', async () => {
    const topic = await numbers(10);
    const group = fresh('g');
    for await (const m of from(topic, { group })) if (m.text === '3') break;
    expect(await texts(topic, { group, until: { count: 1 } })).toEqual(['3']);
    const failing = async () => {
      for await (const m of from(topic, { group })) if (m.text === '6') throw new Error('could not store it');
    };
    await expect(failing()).rejects.toThrow('could not store it');
    expect(await texts(topic, { group, until: 'end' })).toEqual(['6', '7', '8', '9']);
  });

  it('commit by hand, or not at all', async () => {
    const topic = await numbers(10);
    const group = fresh('g');
    for await (const m of from(topic, { group, commit: 'manual', until: 'end' })) if (m.text === '4') await m.commit();
    expect(await topics.lag({ group, ...at() })).toEqual([
      { group, topic, partition: 0, committed: 5, next: 10, lag: 5 },
    ]);
    const stream = from(topic, { group, commit: 'manual' });
    for await (const m of stream) {
      if (m.text !== '6') continue;
      await stream.commit();
      break;
    }
    expect(await texts(topic, { group, commit: 'never', until: 'end' })).toEqual(['7', '8', '9']);
    expect(await texts(topic, { group, commit: 'never', until: 'end' })).toEqual(['7', '8', '9']);
    const [single] = await from(topic, { until: { count: 1 } }).toArray();
    await expect(single!.commit()).rejects.toThrow('no-group');
  });

  it('share partitions between members, and give them back', async () => {
    const topic = await numbers(0, 4);
    const group = fresh('g');
    const seen = new Map<string, Set<number>>();
    const member = (name: string) => {
      const stream = from(topic, { group });
      const partitions = new Set<number>();
      seen.set(name, partitions);
      const loop = (async () => {
        for await (const m of stream) partitions.add(m.partition);
      })();
      return { stop: () => stream.close().then(() => loop) };
    };
    let sent = 0;
    const sees = async (name: string, count: number) => {
      seen.get(name)!.clear();
      await until(async () => {
        await send(
          topic,
          Array.from({ length: 4 }, (_, partition) => ({ partition, value: String(sent++) })),
          at(),
        );
        return seen.get(name)!.size === count;
      });
    };
    const one = member('one');
    await sees('one', 4);
    const two = member('two');
    await sees('two', 2);
    await one.stop();
    await sees('two', 4);
    await two.stop();
  });

  it('end together: a member waits until the others have read what is there', async () => {
    const topic = await numbers(40, 4);
    const group = fresh('g');
    const read = async () => {
      const result: string[] = [];
      for await (const m of from(topic, { group, until: 'end' })) {
        result.push(m.text);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return result;
    };
    const all = (await Promise.all([read(), read()])).flat();
    expect(new Set(all).size).toBe(40);
    expect((await topics.lag({ group, ...at() })).every((one) => one.lag === 0)).toBe(true);
  });

  it('do not wait for a member whose process is gone', async () => {
    const topic = await numbers(3);
    const groupId = fresh('g');
    const clientId = `streambook:${hostname()}:${2 ** 31 - 2}`;
    const open = await openCluster([topic], { brokers: broker.brokers, clientId });
    const dead = new GroupMember(
      open,
      { groupId, topics: [topic], sessionMs: 300_000, heartbeatMs: 100_000, retryMs: 1_000 },
      { assigned: async () => {}, sharingOut: async () => {}, waiting: () => {}, failed: () => {} },
    );
    await dead.start();
    open.close();
    // Its session would last five minutes, far longer than this test may.
    expect(await texts(topic, { group: groupId, until: 'end' })).toEqual(['0', '1', '2']);
  });

  it('leave at once, so that the next one need not wait', async () => {
    const topic = await numbers(3);
    const group = fresh('g');
    for (let i = 0; i < 5; i++) {
      for await (const _ of from(topic, { group, sessionMs: 300_000, from: 'earliest' })) break;
    }
    const admin = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { groups } = await admin.describeGroups([group]);
    await admin.disconnect();
    expect(groups[0]!.members).toEqual([]);
  });

  it('need a name, and options that go together', () => {
    expect(() => from('t', { group: '' })).toThrow('bad-argument');
    expect(() => from('t', { from: 'group' })).toThrow('needs a group');
    expect(() => from('t', { commit: 'manual' })).toThrow('needs a group');
    expect(() => from('t', { until: { cuont: 3 } as never })).toThrow('until has no `cuont`');
    expect(() => from('t', { onBad: 'ignore' as never })).toThrow('bad-argument');
    expect(() => receive([])).toThrow('no topic');
  });
});

describe('an interrupt', () => {
  it('ends a loop that waits, runs its finally, and leaves the group', async () => {
    const topic = await numbers(2);
    const group = fresh('g');
    const steps: string[] = [];
    const loop = (async () => {
      try {
        for await (const m of from(topic, { group })) steps.push(m.text);
      } finally {
        steps.push('finally');
      }
    })();
    await until(() => steps.length === 2);
    expect(await stopRunning()).toContain(`receive(${topic})`);
    await loop;
    expect(steps).toEqual(['0', '1', 'finally']);
    // It waited for a third one, so it was done with these two.
    expect(await texts(topic, { group, until: 'end' })).toEqual([]);
    expect(await stopRunning()).toEqual([]);
  });

  it('ends a loop that has not got its connection yet', async () => {
    const stream = from(await numbers(1), { group: fresh('g') });
    const first = stream.next();
    await stream.close();
    expect(await first).toEqual({ done: true, value: undefined });
  });
});
