import { setTimeout as delay } from 'node:timers/promises';
import { StreambookError } from '../../core/errors.js';
import { FlinkError } from '../errors.js';
import { flinkErrorOf } from '../java-error.js';
import type { JobManager } from './job-manager.js';

const POLL_MS = 150;

/** States after which nothing more comes. */
export const ENDED: ReadonlySet<string> = new Set(['FINISHED', 'CANCELED', 'FAILED', 'SUSPENDED']);

/** `RUNNING`, `FINISHED`, ...: asked now. */
export async function stateOf(jobManager: JobManager, id: string): Promise<string> {
  return ((await jobManager.get(`/jobs/${id}/status`)) as { status: string }).status;
}

/**
 * Resolves when a job has ended.
 *
 * @throws FlinkError when it failed; {StreambookError} `job-cancelled`
 */
export async function waitForJob(jobManager: JobManager, id: string): Promise<void> {
  for (;;) {
    const state = await stateOf(jobManager, id);
    if (state === 'FINISHED') return;
    if (state === 'FAILED') throw await failureOf(jobManager, id);
    if (ENDED.has(state)) {
      throw new StreambookError('job-cancelled', `the job was ${state === 'CANCELED' ? 'cancelled' : 'suspended'}`, {
        where: `job ${id}`,
      });
    }
    await delay(POLL_MS);
  }
}

/** What the JobManager tells of failures. Flink 1 has the last one apart, Flink 2 only in the history. */
interface Exceptions {
  readonly 'root-exception'?: string | null;
  readonly exceptionHistory?: {
    readonly entries?: readonly {
      readonly stacktrace: string;
      readonly taskName?: string | null;
      readonly timestamp: number;
    }[];
  };
}

/** @internal */
export async function exceptionsOf(jobManager: JobManager, id: string): Promise<Exceptions> {
  return (await jobManager.get(`/jobs/${id}/exceptions`)) as Exceptions;
}

/** The state is known a moment before the reason is. */
const REASON_TRIES = 20;

/** What made a job fail. */
async function failureOf(jobManager: JobManager, id: string): Promise<FlinkError> {
  for (let i = 0; i < REASON_TRIES; i++) {
    const { 'root-exception': root, exceptionHistory } = await exceptionsOf(jobManager, id);
    const text = root ?? exceptionHistory?.entries?.[0]?.stacktrace ?? '';
    if (text !== '') return flinkErrorOf(`JobExecutionException\nCaused by: ${text}`) as FlinkError;
    await delay(POLL_MS);
  }
  return new FlinkError('flink-job-failed', `the job ${id} failed`, { serverText: '' });
}

/** Ends a job. One that has ended already stays as it is. */
export async function cancelJob(jobManager: JobManager, id: string): Promise<void> {
  await jobManager.send('PATCH', `/jobs/${id}?mode=cancel`).catch((error: unknown) => {
    if (!/already|terminal/i.test(String(error))) throw error;
  });
}
