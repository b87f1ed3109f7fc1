import { type DisplaySlot, display, type ProgressState } from './display.js';
import { kernelHook } from './kernel.js';

/** What is quicker than this needs no bar. */
const LATE_MS = 1000;

/**
 * How far something is, shown once it has taken a second; what is quicker leaves nothing behind. Only where somebody
 * watches: in a notebook, or in a terminal.
 */
export class LateProgress {
  private readonly startedAt = performance.now();
  private readonly watched = kernelHook() !== undefined || process.stdout.isTTY === true;
  private slot: DisplaySlot | undefined;
  private done = 0;

  /** @param total units in all, as far as anybody knows */
  constructor(
    private readonly label: string,
    private readonly unit: string,
    private readonly total?: number,
  ) {}

  /** So many units are done. */
  update(done: number): void {
    this.done = done;
    if (!this.watched || performance.now() - this.startedAt < LATE_MS) return;
    this.draw('running');
  }

  /** Nothing more comes. */
  end(state: 'done' | 'failed' = 'done'): void {
    if (this.slot !== undefined) this.draw(state);
  }

  private draw(state: ProgressState['state']): void {
    const elapsedMs = performance.now() - this.startedAt;
    const { label, unit, done, total } = this;
    const bundle = display().progress({
      label,
      unit,
      done,
      elapsedMs,
      state,
      ...(total !== undefined && { total }),
    });
    if (this.slot === undefined) this.slot = display().open(bundle);
    else this.slot.update(bundle, state !== 'running');
  }
}
