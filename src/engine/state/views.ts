import { StreambookError } from '../../core/errors.js';
import { NO_KEY } from '../../core/keys.js';
import { checkSerialisable } from '../../core/serialise/index.js';
import type { AggregateFunction, ReduceFunction } from '../functions/functions.js';
import type { NamespaceId } from '../time/timers.js';
import type { KeyedStateBackend } from './backend.js';
import type { Cell, StateTable } from './table.js';
import type { TimeToLive } from './ttl.js';

/** @throws StreambookError for state or a timer of the key, at an element that has none */
export function noKey(what: string): never {
  throw new StreambookError('no-key', `${what} belongs to a key, and this input has none`, {
    hint: 'key both streams; on the broadcast side, context.applyToKeyedState(descriptor, (key, state) => ...) visits all keys',
  });
}

/** What all states have: a table, a namespace, and the current key of the backend. */
export abstract class StateView<V> {
  private checked = false;

  constructor(
    protected readonly backend: KeyedStateBackend,
    protected readonly table: StateTable<V>,
    protected readonly id: NamespaceId,
    protected readonly namespace: unknown,
    protected readonly ttl: TimeToLive | undefined,
  ) {}

  /** Forgets what the current key has. */
  clear(): void {
    if (this.backend.keyId === NO_KEY) noKey(`state \`${this.table.name}\``);
    this.drop();
    this.ttl?.sweep(this.table);
  }

  protected drop(): void {
    this.table.delete(this.id, this.backend.keyId);
    this.backend.onAccess?.('state-written', this.table.name, undefined);
  }

  /** Tells a trace, if there is one. */
  protected tell(kind: 'state-read' | 'state-written', value: unknown): void {
    this.backend.onAccess?.(kind, this.table.name, value);
  }

  protected cell(): Cell<V> | undefined {
    const cell = this.table.get(this.id, this.backend.keyId);
    if (cell === undefined && this.backend.keyId === NO_KEY) noKey(`state \`${this.table.name}\``);
    return cell;
  }

  /** The cell, if it may be seen. */
  protected readable(): Cell<V> | undefined {
    if (this.ttl === undefined) return this.cell();
    this.ttl.sweep(this.table);
    const cell = this.cell();
    if (cell === undefined) return undefined;
    const { visible, remove } = this.ttl.read(cell);
    if (remove) this.drop();
    return visible ? cell : undefined;
  }

  /** What the program put into a first value. */
  protected givenIn(value: V): unknown {
    return value;
  }

  protected store(value: V): Cell<V> {
    let cell = this.cell();
    if (cell === undefined) {
      if (!this.checked) {
        checkSerialisable(this.givenIn(value), `state \`${this.table.name}\`: value`);
        this.checked = true;
      }
      cell = this.table.insert(this.id, this.namespace, this.backend.keyId, value);
    } else cell.value = value;
    this.ttl?.touch(cell);
    this.backend.onAccess?.('state-written', this.table.name, value);
    return cell;
  }
}

/** One value per key. @see Flink: `ValueState` */
export class ValueState<T> extends StateView<T> {
  /** The current key's value, `null` if there is none. */
  value(): T | null {
    const cell = this.ttl === undefined ? this.cell() : this.readable();
    this.backend.onAccess?.('state-read', this.table.name, cell?.value);
    return cell === undefined ? null : cell.value;
  }

  /** Sets the current key's value; `null` clears it. */
  update(value: T | null): void {
    if (value === null || value === undefined) this.clear();
    else {
      this.ttl?.sweep(this.table);
      this.store(value);
    }
  }
}

/** One value per key, into which everything added is reduced. @see Flink: `ReducingState` */
export class ReducingState<T> extends StateView<T> {
  constructor(
    backend: KeyedStateBackend,
    table: StateTable<T>,
    id: NamespaceId,
    namespace: unknown,
    ttl: TimeToLive | undefined,
    private readonly reduce: ReduceFunction<T>,
  ) {
    super(backend, table, id, namespace, ttl);
  }

  get(): T | null {
    const value = this.readable()?.value ?? null;
    this.tell('state-read', value ?? undefined);
    return value;
  }

  add(value: T): void {
    const cell = this.readable();
    this.store(cell === undefined ? value : this.reduce(cell.value, value));
  }
}

/** One accumulator per key. @see Flink: `AggregatingState` */
export class AggregatingState<IN, ACC, OUT> extends StateView<ACC> {
  constructor(
    backend: KeyedStateBackend,
    table: StateTable<ACC>,
    id: NamespaceId,
    namespace: unknown,
    ttl: TimeToLive | undefined,
    private readonly aggregate: AggregateFunction<IN, ACC, OUT>,
  ) {
    super(backend, table, id, namespace, ttl);
  }

  get(): OUT | null {
    const cell = this.readable();
    this.tell('state-read', cell?.value);
    return cell === undefined ? null : this.aggregate.getResult(cell.value);
  }

  add(value: IN): void {
    const cell = this.readable();
    this.store(this.aggregate.add(value, cell === undefined ? this.aggregate.createAccumulator() : cell.value));
  }
}
