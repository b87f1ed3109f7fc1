import { quoted } from '../../core/arguments.js';
import { ArgumentError, StreambookError } from '../../core/errors.js';
import { ownKeyId } from '../../core/keys.js';
import { checkSerialisable } from '../../core/serialise/index.js';
import type { OutputTag } from '../channels/output-tag.js';
import { boundsOf, note, traceWindows } from '../inspect/tracing.js';
import { Operator } from '../operator.js';
import type { KeyedStateBackend } from '../state/backend.js';
import type { StateTable } from '../state/table.js';
import { MAX_WATERMARK } from '../time/time.js';
import type { InternalTimerService, Triggerable } from '../time/timer-service.js';
import { VOID_NAMESPACE } from '../time/timers.js';
import { FixedWindows, type WindowAssigner } from '../windows/assigners.js';
import type { WindowContents } from '../windows/contents.js';
import type { Evictor, TimestampedValue } from '../windows/evictors.js';
import { giveTimers, writeFired } from '../windows/fired-windows.js';
import { WindowHost } from '../windows/host.js';
import { putAsideLate } from '../windows/late.js';
import { type MergingEntry, MergingWindowSet } from '../windows/merging-windows.js';
import { type Trigger, TriggerResult } from '../windows/trigger.js';
import { WindowTriggerContext } from '../windows/trigger-context.js';
import { EventTimeTrigger, ProcessingTimeTrigger } from '../windows/triggers.js';
import type { Window } from '../windows/window.js';
import type { WindowComputation } from '../windows/window-function.js';

/** Everything a window operator is told. */
export interface WindowSettings<T> {
  readonly assigner: WindowAssigner<T, Window>;
  readonly trigger: Trigger<T, Window>;
  readonly evictor?: Evictor<T, Window> | undefined;
  readonly allowedLatenessMs: number;
  readonly lateTag?: OutputTag<T> | undefined;
  readonly contents: WindowContents<T, unknown, unknown>;
  readonly computation?: (() => WindowComputation) | undefined;
  /** With an evictor the elements are kept one by one, and reduced or aggregated when the window is computed. */
  readonly combine?: ((elements: readonly T[]) => readonly unknown[]) | undefined;
}

/**
 * Windows of any kind: assigner, trigger, evictor, allowed lateness, merging.
 *
 * @see Flink: `WindowOperator`, `EvictingWindowOperator`
 */
export class WindowOperator<T, R> extends Operator<T, R> implements Triggerable<Window> {
  private backend!: KeyedStateBackend;
  private table!: StateTable<unknown>;
  private merging: StateTable<MergingEntry[]> | undefined;
  private timers!: InternalTimerService<Window>;
  private host!: WindowHost;
  private triggerContext!: WindowTriggerContext;
  private checked = false;

  constructor(private readonly settings: WindowSettings<T>) {
    super('Window');
    if (settings.assigner.mergeWindows !== undefined && !settings.trigger.canMerge()) {
      throw new StreambookError('trigger-cannot-merge', 'this trigger cannot be used with windows that merge', {
        hint: 'override canMerge() and onMerge(), or use a trigger that has them',
      });
    }
  }

  override open(): void | Promise<void> {
    const { assigner, contents, computation } = this.settings;
    this.backend = this.context.keyed();
    this.table = this.backend.table('window-contents', contents.kind);
    if (contents.restored !== undefined) {
      for (const space of this.table.spaces.values()) {
        for (const cell of space.cells.values()) contents.restored(cell.value);
      }
    }
    const merges = assigner.mergeWindows !== undefined;
    if (merges) this.merging = this.backend.table('merging-windows', 'merging-windows');
    this.host = new WindowHost(this.context, this.backend, this.output as never, computation?.(), merges);
    const { trigger, allowedLatenessMs } = this.settings;
    // With a default trigger a timer fires the window that ends with it: only keys can change places, unless a window is
    // thrown away, which a function with `clear` sees, when another fires.
    const byDefault = trigger instanceof EventTimeTrigger || trigger instanceof ProcessingTimeTrigger;
    const plain = byDefault && !(allowedLatenessMs > 0 && this.host.hasClear);
    this.timers = this.context.timers<Window>('window-timers', this, plain ? 'registered' : 'heap');
    this.triggerContext = new WindowTriggerContext(this.context, this.backend, this.timers);
    if (this.context.restored && this.isFixed()) giveTimers(this.context, this.table, this.timers, allowedLatenessMs);
    if (this.context.trace !== undefined) traceWindows(this.host, this.context, this.context.trace);
    return this.host.open();
  }

  override close(): void | Promise<void> {
    return this.host?.close();
  }

  /** The same program without its trigger, or without `clear`, goes on from here without timers. */
  override snapshotState(): void {
    if (this.settings.allowedLatenessMs > 0 && this.isFixed()) writeFired(this.context, this.table, undefined);
  }

  private isFixed(): boolean {
    const { assigner } = this.settings;
    return assigner instanceof FixedWindows && assigner.isEventTime();
  }

  override processElement(value: T, timestamp: number): void {
    const windows = this.settings.assigner.assignWindows(value, timestamp, this.context.clock.now());
    const taken =
      this.merging === undefined
        ? this.addToWindows(windows, value, timestamp)
        : this.addMerging(windows, value, timestamp);
    if (taken || !this.isElementLate(timestamp)) return;
    putAsideLate(this.context, this.settings.lateTag, this.backend.currentKey, value, timestamp);
  }

  onEventTime(timestamp: number, window: Window): void {
    this.onTimer(timestamp, window, true);
  }

  onProcessingTime(timestamp: number, window: Window): void {
    this.onTimer(timestamp, window, false);
  }

  private addToWindows(windows: readonly Window[], value: T, timestamp: number): boolean {
    let taken = false;
    for (const window of windows) {
      if (this.isWindowLate(window)) continue;
      taken = true;
      this.put(window, value, timestamp);
      this.react(window, window, value, timestamp);
    }
    return taken;
  }

  private addMerging(windows: readonly Window[], value: T, timestamp: number): boolean {
    let taken = false;
    const set = this.mergingSet();
    for (const assigned of windows) {
      const window = set.add(assigned, this.onMerge);
      if (this.isWindowLate(window)) {
        set.retire(window);
        continue;
      }
      taken = true;
      const stateWindow = set.stateWindow(window) as Window;
      this.put(stateWindow, value, timestamp);
      this.react(window, stateWindow, value, timestamp);
    }
    this.persist(set);
    return taken;
  }

  private react(window: Window, stateWindow: Window, value: T, timestamp: number): void {
    const { trace } = this.context;
    if (trace !== undefined) {
      note(this.context, trace, 'window-assigned', {
        key: this.backend.currentKey,
        value,
        timestamp,
        ...boundsOf(window),
      });
    }
    this.triggerContext.window = window;
    const result = checkResult(this.settings.trigger.onElement(value, timestamp, window, this.triggerContext));
    if ((result & TriggerResult.FIRE) !== 0) {
      if (!this.has(stateWindow)) return;
      this.fire(window, stateWindow);
    }
    if ((result & TriggerResult.PURGE) !== 0) this.purge(stateWindow);
    this.registerCleanup(window);
  }

  private onTimer(timestamp: number, window: Window, eventTime: boolean): void {
    const { assigner, trigger } = this.settings;
    const set = this.merging === undefined ? undefined : this.mergingSet();
    const stateWindow = set === undefined ? window : set.stateWindow(window);
    // The window was merged into another, or cleaned up: nothing is left to fire.
    if (stateWindow === undefined) return;
    this.triggerContext.window = window;
    const result = checkResult(
      eventTime
        ? trigger.onEventTime(timestamp, window, this.triggerContext)
        : trigger.onProcessingTime(timestamp, window, this.triggerContext),
    );
    if ((result & TriggerResult.FIRE) !== 0 && this.has(stateWindow)) this.fire(window, stateWindow);
    if ((result & TriggerResult.PURGE) !== 0) this.purge(stateWindow);
    if (assigner.isEventTime() === eventTime && timestamp === this.cleanupTime(window)) {
      this.purge(stateWindow);
      this.triggerContext.window = window;
      trigger.clear(window, this.triggerContext);
      this.host.clear(window);
      set?.retire(window);
    }
    if (set !== undefined) this.persist(set);
  }

  private fire(window: Window, stateWindow: Window): void {
    const { contents, evictor } = this.settings;
    const kept = this.table.get(stateWindow.id, this.backend.keyId)?.value;
    if (evictor === undefined) this.host.emit(window, contents.elements(kept));
    else this.fireEvicting(evictor, window, stateWindow, kept as TimestampedValue<T>[]);
  }

  private fireEvicting(
    evictor: Evictor<T, Window>,
    window: Window,
    stateWindow: Window,
    kept: TimestampedValue<T>[],
  ): void {
    const before = left('evictBefore', kept, evictor.evictBefore(kept, kept.length, window, this.triggerContext));
    const values = before.map((element) => element.value);
    this.host.emit(window, this.settings.combine === undefined ? values : this.settings.combine(values));
    const after = left('evictAfter', before, evictor.evictAfter(before, before.length, window, this.triggerContext));
    if (after.length === 0) this.purge(stateWindow);
    else if (after !== kept) {
      const cell = this.table.get(stateWindow.id, this.backend.keyId);
      if (cell !== undefined) cell.value = [...after];
    }
  }

  private has(stateWindow: Window): boolean {
    return this.table.get(stateWindow.id, this.backend.keyId) !== undefined;
  }

  private put(stateWindow: Window, value: T, timestamp: number): void {
    const { contents } = this.settings;
    const { keyId } = this.backend;
    const cell = this.table.get(stateWindow.id, keyId);
    if (cell !== undefined) {
      cell.value = contents.add(cell.value, value, timestamp);
      return;
    }
    const first = contents.first(value, timestamp);
    if (!this.checked) {
      checkSerialisable(first, 'window contents: value');
      this.checked = true;
    }
    this.table.insert(stateWindow.id, stateWindow, keyId, first);
  }

  private purge(stateWindow: Window): void {
    this.table.delete(stateWindow.id, this.backend.keyId);
  }

  private mergingSet(): MergingWindowSet {
    const entries = this.merging?.get(VOID_NAMESPACE, this.backend.keyId)?.value ?? [];
    return new MergingWindowSet(this.settings.assigner as WindowAssigner<unknown, Window>, entries);
  }

  private persist(set: MergingWindowSet): void {
    const { merging } = this;
    if (merging === undefined) return;
    const { keyId } = this.backend;
    if (set.entries.length === 0) merging.delete(VOID_NAMESPACE, keyId);
    else {
      const cell = merging.get(VOID_NAMESPACE, keyId);
      if (cell === undefined) merging.insert(VOID_NAMESPACE, undefined, ownKeyId(keyId), set.entries);
      else cell.value = set.entries;
    }
  }

  private readonly onMerge = (
    result: Window,
    merged: readonly Window[],
    stateWindow: Window,
    mergedStateWindows: readonly Window[],
  ): void => {
    const { assigner, trigger, allowedLatenessMs } = this.settings;
    const past = assigner.isEventTime()
      ? result.maxTimestamp() + allowedLatenessMs <= this.context.currentWatermark
      : result.maxTimestamp() <= this.context.clock.now();
    if (past) {
      throw new StreambookError('merged-into-the-past', 'merging made a window that ends before the current time', {
        hint: 'a merged window must not end earlier than the windows it is made of',
      });
    }
    this.triggerContext.window = result;
    this.triggerContext.merged = merged;
    trigger.onMerge(result, this.triggerContext);
    for (const window of merged) {
      if (window.id === result.id) continue;
      this.triggerContext.window = window;
      trigger.clear(window, this.triggerContext);
      this.deleteCleanup(window);
    }
    this.mergeContents(stateWindow, mergedStateWindows);
    this.context.trace?.add({
      operator: this.context.name,
      subtask: this.context.subtask,
      kind: 'merged',
      key: this.backend.currentKey,
      detail: { result, merged },
    });
  };

  private mergeContents(target: Window, sources: readonly Window[]): void {
    const { contents } = this.settings;
    const { keyId } = this.backend;
    let merged: { value: unknown } | undefined;
    for (const source of sources) {
      const cell = this.table.get(source.id, keyId);
      if (cell === undefined) continue;
      merged = { value: merged === undefined ? cell.value : contents.merge(merged.value, cell.value) };
      this.table.delete(source.id, keyId);
    }
    if (merged === undefined) return;
    const cell = this.table.get(target.id, keyId);
    if (cell === undefined) this.table.insert(target.id, target, keyId, merged.value);
    else cell.value = contents.merge(cell.value, merged.value);
  }

  private cleanupTime(window: Window): number {
    const last = window.maxTimestamp();
    return this.settings.assigner.isEventTime() ? last + this.settings.allowedLatenessMs : last;
  }

  private registerCleanup(window: Window): void {
    const time = this.cleanupTime(window);
    if (time === MAX_WATERMARK) return;
    if (this.settings.assigner.isEventTime()) this.timers.registerEventTimeTimer(window.id, window, time);
    else this.timers.registerProcessingTimeTimer(window.id, window, time);
  }

  private deleteCleanup(window: Window): void {
    const time = this.cleanupTime(window);
    if (time === MAX_WATERMARK) return;
    if (this.settings.assigner.isEventTime()) this.timers.deleteEventTimeTimer(window.id, time);
    else this.timers.deleteProcessingTimeTimer(window.id, time);
  }

  private isWindowLate(window: Window): boolean {
    return this.settings.assigner.isEventTime() && this.cleanupTime(window) <= this.context.currentWatermark;
  }

  private isElementLate(timestamp: number): boolean {
    const { assigner, allowedLatenessMs } = this.settings;
    return assigner.isEventTime() && timestamp + allowedLatenessMs <= this.context.currentWatermark;
  }
}

/** A trigger that forgets its `return` would never fire, in silence. */
function checkResult(result: TriggerResult): TriggerResult {
  if ((result & TriggerResult.FIRE_AND_PURGE) === result) return result;
  throw new ArgumentError(`the trigger returned ${quoted(result)}, not a TriggerResult`, {
    hint: 'TriggerResult.CONTINUE, FIRE, PURGE or FIRE_AND_PURGE; a `return` may be missing',
  });
}

/** What an evictor left: what it returned, or where it returned nothing, the list it changed. */
function left<T>(
  method: string,
  elements: TimestampedValue<T>[],
  // biome-ignore lint/suspicious/noConfusingVoidType: as evictors have it
  returned: readonly TimestampedValue<T>[] | void,
): TimestampedValue<T>[] {
  if (returned === undefined) return elements;
  if (Array.isArray(returned)) return returned;
  throw new ArgumentError(`${method} returned ${quoted(returned)}, not a list of the elements that stay`);
}
