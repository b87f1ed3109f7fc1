import { expect, test } from 'vitest';
import { MemoryWatch } from '../../src/engine/memory-watch.js';
import { StateTable } from '../../src/engine/state/table.js';
import type { Topology } from '../../src/engine/topology.js';

const MIB = 1024 * 1024;

function topology(keys: number): Topology {
  const table = new StateTable<number>('sums', 'value', undefined);
  for (let i = 0; i < keys; i++) table.insert('', undefined, i, i);
  const context = { name: 'Sums', isKeyed: true, keyed: () => ({ tables: new Map([['sums', table]]) }) };
  return { sources: [], operators: [{ context }], mainChannels: new Map() } as unknown as Topology;
}

test('memory that fills up is told of once, with who fills it', () => {
  const told: string[] = [];
  let used = 100 * MIB;
  const watch = new MemoryWatch(
    () => ({ used, limit: 1000 * MIB }),
    (message) => told.push(message),
  );
  const full = topology(20_000);
  watch.look(0, full);
  expect(told).toEqual([]);
  used = 800 * MIB;
  watch.look(500, full);
  expect(told).toEqual([]);
  watch.look(1500, full);
  watch.look(9000, full);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/80 % full \(800 of 1,000 MiB\), and Sums keeps 20,000 values/);
});

test('memory that is not the state of this job is no concern of it', () => {
  const told: string[] = [];
  const watch = new MemoryWatch(
    () => ({ used: 900, limit: 1000 }),
    (message) => told.push(message),
  );
  watch.look(0, topology(3));
  expect(told).toEqual([]);
});
