import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Collector } from '../../src/engine/functions/functions.js';
import type { KeyedProcessContext } from '../../src/engine/functions/process-function.js';
import {
  KeyedProcessFunction,
  ListStateDescriptor,
  MapStateDescriptor,
  RestartStrategies,
  streamEnv,
  ValueStateDescriptor,
} from '../../src/index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-version-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

const double = (value: unknown): number => (value as number) * 2;

class Sums extends KeyedProcessFunction<string, number, string> {
  constructor(private readonly version: number) {
    super();
  }
  override processElement(n: number, _context: KeyedProcessContext<string>, out: Collector<string>): void {
    const runtime = this.getRuntimeContext();
    const { version } = this;
    const value = runtime.getState(new ValueStateDescriptor<number>('value').withVersion(version, double));
    const list = runtime.getListState(new ListStateDescriptor<number>('list').withVersion(version, double));
    const map = runtime.getMapState(new MapStateDescriptor<string, number>('map').withVersion(version, double));
    value.update((value.value() ?? 0) + n);
    list.add(n);
    map.put(`k${n}`, n);
    out.collect(`${value.value()} ${list.get().join('+')} ${map.values().join('+')}`);
  }
}

async function run(to: number, version: number, restoreFrom?: string): Promise<string[]> {
  const env = streamEnv({ checkpointing: { intervalMs: 3_600_000, storage: folder } });
  const seen: string[] = [];
  env
    .fromSequence(1, to)
    .keyBy(() => 'all')
    .process(new Sums(version))
    .forEach((text) => void seen.push(text));
  await env.execute(restoreFrom === undefined ? {} : { restoreFrom });
  return seen;
}

test('state of an older version goes through the migrate hook, once', async () => {
  expect(await run(2, 1)).toEqual(['1 1 1', '3 1+2 1+2']);
  expect(await run(3, 2, 'latest')).toEqual(['9 2+4+3 2+4+3']);
  expect(await run(4, 2, 'latest')).toEqual(['13 2+4+3+4 2+4+3+4']);
});

test('state of a later version is refused', async () => {
  await run(2, 2);
  await expect(run(3, 1, 'latest')).rejects.toThrow(/has version 2 of state `value`, the program 1/);
});

test('a generator that is used up cannot be gone on with', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const env = streamEnv({ checkpointing: { intervalMs: 10 } });
  env.setRestartStrategy(RestartStrategies.fixedDelayRestart(3, 1));
  function* numbers(): Generator<number> {
    for (let i = 0; i < 100; i++) yield i;
  }
  let failed = false;
  const until = performance.now() + 40;
  env
    .fromCollection(numbers())
    .map((n) => {
      // The first elements take long enough for a checkpoint.
      if (n < 3) while (performance.now() < until) Math.sqrt(n);
      if (n === 90 && !failed) {
        failed = true;
        throw new Error('boom');
      }
      return n;
    })
    .print();
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await expect(env.execute()).rejects.toThrow(/only once/);
});
