import type { Clock } from '../../core/clock.js';
import { JavaOrderedMap } from '../../core/java-ordered-map.js';
import type { KeyId } from '../../core/keys.js';
import { VOID_NAMESPACE } from '../time/timers.js';
import { CleanupOrder } from './cleanup-order.js';
import type { StateTtlConfig } from './descriptors.js';
import type { Cell, Space, StateTable } from './table.js';

interface Touched {
  touchedAt: number;
}

/**
 * How many entries are looked at with each access to a state, whether they are still to be kept. Flink: 5 keys. One would
 * not do: with a new key at each access, the search would never get past the newest.
 */
const PER_ACCESS = 4;
/** How many are looked at for nothing where Flink's order is followed. */
const FREE = 64;

/** The rules of one state's time to live, with the clock they go by. */
export class TimeToLive {
  /** Whether what is read begins its time anew. */
  readonly onRead: boolean;
  /** Whether what has expired may be seen. */
  readonly showExpired: boolean;
  private readonly inBackground: boolean;
  private readonly ttlMs: number;

  constructor(
    config: StateTtlConfig,
    private readonly clock: Clock,
  ) {
    this.ttlMs = config.ttlMs;
    this.onRead = config.updateType === 'onReadAndWrite';
    this.showExpired = config.stateVisibility === 'returnExpiredIfNotCleanedUp';
    this.inBackground = config.cleanupInBackground ?? true;
  }

  touch(entry: { touchedAt: number }): void {
    entry.touchedAt = this.clock.now();
  }

  expired(entry: { touchedAt: number }): boolean {
    return entry.touchedAt + this.ttlMs <= this.clock.now();
  }

  /** Called for an entry that is read. @returns whether it may be seen, and whether it is to be removed now */
  read(entry: { touchedAt: number }): { visible: boolean; remove: boolean } {
    if (this.expired(entry)) return { visible: this.showExpired, remove: true };
    if (this.onRead) this.touch(entry);
    return { visible: true, remove: false };
  }

  /**
   * Looks at a few entries more, and removes those whose time is over: keys that never come again would stay for ever. To be
   * called with each access, before the current key's is looked up.
   *
   * @see Flink: State TTL, incremental cleanup
   */
  sweep(table: StateTable<unknown>): void {
    if (!this.inBackground) return;
    // A long list is paid for by the accesses after it.
    table.unpaid -= PER_ACCESS;
    const space = table.spaces.get(VOID_NAMESPACE);
    if (this.isSeen(table) && space !== undefined && space.cells.size <= CleanupOrder.FEW)
      this.sweepAsFlink(table, space);
    else this.sweepAll(table);
  }

  /** Whether a program sees when something is cleaned up: its answers must come as on Flink, then. */
  private isSeen({ kind, spaces }: StateTable<unknown>): boolean {
    return spaces.size === 1 && (this.showExpired || kind === 'map');
  }

  private sweepAsFlink(table: StateTable<unknown>, space: Space<unknown>): void {
    if (table.unpaid > 0) return;
    table.unpaid = 0;
    table.cleanupOrder ??= new CleanupOrder();
    for (const key of table.cleanupOrder.access(space.cells)) {
      const cell = space.cells.get(key);
      const looked = cell === undefined ? 0 : this.prune(table, space, key, cell);
      if (looked > FREE) table.unpaid += looked;
    }
  }

  private sweepAll(table: StateTable<unknown>): void {
    while (table.unpaid <= 0) {
      table.unswept ??= cellsOf(table);
      const next = table.unswept.next();
      if (next.done === true) {
        table.unswept = undefined;
        table.unpaid = 0;
        return;
      }
      table.unpaid += this.prune(table, ...next.value);
    }
  }

  /** @returns how many entries were looked at */
  private prune(table: StateTable<unknown>, space: Space<unknown>, key: KeyId, cell: Cell<unknown>): number {
    const { value } = cell;
    let looked = 0;
    let live = 0;
    for (const entry of entriesIn(table, cell)) {
      looked++;
      if (!this.expired(entry)) live++;
    }
    if (live === 0) table.remove(space, key);
    else if (live < looked && Array.isArray(value)) {
      cell.value = value.filter((entry: Touched) => !this.expired(entry));
    } else if (live < looked) {
      const map = value as Map<KeyId, Touched> | JavaOrderedMap<Touched>;
      for (const [id, entry] of [...map.entries()]) if (this.expired(entry)) map.delete(id);
    }
    return Math.max(1, looked);
  }
}

/** Kinds of state in which each entry of a key's value has a time of its own. */
const KEEPS_ENTRIES: ReadonlySet<string> = new Set(['list', 'map', 'join-side']);

function* cellsOf(table: StateTable<unknown>): Generator<[Space<unknown>, KeyId, Cell<unknown>], undefined> {
  for (const space of table.spaces.values()) for (const [key, cell] of space.cells) yield [space, key, cell];
}

/** State that was kept without a time to live gets one: it begins now. */
export function beginToLive(table: StateTable<unknown>, now: number): void {
  for (const [, , cell] of cellsOf(table)) for (const entry of entriesIn(table, cell)) entry.touchedAt = now;
}

/** What lives and expires by itself: the entries of a list or a map, or else the cell. */
function entriesIn({ kind }: StateTable<unknown>, cell: Cell<unknown>): Iterable<Touched> {
  if (!KEEPS_ENTRIES.has(kind)) return [cell];
  const { value } = cell;
  if (Array.isArray(value)) return value as Touched[];
  if (value instanceof Map) return (value as Map<KeyId, Touched>).values();
  if (value instanceof JavaOrderedMap) return (value as JavaOrderedMap<Touched>).entries().map(([, entry]) => entry);
  return [value as Touched];
}
