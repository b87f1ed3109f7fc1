import { during } from './errors.js';
import type { Topology } from './run/topology.js';

/** Flink kills a worker whose task has not ended 3 minutes after it was cancelled; a cell should not wait for that long. */
const CLOSE_MS = 30_000;

/**
 * Closes sources and operators.
 *
 * @param over whether the job has come to its end: then each is waited for, as long as it takes, but a job that failed or
 *   was cancelled ends without those that do not close
 * @returns what failed first
 */
export async function closeAll({ sources, operators }: Topology, over: boolean): Promise<unknown> {
  let failure: unknown;
  for (const task of [...sources, ...operators]) {
    const who = 'context' in task ? task.context : task;
    try {
      await closed(task.close(), who.name, over);
    } catch (error) {
      failure ??= during(who, 'when it was closed', error);
    }
  }
  return failure;
}

async function closed(closing: Promise<void>, name: string, over: boolean): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      const then = over ? 'the job waits for it' : 'the job ends without it';
      console.warn(`${name} was asked to close ${CLOSE_MS / 1000} s ago, and has not: ${then}`);
      if (!over) resolve();
    }, CLOSE_MS);
  });
  await Promise.race([closing, late]).finally(() => clearTimeout(timer));
}
