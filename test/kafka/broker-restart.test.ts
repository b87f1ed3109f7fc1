import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../src/broker/index.js';
import { receive, send } from '../../src/kafka/index.js';
import { until } from './support/broker.js';

let data: string;
let broker: Broker;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'streambook-restart-'));
  broker = await startBroker({ port: 0, data });
});
afterEach(async () => {
  await broker.stop();
  rmSync(data, { recursive: true, force: true });
});

/** Numbers, for as long as they are wanted. */
async function* numbers() {
  for (let i = 0; ; i++) {
    if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    yield String(i);
  }
}

const restart = async () => {
  const { port } = broker;
  await broker.stop();
  broker = await startBroker({ port, data });
};

describe('a broker that goes away', () => {
  it('is waited for by a sending, which loses and doubles nothing', async () => {
    const sending = send('t', numbers(), { brokers: broker.address, show: false });
    await sending.sent(500);
    await restart();
    await sending.sent(sending.progress.messages + 500);
    await restart();
    await sending.sent(sending.progress.messages + 500);
    const { messages } = await sending.stop();
    const values = (await receive('t', { brokers: broker.address, until: 'end' }).toArray()).map((m) => m.text);
    expect(values).toEqual(Array.from({ length: messages }, (_, i) => String(i)));
  });

  it('is waited for by a loop, with and without a group', async () => {
    await send('t', ['0', '1', '2'], { brokers: broker.address, show: false });
    const loop = (group?: string) => {
      const seen: string[] = [];
      const stream = receive('t', { brokers: broker.address, ...(group === undefined ? {} : { group }) });
      const done = (async () => {
        for await (const m of stream) seen.push(m.text);
      })();
      return { seen, close: () => stream.close().then(() => done) };
    };
    const loops = [loop(), loop('g')];
    await until(() => loops.every((one) => one.seen.length === 3));
    await restart();
    await send('t', ['3', '4'], { brokers: broker.address, show: false });
    await until(() => loops.every((one) => one.seen.length >= 5));
    for (const one of loops) {
      expect(one.seen).toEqual(['0', '1', '2', '3', '4']);
      await one.close();
    }
  });

  it('fails a sending in the end, which says how much had arrived', async () => {
    // A broker that goes down first says that it leads no partition any more; long enough for it to be gone.
    const sending = send('t', numbers(), { brokers: broker.address, retryMs: 3000, show: false });
    await sending.sent(100);
    await broker.stop();
    const count = '[\\d,]+ messages \\([\\d,]+ bytes\\)';
    await expect(sending).rejects.toThrow(
      new RegExp(`broker-lost.*sending to \`t\` stopped.*${count} had been acknowledged`),
    );
    const { messages } = sending.progress;
    await expect(sending.sent(messages + 1)).rejects.toThrow('broker-lost');
    broker = await startBroker({ port: broker.port, data });
    const stored = await receive('t', { brokers: broker.address, until: 'end' }).toArray();
    expect(stored.length).toBeGreaterThanOrEqual(messages);
  });

  it('fails a loop in the end', async () => {
    await send('t', ['0'], { brokers: broker.address, show: false });
    for (const group of [undefined, 'g']) {
      const stream = receive('t', { brokers: broker.address, retryMs: 200, ...(group === undefined ? {} : { group }) });
      await stream.next();
      const second = stream.next();
      await broker.stop();
      await expect(second).rejects.toThrow('broker-lost');
      broker = await startBroker({ port: broker.port, data });
    }
  });

  it('does not keep a stop waiting', async () => {
    const sending = send('t', numbers(), { brokers: broker.address, retryMs: 3_600_000, show: false });
    await sending.sent(100);
    await broker.stop();
    await sending.stop().catch(() => {});
    expect(['stopped', 'failed']).toContain(sending.progress.state);
    broker = await startBroker({ port: broker.port, data });
  });
});
