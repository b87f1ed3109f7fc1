import { setTimeout as delay } from 'node:timers/promises';
import { display, type TableData } from '../../core/display.js';
import { StreambookError } from '../../core/errors.js';
import { flinkErrorOf } from '../java-error.js';
import { figuresOf, type JobFigures, type StepFigures } from './figures.js';
import type { JobManager } from './job-manager.js';
import { cancelJob, ENDED, exceptionsOf, stateOf, waitForJob } from './states.js';

const POLL_MS = 150;

/**
 * A job of a cluster.
 *
 * @example
 *   const [job] = await (await cluster()).jobs();
 *   await job.show();
 *   const path = await job.stop();       // with a savepoint
 * @see Flink: REST API, Jobs
 */
export class ClusterJob {
  /** @internal */
  constructor(
    private readonly jobManager: JobManager,
    readonly id: string,
    /** As Flink calls it: of a query its text. */
    readonly name: string,
    readonly startedAt: Date,
  ) {}

  /** The job's page in Flink's own Web UI. */
  get webUi(): string {
    return `${this.jobManager.url}/#/job/running/${this.id}/overview`;
  }

  /** `RUNNING`, `RESTARTING`, `FINISHED`, `CANCELED`, `FAILED`, ... */
  status(): Promise<string> {
    return stateOf(this.jobManager, this.id);
  }

  /** Throughput, latency, watermarks, back pressure, checkpoints, as they are now. */
  figures(): Promise<JobFigures> {
    return figuresOf(this.jobManager, this.id);
  }

  /** What went wrong so far, newest first, each as a sentence. A job that was restarted goes on after it. */
  async exceptions(): Promise<string[]> {
    const answer = await exceptionsOf(this.jobManager, this.id);
    const entries = answer.exceptionHistory?.entries ?? [];
    if (entries.length === 0 && typeof answer['root-exception'] === 'string')
      return [inWords(answer['root-exception'])];
    return entries.map(({ stacktrace, taskName, timestamp }) => {
      const task = taskName == null ? '' : ` in ${taskName.replace(/ \(\d+\/\d+\).*$/, '')}`;
      return `${new Date(timestamp).toISOString()}${task}: ${inWords(stacktrace)}`;
    });
  }

  /** Resolves when the job has ended. @throws what made it fail */
  wait(): Promise<void> {
    return waitForJob(this.jobManager, this.id);
  }

  /** Ends the job at once. Its state is lost, but for checkpoints that are kept. */
  async cancel(): Promise<void> {
    await cancelJob(this.jobManager, this.id);
    await this.ended();
  }

  /**
   * Writes the job's state down while it goes on. @returns the savepoint's address
   *
   * @param folder where; the cluster's own `execution.checkpointing.savepoint-dir` unless given
   */
  async savepoint(folder?: string): Promise<string> {
    const body = { 'target-directory': folder ?? null, 'cancel-job': false };
    return this.written(await this.jobManager.send('POST', `/jobs/${this.id}/savepoints`, body));
  }

  /**
   * Ends the job in good order, with a savepoint. A program goes on from there with
   * `cluster.execute(program, { savepoint })`. @returns the savepoint's address
   *
   * @param options `drain`: fire all windows before, because nothing goes on
   */
  async stop(options: { readonly folder?: string; readonly drain?: boolean } = {}): Promise<string> {
    const body = { targetDirectory: options.folder ?? null, drain: options.drain === true };
    const path = await this.written(await this.jobManager.send('POST', `/jobs/${this.id}/stop`, body));
    await this.ended();
    return path;
  }

  /** Shows a line for each step. */
  async show(): Promise<void> {
    display().open(display().table(tableOf(this.name, await this.figures(), this.webUi)));
  }

  private async written(answer: unknown): Promise<string> {
    const request = (answer as { 'request-id': string })['request-id'];
    for (;;) {
      const { status, operation } = (await this.jobManager.get(`/jobs/${this.id}/savepoints/${request}`)) as {
        status: { id: string };
        operation?: { location?: string; 'failure-cause'?: { 'stack-trace'?: string; class?: string } };
      };
      if (status.id === 'COMPLETED') {
        if (operation?.location !== undefined) return operation.location;
        const cause = operation?.['failure-cause'];
        throw new StreambookError(
          'savepoint-failed',
          `no savepoint: ${inWords(cause?.['stack-trace'] ?? cause?.class ?? '')}`,
          {
            where: `job ${this.id}`,
          },
        );
      }
      await delay(POLL_MS);
    }
  }

  private async ended(): Promise<void> {
    while (!ENDED.has(await this.status())) await delay(POLL_MS);
  }
}

/** A stack trace as a sentence. */
function inWords(trace: string): string {
  const made = flinkErrorOf(`JobExecutionException\nCaused by: ${trace}`);
  return made.message.replace(/^\[streambook\/[\w-]+\] (the job failed: )?/, '');
}

const percent = (share: number | undefined): string => (share === undefined ? '' : `${Math.round(share * 100)} %`);

/** @internal What a job is shown as. */
export function tableOf(name: string, { state, durationMs, steps, checkpoints }: JobFigures, webUi: string): TableData {
  const columns = [
    'step',
    'status',
    'parallelism',
    'in',
    'out',
    'in/s',
    'out/s',
    'busy',
    'back pressure',
    'watermark lag',
  ];
  const row = (step: StepFigures): unknown[] => [
    step.name,
    step.status,
    step.parallelism,
    step.recordsIn,
    step.recordsOut,
    Math.round(step.recordsInPerSecond),
    Math.round(step.recordsOutPerSecond),
    percent(step.busy),
    percent(step.backPressured),
    step.watermarkLagMs === undefined ? '' : `${step.watermarkLagMs} ms`,
  ];
  const { completed, failed, restored } = checkpoints;
  const caption = `${name.split('\n')[0]}: ${state}, ${Math.round(durationMs / 1000)} s; checkpoints: ${completed} completed, ${failed} failed, ${restored} restored; ${webUi}`;
  return { columns: columns.map((column) => ({ name: column })), rows: steps.map(row), caption };
}

/** Every job that a cluster knows, newest first. */
export async function jobsOf(jobManager: JobManager): Promise<ClusterJob[]> {
  const { jobs } = (await jobManager.get('/jobs/overview')) as {
    jobs: readonly { jid: string; name: string; 'start-time': number }[];
  };
  return jobs
    .map((job) => new ClusterJob(jobManager, job.jid, job.name, new Date(job['start-time'])))
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
}
