import type { MimeBundle } from '../../core/display.js';
import type { CellHandle } from '../../core/kernel.js';
import { trackRunning } from '../../core/running.js';
import type { Job } from '../../engine/job.js';
import { REDRAW_EVERY_MS } from '../notebook.js';
import { open } from '../open.js';
import { View } from '../view.js';
import { jobBundle } from './job-card.js';

/** Figures are read and drawn so often; a count that changes faster cannot be read. */
const LOOK_EVERY_MS = 2 * REDRAW_EVERY_MS;

/** A job as a card that follows it until it ends; Interrupt ends the following, and the job if the same cell began it. */
export class JobView extends View {
  constructor(private readonly job: Job) {
    super();
  }

  override async bundle(): Promise<MimeBundle> {
    return this.now();
  }

  override toString(): string {
    return `job \`${this.job.name}\`: ${this.job.status}`;
  }

  override async showIn(cell: CellHandle | undefined): Promise<void> {
    const slot = open(this.now(), cell);
    if (this.ended()) return;
    let stop: () => void = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const untrack = trackRunning({ what: 'job view', stop });
    const timer = setInterval(() => slot.update(this.now()), LOOK_EVERY_MS);
    try {
      await Promise.race([stopped, this.job.wait().catch(() => undefined)]);
    } finally {
      clearInterval(timer);
      untrack();
      slot.update(this.now(), true);
    }
  }

  private ended(): boolean {
    const { status } = this.job;
    return status === 'finished' || status === 'failed' || status === 'cancelled';
  }

  private now(): MimeBundle {
    const { name, status, error } = this.job;
    return jobBundle({ name, status, plan: this.job.explain(), metrics: this.job.metrics(), error });
  }
}
