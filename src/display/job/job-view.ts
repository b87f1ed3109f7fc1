import type { MimeBundle } from '../../core/display.js';
import type { CellHandle } from '../../core/kernel.js';
import { trackRunning } from '../../core/running.js';
import { hasEnded, type JobPicture, jobPicture, type PicturedJob } from '../../engine/inspect/job-picture.js';
import { Job } from '../../engine/job.js';
import { read } from '../compact.js';
import { REDRAW_EVERY_MS } from '../notebook.js';
import { open } from '../open.js';
import { View } from '../view.js';
import { jobBundle } from './job-card.js';

/** Figures are read and drawn so often; a count that changes faster cannot be read. */
const LOOK_EVERY_MS = 2 * REDRAW_EVERY_MS;
/** Another engine gathers its figures once a second. */
const LOOK_AWAY_EVERY_MS = 1000;

/** A job that can be looked at, whoever runs it. */
interface Watched {
  readonly name: string;
  picture(): Promise<JobPicture>;
  /** Resolves when the job has ended, if somebody tells. */
  ended?(): Promise<unknown>;
  readonly everyMs: number;
}

/** A job as a card that follows it until it ends; Interrupt ends the following, and the job if the same cell began it. */
class JobView extends View {
  private last: JobPicture | undefined;

  constructor(private readonly job: Watched) {
    super();
  }

  override async bundle(): Promise<MimeBundle> {
    this.last = await this.job.picture();
    return jobBundle(this.last);
  }

  override toString(): string {
    return `job \`${this.job.name}\`${this.last === undefined ? '' : `: ${this.last.status}`}`;
  }

  override async showIn(cell: CellHandle | undefined): Promise<void> {
    const slot = open(await this.bundle(), cell);
    let interrupted = false;
    let wake: () => void = () => {};
    const untrack = trackRunning({
      what: 'job view',
      stop: () => {
        interrupted = true;
        wake();
      },
    });
    const end = this.job.ended?.().then(
      () => wake(),
      () => wake(),
    );
    try {
      while (!interrupted && this.last !== undefined && !hasEnded(this.last.status)) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, this.job.everyMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        const bundle = await this.bundle();
        slot.update(bundle, interrupted || hasEnded(this.last.status));
      }
      // Somebody who waits for the job hears of its end first.
      if (!interrupted) await end;
    } finally {
      untrack();
    }
  }
}

/** The view of a job of this process, or of one that runs elsewhere; `undefined` for what is no job. */
export function jobViewOf(data: object): View | undefined {
  if (data instanceof Job) {
    const picture = async (): Promise<JobPicture> => {
      const { name, status, error } = data;
      return { name, status, nodes: data.explain().nodes, metrics: data.metrics(), error };
    };
    return new JobView({ name: data.name, picture, ended: () => data.wait(), everyMs: LOOK_EVERY_MS });
  }
  if (typeof read(data, jobPicture) !== 'function') return undefined;
  const job = data as PicturedJob;
  return new JobView({ name: job.name, picture: () => job[jobPicture](), everyMs: LOOK_AWAY_EVERY_MS });
}
