import { StreambookError } from '../../core/errors.js';
import type { KeyId } from '../../core/keys.js';
import { keyOfId, ownKeyId } from '../../core/keys.js';
import { ownStrings } from '../../core/own-strings.js';
import { checkSerialisable } from '../../core/serialise/index.js';
import { CHAINED, type ChainLink } from '../channels/chain.js';
import type { OutputTag } from '../channels/output-tag.js';
import type { Trace } from '../inspect/trace.js';
import { boundsOf, note, traceWindows } from '../inspect/tracing.js';
import { type KeyedReceiver, Operator } from '../operator.js';
import type { TimedService } from '../operator-context.js';
import type { KeyedStateBackend } from '../state/backend.js';
import { KeyCache } from '../state/key-cache.js';
import { KeyedCell } from '../state/packed-cell.js';
import type { Cell, Space, StateTable } from '../state/table.js';
import { MinHeap } from '../time/min-heap.js';
import { MIN_LONG_TIMESTAMP } from '../time/time.js';
import type { FixedWindows } from '../windows/assigners.js';
import type { WindowContents } from '../windows/contents.js';
import { readFired, writeFired } from '../windows/fired-windows.js';
import { WindowHost } from '../windows/host.js';
import { putAsideLate } from '../windows/late.js';
import { type TimeWindow, windowStart } from '../windows/window.js';
import type { WindowComputation } from '../windows/window-function.js';

/** What a slice window operator is told. */
export interface SliceWindowSettings<T> {
  readonly assigner: FixedWindows<T>;
  readonly allowedLatenessMs: number;
  readonly lateTag?: OutputTag<T> | undefined;
  readonly contents: WindowContents<T, unknown, unknown>;
  readonly computation?: (() => WindowComputation) | undefined;
}

/** The state of one window. */
class Slice {
  readonly cells: Map<KeyId, KeyedCell<unknown>>;
  readonly cache: KeyCache<KeyedCell<unknown>>;
  readonly window: TimeWindow;

  /** @param expected how many keys there will be, as far as is known */
  constructor(space: Space<unknown>, expected: number) {
    this.window = space.namespace as TimeWindow;
    this.cells = space.cells as Map<KeyId, KeyedCell<unknown>>;
    // Those out of a snapshot do not know their keys.
    for (const [key, cell] of space.cells) this.cells.set(key, new KeyedCell(key, cell.value));
    this.cache = new KeyCache(this.cells, expected);
  }
}

/**
 * Tumbling and sliding windows in event time with the default trigger: the same results as the general window operator,
 * without a timer per key. A window's slice of the state is its timer at once: when the watermark passes, all its keys
 * fire, in the order in which they came.
 */
export class SliceWindowOperator<T, R> extends Operator<T, R> implements TimedService, KeyedReceiver {
  private backend!: KeyedStateBackend;
  private table!: StateTable<unknown>;
  private host!: WindowHost;
  private checked = false;
  private lastStart = Number.NaN;
  private lastSlice!: Slice;
  /** How many keys the window had that was dropped last. */
  private expected = 0;
  private readonly slices = new Map<number, Slice>();
  private readonly toFire = new MinHeap();
  private readonly toDrop = new MinHeap();
  private firing: { space: Space<unknown>; entries: Iterator<[KeyId, Cell<unknown>]> } | undefined;
  /** Windows that had fired before a restore, with the keys that have had an element since. */
  private firedBefore: Map<number, Set<KeyId>> | undefined;
  private readonly sizeMs: number;
  private readonly slideMs: number;
  private readonly offsetMs: number;
  private readonly latenessMs: number;
  private readonly contents: WindowContents<T, unknown, unknown>;

  constructor(private readonly settings: SliceWindowSettings<T>) {
    super('Window');
    this.sizeMs = settings.assigner.sizeMs;
    this.slideMs = settings.assigner.slideMs;
    this.offsetMs = settings.assigner.offsetMs;
    this.latenessMs = settings.allowedLatenessMs;
    this.contents = settings.contents;
  }

  override open(): void | Promise<void> {
    this.backend = this.context.keyed();
    this.table = this.backend.table('window-contents', this.contents.kind);
    this.host = new WindowHost(this.context, this.backend, this.output as never, this.settings.computation?.(), false);
    const { trace } = this.context;
    if (trace !== undefined) this.traced(trace);
    this.context.addTimedService(this);
    if (this.context.restored) this.takeUp();
    return this.host.open();
  }

  override close(): void | Promise<void> {
    return this.host?.close();
  }

  override processElement(value: T, timestamp: number): void {
    this.processKeyed(value, timestamp, this.backend.keyId);
  }

  processKeyed(value: T, timestamp: number, key: KeyId): void {
    if (this.context.draining) this.context.completeDrain();
    if (timestamp <= MIN_LONG_TIMESTAMP) noTimestamp();
    const { lastStart } = this;
    const tumbling = this.slideMs === this.sizeMs;
    // Most elements fall into the window of the one before; a remainder of large numbers is a slow thing to compute.
    const start =
      tumbling && timestamp >= lastStart && timestamp < lastStart + this.sizeMs
        ? lastStart
        : windowStart(timestamp, this.offsetMs, this.slideMs);
    let taken = false;
    if (tumbling) taken = this.add(start, value, timestamp, key);
    else {
      for (let at = start; at > timestamp - this.sizeMs; at -= this.slideMs) {
        if (this.add(at, value, timestamp, key)) taken = true;
      }
    }
    if (!taken) this.late(value, timestamp, key);
  }

  /** In tumbling windows most elements have the window of the one before, in which their key is known already. */
  [CHAINED](): ChainLink {
    const names = { window: this, own: this.context };
    if (this.slideMs !== this.sizeMs) {
      return {
        names,
        text: ({ value, timestamp, key, at }) => `window${at}.processKeyed(${value}, ${timestamp}, ${key});`,
      };
    }
    const { chainedAdd } = this.contents;
    const { names: others, text: added } = chainedAdd ?? {
      names: { contents: this.contents },
      text: (contents: string, value: string, at: number) => `contents${at}.add(${contents}, ${value}, time${at})`,
    };
    return {
      names: { ...names, ...others },
      text: ({ value, timestamp, key, at }) => `if (own${at}.draining) own${at}.completeDrain();
      const time${at} = ${timestamp};
      const slice${at} = window${at}.sliceBefore(time${at});
      const cell${at} = slice${at} === undefined ? undefined : slice${at}.cache.find(${key});
      if (cell${at} === undefined) window${at}.processKeyed(${value}, time${at}, ${key});
      else cell${at}.value = ${added(`cell${at}.value`, value, at)};`,
    };
  }

  /** The slice of the element before, if this one falls into no other, and nothing is to be fired with it. */
  sliceBefore(timestamp: number): Slice | undefined {
    const { lastStart, sizeMs } = this;
    if (!(timestamp >= lastStart && timestamp < lastStart + sizeMs) || this.firedBefore !== undefined) return undefined;
    return lastStart + sizeMs - 1 > this.context.currentWatermark ? this.lastSlice : undefined;
  }

  advanceWatermark(watermark: number, pause: () => boolean): boolean {
    while (this.toFire.size > 0 && this.toFire.min <= watermark) {
      this.dropBefore(this.toFire.min);
      if (!this.fireSlice(this.toFire.min - this.sizeMs + 1, pause)) return false;
      this.toFire.pop();
    }
    while (this.toDrop.size > 0 && this.toDrop.min <= watermark) this.dropFirst();
    return true;
  }

  /** In the order of time: what a window function does in `clear` is seen by the firings after it. */
  private dropBefore(time: number): void {
    // Without lateness a window is dropped at the time at which it fires, and after that.
    const until = this.latenessMs === 0 ? time - 1 : time;
    while (this.toDrop.size > 0 && this.toDrop.min <= until) this.dropFirst();
  }

  private dropFirst(): void {
    this.dropSlice(this.toDrop.min - this.latenessMs - this.sizeMs + 1);
    this.toDrop.pop();
  }

  advanceProcessingTime(): boolean {
    return true;
  }

  /** @returns whether the window is still there to take the element */
  private add(start: number, value: T, timestamp: number, keyId: KeyId): boolean {
    const last = start + this.sizeMs - 1;
    const watermark = this.context.currentWatermark;
    if (last + this.latenessMs <= watermark) return false;
    const slice = start === this.lastStart ? this.lastSlice : this.slice(start);
    let cell = slice.cache.find(keyId);
    if (cell === undefined) {
      const first = this.contents.first(value, timestamp);
      if (!this.checked) {
        checkSerialisable(first, 'window contents: value');
        this.checked = true;
      }
      const own = ownKeyId(keyId);
      cell = new KeyedCell(own, ownStrings(first));
      slice.cells.set(own, cell);
    } else {
      cell.value = this.contents.add(cell.value, value, timestamp);
    }
    if (last <= watermark) {
      this.backend.keyId = keyId;
      this.host.emit(slice.window, this.contents.elements(cell.value));
    } else if (this.firedBefore !== undefined) this.fireAgain(start, last, keyId);
    return true;
  }

  override snapshotState(): void {
    if (this.latenessMs > 0) writeFired(this.context, this.table, this.firedBefore?.keys());
  }

  /** After a restore: what is in state is what there is to fire and to drop. */
  private takeUp(): void {
    const fired = readFired(this.context);
    for (const space of this.table.spaces.values()) {
      const start = space.id as number;
      if (fired.has(start)) {
        this.firedBefore ??= new Map();
        this.firedBefore.set(start, new Set());
        this.toDrop.push(start + this.sizeMs - 1 + this.latenessMs);
      } else this.schedule(space);
      if (this.contents.restored === undefined) continue;
      for (const cell of space.cells.values()) this.contents.restored(cell.value);
    }
  }

  /** Watermarks begin anew after a restore: a window that had fired fires again for the keys that get an element. */
  private fireAgain(start: number, last: number, keyId: KeyId): void {
    const keys = this.firedBefore?.get(start);
    if (keys === undefined) return;
    if (keys.size === 0) this.toFire.push(last);
    keys.add(ownKeyId(keyId));
  }

  /** The cells to fire: all, or those of the keys that came after a restore. */
  private *cellsOf(space: Space<unknown>, keys: ReadonlySet<KeyId>): Generator<[KeyId, Cell<unknown>]> {
    for (const key of keys) {
      const cell = space.cells.get(key);
      if (cell !== undefined) yield [key, cell];
    }
  }

  private traced(trace: Trace): void {
    traceWindows(this.host, this.context, trace);
    const add = this.add.bind(this);
    this.add = (start, value, timestamp, key) => {
      const taken = add(start, value, timestamp, key);
      const window = this.settings.assigner.windowAt(start);
      if (taken) {
        note(this.context, trace, 'window-assigned', { key: keyOfId(key), value, timestamp, ...boundsOf(window) });
      }
      return taken;
    };
  }

  private slice(start: number): Slice {
    let slice = this.slices.get(start);
    if (slice === undefined) {
      let space = this.table.space(start);
      if (space === undefined) {
        space = this.table.spaceFor(start, this.settings.assigner.windowAt(start));
        this.schedule(space);
      }
      slice = new Slice(space, this.expected);
      this.slices.set(start, slice);
    }
    this.lastStart = start;
    this.lastSlice = slice;
    return slice;
  }

  private schedule(space: Space<unknown>): void {
    const last = (space.namespace as TimeWindow).maxTimestamp();
    // A slice that begins late fires element by element.
    if (last > this.context.currentWatermark) this.toFire.push(last);
    this.toDrop.push(last + this.latenessMs);
  }

  private fireSlice(start: number, pause: () => boolean): boolean {
    if (this.firing === undefined) {
      const space = this.table.spaces.get(start);
      if (space === undefined) return true;
      const again = this.firedBefore?.get(start);
      this.firing = { space, entries: again === undefined ? space.cells.entries() : this.cellsOf(space, again) };
      this.firedBefore?.delete(start);
    }
    const { space, entries } = this.firing;
    for (let next = entries.next(); next.done !== true; next = entries.next()) {
      const [key, cell] = next.value;
      this.backend.keyId = key;
      this.host.emit(space.namespace as TimeWindow, this.contents.elements(cell.value));
      if (pause()) return false;
    }
    this.firing = undefined;
    return true;
  }

  private dropSlice(start: number): void {
    const space = this.table.spaces.get(start);
    if (space === undefined) return;
    if (this.host.hasClear) {
      for (const key of space.cells.keys()) {
        this.backend.keyId = key;
        this.host.clear(space.namespace as TimeWindow);
      }
    }
    this.expected = space.cells.size;
    this.table.drop(start);
    this.slices.get(start)?.cache.clear();
    this.slices.delete(start);
    if (this.lastStart === start) this.lastStart = Number.NaN;
  }

  private late(value: T, timestamp: number, key: KeyId): void {
    if (timestamp + this.latenessMs > this.context.currentWatermark) return;
    putAsideLate(this.context, this.settings.lateTag, keyOfId(key), value, timestamp);
  }
}

function noTimestamp(): never {
  throw new StreambookError('no-timestamp', 'an event-time window needs a timestamp, and the element has none', {
    hint: 'put .assignTimestampsAndWatermarks(boundedOutOfOrderness(seconds(3), (t) => t.time)) before it',
  });
}
