import type { WindowAssigner } from './assigners.js';
import type { Window } from './window.js';

/** A window as it is now, and the one under which its contents are kept: the first of those it was merged from. */
export interface MergingEntry {
  readonly window: Window;
  readonly stateWindow: Window;
}

/** Called when windows merge, before the element is added. */
export type OnMerge = (
  result: Window,
  merged: readonly Window[],
  stateWindow: Window,
  mergedStateWindows: readonly Window[],
) => void;

/**
 * The windows in flight of one key where windows merge.
 *
 * @see Flink: `MergingWindowSet`
 */
export class MergingWindowSet {
  constructor(
    private readonly assigner: WindowAssigner<unknown, Window>,
    readonly entries: MergingEntry[],
  ) {}

  stateWindow(window: Window): Window | undefined {
    return this.entries.find((entry) => entry.window.id === window.id)?.stateWindow;
  }

  retire(window: Window): void {
    const at = this.entries.findIndex((entry) => entry.window.id === window.id);
    if (at >= 0) this.entries.splice(at, 1);
  }

  /** Adds a window and merges what is to be merged. @returns the window that the new one has become part of */
  add(added: Window, onMerge: OnMerge): Window {
    const same = this.entries.findIndex((entry) => entry.window.id === added.id);
    const known = same >= 0;
    const windows = this.entries.map((entry) => entry.window);
    if (!known) windows.push(added);
    const merges = this.assigner.mergeWindows?.(windows) ?? [];
    let result = added;
    let found = known;
    for (const { result: mergeResult, merged: all } of merges) {
      const merged = all.filter((window) => window.id !== added.id || known);
      if (all.some((window) => window.id === added.id)) {
        found = true;
        result = mergeResult;
      }
      const stateWindows: Window[] = [];
      for (const window of merged) {
        const state = this.stateWindow(window);
        if (state === undefined) continue;
        stateWindows.push(state);
        this.retire(window);
      }
      const [kept, ...rest] = stateWindows;
      if (kept === undefined) continue;
      this.entries.push({ window: mergeResult, stateWindow: kept });
      const unchanged = merged.length === 1 && merged[0]?.id === mergeResult.id;
      if (!unchanged) onMerge(mergeResult, merged, kept, rest);
    }
    if (!found) this.entries.push({ window: added, stateWindow: added });
    // Flink begins such a window anew: what was merged into it so far is lost (docs/decisions/0015).
    else if (known && merges.length === 0) this.entries[same] = { window: added, stateWindow: added };
    return result;
  }
}
