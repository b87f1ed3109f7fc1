import { type KeyId, ownKeyId } from '../../core/keys.js';
import { ownStrings } from '../../core/own-strings.js';
import type { NamespaceId } from '../time/timers.js';
import type { CleanupOrder } from './cleanup-order.js';
import type { StateTtlConfig } from './descriptors.js';

/** Where one value is kept. A class, so that all of them share a shape. */
export class Cell<V> {
  value: V;
  /** Processing time of the last touch that counts for the time to live; 0 where there is none. */
  touchedAt = 0;

  constructor(value: V) {
    this.value = value;
  }
}

/** The cells of one namespace, by key. */
export class Space<V> {
  readonly cells = new Map<KeyId, Cell<V>>();

  constructor(
    readonly id: NamespaceId,
    /** What the namespace is: a window, or nothing. */
    readonly namespace: unknown,
  ) {}
}

/**
 * All values of one state of one operator subtask: namespace -> key -> cell. Namespaces without values do not stay.
 */
export class StateTable<V> {
  readonly spaces = new Map<NamespaceId, Space<V>>();
  /** Of the values: the program's own count, see `StateDescriptor.withVersion`. */
  version = 1;
  /** Whether a snapshot brought it, and whether the program has asked for it since. */
  fromSnapshot = false;
  asked = false;
  /** Whether the times of last touches count: there is a time to live, or a snapshot brought them along. */
  timed = false;
  /** Where the search for what has expired goes on, and how many entries were looked at ahead of time. */
  unswept: Iterator<[Space<V>, KeyId, Cell<V>], undefined> | undefined;
  unpaid = 0;
  cleanupOrder: CleanupOrder | undefined;
  private last: Space<V> | undefined;

  constructor(
    readonly name: string,
    readonly kind: string,
    public ttl: StateTtlConfig | undefined,
  ) {}

  space(id: NamespaceId): Space<V> | undefined {
    const { last } = this;
    if (last !== undefined && last.id === id) return last;
    const space = this.spaces.get(id);
    if (space !== undefined) this.last = space;
    return space;
  }

  spaceFor(id: NamespaceId, namespace: unknown): Space<V> {
    let space = this.space(id);
    if (space === undefined) {
      space = new Space(id, namespace);
      this.spaces.set(id, space);
      this.last = space;
    }
    return space;
  }

  get(id: NamespaceId, key: KeyId): Cell<V> | undefined {
    return this.space(id)?.cells.get(key);
  }

  /** Puts a first value for a key that has none. */
  insert(id: NamespaceId, namespace: unknown, key: KeyId, value: V): Cell<V> {
    const cell = new Cell(ownStrings(value));
    this.spaceFor(id, namespace).cells.set(ownKeyId(key), cell);
    return cell;
  }

  delete(id: NamespaceId, key: KeyId): void {
    const space = this.space(id);
    if (space !== undefined) this.remove(space, key);
  }

  remove(space: Space<V>, key: KeyId): void {
    space.cells.delete(key);
    if (space.cells.size === 0) this.drop(space.id);
  }

  drop(id: NamespaceId): void {
    // What V8 has moved to old memory keeps all it points at until the next full collection, dead or not, and V8's maps
    // leave tables behind that point at what was in them. Emptied, a namespace keeps nothing; full ones added up to tens of
    // megabytes.
    this.spaces.get(id)?.cells.clear();
    this.spaces.delete(id);
    if (this.last?.id === id) this.last = undefined;
  }

  size(): number {
    let size = 0;
    for (const space of this.spaces.values()) size += space.cells.size;
    return size;
  }
}
