import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startBroker } from '../../../src/broker/index.js';
import { packageRoot } from '../../../src/core/package-root.js';
import { loadSetUp, type SetUp } from '../../../src/lessons/doctor/checkout.js';
import { embedded, kafka } from '../../../src/lessons/doctor/checks/streams.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

async function known(parts: Partial<SetUp>) {
  const setUp = (await loadSetUp())!;
  return { setUp: { ...setUp, ...parts }, at: setUp.layout(packageRoot) };
}

const note = { startedAt: '2026-01-01T00:00:00Z', data: join(packageRoot, '.streambook', 'broker') };

describe('the embedded broker', () => {
  test('does not run', async () => {
    const at = await known({ readBrokerFile: () => undefined });
    expect(await embedded(at)).toMatchObject({ verdict: 'absent', detail: 'not running' });
  });

  test('runs: address, process and data, as seen from the project', async () => {
    const file = { ...note, address: '127.0.0.1:9092', pid: 4711 };
    const at = await known({ readBrokerFile: () => file, livingBroker: async () => file });
    expect(await embedded(at)).toEqual({
      verdict: 'fine',
      detail: `127.0.0.1:9092, process 4711, data in ${join('.streambook', 'broker')}`,
    });
  });

  test('has ended without taking its file along, or does not answer', async () => {
    const file = { ...note, address: '127.0.0.1:9092', pid: process.pid };
    const silent = await known({ readBrokerFile: () => file, livingBroker: async () => undefined });
    expect(await embedded(silent)).toMatchObject({
      verdict: 'mend',
      detail: `process ${process.pid} does not answer on 127.0.0.1:9092`,
    });
    const gone = await known({
      readBrokerFile: () => ({ ...file, pid: 2 ** 30 }),
      livingBroker: async () => undefined,
    });
    expect(await embedded(gone)).toMatchObject({ verdict: 'mend', detail: `process ${2 ** 30} has ended` });
  });
});

describe('Kafka', () => {
  test('answers: who it is, how many brokers, how many topics', async () => {
    const broker = await startBroker({ port: 0, data: 'memory' });
    try {
      await broker.createTopic('novel');
      vi.stubEnv('STREAMBOOK_BROKERS', broker.address);
      const anyone = await kafka(undefined, 60_000);
      expect(anyone.verdict).toBe('fine');
      expect(anyone.detail).toMatch(/^127\.0\.0\.1:\d+ \(from STREAMBOOK_BROKERS\): cluster \S+, 1 broker, 1 topic$/);
      const file = { ...note, address: broker.address, pid: process.pid };
      const own = await kafka(await known({ livingBroker: async () => file }), 60_000);
      expect(own.detail).toContain(': the embedded broker, 1 broker, 1 topic');
    } finally {
      await broker.stop();
    }
  });

  test('is missed where somebody named it', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as { port: number };
    await new Promise((closed) => server.close(closed));
    vi.stubEnv('STREAMBOOK_BROKERS', `127.0.0.1:${port}`);
    const found = await kafka(undefined);
    expect(found).toMatchObject({ verdict: 'mend' });
    expect(found.detail).toContain(`no Kafka answers on 127.0.0.1:${port}`);
    expect(found.mend).toContain('unset STREAMBOOK_BROKERS');
    expect(found.mend).not.toContain('npm start');
    expect((await kafka(await known({}))).mend).toContain('`npm start`');
  });
});
