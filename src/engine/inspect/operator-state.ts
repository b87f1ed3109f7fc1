import type { Clock } from '../../core/clock.js';
import { ArgumentError } from '../../core/errors.js';
import { type KeyId, keyIdOf, keyOfId } from '../../core/keys.js';
import { deserialise, serialise } from '../../core/serialise/index.js';
import type { OperatorTask } from '../run/topology.js';
import type { MapEntries, TimedValue } from '../state/collections.js';
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  StateDescriptor,
  ValueStateDescriptor,
} from '../state/descriptors.js';
import type { Cell, StateTable } from '../state/table.js';
import { VOID_NAMESPACE } from '../time/timers.js';
import type { TimestampedValue } from '../windows/evictors.js';
import { TimeWindow, type Window } from '../windows/window.js';

/** A state that an operator has. */
export interface StateInfo {
  readonly name: string;
  /** `value`, `list`, `map`, `reducing`, `aggregating`; of windows and other built-in operators, something else. */
  readonly kind: string;
  /** How many keys (and windows) have a value in it. */
  readonly entries: number;
}

/** What one key has in one window. */
export interface WindowEntry {
  readonly key: unknown;
  readonly window: Window;
  /** The elements, or what they were reduced or aggregated into. */
  readonly value: unknown;
}

/** A timer that is set. */
export interface TimerEntry {
  readonly key: unknown;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly domain: 'EVENT_TIME' | 'PROCESSING_TIME';
  /** The window it belongs to, if it belongs to one. */
  readonly window?: Window;
}

/** A state: its descriptor, or its name. */
type StateOf<T> = ValueStateDescriptor<T> | ReducingStateDescriptor<T>;

/**
 * The state of one operator over all its subtasks, read from outside: keys, values, windows and timers as they are at the
 * moment of each call. What is returned is a copy: changing it changes nothing in the job. Values whose time to live is
 * over are left out.
 *
 * Where the operator has one state only, its name may be left out.
 *
 * @example
 *   const counts = job.state('counts');
 *   counts.get(new ValueStateDescriptor<number>('count'), 'Ann'); // 3
 *   counts.entries(); // [['Ann', 3], ['Bob', 1]]
 * @see Flink: Queryable State, State Processor API
 */
export class OperatorState {
  /** @internal Use `job.state(...)`. */
  constructor(
    /** The operator's name. */
    readonly operator: string,
    readonly uid: string,
    private readonly tasks: readonly OperatorTask[],
    private readonly clock: Clock,
  ) {}

  /** The keyed states there are. */
  states(): StateInfo[] {
    const sizes = new Map<string, { kind: string; entries: number }>();
    for (const table of this.tables()) {
      const known = sizes.get(table.name);
      if (known === undefined) sizes.set(table.name, { kind: table.kind, entries: table.size() });
      else known.entries += table.size();
    }
    return [...sizes].map(([name, { kind, entries }]) => ({ name, kind, entries }));
  }

  /** What a key has: the value, `null` if there is none; a list's elements; a map's entries; an aggregate's result. */
  get<T>(state: StateOf<T>, key: unknown): T | null;
  get<T>(state: ListStateDescriptor<T>, key: unknown): T[];
  get<K, V>(state: MapStateDescriptor<K, V>, key: unknown): [K, V][];
  get<IN, ACC, OUT>(state: AggregatingStateDescriptor<IN, ACC, OUT>, key: unknown): OUT | null;
  get(state: string, key: unknown): unknown;
  get(state: StateDescriptor | string, key: unknown): unknown {
    const id = keyIdOf(key);
    let kind = typeof state === 'string' ? undefined : state.kind;
    for (const [table, task] of this.tablesOf(state)) {
      kind ??= table.kind as never;
      const cell = table.get(VOID_NAMESPACE, id);
      const value = cell === undefined ? undefined : this.read(table, task, cell, state);
      if (value !== undefined) return value;
    }
    return kind === 'list' || kind === 'map' ? [] : null;
  }

  /** The keys that have a value in the state. */
  keys(state?: StateDescriptor | string): unknown[] {
    return this.entries(state as string).map(([key]) => key);
  }

  /** Every key with what it has. */
  entries<T>(state: StateOf<T>): [key: unknown, value: T][];
  entries<T>(state: ListStateDescriptor<T>): [key: unknown, values: T[]][];
  entries<K, V>(state: MapStateDescriptor<K, V>): [key: unknown, entries: [K, V][]][];
  entries<IN, ACC, OUT>(state: AggregatingStateDescriptor<IN, ACC, OUT>): [key: unknown, result: OUT][];
  entries(state?: string): [key: unknown, value: unknown][];
  entries(state?: StateDescriptor | string): [unknown, unknown][] {
    const entries: [unknown, unknown][] = [];
    for (const [table, task] of this.tablesOf(state)) {
      for (const [id, cell] of table.space(VOID_NAMESPACE)?.cells ?? []) {
        const value = this.read(table, task, cell, state);
        if (value !== undefined) entries.push([keyOfId(id), value]);
      }
    }
    return entries;
  }

  /**
   * What keys have per window: the windows' contents, or a state from `windowState()`.
   *
   * @param state default: the contents
   */
  windows(state: StateDescriptor | string = 'window-contents'): WindowEntry[] {
    const entries: WindowEntry[] = [];
    for (const [table, task] of this.tablesOf(state)) {
      for (const { namespace, cells } of table.spaces.values()) {
        if (typeof namespace !== 'object' || namespace === null) continue;
        for (const [id, cell] of cells) {
          const value = this.read(table, task, cell, state);
          if (value !== undefined) entries.push({ key: keyOfId(id), window: namespace as Window, value });
        }
      }
    }
    return entries;
  }

  /** The timers that are set, by time. Fixed event-time windows keep none: see {@link windows}. */
  timers(): TimerEntry[] {
    const timers: TimerEntry[] = [];
    const add = (domain: TimerEntry['domain'], timestamp: number, key: KeyId, namespace: unknown): void => {
      const window = typeof namespace === 'object' && namespace !== null ? { window: namespace as Window } : {};
      timers.push({ key: keyOfId(key), timestamp, domain, ...window });
    };
    for (const { context } of this.tasks) {
      for (const service of context.timerServices()) {
        for (const [at, key, namespace] of service.eventTime.entries()) add('EVENT_TIME', at, key, namespace);
        for (const [at, key, namespace] of service.processingTime.entries()) add('PROCESSING_TIME', at, key, namespace);
      }
    }
    return timers.sort((a, b) => a.timestamp - b.timestamp);
  }

  /** The elements of an operator list state, over all subtasks. @throws ArgumentError for one that it does not have */
  list<T = unknown>(name: string): T[] {
    this.checkName('list', name, ({ context }) => context.operatorState.lists);
    return this.tasks.flatMap(({ context }) => (context.operatorState.lists.get(name)?.get() ?? []).map(copyOf) as T[]);
  }

  /** The entries of a broadcast state; every subtask has the same. @throws ArgumentError for one that it does not have */
  broadcast<K = unknown, V = unknown>(state: MapStateDescriptor<K, V> | string): [K, V][] {
    const name = typeof state === 'string' ? state : state.name;
    this.checkName('broadcast', name, ({ context }) => context.operatorState.broadcasts);
    const [first] = this.tasks;
    return (first?.context.operatorState.broadcasts.get(name)?.entries() ?? []).map(copyOf) as [K, V][];
  }

  /** Everything as plain data. */
  toJSON(): unknown {
    const states = this.states().map(({ name, kind }) => ({
      name,
      kind,
      entries: this.entries(name),
      windows: this.windows(name).map(({ key, window, value }) => ({ key, window: plainWindow(window), value })),
    }));
    const timers = this.timers().map(({ window, ...timer }) =>
      window === undefined ? timer : { ...timer, window: plainWindow(window) },
    );
    return { operator: this.operator, uid: this.uid, states, timers };
  }

  /** What a cell or `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): unknown {
    return this.toJSON();
  }

  private checkName(kind: string, name: string, of: (task: OperatorTask) => ReadonlyMap<string, unknown>): void {
    const names = [...new Set(this.tasks.flatMap((task) => [...of(task).keys()]))];
    if (names.includes(name)) return;
    throw new ArgumentError(`${this.operator} has no ${kind} state \`${name}\``, { hint: knownNames(names) });
  }

  private *tables(): Generator<StateTable<unknown>, void, undefined> {
    for (const { context } of this.tasks) {
      if (context.isKeyed) for (const table of context.keyed().tables.values()) yield table;
    }
  }

  private tablesOf(state: StateDescriptor | string | undefined): [StateTable<unknown>, OperatorTask][] {
    const names = new Set([...this.tables()].map((table) => table.name));
    const known = knownNames([...names]);
    const name = typeof state === 'object' ? state.name : (state ?? ([...names][0] as string | undefined));
    if (state === undefined && names.size !== 1) {
      throw new ArgumentError(`which state of ${this.operator}?`, { hint: `name one: ${known}` });
    }
    const found: [StateTable<unknown>, OperatorTask][] = [];
    for (const task of this.tasks) {
      if (!task.context.isKeyed) continue;
      const { tables } = task.context.keyed();
      const table = tables.get(name as string) ?? tables.get(`trigger/${name}`);
      if (table !== undefined) found.push([table, task]);
    }
    if (found.length === 0 && typeof state === 'string' && state !== 'window-contents') {
      throw new ArgumentError(`${this.operator} has no keyed state \`${state}\``, { hint: known });
    }
    return found;
  }

  /** @returns a copy; `undefined` if the time to live of all of it is over */
  private read(
    table: StateTable<unknown>,
    { operator }: OperatorTask,
    cell: Cell<unknown>,
    state: StateDescriptor | string | undefined,
  ): unknown {
    const alive = ({ touchedAt }: { touchedAt: number }): boolean =>
      table.ttl === undefined || touchedAt + table.ttl.ttlMs > this.clock.now();
    if (table.kind === 'list') {
      const values = (cell.value as TimedValue<unknown>[]).filter(alive).map(({ value }) => copyOf(value));
      return values.length === 0 ? undefined : values;
    }
    if (table.kind === 'map') {
      const entries = [...(cell.value as MapEntries).entries()].map(([, entry]) => entry).filter(alive);
      return entries.length === 0 ? undefined : entries.map(({ value }) => copyOf(value));
    }
    if (!alive(cell)) return undefined;
    const value = copyOf(operator.stateValue(cell));
    if (table.kind === 'window-evicting') return (value as TimestampedValue<unknown>[]).map((one) => one.value);
    if (typeof state === 'object' && state.kind === 'aggregating') {
      return (state as AggregatingStateDescriptor<unknown, unknown, unknown>).aggregate.getResult(value);
    }
    return value;
  }
}

function knownNames(names: readonly string[]): string {
  return names.length === 0 ? 'it has none (yet)' : `it has \`${names.join('`, `')}\``;
}

/** Values in state may go on changing, and nobody outside may change them. */
function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  return deserialise(serialise(value)) as T;
}

function plainWindow(window: Window): unknown {
  return window instanceof TimeWindow ? { start: window.start, end: window.end } : String(window);
}
