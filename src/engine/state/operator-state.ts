import { StreambookError } from '../../core/errors.js';
import { JavaOrderedMap } from '../../core/java-ordered-map.js';
import { keyIdOf } from '../../core/keys.js';
import { checkSerialisable } from '../../core/serialise/index.js';
import type { ListStateDescriptor, MapStateDescriptor } from './descriptors.js';
import { migratedValue } from './migrate.js';

/** What state of an operator subtask has besides its items. */
abstract class NamedState {
  /** Of the values: the program's own count, see `StateDescriptor.withVersion`. */
  version = 1;
  /** Whether a snapshot brought it, and whether the program has asked for it since. */
  fromSnapshot = false;
  asked = false;
}

/** A list that belongs to the operator subtask, not to a key; split evenly when the parallelism changes. */
export class OperatorListState<T> extends NamedState {
  private items: T[] = [];
  private checked = false;

  /** @param union after a restart every subtask gets all items, not its share */
  constructor(
    readonly name: string,
    readonly union = false,
  ) {
    super();
  }

  get(): readonly T[] {
    return this.items;
  }

  add(value: T): void {
    this.checkFirst(value);
    this.items.push(value);
  }

  addAll(values: Iterable<T>): void {
    for (const value of values) this.add(value);
  }

  update(values: Iterable<T>): void {
    this.items = [...values];
    if (this.items.length > 0) this.checkFirst(this.items[0] as T);
  }

  clear(): void {
    this.items = [];
  }

  /** @throws NotSerialisableError at the first value, as keyed state does */
  private checkFirst(value: T): void {
    if (this.checked) return;
    checkSerialisable(value, `operator state \`${this.name}\`: value`);
    this.checked = true;
  }
}

/** A map that every subtask holds the same copy of. @see Flink: The Broadcast State Pattern */
export class BroadcastState<K, V> extends NamedState {
  private readonly map = new JavaOrderedMap<[K, V]>();
  private checked = false;

  constructor(readonly name: string) {
    super();
  }

  get(key: K): V | null {
    const entry = this.map.get(keyIdOf(key));
    return entry === undefined ? null : entry[1];
  }

  contains(key: K): boolean {
    return this.map.has(keyIdOf(key));
  }

  put(key: K, value: V): void {
    if (!this.checked) {
      checkSerialisable(value, `broadcast state \`${this.name}\`: value`);
      this.checked = true;
    }
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
    return this.asked<T>(name, false);
  }

  /** A list of which every subtask gets the items of all subtasks at a restart. @see Flink: `getUnionListState` */
  unionList<T>(name: string): OperatorListState<T> {
    return this.asked<T>(name, true);
  }

  /** The list as a program describes it: older values go through its migrate hook. */
  listOf<T>(descriptor: ListStateDescriptor<T>, union: boolean): OperatorListState<T> {
    const list = this.asked<T>(descriptor.name, union);
    if (list.version !== descriptor.version) {
      list.update(list.get().map((value) => migratedValue(descriptor, list.version, value) as T));
      list.version = descriptor.version;
    }
    return list;
  }

  broadcast<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    const { name, version } = descriptor;
    const state = this.broadcastNamed(name) as BroadcastState<K, V>;
    state.asked = true;
    if (state.version !== version) {
      for (const [key, value] of state.entries()) state.put(key, migratedValue(descriptor, state.version, value) as V);
      state.version = version;
    }
    return state;
  }

  /** For what a snapshot brings. */
  restoredList(name: string, union: boolean, version: number): OperatorListState<unknown> {
    const list = this.listNamed(name, union);
    list.fromSnapshot = true;
    list.version = version;
    return list;
  }

  restoredBroadcast(name: string, version: number): BroadcastState<unknown, unknown> {
    const state = this.broadcastNamed(name);
    state.fromSnapshot = true;
    state.version = version;
    return state;
  }

  private asked<T>(name: string, union: boolean): OperatorListState<T> {
    const list = this.listNamed(name, union);
    if (list.union !== union) {
      throw new StreambookError(
        list.fromSnapshot ? 'snapshot-mismatch' : 'state-kind',
        `the operator state \`${name}\` is ${list.union ? 'a union list' : 'a list'}, and is asked for as ${union ? 'a union list' : 'a list'}`,
        { hint: 'give each state of an operator a name of its own' },
      );
    }
    list.asked = true;
    return list as OperatorListState<T>;
  }

  private listNamed(name: string, union: boolean): OperatorListState<unknown> {
    let list = this.lists.get(name);
    if (list === undefined) {
      list = new OperatorListState<unknown>(name, union);
      this.lists.set(name, list);
    }
    return list;
  }

  private broadcastNamed(name: string): BroadcastState<unknown, unknown> {
    let state = this.broadcasts.get(name);
    if (state === undefined) {
      state = new BroadcastState<unknown, unknown>(name);
      this.broadcasts.set(name, state);
    }
    return state;
  }
}
