import { quoted } from '../../core/arguments.js';
import type { Clock } from '../../core/clock.js';
import { ArgumentError, StreambookError } from '../../core/errors.js';
import { type KeyId, keyOfId, ownKeyId } from '../../core/keys.js';
import { type NamespaceId, VOID_NAMESPACE } from '../time/timers.js';
import { ListState, type MapEntries, MapState, type TimedValue } from './collections.js';
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  StateDescriptor,
  StateTtlConfig,
  ValueStateDescriptor,
} from './descriptors.js';
import { migrateTable } from './migrate.js';
import { StateTable } from './table.js';
import { beginToLive, TimeToLive } from './ttl.js';
import { AggregatingState, ReducingState, ValueState } from './views.js';

/** Gives out keyed state for the current key. */
export interface KeyedStateStore {
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>;
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>;
  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>;
  getAggregatingState<IN, ACC, OUT>(
    descriptor: AggregatingStateDescriptor<IN, ACC, OUT>,
  ): AggregatingState<IN, ACC, OUT>;
}

/** The keyed state of one operator subtask, and the key that is current. */
export class KeyedStateBackend implements KeyedStateStore {
  /** The current key's id. Set by the channel before each element, and by the timer service before each timer. */
  keyId: KeyId = undefined;
  /** Set while tracing is on: told of every value read and written. */
  onAccess: ((kind: 'state-read' | 'state-written', state: string, value: unknown) => void) | undefined;
  readonly tables = new Map<string, StateTable<unknown>>();
  private readonly views = new Map<string, unknown>();

  constructor(readonly clock: Clock) {}

  /** The current key, as the key selector gave it (for composite keys: an equal one). */
  get currentKey(): unknown {
    return keyOfId(this.keyId);
  }

  /** The current key's id with memory of its own, for those who keep it. */
  ownKeyId(): KeyId {
    return ownKeyId(this.keyId);
  }

  /** The table under `name`, made at the first call; the ways to read it differ by kind. */
  table<V>(name: string, kind: string, ttl?: StateTtlConfig): StateTable<V> {
    let table = this.tables.get(name);
    if (table === undefined) {
      table = new StateTable(name, kind, ttl);
      this.tables.set(name, table);
    }
    table.asked = true;
    table.ttl ??= ttl;
    if (table.ttl !== undefined && !table.timed) {
      beginToLive(table, this.clock.now());
      table.timed = true;
    }
    if (table.kind !== kind && table.fromSnapshot) {
      throw new StreambookError(
        'snapshot-mismatch',
        `the snapshot holds a ${table.kind} state \`${name}\`, and the program asks for a ${kind} state of this name`,
        { hint: 'give the new state another name, or the operator another uid' },
      );
    }
    if (table.kind !== kind) {
      throw new StreambookError('state-kind', `the state \`${name}\` is a ${table.kind} state, not a ${kind} state`, {
        hint: 'give each state of an operator a name of its own',
      });
    }
    return table as StateTable<V>;
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.view(descriptor, VOID_NAMESPACE, undefined) as ValueState<T>;
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.view(descriptor, VOID_NAMESPACE, undefined) as ListState<T>;
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.view(descriptor, VOID_NAMESPACE, undefined) as MapState<K, V>;
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.view(descriptor, VOID_NAMESPACE, undefined) as ReducingState<T>;
  }

  getAggregatingState<IN, ACC, OUT>(
    descriptor: AggregatingStateDescriptor<IN, ACC, OUT>,
  ): AggregatingState<IN, ACC, OUT> {
    return this.view(descriptor, VOID_NAMESPACE, undefined) as AggregatingState<IN, ACC, OUT>;
  }

  /** State of a namespace (a window), for the current key. */
  namespaced(id: NamespaceId, namespace: unknown): KeyedStateStore {
    return {
      getState: (descriptor) => this.view(descriptor, id, namespace) as never,
      getListState: (descriptor) => this.view(descriptor, id, namespace) as never,
      getMapState: (descriptor) => this.view(descriptor, id, namespace) as never,
      getReducingState: (descriptor) => this.view(descriptor, id, namespace) as never,
      getAggregatingState: (descriptor) => this.view(descriptor, id, namespace) as never,
    };
  }

  /** State of a namespace for a trigger: under names of its own, apart from the window function's. */
  namespacedView(descriptor: StateDescriptor, id: NamespaceId, namespace: unknown): unknown {
    return this.makeView(descriptor, id, namespace, `trigger/${descriptor.name}`);
  }

  /** Calls `visit` for every key that has a value in this state; the current key is each in turn. */
  applyToAllKeys(descriptor: StateDescriptor, visit: (key: unknown, state: unknown) => void): void {
    const before = this.keyId;
    const view = this.view(descriptor, VOID_NAMESPACE, undefined);
    const keys = [...(this.tables.get(descriptor.name)?.space(VOID_NAMESPACE)?.cells.keys() ?? [])];
    for (const key of keys) {
      this.keyId = key;
      visit(keyOfId(key), view);
    }
    this.keyId = before;
  }

  private view(descriptor: StateDescriptor, id: NamespaceId, namespace: unknown): unknown {
    if (typeof descriptor?.kind !== 'string') noDescriptor(descriptor);
    if (id !== VOID_NAMESPACE) return this.makeView(descriptor, id, namespace);
    let view = this.views.get(descriptor.name);
    if (view === undefined || this.tables.get(descriptor.name)?.kind !== descriptor.kind) {
      view = this.makeView(descriptor, id, namespace);
      this.views.set(descriptor.name, view);
    }
    return view;
  }

  private makeView(descriptor: StateDescriptor, id: NamespaceId, namespace: unknown, name = descriptor.name): unknown {
    const ttl = descriptor.ttl === undefined ? undefined : new TimeToLive(descriptor.ttl, this.clock);
    const table = this.table<never>(name, descriptor.kind, descriptor.ttl);
    if (table.version !== descriptor.version) migrateTable(table, descriptor);
    switch (descriptor.kind) {
      case 'value':
        return new ValueState(this, table, id, namespace, ttl);
      case 'list':
        return new ListState(this, table as StateTable<TimedValue<unknown>[]>, id, namespace, ttl);
      case 'map':
        return new MapState(this, table as StateTable<MapEntries>, id, namespace, ttl);
      case 'reducing':
        return new ReducingState(
          this,
          table,
          id,
          namespace,
          ttl,
          (descriptor as ReducingStateDescriptor<never>).reduce,
        );
      default:
        return new AggregatingState(
          this,
          table,
          id,
          namespace,
          ttl,
          (descriptor as AggregatingStateDescriptor<never, never, never>).aggregate,
        );
    }
  }
}

function noDescriptor(given: unknown): never {
  throw new ArgumentError(`${quoted(given)} is not the descriptor of a state`, {
    hint: "context.getState(new ValueStateDescriptor('count'))",
  });
}
