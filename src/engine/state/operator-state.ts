import { JavaOrderedMap } from '../../core/java-ordered-map.js';
import { keyIdOf } from '../../core/keys.js';
import type { MapStateDescriptor } from './descriptors.js';

/** A list that belongs to the operator subtask, not to a key; split evenly when the parallelism changes. */
export class OperatorListState<T> {
  private items: T[] = [];

  /** @param union after a restart every subtask gets all items, not its share */
  constructor(readonly union = false) {}

  get(): readonly T[] {
    return this.items;
  }

  add(value: T): void {
    this.items.push(value);
  }

  addAll(values: Iterable<T>): void {
    for (const value of values) this.items.push(value);
  }

  update(values: Iterable<T>): void {
    this.items = [...values];
  }

  clear(): void {
    this.items = [];
  }
}

/** A map that every subtask holds the same copy of. @see Flink: The Broadcast State Pattern */
export class BroadcastState<K, V> {
  private readonly map = new JavaOrderedMap<[K, V]>();

  get(key: K): V | null {
    const entry = this.map.get(keyIdOf(key));
    return entry === undefined ? null : entry[1];
  }

  contains(key: K): boolean {
    return this.map.has(keyIdOf(key));
  }

  put(key: K, value: V): void {
    this.map.set(keyIdOf(key), [key, value]);
  }

  remove(key: K): void {
    this.map.delete(keyIdOf(key));
  }

  clear(): void {
    this.map.clear();
  }

  /** How many entries there are. */
  get size(): number {
    return this.map.size;
  }

  /** The entries, in the order of Java's HashMap, as on Flink. */
  entries(): [K, V][] {
    return this.map.entries().map(([, [key, value]]) => [key, value]);
  }

  keys(): K[] {
    return this.entries().map(([key]) => key);
  }

  values(): V[] {
    return this.entries().map(([, value]) => value);
  }
}

/** The state of one operator subtask that belongs to no key. */
export class OperatorStateBackend {
  readonly lists = new Map<string, OperatorListState<unknown>>();
  readonly broadcasts = new Map<string, BroadcastState<unknown, unknown>>();

  list<T>(name: string): OperatorListState<T> {
    let list = this.lists.get(name);
    if (list === undefined) {
      list = new OperatorListState<unknown>();
      this.lists.set(name, list);
    }
    return list as OperatorListState<T>;
  }

  /** A list of which every subtask gets the items of all subtasks at a restart. @see Flink: `getUnionListState` */
  unionList<T>(name: string): OperatorListState<T> {
    let list = this.lists.get(name);
    if (list === undefined) {
      list = new OperatorListState<unknown>(true);
      this.lists.set(name, list);
    }
    return list as OperatorListState<T>;
  }

  broadcast<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    return this.broadcastNamed(descriptor.name);
  }

  broadcastNamed<K, V>(name: string): BroadcastState<K, V> {
    let state = this.broadcasts.get(name);
    if (state === undefined) {
      state = new BroadcastState<unknown, unknown>();
      this.broadcasts.set(name, state);
    }
    return state as BroadcastState<K, V>;
  }
}
