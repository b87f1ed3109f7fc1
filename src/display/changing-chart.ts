import type { DisplaySlot } from '../core/display.js';
import type { CellHandle } from '../core/kernel.js';
import { KeptView } from './kept-view.js';
import { open } from './open.js';
import { chartBundle, type Drawn, frameBundle, VEGA_LITE } from './vega.js';

/** A picture takes at most this share of the time; the rest is for the job that it shows. */
const SHARE = 0.2;
/** The page draws Vega-Lite itself, which takes it tens of milliseconds: five times a second leave it 50 frames and more. */
const VEGA_LITE_EVERY_MS = 200;

/** A chart that changes in place, frame by frame, as often as it is cheap enough; at last the whole chart. */
export class ChangingChart {
  private busy = false;
  private nextAt = 0;
  private ended = false;

  constructor(
    private readonly slot: DisplaySlot,
    private readonly kept = new KeptView(),
  ) {}

  /** Shows the first frame. */
  static async open(drawn: Drawn, cell: CellHandle | undefined): Promise<ChangingChart> {
    const kept = new KeptView();
    return new ChangingChart(open(await frameBundle(drawn, kept), cell), kept);
  }

  /**
   * Draws a frame, unless one is being drawn or the last one was dear.
   *
   * @throws what `make` throws
   */
  update(make: () => Drawn): void {
    const start = performance.now();
    if (this.busy || start < this.nextAt) return;
    this.busy = true;
    let drawn: Drawn;
    try {
      drawn = make();
    } catch (error) {
      this.busy = false;
      throw error;
    }
    let everyMs = 0;
    void frameBundle(drawn, this.kept)
      .then((bundle) => {
        if (VEGA_LITE in bundle) everyMs = VEGA_LITE_EVERY_MS;
        if (!this.ended) this.slot.update(bundle);
      })
      // A frame that cannot be drawn is left out; the whole chart says why.
      .catch(() => {})
      .finally(() => {
        this.busy = false;
        const now = performance.now();
        this.nextAt = Math.max(start + everyMs, now + (now - start) * (1 / SHARE - 1));
      });
  }

  /** The chart as it stays. */
  async end(drawn: Drawn): Promise<void> {
    this.ended = true;
    this.kept.close();
    this.slot.update(await chartBundle(drawn), true);
  }
}
