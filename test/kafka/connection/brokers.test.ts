import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBroker } from '../../../src/kafka/connection/brokers.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-brokers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function brokerFile(content: unknown): string {
  mkdirSync(join(folder, '.streambook'), { recursive: true });
  writeFileSync(
    join(folder, '.streambook', 'broker.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
  const below = join(folder, 'notebooks', 'deep');
  mkdirSync(below, { recursive: true });
  return below;
}

const find = (option?: string | string[], env: Record<string, string> = {}, cwd = folder) =>
  findBroker(option, { cwd, env });

describe('findBroker', () => {
  it('takes the option first', () => {
    const cwd = brokerFile({ address: '127.0.0.1:1111', pid: process.pid });
    const found = find('kafka:9093', { STREAMBOOK_BROKERS: 'other:1' }, cwd);
    expect(found.brokers).toEqual(['kafka:9093']);
    expect(found.from).toBe('option');
    expect(String(found)).toBe('kafka:9093 (as given)');
  });

  it('then the environment, with several addresses', () => {
    const found = find(undefined, { STREAMBOOK_BROKERS: 'a:1, b:2' });
    expect(found.brokers).toEqual(['a:1', 'b:2']);
    expect(String(found)).toBe('a:1, b:2 (from STREAMBOOK_BROKERS)');
  });

  it('then .streambook/broker.json, in this folder or above', () => {
    const cwd = brokerFile({ address: '127.0.0.1:4711', pid: process.pid, startedAt: '', data: '' });
    const found = find(undefined, { STREAMBOOK_BROKERS: ' ' }, cwd);
    expect(found.brokers).toEqual(['127.0.0.1:4711']);
    expect(String(found)).toBe('127.0.0.1:4711 (from .streambook/broker.json)');
  });

  it('ignores a file whose broker is gone, and one that is half written', () => {
    // Above the highest process id that Linux, macOS or Windows give out.
    expect(find(undefined, {}, brokerFile({ address: '127.0.0.1:4711', pid: 2 ** 31 - 2 })).from).toBe('default');
    expect(find(undefined, {}, brokerFile('{"address": "127.0')).from).toBe('default');
  });

  it("ends with Kafka's own port", () => {
    expect(String(find())).toBe('localhost:9092 (the default)');
    expect(find('kafka').brokers).toEqual(['kafka:9092']);
    expect(find('PLAINTEXT://kafka:29092').brokers).toEqual(['kafka:29092']);
  });

  it.each(['', ',', 'a:0', 'a:65536', 'a:b', ':9092', '[::1]:9092', '::1', 'https://a:1', 'a b:1', 'a:-1'])(
    'refuses the address `%s`',
    (address) => {
      expect(() => find(address)).toThrow('bad-argument');
    },
  );

  it('says where a bad address stands', () => {
    expect(() => find(undefined, { STREAMBOOK_BROKERS: 'a:x' })).toThrow(/a:x[\s\S]*STREAMBOOK_BROKERS/);
  });

  it('takes what it returned before', () => {
    const found = find('kafka:1');
    expect(findBroker(found)).toBe(found);
  });
});
