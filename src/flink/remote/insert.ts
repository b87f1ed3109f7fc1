import { StreambookError } from '../../core/errors.js';
import type { RemoteJob } from '../../table/result/table-result.js';
import type { Operation } from '../gateway/operation.js';
import type { JobManager } from '../jobs/job-manager.js';
import { cancelJob, waitForJob } from '../jobs/states.js';
import type { SessionLink } from './link.js';

/** An INSERT that was sent to a cluster: it goes on there by itself, also when this process has ended. */
export class RemoteInsert implements RemoteJob {
  /** Resolves to the job's id when the cluster has taken it. */
  readonly submitted: Promise<string>;
  private jobId: string | undefined;
  private readonly manager: Promise<JobManager | undefined>;

  constructor(link: SessionLink, start: () => Promise<Operation>) {
    let found: (manager: JobManager | undefined) => void = () => {};
    this.manager = new Promise((resolve) => {
      found = resolve;
    });
    this.submitted = this.submit(link, start, found);
    this.submitted.catch(() => found(undefined));
  }

  get id(): string | undefined {
    return this.jobId;
  }

  async wait(): Promise<void> {
    const id = await this.submitted;
    await waitForJob(await this.reached(), id);
  }

  async cancel(): Promise<void> {
    const id = await this.submitted;
    await cancelJob(await this.reached(), id);
  }

  private async submit(
    link: SessionLink,
    start: () => Promise<Operation>,
    found: (manager: JobManager | undefined) => void,
  ): Promise<string> {
    const operation = await start();
    try {
      for await (const page of operation.pages()) if (page.jobID !== undefined) this.jobId = page.jobID;
      // The session knows where the JobManager is, and is closed after this.
      found(await link.jobManager().catch(() => undefined));
    } finally {
      await operation.close();
      await link.release();
    }
    if (this.jobId === undefined) throw new StreambookError('no-job', 'the cluster started no job for this INSERT');
    return this.jobId;
  }

  private async reached(): Promise<JobManager> {
    const manager = await this.manager;
    if (manager !== undefined) return manager;
    throw new StreambookError('no-job-manager', 'the JobManager of this cluster cannot be reached from here', {
      hint: "say where it is: cluster(url, { jobManager: 'http://localhost:8081' })",
    });
  }
}
