import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../../../src/core/clock.js';
import { type StreamExecutionEnvironment, streamEnv } from '../../../src/datastream/index.js';
import { Operator } from '../../../src/engine/operator.js';
import { RestartStrategies } from '../../../src/engine/restart/strategies.js';

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'streambook-checkpoint-'));
  folders.push(made);
  return made;
}
afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true });
  vi.restoreAllMocks();
});

/** Words counted, with a failure at the element at which `fail` says so, once. */
function counting(env: StreamExecutionEnvironment, numbers: () => AsyncIterable<number>, failAt: number): string[] {
  const seen: string[] = [];
  let failed = false;
  env
    .fromCollection(numbers)
    .map((n) => {
      if (n === failAt && !failed) {
        failed = true;
        throw new Error(`at ${n}`);
      }
      return { key: n % 3, n };
    })
    .keyBy((x) => x.key)
    .sum('n')
    .forEach((x) => void seen.push(`${x.key}:${x.n}`));
  return seen;
}

describe('a checkpoint in memory', () => {
  test('is what a restart goes on from', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const clock = new VirtualClock();
    const env = streamEnv({ clock });
    env.enableCheckpointing(1000).setRestartStrategy(RestartStrategies.fixedDelayRestart(1, 500));
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const seen = counting(
      env,
      async function* () {
        yield* [1, 2, 3];
        await gate;
        yield* [4, 5, 6, 7];
      },
      6,
    );
    const job = await env.executeAsync('counting');
    await vi.waitFor(() => expect(seen).toHaveLength(3));
    await clock.advance(1000);
    expect(job.checkpoints.completed).toBe(1);
    release();
    await vi.waitFor(() => expect(job.status).toBe('restarting'));
    expect(seen).toEqual(['1:1', '2:2', '0:3', '1:5', '2:7']);
    await clock.advance(500);
    await job.wait();
    expect(seen.slice(5)).toEqual(['1:5', '2:7', '0:9', '1:12']);
    expect(job.restarts).toBe(1);
    expect(job.checkpoints.restored).toBe(1);
  });

  test('is taken at the end, too', async () => {
    const env = streamEnv({ checkpointing: { intervalMs: 3_600_000 } });
    env.fromElements(1, 2).print();
    const job = await env.executeAsync();
    await job.wait();
    expect(job.checkpoints).toMatchObject({ triggered: 1, completed: 1, failed: 0, inProgress: false });
  });
});

describe('a checkpoint on disk', () => {
  test('serves the next process', async () => {
    const storage = folder();
    const run = async (numbers: number[], restoreFrom?: string) => {
      const env = streamEnv({ checkpointing: { intervalMs: 3_600_000, storage } });
      const seen: string[] = [];
      env
        .fromCollection(numbers)
        .keyBy((n) => n % 2)
        .reduce((a, b) => a + b)
        .uid('sums')
        .forEach((n) => void seen.push(String(n)));
      await env.execute(restoreFrom === undefined ? {} : { restoreFrom });
      return seen;
    };
    expect(await run([1, 2, 3])).toEqual(['1', '2', '4']);
    expect(readdirSync(storage)).toEqual(['chk-1']);
    expect(await run([1, 2, 3, 4, 5], 'latest')).toEqual(['6', '9']);
    expect(readdirSync(storage).sort()).toEqual(['chk-1', 'chk-2']);
    expect(await run([1, 2, 3, 4, 5, 6], join(storage, 'chk-1'))).toEqual(['6', '9', '12']);
  });

  test.each([
    ['RETAIN_ON_CANCELLATION', 1],
    ['DELETE_ON_CANCELLATION', 0],
  ] as const)('%s: what stays of a cancelled job', async (retention, left) => {
    const storage = folder();
    const env = streamEnv({ checkpointing: { intervalMs: 3_600_000, storage, retention } });
    env
      .fromCollection(async function* () {
        yield 1;
        await new Promise(() => undefined);
      })
      .print();
    const job = await env.executeAsync();
    await job.checkpoint();
    expect(readdirSync(storage)).toEqual(['.lock', 'chk-1']);
    await job.cancel();
    expect(readdirSync(storage)).toHaveLength(left);
  });
});

test('a retention that there is not is refused', () => {
  expect(() => streamEnv({ checkpointing: { retention: 'RETAIN' as never } })).toThrow(
    /retention is 'RETAIN', none of 'RETAIN_ON/,
  );
});

/** A sink that is never through with its part of the checkpoints that it is told of. */
class Stuck extends Operator<number, never> {
  constructor(private readonly isStuck: (checkpointId: number) => boolean) {
    super('Stuck');
  }
  override processElement(): void {}
  override snapshotState(checkpointId: number): Promise<void> | undefined {
    return this.isStuck(checkpointId) ? new Promise(() => undefined) : undefined;
  }
}

describe('a checkpoint that takes too long', () => {
  const start = async (tolerableFailures: number, isStuck: (id: number) => boolean, timeoutMs = 10) => {
    const env = streamEnv({
      checkpointing: { intervalMs: 3_600_000, timeoutMs, tolerableFailures },
    });
    env.setRestartStrategy(RestartStrategies.noRestart());
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    env
      .fromCollection(async function* () {
        yield 1;
        await ended;
      })
      .sinkTo({ name: 'Stuck', createOperator: () => new Stuck(isStuck) });
    return { job: await env.executeAsync(), end: () => end() };
  };

  test('is given up, named, and fails the job where none may fail', async () => {
    const { job } = await start(0, () => true);
    await expect(job.checkpoint()).rejects.toMatchObject({ code: 'checkpoint-timeout' });
    await expect(job.wait()).rejects.toThrow('checkpoint 1 took longer than 10 ms');
    expect(job.checkpoints).toMatchObject({ completed: 0, failed: 1, inProgress: false });
    expect(job.checkpoints.lastFailure).toContain('took longer');
  });

  test('may come so many times in a row; one that is completed begins the count anew', async () => {
    // Long enough that what is not stuck is through on any machine.
    const { job, end } = await start(1, (id) => id % 2 === 1, 2000);
    await expect(job.checkpoint()).rejects.toThrow('checkpoint 1 took longer');
    expect((await job.checkpoint()).id).toBe(2);
    await expect(job.checkpoint()).rejects.toThrow('checkpoint 3 took longer');
    expect(job.status).toBe('running');
    end();
    await job.wait();
    expect(job.checkpoints).toMatchObject({ completed: 2, failed: 2 });
  });

  test('is one too many after those that may fail', async () => {
    const { job } = await start(1, () => true);
    await expect(job.checkpoint()).rejects.toThrow('checkpoint 1');
    expect(job.status).toBe('running');
    await expect(job.checkpoint()).rejects.toThrow('checkpoint 2');
    await expect(job.wait()).rejects.toThrow('checkpoint 2 took longer than 10 ms');
  });
});
