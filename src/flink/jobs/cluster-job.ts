import { setTimeout as delay } from 'node:timers/promises';
import { display } from '../../core/display.js';
import { StreambookError } from '../../core/errors.js';
import { type JobPicture, jobPicture, type PicturedJob } from '../../engine/inspect/job-picture.js';
import type { FailureWords } from '../failure-words.js';
import { flinkErrorOf } from '../java-error.js';
import { figuresOf, type JobFigures } from './figures.js';
import type { JobManager } from './job-manager.js';
import { pictureOf } from './picture.js';
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
export class ClusterJob implements PicturedJob {
  private seen: JobFigures | undefined;

  /** @internal */
  constructor(
    private readonly jobManager: JobManager,
    readonly id: string,
    /** As Flink calls it: of a query its text. */
    readonly name: string,
    readonly startedAt: Date,
  ) {}

  /** The job's page in Flink's own Web UI: `http://127.0.0.1:8081/#/job/running/...`. */
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
      return [sentence(answer['root-exception'])];
    return entries.map(({ stacktrace, taskName, timestamp }) => {
      const task = taskName == null ? '' : ` in ${shortTask(taskName)}`;
      return `${new Date(timestamp).toISOString()}${task}: ${sentence(stacktrace)}`;
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

  /**
   * Shows the job as jobs of this process are shown, and follows it until it ends or the cell is interrupted: its graph,
   * rates, watermarks, back pressure, state, checkpoints, what made it fail. The job as a cell's last value is its card
   * at this moment.
   */
  async show(): Promise<void> {
    await display().show?.(this);
  }

  /** What its card is drawn from. */
  async [jobPicture](): Promise<JobPicture> {
    const { name, webUi } = this;
    const figures = this.kept(await this.figures());
    const troubled = figures.restarts > 0 || figures.state === 'FAILED' || figures.state === 'RESTARTING';
    const failure = troubled ? (await this.exceptions())[0] : undefined;
    return pictureOf({ name, figures, webUi, failure });
  }

  /** The counts of a job that has ended are gone with its tasks: those that were seen last stand for them. */
  private kept(figures: JobFigures): JobFigures {
    const counted = figures.steps.some(({ operators }) => operators.some((one) => one.recordsIn + one.recordsOut > 0));
    if (counted || this.seen === undefined || !ENDED.has(figures.state)) {
      if (counted) this.seen = figures;
      return figures;
    }
    return { ...figures, steps: this.seen.steps };
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
        const { 'stack-trace': trace, class: thrown } = operation?.['failure-cause'] ?? {};
        throw await this.noSavepoint(trace ?? thrown ?? '');
      }
      await delay(POLL_MS);
    }
  }

  private async noSavepoint(trace: string): Promise<StreambookError> {
    const where = `job ${this.id}`;
    // Of a job that has ended Flink says that it knows none.
    const ended = trace.includes('FlinkJobNotFoundException');
    const { says, hint } = ended ? { says: `the job has ended already (${await this.status()})` } : inWords(trace);
    const details = hint === undefined ? { where } : { where, hint };
    return new StreambookError('savepoint-failed', `no savepoint: ${says}`, details);
  }

  private async ended(): Promise<void> {
    while (!ENDED.has(await this.status())) await delay(POLL_MS);
  }
}

/** `Source: orders -> Calc ...`: without numbers, and no longer than can be read. */
function shortTask(name: string): string {
  const plain = name.replace(/ \(\d+\/\d+\).*$/, '').replace(/\[\d+\]/g, '');
  return plain.length <= 60 ? plain : `${plain.slice(0, 58).trimEnd()} ...`;
}

/** What a stack trace says. */
function inWords(trace: string): FailureWords {
  const { message, hint } = flinkErrorOf(`JobExecutionException\nCaused by: ${trace}`);
  const says = message.replace(/^\[streambook\/[\w-]+\] (the job failed: )?/, '');
  return hint === undefined ? { says } : { says: says.replace(`\n  hint: ${hint}`, ''), hint };
}

/** A stack trace as a sentence. */
function sentence(trace: string): string {
  const { says, hint } = inWords(trace);
  return hint === undefined ? says : `${says}; ${hint}`;
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
