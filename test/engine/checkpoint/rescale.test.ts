import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type DataStream,
  END_OF_INPUT,
  type Source,
  type StreamExecutionEnvironment,
  streamEnv,
} from '../../../src/index.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-rescale-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const COUNT = 60_000;
const ALL = Array.from({ length: COUNT }, (_, i) => i);

/** Seven files of different sizes, one of them empty. */
function files(): string[] {
  const sizes = [0, 5, 20_000, 1, 30_000, 9_000, 994];
  let next = 0;
  return sizes.map((size, i) => {
    const path = join(folder, `${i}.txt`);
    writeFileSync(path, ALL.slice(next, next + size).join('\n'));
    next += size;
    return path;
  });
}

/** Long enough that a job is not through before somebody has asked for a savepoint. */
function aWhile(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}

type Make = (env: StreamExecutionEnvironment, parallelism: number) => DataStream<number>;

/** Runs from one snapshot to the next, with as many subtasks as said, and the last time to the end. */
async function rescaled(make: Make, parallelisms: readonly number[]): Promise<number[]> {
  const seen: number[] = [];
  for (const [i, parallelism] of parallelisms.entries()) {
    const last = i === parallelisms.length - 1;
    const stopAt = last ? Number.NaN : seen.length + Math.floor(COUNT / 5);
    const env = streamEnv();
    let asked = false;
    let ask = (): void => {};
    const enough = new Promise<void>((resolve) => {
      ask = resolve;
    });
    make(env, parallelism).forEach((n) => {
      if (seen.push(n) === stopAt) {
        asked = true;
        ask();
      }
      if (n % (asked ? 20 : 500) === 0) aWhile();
    });
    const job = await env.executeAsync(i === 0 ? {} : { restoreFrom: join(folder, `sp-${i - 1}`) });
    if (!last) await enough.then(() => job.stopWithSavepoint(join(folder, `sp-${i}`)));
    await job.wait();
    if (!last) expect(seen.length).toBeLessThan(COUNT);
  }
  return seen.sort((a, b) => a - b);
}

describe('a source goes on with other numbers of subtasks, and every element comes once', () => {
  const changes = [[[1, 3, 2]], [[4, 1]], [[2, 5, 3, 1]], [[3, 3]]];

  test.each(changes)('a sequence: %j', async (parallelisms) => {
    const make: Make = (env, p) =>
      env
        .fromSequence(0, COUNT - 1)
        .uid('source')
        .setParallelism(p);
    expect(await rescaled(make, parallelisms)).toEqual(ALL);
  });

  test.each(changes)('a generator: %j', async (parallelisms) => {
    const make: Make = (env, p) =>
      env
        .generate((i) => i, { count: COUNT })
        .uid('source')
        .setParallelism(p);
    expect(await rescaled(make, parallelisms)).toEqual(ALL);
  });

  test.each(changes)('files: %j', async (parallelisms) => {
    const paths = files();
    const make: Make = (env, p) => env.readTextFile(paths).uid('source').setParallelism(p).map(Number);
    expect(await rescaled(make, parallelisms)).toEqual(ALL);
  });
});

describe('a snapshot and files that have changed', () => {
  const take = async (paths: string[], restoreFrom?: string): Promise<string[]> => {
    const env = streamEnv();
    const seen: string[] = [];
    let ask = (): void => {};
    const enough = new Promise<void>((resolve) => {
      ask = resolve;
    });
    env
      .readTextFile(paths)
      .uid('source')
      .forEach((line) => {
        if (seen.push(line) === 2000) ask();
        const asked = restoreFrom === undefined && seen.length > 2000;
        if (seen.length % (asked ? 20 : 500) === 0) aWhile();
      });
    const job = await env.executeAsync(restoreFrom === undefined ? {} : { restoreFrom });
    if (restoreFrom === undefined) await enough.then(() => job.stopWithSavepoint(join(folder, 'sp')));
    await job.wait();
    return seen;
  };

  test('files that came since are read, wherever they stand; those that were read are not', async () => {
    const paths = files();
    const before = await take(paths);
    const early = join(folder, '00.txt');
    writeFileSync(early, 'new');
    const after = await take([early, ...paths.slice(2)], join(folder, 'sp'));
    expect(after[0]).toBe('new');
    expect([...before, ...after.slice(1)].map(Number)).toEqual(ALL);
  });

  test('a file that was being read and is gone is named', async () => {
    const paths = files();
    await take(paths);
    await expect(take(paths.slice(3), join(folder, 'sp'))).rejects.toThrow(/in the middle of .*2\.txt/);
  });

  test('a source that cannot share out its positions keeps its parallelism', async () => {
    const source: Source<number> = {
      name: 'Own',
      bounded: true,
      createReader: ({ restored, subtask }) => {
        let next = typeof restored === 'number' ? restored : subtask;
        return {
          poll: () => (next > 100 ? END_OF_INPUT : { values: [next++] }),
          position: () => next,
        };
      },
    };
    const start = async (parallelism: number, restoreFrom?: string) => {
      const env = streamEnv();
      let stop: () => void = () => undefined;
      env
        .fromSource(source)
        .setParallelism(parallelism)
        .uid('own')
        .forEach(() => {
          stop();
          aWhile();
        });
      const job = await env.executeAsync(restoreFrom === undefined ? {} : { restoreFrom });
      let once: Promise<unknown> | undefined;
      stop = () => {
        if (restoreFrom === undefined) once ??= job.stopWithSavepoint(join(folder, 'sp'));
      };
      await job.wait();
      await once;
    };
    await start(1);
    await expect(start(2, join(folder, 'sp'))).rejects.toThrow(/Own had 1 subtasks .*, and has 2[\s\S]*redistribute/);
  });

  test('positions of another kind of source are refused', async () => {
    await take(files());
    const env = streamEnv();
    env.fromSequence(1, 3).uid('source').print();
    await expect(env.execute({ restoreFrom: join(folder, 'sp') })).rejects.toThrow(/no position of a Sequence Source/);
  });
});
