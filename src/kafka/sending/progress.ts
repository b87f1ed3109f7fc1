import { type DisplaySlot, display, type MimeBundle, type ProgressState } from '../../core/display.js';
import { kernelHook } from '../../core/kernel.js';

/** No more than ten updates a second in a notebook, and one line a second in a terminal. */
const NOTEBOOK_MS = 100;
const TERMINAL_MS = 1_000;

/**
 * Shows how far something is, in the cell that began it. Updates that come too fast are left out, but never the last
 * one.
 */
export class ProgressView {
  private slot: DisplaySlot | undefined;
  private shownAt = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private latest: (() => ProgressState & { readonly text: string }) | undefined;
  private readonly gapMs: number;

  /**
   * @param everyUpdate show each update, as the caller's are slow enough
   */
  constructor(
    private readonly enabled: boolean,
    everyUpdate: boolean,
  ) {
    const inNotebook = kernelHook() !== undefined;
    this.gapMs = everyUpdate ? 0 : inNotebook ? NOTEBOOK_MS : TERMINAL_MS;
    // Opened at once, so that it belongs to the cell that is running now. In a terminal it would only be a line more.
    if (enabled && inNotebook) this.slot = display().open({ 'text/plain': '' });
  }

  /** @param state called only when it is shown */
  update(state: () => ProgressState & { readonly text: string }): void {
    if (!this.enabled) return;
    this.latest = state;
    const waitMs = this.shownAt + this.gapMs - performance.now();
    if (waitMs <= 0) this.flush();
    else if (this.timer === undefined) {
      this.timer = setTimeout(() => this.flush(), waitMs);
      this.timer.unref();
    }
  }

  /**
   * Shows what came last now.
   *
   * @param last nothing follows
   */
  flush(last = false): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const state = this.latest?.();
    if (state === undefined) return;
    this.latest = undefined;
    this.shownAt = performance.now();
    const bundle: MimeBundle = { ...display().progress(state), 'text/plain': state.text };
    if (this.slot === undefined) this.slot = display().open(bundle);
    else this.slot.update(bundle, last);
  }
}
