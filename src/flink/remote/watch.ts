import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../core/errors.js';
import { ClusterConnectionError } from '../errors.js';
import type { JobManager } from '../jobs/job-manager.js';

/** How long a page may be in coming before the JobManager is looked at, and how often after that. */
const LOOK_EVERY_MS = 2000;
/** One look asks four times in four seconds. */
const LOOKS = 2;

/**
 * Waits for a page of a result, and has an eye on the JobManager meanwhile: a gateway whose JobManager is gone says nothing
 * for minutes.
 *
 * @throws ClusterConnectionError when the JobManager is gone
 */
export async function whileJobManagerLives<T>(
  page: Promise<T>,
  find: () => Promise<JobManager | undefined>,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<T> {
  const here = new AbortController();
  try {
    return await Promise.race([page, gone(find, lookEveryMs, here.signal)]);
  } finally {
    here.abort();
  }
}

/** Never resolves; rejects when nobody answers. */
async function gone(find: () => Promise<JobManager | undefined>, everyMs: number, signal: AbortSignal): Promise<never> {
  const pause = (): Promise<boolean> => delay(everyMs, true, { signal, ref: false }).catch(() => false);
  for (let misses = 0; await pause(); ) {
    const jobManager = await find().catch(() => undefined);
    if (jobManager === undefined) break;
    const trouble = await jobManager.overview().then(
      () => undefined,
      (error: unknown) => error,
    );
    misses = trouble === undefined ? 0 : misses + 1;
    if (misses < LOOKS) continue;
    throw new ClusterConnectionError(`the cluster's JobManager does not answer: ${messageOf(trouble)}`, {
      where: jobManager.url,
      cause: trouble,
      hint: 'the query has ended with it; `streambook cluster status` says what runs, its log says why',
    });
  }
  return new Promise(() => {});
}
