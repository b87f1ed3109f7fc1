import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { boundedOutOfOrderness, type ExecuteOptions, streamEnv, TumblingEventTimeWindows } from '../../../src/index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-savepoint-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

/** A stream of numbers that stands still after `until`, and the sums by their last digit. */
function program(until: number, to: number, parallelism = 1, uid = 'sums') {
  const env = streamEnv();
  const seen: string[] = [];
  let stand: () => void = () => undefined;
  const standing = new Promise<void>((resolve) => {
    stand = resolve;
  });
  env
    .fromCollection(async function* () {
      for (let i = 1; i <= to; i++) {
        if (i > until) {
          stand();
          await new Promise(() => undefined);
        }
        yield i;
      }
    })
    .uid('numbers')
    .keyBy((n) => n % 10)
    .reduce((a, b) => a + b)
    .setParallelism(parallelism)
    .uid(uid)
    .forEach((n) => void seen.push(String(n)))
    .uid('out');
  return { seen, standing, start: (options: ExecuteOptions = {}) => env.executeAsync(options) };
}

async function stopped(path: string): Promise<void> {
  const { seen, standing, start } = program(30, 31);
  const job = await start();
  await standing;
  await vi.waitFor(() => expect(seen).toHaveLength(30));
  const completed = await job.stopWithSavepoint(path);
  expect(completed).toMatchObject({ kind: 'savepoint', path });
  expect(job.status).toBe('finished');
}

describe('a savepoint', () => {
  test('is where a later program goes on, with another parallelism too', async () => {
    const path = join(folder, 'sp');
    await stopped(path);
    for (const parallelism of [1, 2, 3]) {
      const { seen, start } = program(99, 40, parallelism);
      await (await start({ restoreFrom: path })).wait();
      // 1 + 11 + 21 + 31, 2 + 12 + 22 + 32, ...
      expect(seen.map(Number).sort((a, b) => a - b)).toEqual([64, 68, 72, 76, 80, 84, 88, 92, 96, 100]);
    }
  });

  test('names the state that the program does not have any more', async () => {
    const path = join(folder, 'sp');
    await stopped(path);
    const other = program(99, 40, 1, 'totals');
    await expect((await other.start({ restoreFrom: path })).wait()).rejects.toThrow(/holds state of `sums` \(Reduce\)/);
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const allowed = program(99, 40, 1, 'totals');
    await (await allowed.start({ restoreFrom: path, allowNonRestoredState: true })).wait();
    expect(allowed.seen).toEqual(['31', '32', '33', '34', '35', '36', '37', '38', '39', '40']);
    expect(console.warn).toHaveBeenCalledWith(expect.stringContaining('`sums` (Reduce)'));
  });

  test('with drain fires the windows first', async () => {
    const env = streamEnv();
    const seen: number[] = [];
    let stand: () => void = () => undefined;
    const standing = new Promise<void>((resolve) => {
      stand = resolve;
    });
    env
      .fromCollection(async function* () {
        yield* [1, 2, 3];
        stand();
        await new Promise(() => undefined);
      })
      .assignTimestampsAndWatermarks(boundedOutOfOrderness<number>(0, (n) => n))
      .keyBy(() => 'all')
      .window(TumblingEventTimeWindows.of(100))
      .reduce((a, b) => a + b)
      .forEach((n) => void seen.push(n));
    const job = await env.executeAsync();
    await standing;
    await vi.waitFor(() => expect(job.metrics().operators[0]?.numRecordsOut).toBe(3));
    await job.stopWithSavepoint(join(folder, 'sp'), { drain: true });
    expect(seen).toEqual([6]);
    expect(readdirSync(join(folder, 'sp')).sort()).toEqual(['_metadata', 'state']);
  });
});

describe('a damaged checkpoint', () => {
  test('is named, and the one before it is used', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const run = async (to: number, restoreFrom?: string): Promise<string[]> => {
      const env = streamEnv({ checkpointing: { intervalMs: 3_600_000, storage: folder } });
      const seen: string[] = [];
      env
        .fromSequence(1, to)
        .keyBy(() => 0)
        .reduce((a, b) => a + b)
        .forEach((n) => void seen.push(String(n)));
      await env.execute(restoreFrom === undefined ? {} : { restoreFrom });
      return seen;
    };
    await run(2);
    expect(await run(3, 'latest')).toEqual(['6']);
    const file = join(folder, 'chk-2', 'state');
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    writeFileSync(file, bytes);
    expect(await run(4, 'latest')).toEqual(['6', '10']);
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/chk-2 is damaged/));
    writeFileSync(join(folder, 'chk-3', 'state'), '');
    await expect(run(5, 'latest')).rejects.toThrow(/damaged/);
  });
});
