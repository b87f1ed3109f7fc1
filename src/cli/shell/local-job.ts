import { randomBytes } from 'node:crypto';
import type { Job } from '../../engine/job.js';
import type { SessionJob } from './session.js';

const STATUS: Readonly<Record<string, string>> = { cancelled: 'CANCELED' };

/** A job of the engine in this process, under an id as Flink gives one. */
export class LocalJob implements SessionJob {
  readonly id = randomBytes(16).toString('hex');
  readonly startedAt = Date.now();

  constructor(readonly job: Job) {}

  get name(): string {
    return this.job.name;
  }

  status(): string {
    return STATUS[this.job.status] ?? this.job.status.toUpperCase();
  }

  /** What reached the job's last step. */
  rowsWritten(): number | undefined {
    try {
      return this.job.metrics().operators.at(-1)?.numRecordsIn;
    } catch {
      // Between two attempts there is nothing to count.
      return undefined;
    }
  }

  async wait(): Promise<void> {
    await this.job.wait();
  }

  async cancel(): Promise<void> {
    await this.job.cancel();
  }
}
