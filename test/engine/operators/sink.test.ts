import { describe, expect, test, vi } from 'vitest';
import { RestartStrategies, streamEnv } from '../../../src/index.js';

describe('a function that takes elements and returns promises', () => {
  test('is waited for at the end of the job', async () => {
    const env = streamEnv();
    const done: number[] = [];
    env.fromElements(1, 2, 3).forEach(async (n) => {
      for (let i = 0; i < 4 - n; i++) await new Promise((resolve) => setImmediate(resolve));
      done.push(n);
    });
    await env.execute();
    expect([...done].sort()).toEqual([1, 2, 3]);
  });

  test('is waited for before a checkpoint counts', async () => {
    const env = streamEnv();
    let release: () => void = () => undefined;
    let asked = false;
    env
      .fromCollection(async function* () {
        yield 1;
        await new Promise(() => undefined);
      })
      .forEach(async () => {
        asked = true;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      });
    const job = await env.executeAsync();
    await vi.waitFor(() => expect(asked).toBe(true), 60_000);
    let taken = false;
    const checkpoint = job.checkpoint().then(() => {
      taken = true;
    });
    await vi.waitFor(() => expect(job.checkpoints.inProgress).toBe(true), 60_000);
    expect(taken).toBe(false);
    release();
    await checkpoint;
    await job.cancel();
  });

  test('has 100 under way at most, with all elements in the end', async () => {
    const env = streamEnv();
    let open = 0;
    let most = 0;
    let count = 0;
    env
      .fromCollection(async function* () {
        for (let i = 0; i < 1000; i++) yield i;
      })
      .forEach(async () => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setImmediate(resolve));
        open--;
        count++;
      });
    await env.execute();
    expect(count).toBe(1000);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(100);
  });

  test('fails the job where a promise is rejected, naming the element and the line', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const env = streamEnv();
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(1, 1));
    env.fromElements('a', 'b').forEach(async (text) => {
      await Promise.resolve();
      if (text === 'b') throw new Error('no room');
    });
    const job = await env.executeAsync();
    await expect(job.wait()).rejects.toThrow(/ForEach failed at the element 'b': no room\n {2}at .*sink\.test\.ts:\d+/);
    expect(job.restarts).toBe(1);
    vi.restoreAllMocks();
  });
});
