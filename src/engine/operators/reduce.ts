import { type KeyId, ownKeyId } from '../../core/keys.js';
import { ownStrings } from '../../core/own-strings.js';
import { checkSerialisable } from '../../core/serialise/index.js';
import { CHAINED, type ChainLink } from '../channels/chain.js';
import type { ReduceFunction } from '../functions/functions.js';
import { missingReturn } from '../functions/user-function.js';
import { traceRolling } from '../inspect/tracing.js';
import { type KeyedReceiver, Operator } from '../operator.js';
import type { KeyedStateBackend } from '../state/backend.js';
import { KeyCache } from '../state/key-cache.js';
import { CellFactory, KeyedCell } from '../state/packed-cell.js';
import { VOID_NAMESPACE } from '../time/timers.js';

/**
 * A rolling reduce per key: each element gives the reduction of all elements of its key so far.
 *
 *     --a1--b5--a2--a3--|
 *     keyBy(letter).reduce(plus)
 *     --a1--b5--a3--a6--|
 *
 * The record that the function gets first has the content of the last result, and need not be the same object.
 *
 * @see Flink: DataStream operators, Reduce
 */
export class ReduceOperator<T> extends Operator<T, T> implements KeyedReceiver {
  private backend!: KeyedStateBackend;
  private cells!: Map<KeyId, KeyedCell<T>>;
  private cache!: KeyCache<KeyedCell<T>>;
  private readonly factory = new CellFactory<T>();

  constructor(
    private readonly reducer: ReduceFunction<T>,
    name = 'Reduce',
  ) {
    super(name);
  }

  override open(): void {
    this.backend = this.context.keyed();
    const space = this.backend.table<T>('reduce', 'reducing').spaceFor(VOID_NAMESPACE, undefined);
    this.cells = space.cells as Map<KeyId, KeyedCell<T>>;
    for (const [key, cell] of this.cells) this.cells.set(key, this.cellFor(key, cell.value));
    this.cache = new KeyCache(this.cells);
    const { trace } = this.context;
    if (trace !== undefined) traceRolling(this, 'reduce', trace, (key) => this.cells.get(key)?.value);
  }

  override processElement(value: T, timestamp: number): void {
    this.processKeyed(value, timestamp, this.backend.keyId);
  }

  processKeyed(value: T, timestamp: number, key: KeyId): void {
    const cell = this.cache.find(key);
    if (cell === undefined) {
      this.first(value, key);
      this.output.collect(value, timestamp);
    } else {
      const next = this.reducer(cell.value, value);
      if (!cell.put(next)) this.replace(cell, next);
      this.output.collect(next, timestamp);
    }
  }

  [CHAINED](): ChainLink {
    return {
      names: { reduce: this, reducer: this.reducer },
      text: ({ value, timestamp, key, at, emit }) => `const cell${at} = reduce${at}.cache.find(${key});
      let next${at} = ${value};
      if (cell${at} === undefined) reduce${at}.first(${value}, ${key});
      else {
        next${at} = reducer${at}(cell${at}.value, ${value});
        if (!cell${at}.put(next${at})) reduce${at}.replace(cell${at}, next${at});
      }
      ${emit(`next${at}`, timestamp)}`,
    };
  }

  private first(value: T, key: KeyId): void {
    if (this.cells.size === 0) checkSerialisable(value, 'the element');
    const own = ownKeyId(key);
    this.cells.set(own, this.cellFor(own, ownStrings(value)));
  }

  private cellFor(key: KeyId, value: T): KeyedCell<T> {
    return this.factory.create(key, value) ?? new KeyedCell(key, value);
  }

  /** The value has another shape now: it keeps its place in the map, and so its turn in snapshots. */
  private replace({ key }: KeyedCell<T>, value: T): void {
    if (value === undefined) missingReturn('reduce', 'the element that stands for both');
    this.cells.set(key, new KeyedCell(key, value));
    this.cache.forget(key);
  }
}
