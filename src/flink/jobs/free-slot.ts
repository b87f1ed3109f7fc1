import { setTimeout as delay } from 'node:timers/promises';
import { StreambookError } from '../../core/errors.js';
import type { JobManager } from './job-manager.js';

/** A job that has just ended gives its slot back within a second or two. */
const PATIENCE_MS = 10_000;
const POLL_MS = 200;

/**
 * Waits until a job can begin. Without a free slot Flink would wait for one, for minutes and without a word.
 *
 * @throws {StreambookError} `no-free-slot`
 */
export async function freeSlot(jobManager: JobManager, patienceMs = PATIENCE_MS): Promise<void> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const { slots, freeSlots, taskManagers, running } = await jobManager.overview();
    if (freeSlots > 0) return;
    if (Date.now() > end) {
      const message =
        taskManagers === 0
          ? 'the cluster has no TaskManager, so no job can run'
          : `all ${slots} slots of the cluster are taken, by ${running} jobs`;
      throw new StreambookError('no-free-slot', message, {
        where: jobManager.url,
        hint:
          taskManagers === 0
            ? '`streambook cluster start-taskmanager` starts one'
            : 'end one of them: (await cluster()).jobs(), then job.cancel()',
      });
    }
    await delay(POLL_MS);
  }
}
