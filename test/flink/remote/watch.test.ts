import { describe, expect, it } from 'vitest';
import type { JobManager } from '../../../src/flink/jobs/job-manager.js';
import { whileJobManagerLives } from '../../../src/flink/remote/watch.js';

/** One that answers so often, and then no more. */
function answering(times: number): { manager: JobManager; asked: () => number } {
  let asked = 0;
  const overview = async () => {
    if (++asked > times) throw new Error('connect ECONNREFUSED');
  };
  return { manager: { url: 'http://127.0.0.1:1', overview } as unknown as JobManager, asked: () => asked };
}

describe('a page that is long in coming', () => {
  it('fails when the JobManager is gone', async () => {
    const { manager, asked } = answering(3);
    await expect(whileJobManagerLives(new Promise(() => {}), async () => manager, 1)).rejects.toMatchObject({
      code: 'cluster-unreachable',
      message: expect.stringContaining("the cluster's JobManager does not answer: connect ECONNREFUSED"),
    });
    // One look that fails may be a bad moment.
    expect(asked()).toBe(5);
  });

  it('is waited for as long as the JobManager answers', async () => {
    const { manager, asked } = answering(Number.POSITIVE_INFINITY);
    let come: (page: string) => void = () => {};
    const page = whileJobManagerLives(
      new Promise<string>((resolve) => {
        come = resolve;
      }),
      async () => manager,
      1,
    );
    while (asked() < 5) await new Promise((resolve) => setImmediate(resolve));
    come('page');
    expect(await page).toBe('page');
  });

  it('is waited for where the JobManager is not known, and throws what the gateway says', async () => {
    const nobody = async () => undefined;
    const failing = new Promise((_, reject) => setTimeout(() => reject(new Error('told')), 20));
    await expect(whileJobManagerLives(failing, nobody, 1)).rejects.toThrow('told');
  });
});
