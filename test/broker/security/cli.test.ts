import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import { type BrokerProcess, builtCli, spawnBroker } from '../support/built.js';
import { tempFolder, until } from '../support/temp.js';

const running: BrokerProcess[] = [];

afterEach(() => {
  for (const { child } of running.splice(0)) child.kill('SIGKILL');
});

async function addUser(name: string, file: string, input: string): Promise<{ code: number | null; errors: string }> {
  const child = spawn(process.execPath, [await builtCli(), 'broker', '--users', file, '--add-user', name]);
  child.stdin.end(input);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, errors })));
}

async function spawned(...args: string[]): Promise<BrokerProcess> {
  const broker = await spawnBroker(['--port', '0', '--data', 'memory', ...args]);
  running.push(broker);
  return broker;
}

describe('streambook broker', () => {
  it('adds users to a file and lets them in', async () => {
    const users = join(tempFolder(), 'users');
    expect((await addUser('alice', users, 'wonder land\n')).code).toBe(0);
    const refused = await addUser('bob', users, '\n');
    expect(refused.code).toBe(2);
    expect(refused.errors).toContain('password');
    const broker = await spawned('--users', users, '--host', '0.0.0.0', '--metrics-port', '0');
    await until(() => broker.errors().includes('/metrics'));
    expect(broker.errors()).toMatch(/open to the network on 0\.0\.0\.0:\d+, without encryption\n/);
    const admin = (password: string) =>
      new Kafka({
        brokers: [broker.address],
        logLevel: logLevel.NOTHING,
        retry: { retries: 0 },
        sasl: { mechanism: 'scram-sha-256', username: 'alice', password },
      }).admin();
    const right = admin('wonder land');
    await right.connect();
    expect(await right.listTopics()).toEqual([]);
    await right.disconnect();
    await expect(admin('wrong').connect()).rejects.toThrow('invalid credentials');
    const [page] = /http:\S+/.exec(broker.errors())!;
    expect(await (await fetch(page!)).text()).toContain('streambook_broker_connections_accepted_total 2\n');
  });

  it('wants key and certificate together, and a users file that is there', async () => {
    await expect(spawned('--tls-key', 'k')).rejects.toThrow(/ended with 2.*belong together/s);
    await expect(spawned('--tls-key', 'k', '--tls-cert', 'c')).rejects.toThrow(/ended with 1.*key k cannot be read/s);
    await expect(spawned('--users', '/nowhere')).rejects.toThrow(/ended with 1.*users file/s);
    await expect(spawned('--max-connections', '0')).rejects.toThrow(/ended with 2.*maxConnections/s);
  });
});
