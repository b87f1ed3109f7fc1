import { execFileSync, spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startBroker } from '../../src/broker/index.js';
import { encodeBatch } from '../../src/wire/encode-batch.js';
import { splitWholeBatches } from '../../src/wire/record-batch.js';
import { decodeRecords } from '../../src/wire/records.js';
import { type BrokerProcess, spawnBroker } from './support/built.js';
import { RawClient } from './support/client.js';
import { tempFolder, until } from './support/temp.js';

const running: BrokerProcess[] = [];

afterEach(() => {
  for (const { child } of running.splice(0)) child.kill('SIGKILL');
});

async function spawned(...args: string[]): Promise<BrokerProcess> {
  const broker = await spawnBroker(['--port', '0', ...args]);
  running.push(broker);
  return broker;
}

describe('streambook broker', () => {
  it('prints one line when it is ready, and stops cleanly on SIGTERM', async () => {
    const data = tempFolder();
    const broker = await spawned('--data', data);
    expect(broker.address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(fs.existsSync(join(data, '.lock'))).toBe(true);
    expect(await broker.end('SIGTERM')).toBe(0);
    expect(broker.errors()).toBe('');
    expect(fs.existsSync(join(data, '.lock'))).toBe(false);
  });

  it('says so when it is open to the network', async () => {
    const broker = await spawned('--data', 'memory', '--host', '0.0.0.0');
    await until(() => broker.errors().includes('open to the network'));
    expect(await broker.end('SIGINT')).toBe(0);
  });

  it('explains what is wrong with its arguments', async () => {
    await expect(spawned('--prot', '1')).rejects.toThrow(/ended with 2.*prot/s);
    await expect(spawnBroker(['--port', 'x', '--data', 'memory'])).rejects.toThrow(/--port must be a number/);
  });

  it('names the port that is taken, and what to do', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    await expect(spawnBroker(['--port', String(port), '--data', 'memory'])).rejects.toThrow(
      new RegExp(`ended with 1.*port ${port} on 127.0.0.1 is taken.*--port`, 's'),
    );
    other.close();
  });
});

describe('a data folder', () => {
  it('is refused to a second broker, which names the first, and taken over from a dead one', async () => {
    const data = tempFolder();
    const first = await spawned('--data', data);
    await expect(spawned('--data', data)).rejects.toThrow(
      new RegExp(`in use by the broker with process id ${first.child.pid}`),
    );
    await expect(startBroker({ port: 0, data })).rejects.toMatchObject({ code: 'broker-data-in-use' });
    await first.end('SIGKILL');
    expect(fs.existsSync(join(data, '.lock'))).toBe(true);
    const second = await spawned('--data', data);
    expect(await second.end('SIGTERM')).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')('is taken over from a process that ended and was never reaped', async () => {
    // As in a container whose first process does not care for its children.
    const script = 'exec 3<&0; cat <&3 >/dev/null & echo $!; exec sleep 60';
    const parent = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
    const pid = Number(
      await new Promise((resolve) => parent.stdout.once('data', (data) => resolve(String(data).trim()))),
    );
    // The child may end only when its parent is no shell any more: that one would reap it.
    await until(() => fs.readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n');
    parent.stdin.end();
    await until(() => fs.readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
    const data = tempFolder();
    fs.writeFileSync(join(data, '.lock'), JSON.stringify({ pid, started: '', token: 'theirs' }));
    await (await startBroker({ port: 0, data })).stop();
    parent.kill();
  });

  it('is refused to a second broker of the same process', async () => {
    const data = tempFolder();
    const broker = await startBroker({ port: 0, data });
    await expect(startBroker({ port: 0, data })).rejects.toMatchObject({ code: 'broker-data-in-use' });
    await broker.stop();
    await (await startBroker({ port: 0, data })).stop();
  });

  it('is refused when it is newer, damaged, or somebody else’s', async () => {
    const data = tempFolder();
    const attempt = () => startBroker({ port: 0, data });
    fs.writeFileSync(join(data, 'thesis.txt'), 'chapter one');
    await expect(attempt()).rejects.toMatchObject({ code: 'broker-data-foreign' });
    fs.rmSync(join(data, 'thesis.txt'));
    fs.writeFileSync(join(data, 'meta.json'), '{"version":999,"clusterId":"x","nodeId":1}');
    await expect(attempt()).rejects.toMatchObject({ code: 'broker-data-newer' });
    fs.writeFileSync(join(data, 'meta.json'), '{"version":');
    await expect(attempt()).rejects.toMatchObject({ code: 'broker-data-damaged' });
    fs.rmSync(join(data, 'meta.json'));
    await (await attempt()).stop();
    fs.writeFileSync(join(data, 'topics.json'), '[');
    await expect(attempt()).rejects.toMatchObject({ code: 'broker-data-damaged' });
    expect(fs.existsSync(join(data, '.lock'))).toBe(false);
  });

  it('must be one that can be written to', async () => {
    const file = join(tempFolder(), 'file');
    fs.writeFileSync(file, '');
    await expect(startBroker({ port: 0, data: join(file, 'below') })).rejects.toMatchObject({
      code: 'broker-data-unwritable',
    });
  });
});

/** Sends batches of ten numbered records as fast as it can, until the connection goes; returns what was acknowledged. */
async function flood(address: string, from: number): Promise<number> {
  const raw = await RawClient.connect(address);
  let acknowledged = from;
  let next = from;
  const send = async (): Promise<void> => {
    for (;;) {
      const first = next;
      next += 10;
      const records = encodeBatch({
        records: Array.from({ length: 10 }, (_, i) => ({ value: `${first + i}`, timestamp: Date.now() })),
      });
      const topicData = [{ name: 'flood', partitionData: [{ index: 0, records }] }];
      const { responses } = await raw.request('Produce', 7, { acks: -1, timeoutMs: 1000, topicData });
      if (responses[0]!.partitionResponses[0]!.errorCode !== 0) throw new Error('not taken');
      acknowledged = Math.max(acknowledged, first + 10);
    }
  };
  await Promise.all([1, 2, 3, 4].map(() => send().catch(() => {})));
  return acknowledged;
}

async function everything(address: string): Promise<number[]> {
  const raw = await RawClient.connect(address);
  const values: number[] = [];
  for (let fetchOffset = 0; ; ) {
    const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000_000 }];
    const topics = [{ topic: 'flood', partitions }];
    const { responses } = await raw.request('Fetch', 4, { maxWaitMs: 0, minBytes: 0, topics });
    const { batches } = splitWholeBatches(responses[0]!.partitions[0]!.records!);
    if (batches.length === 0) break;
    for (const found of batches) for (const { value } of decodeRecords(found)) values.push(Number(value));
    fetchOffset = batches.at(-1)!.nextOffset;
  }
  await raw.close();
  return values;
}

describe('SIGKILL under load', () => {
  it('loses nothing that was acknowledged, three times in a row', async () => {
    const data = tempFolder();
    let broker = await spawned('--data', data);
    const admin = await RawClient.connect(broker.address);
    await admin.request('CreateTopics', 2, {
      topics: [
        {
          name: 'flood',
          numPartitions: 1,
          replicationFactor: 1,
          assignments: [],
          configs: [{ name: 'segment.bytes', value: '50000' }],
        },
      ],
    });
    let present = 0;
    for (const afterMs of [150, 300, 60]) {
      const flooding = flood(broker.address, present);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await broker.end('SIGKILL');
      const acknowledged = await flooding;
      broker = await spawned('--data', data);
      const values = await everything(broker.address);
      expect(values.length).toBeGreaterThanOrEqual(acknowledged);
      expect(values).toEqual([...values.keys()]);
      present = values.length;
    }
    expect(present).toBeGreaterThan(0);
  });
});

const hasKcat = spawnSync('kcat', ['-V']).status === 0;
if (!hasKcat) console.log('kcat is not installed (Debian package `kcat`): its tests are skipped');

describe.skipIf(!hasKcat)('kcat', () => {
  const kcat = (address: string, args: string[], input?: string): string =>
    execFileSync('kcat', ['-b', address, ...args], {
      encoding: 'utf8',
      timeout: 30_000,
      stdio: 'pipe',
      ...(input === undefined ? {} : { input }),
    });

  it('lists, writes and reads', async () => {
    const broker = await spawned('--data', tempFolder(), '--partitions', '2');
    expect(kcat(broker.address, ['-L'])).toContain('0 topics');
    kcat(broker.address, ['-P', '-t', 'lines', '-p', '1', '-K', ':'], 'k1:one\nk2:two\nk3:three\n');
    expect(kcat(broker.address, ['-L'])).toMatch(/topic "lines" with 2 partitions/);
    const read = ['-C', '-t', 'lines', '-o', 'beginning', '-e', '-f', '%p %o %k %s\\n'];
    expect(kcat(broker.address, read)).toBe('1 0 k1 one\n1 1 k2 two\n1 2 k3 three\n');
    expect(kcat(broker.address, ['-Q', '-t', 'lines:1:-1'])).toContain('offset 3');
  });

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('gets back what it sent compressed by %s', async (codec) => {
    const broker = await spawned('--data', 'memory');
    const text = Array.from({ length: 5000 }, (_, i) => `line ${i} ${'x'.repeat(i % 50)}`).join('\n');
    kcat(broker.address, ['-P', '-t', 'z', '-z', codec, '-X', 'enable.idempotence=true'], `${text}\n`);
    expect(kcat(broker.address, ['-C', '-t', 'z', '-o', 'beginning', '-e', '-q'])).toBe(`${text}\n`);
  });

  it('reads as a member of a group', async () => {
    const broker = await spawned('--data', 'memory');
    kcat(broker.address, ['-P', '-t', 'g'], 'a\nb\n');
    const read = ['-G', 'group', '-q', '-e', '-X', 'auto.offset.reset=earliest', 'g'];
    expect(kcat(broker.address, read)).toBe('a\nb\n');
    kcat(broker.address, ['-P', '-t', 'g'], 'c\n');
    expect(kcat(broker.address, read)).toBe('c\n');
  });
});
