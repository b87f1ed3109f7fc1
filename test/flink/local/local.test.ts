import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { flinkArtefacts, kafkaArtefacts } from '../../../src/flink/local/artefacts.js';
import { cacheFolder } from '../../../src/flink/local/cache.js';
import { checksumsOf, differences } from '../../../src/flink/local/checksums.js';
import { stopLocalCluster } from '../../../src/flink/local/control.js';
import { findJava, javaVersionIn } from '../../../src/flink/local/java.js';
import { Ports } from '../../../src/flink/local/ports.js';
import { isRunning } from '../../../src/flink/local/process.js';
import { flinkConfig, kafkaConfig } from '../../../src/flink/local/settings.js';
import { findState, readState, removeState, writeState } from '../../../src/flink/local/state.js';

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'streambook-local-'));
  folders.push(made);
  return made;
}
afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true });
});

describe('Java', () => {
  it('tells its version', () => {
    expect(javaVersionIn('openjdk version "17.0.15" 2025-04-15')).toBe(17);
    expect(javaVersionIn('java version "1.8.0_392"')).toBe(8);
    expect(javaVersionIn('openjdk version "21" 2023-09-19')).toBe(21);
    expect(javaVersionIn('command not found')).toBeUndefined();
  });
  it('is missed with the way to get it', async () => {
    const missing = findJava({ JAVA_HOME: join(folder(), 'nothing') });
    await expect(missing).rejects.toMatchObject({ code: 'java-missing', hint: expect.stringContaining('openjdk-17') });
  });
});

describe('the cache', () => {
  it('is where the system has caches', () => {
    expect(cacheFolder({ STREAMBOOK_CACHE: '/own' }, 'linux', '/home/ann')).toBe('/own');
    expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' }, 'linux', '/home/ann')).toBe(join('/xdg', 'streambook'));
    expect(cacheFolder({}, 'linux', '/home/ann')).toBe(join('/home/ann', '.cache', 'streambook'));
    expect(cacheFolder({}, 'darwin', '/Users/ann')).toBe(join('/Users/ann', 'Library', 'Caches', 'streambook'));
    expect(cacheFolder({ LOCALAPPDATA: 'L' }, 'win32', 'H')).toBe(join('L', 'streambook', 'cache'));
  });
  it('knows jars that are not as published', async () => {
    const at = folder();
    writeFileSync(join(at, 'a.jar'), 'a');
    writeFileSync(join(at, 'b.jar'), 'b');
    writeFileSync(join(at, 'readme.txt'), 'no jar');
    const found = await checksumsOf(at);
    expect(found['a.jar']).toBe('ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
    expect(differences(found, found)).toEqual([]);
    expect(differences({ 'a.jar': 'other', 'c.jar': 'x' }, found)).toEqual([
      'a.jar is not what was published (SHA-256 differs)',
      'b.jar does not belong here',
      'c.jar is missing',
    ]);
  });
  it('has a checksum for every library that is named', async () => {
    const { FLINK_1_20_3 } = await import('../../../src/flink/local/sums/flink-1-20-3.js');
    const { FLINK_2_2_0 } = await import('../../../src/flink/local/sums/flink-2-2-0.js');
    const { KAFKA_4_1_0 } = await import('../../../src/flink/local/sums/kafka-4-1-0.js');
    for (const [, name, version] of flinkArtefacts('1.20.3'))
      expect(FLINK_1_20_3).toHaveProperty([`${name}-${version}.jar`]);
    for (const [, name, version] of flinkArtefacts('2.2.0'))
      expect(FLINK_2_2_0).toHaveProperty([`${name}-${version}.jar`]);
    for (const [, name, version] of kafkaArtefacts()) expect(KAFKA_4_1_0).toHaveProperty([`${name}-${version}.jar`]);
  });
});

describe('ports', () => {
  it('are different ones, and none that is taken', async () => {
    const server = createServer();
    const taken = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const ports = new Ports();
    await expect(ports.take('Kafka', taken)).rejects.toThrow(`Kafka: port ${taken} is taken`);
    expect(await ports.take('Kafka', undefined, taken)).not.toBe(taken);
    const a = await ports.take('Kafka', 0);
    expect(await ports.take('Kafka', 0)).not.toBe(a);
    await expect(ports.take('Kafka', a)).rejects.toThrow('is taken');
    await expect(ports.take('Kafka', 70_000)).rejects.toThrow('no port 70000');
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('settings', () => {
  const settings = { folder: folder(), rpcPort: 1, webPort: 2, gatewayPort: 3, slots: 4 };
  it('listen on loopback alone', () => {
    const lines = flinkConfig({ ...settings, more: { 'x.y': "it's" } }).split('\n');
    expect(lines.filter((line) => /(address|host): /.test(line)).every((line) => line.endsWith("'127.0.0.1'"))).toBe(
      true,
    );
    expect(lines).toContain("x.y: 'it''s'");
    const kafka = kafkaConfig('/data', 9092, 9093);
    expect(kafka).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:9092\n');
    expect(kafka).not.toContain('0.0.0.0');
  });
});

describe('the state of a cluster', () => {
  const state = {
    id: 'b7f1',
    version: '1.20.3' as const,
    gateway: 'http://127.0.0.1:8083',
    jobManager: 'http://127.0.0.1:8081',
    folder: '/f',
    slots: 4,
    heapMb: 512,
    java: 'java',
    jars: [],
    startedAt: '2026-01-01T00:00:00Z',
    members: [{ name: 'gateway', pid: process.pid }],
  };
  it('is found from folders below', () => {
    const at = folder();
    const file = join(at, '.streambook', 'cluster.json');
    writeState(file, state);
    expect(readState(file)).toEqual(state);
    expect(findState(join(at, 'a', 'b'))).toEqual(state);
    removeState(file);
    expect(readState(file)).toBeUndefined();
  });
  it('is nothing when the file is none', () => {
    const file = join(folder(), 'cluster.json');
    writeFileSync(file, '{"id": ');
    expect(readState(file)).toBeUndefined();
  });
  it('does not take another program for one of ours', async () => {
    const file = join(folder(), 'cluster.json');
    writeState(file, state);
    expect(await isRunning(process.pid, state.id)).toBe(false);
    expect(await stopLocalCluster(file)).toBe(false);
    expect(readState(file)).toBeUndefined();
  });
});
