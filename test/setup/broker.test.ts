import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  findKafka,
  joinBroker,
  leaveBroker,
  livingBroker,
  readBrokerFile,
  writeBrokerFile,
} from '../../src/cli/setup/broker.mjs';
import { probeKafka } from '../../src/cli/setup/kafka-probe.mjs';
import { type Layout, layout, projectRoot } from '../../src/cli/setup/paths.mjs';
import { anyFreePort } from '../../src/cli/setup/ports.mjs';
import { isAlive } from '../../src/cli/setup/processes.mjs';
import { reset } from '../../src/cli/setup/reset.mjs';
import { scratchProject, write } from './scratch.js';

let at: Layout;
beforeEach(() => {
  // State of its own, and the library as it is built.
  at = { ...scratchProject(), dist: layout(projectRoot).dist };
});

describe('broker.json', () => {
  test('what is no such file is no broker', () => {
    expect(readBrokerFile(at.brokerFile)).toBeUndefined();
    for (const text of ['', '{', '[]', 'null', '{"address":"127.0.0.1:9092"}', '{"pid":1}']) {
      write(at.state, { 'broker.json': text });
      expect(readBrokerFile(at.brokerFile)).toBeUndefined();
    }
  });

  test('of a dead process, or of an address where nobody speaks Kafka, it is stale', async () => {
    const file = { address: `127.0.0.1:${await anyFreePort()}`, startedAt: '', data: at.brokerData };
    writeBrokerFile(at.brokerFile, { ...file, pid: 2 ** 30 });
    expect(await livingBroker(at.brokerFile)).toBeUndefined();
    writeBrokerFile(at.brokerFile, { ...file, pid: process.pid });
    expect(await livingBroker(at.brokerFile)).toBeUndefined();
  });
});

describe('asking whether somebody speaks Kafka', () => {
  test.each([
    ['another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['nonsense', '\0\0\0\u0010abcdefghijklmnop'],
    ['a closed connection', ''],
  ])('%s is no Kafka', async (_, answer) => {
    const server = createServer((socket) => socket.once('data', () => socket.end(answer)).on('error', () => {}));
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    expect(await probeKafka(`127.0.0.1:${port}`, 300)).toBeUndefined();
    server.close();
  });
});

test('a Kafka that STREAMBOOK_BROKERS names and nobody finds is named', async () => {
  const address = `127.0.0.1:${await anyFreePort()}`;
  await expect(findKafka({ STREAMBOOK_BROKERS: `${address},other:9092` })).rejects.toMatchObject({
    message: `No Kafka answers on ${address}, which STREAMBOOK_BROKERS names.`,
  });
});

describe('two at once', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** What an `npm start` does with the broker: joins, tells where it is, leaves when its input ends. */
  function participant() {
    const module = pathToFileURL(join(projectRoot, 'src/cli/setup/broker.mjs')).href;
    const script = `import { joinBroker, leaveBroker } from ${JSON.stringify(module)};
      const at = ${JSON.stringify(at)};
      console.log((await joinBroker(at)).address);
      process.stdin.resume().on('end', async () => { console.log('left: ' + (await leaveBroker(at))); });`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      next: async () => String((await lines.next()).value),
      leave: () => child.stdin.end(),
      kill: () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGKILL')),
    };
  }

  test('share one broker; the last to leave stops it', async () => {
    const [one, two] = [participant(), participant()];
    const [address, same] = await Promise.all([one.next(), two.next()]);
    expect(same).toBe(address);
    expect(await probeKafka(address)).toBeDefined();
    const { pid } = readBrokerFile(at.brokerFile) ?? { pid: 0 };
    one.leave();
    expect(await one.next()).toMatch(/stays: process \d+ uses it, too/);
    expect(await probeKafka(address)).toBeDefined();
    await expect(reset(at)).rejects.toThrow('nothing was emptied');
    two.leave();
    expect(await two.next()).toBe('left: undefined');
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(at.brokerFile)).toBe(false);
    await reset(at);
    expect(existsSync(at.brokerData)).toBe(false);
  });

  test('what a killed one left behind is taken over, data included', async () => {
    const one = participant();
    const address = await one.next();
    await one.kill();
    expect(await probeKafka(address)).toBeDefined();
    await expect(reset(at)).rejects.toThrow('A broker of this project is running');
    const two = participant();
    expect(await two.next()).toBe(address);
    two.leave();
    expect(await two.next()).toBe('left: undefined');
    expect(await probeKafka(address)).toBeUndefined();
  });

  test('a broker that is started again takes the port it had, if it can', async () => {
    const port = await anyFreePort();
    try {
      // As the watcher asks for it: what runs in the notebooks knows no other address.
      expect((await joinBroker(at, port)).address).toBe(`127.0.0.1:${port}`);
    } finally {
      await leaveBroker(at);
    }
  });

  test('a broker that was killed is started again', async () => {
    const one = participant();
    await one.next();
    const before = JSON.parse(readFileSync(at.brokerFile, 'utf8'));
    process.kill(before.pid, 'SIGKILL');
    const two = participant();
    const address = await two.next();
    expect((await probeKafka(address))?.clusterId).toBe(before.clusterId);
    for (const each of [one, two]) each.leave();
    await Promise.all([one.next(), two.next()]);
    expect(await probeKafka(address)).toBeUndefined();
  });
});
