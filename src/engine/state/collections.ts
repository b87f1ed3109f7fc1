import { ArgumentError } from '../../core/errors.js';
import { JavaOrderedMap } from '../../core/java-ordered-map.js';
import { type KeyId, keyIdOf } from '../../core/keys.js';
import { serialisable } from '../../core/serialise/index.js';
import type { Cell } from './table.js';
import { StateView } from './views.js';

/** A value with the time of its last touch: in lists and maps each entry lives and expires by itself. */
export class TimedValue<T> {
  touchedAt = 0;
  constructor(public value: T) {}
}

serialisable(TimedValue, { name: 'streambook/TimedValue' });

/** The entries of one map: key id -> key and value. */
export type MapEntries = JavaOrderedMap<TimedValue<[key: unknown, value: unknown]>>;

/** A list per key. @see Flink: `ListState` */
export class ListState<T> extends StateView<TimedValue<T>[]> {
  protected override givenIn([first]: TimedValue<T>[]): unknown {
    return first?.value;
  }

  /** The elements, in the order in which they were added; empty if there are none. */
  get(): T[] {
    this.ttl?.sweep(this.table);
    const cell = this.cell();
    if (this.backend.onAccess !== undefined)
      this.tell(
        'state-read',
        cell?.value.map((entry) => entry.value),
      );
    if (cell === undefined) return [];
    const { ttl } = this;
    if (ttl === undefined) return cell.value.map((entry) => entry.value);
    const all = cell.value;
    const live = all.filter((entry) => !ttl.expired(entry));
    // Flink: reading removes single elements only where it writes the others anew.
    if (live.length === 0) this.drop();
    else if (ttl.onRead) {
      for (const entry of live) ttl.touch(entry);
      cell.value = live;
    }
    return (ttl.showExpired ? all : live).map((entry) => entry.value);
  }

  add(value: T): void {
    this.ttl?.sweep(this.table);
    this.append(value);
  }

  addAll(values: Iterable<T>): void {
    this.ttl?.sweep(this.table);
    for (const value of values) this.append(value);
  }

  /** Replaces the whole list. */
  update(values: Iterable<T>): void {
    this.ttl?.sweep(this.table);
    this.drop();
    for (const value of values) this.append(value);
  }

  private append(value: T): void {
    if (value === null || value === undefined) throw new ArgumentError('a list state takes no null');
    const entry = new TimedValue(value);
    this.ttl?.touch(entry);
    const cell = this.cell();
    if (cell === undefined) this.store([entry]);
    else {
      cell.value.push(entry);
      this.tell('state-written', value);
    }
  }
}

/** A map per key. Its keys compare by content. @see Flink: `MapState` */
export class MapState<K, V> extends StateView<MapEntries> {
  protected override givenIn(entries: MapEntries): unknown {
    return entries.entries()[0]?.[1].value[1];
  }

  /** The value of `key`, `null` if there is none. */
  get(key: K): V | null {
    const entry = this.entry(keyIdOf(key));
    if (this.backend.onAccess !== undefined) this.tell('state-read', entry?.value);
    return entry === undefined ? null : (entry.value[1] as V);
  }

  contains(key: K): boolean {
    return this.entry(keyIdOf(key)) !== undefined;
  }

  put(key: K, value: V): void {
    this.ttl?.sweep(this.table);
    this.set(key, value);
  }

  putAll(entries: Iterable<readonly [K, V]>): void {
    this.ttl?.sweep(this.table);
    for (const [key, value] of entries) this.set(key, value);
  }

  private set(key: K, value: V): void {
    const entry = new TimedValue<[unknown, unknown]>([key, value]);
    this.ttl?.touch(entry);
    const id = keyIdOf(key);
    const cell = this.cell();
    if (cell === undefined) this.store(new JavaOrderedMap<TimedValue<[unknown, unknown]>>().set(id, entry));
    else {
      cell.value.set(id, entry);
      if (this.backend.onAccess !== undefined) this.tell('state-written', entry.value);
    }
  }

  remove(key: K): void {
    this.ttl?.sweep(this.table);
    const cell = this.cell();
    if (cell !== undefined) this.removeFrom(cell, keyIdOf(key));
  }

  /** In the order of Java's HashMap, as on Flink. */
  entries(): [K, V][] {
    this.ttl?.sweep(this.table);
    const cell = this.cell();
    if (cell === undefined) return [];
    const seen: [K, V][] = [];
    for (const [id] of cell.value.entries()) {
      const entry = this.entryOf(cell, id);
      if (entry !== undefined) seen.push([...entry.value] as [K, V]);
    }
    return seen;
  }

  keys(): K[] {
    return this.entries().map(([key]) => key);
  }

  values(): V[] {
    return this.entries().map(([, value]) => value);
  }

  /** Entries whose time to live is over count until they are cleaned up, as on Flink. */
  isEmpty(): boolean {
    this.ttl?.sweep(this.table);
    return (this.cell()?.value.size ?? 0) === 0;
  }

  private entry(id: KeyId): TimedValue<[unknown, unknown]> | undefined {
    this.ttl?.sweep(this.table);
    const cell = this.cell();
    return cell === undefined ? undefined : this.entryOf(cell, id);
  }

  private entryOf(cell: Cell<MapEntries>, id: KeyId): TimedValue<[unknown, unknown]> | undefined {
    const entry = cell.value.get(id);
    if (entry === undefined || this.ttl === undefined) return entry;
    const { visible, remove } = this.ttl.read(entry);
    if (remove) this.removeFrom(cell, id);
    return visible ? entry : undefined;
  }

  private removeFrom(cell: Cell<MapEntries>, id: KeyId): void {
    cell.value.delete(id);
    if (cell.value.size === 0) this.drop();
  }
}
