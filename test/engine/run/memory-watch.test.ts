import { expect, test } from 'vitest';
import { JavaOrderedMap } from '../../../src/core/java-ordered-map.js';
import { keepersIn, MemoryWatch } from '../../../src/engine/run/memory-watch.js';
import type { Topology } from '../../../src/engine/run/topology.js';
import { StateTable } from '../../../src/engine/state/table.js';

const MIB = 1024 * 1024;

function topology(keys: number, make: (i: number) => unknown = (i) => i): Topology {
  const table = new StateTable<unknown>('sums', 'value', undefined);
  for (let i = 0; i < keys; i++) table.insert('', undefined, i, make(i));
  const context = {
    name: 'Sums',
    isKeyed: true,
    keyed: () => ({ tables: new Map([['sums', table]]) }),
    timerServices: () => [],
    operatorState: { lists: new Map(), broadcasts: new Map() },
  };
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
  watch.look(0, () => keepersIn(full));
  expect(told).toEqual([]);
  used = 800 * MIB;
  watch.look(1500, () => keepersIn(full));
  watch.look(9000, () => keepersIn(full));
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/80 % full \(800 of 1,000 MiB\), and Sums keeps 20,000 values/);
});

test('one key that keeps everything counts with what is in its list', () => {
  const list = Array.from({ length: 30_000 }, (_, i) => i);
  expect([...keepersIn(topology(1, () => list))]).toEqual([{ name: 'Sums', values: 30_000 }]);
  const map = new JavaOrderedMap<unknown>().set('at 1', list).set('at 2', list);
  expect([...keepersIn(topology(1, () => map))]).toEqual([{ name: 'Sums', values: 60_002 }]); // with the keys
  // Of many lists some are looked into.
  expect([...keepersIn(topology(3000, () => [1, 2]))]).toEqual([{ name: 'Sums', values: 6000 }]);
});

test('memory that is not the state of this job is no concern of it', () => {
  const told: string[] = [];
  const watch = new MemoryWatch(
    () => ({ used: 900, limit: 1000 }),
    (message) => told.push(message),
  );
  watch.look(0, () => keepersIn(topology(3)));
  expect(told).toEqual([]);
});
