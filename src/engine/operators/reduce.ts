import { type KeyId, ownKeyId } from '../../core/keys.js';
import { ownStrings } from '../../core/own-strings.js';
import { checkSerialisable } from '../../core/serialise/index.js';
import type { ReduceFunction } from '../functions.js';
import { type KeyedReceiver, Operator } from '../operator.js';
import type { KeyedStateBackend } from '../state/backend.js';
import { Cell } from '../state/table.js';
import { VOID_NAMESPACE } from '../timers.js';
import { traceRolling } from '../tracing.js';

/**
 * A rolling reduce per key: each element gives the reduction of all elements of its key so far.
 *
 *     --a1--b5--a2--a3--|
 *     keyBy(letter).reduce(plus)
 *     --a1--b5--a3--a6--|
 *
 * @see Flink: DataStream operators, Reduce
 */
export class ReduceOperator<T> extends Operator<T, T> implements KeyedReceiver {
  private backend!: KeyedStateBackend;
  private cells!: Map<KeyId, Cell<T>>;

  constructor(
    private readonly reducer: ReduceFunction<T>,
    name = 'Reduce',
  ) {
    super(name);
  }

  override open(): void {
    this.backend = this.context.keyed();
    this.cells = this.backend.table<T>('reduce', 'reducing').spaceFor(VOID_NAMESPACE, undefined).cells;
    const { trace } = this.context;
    if (trace !== undefined) traceRolling(this, 'reduce', trace, (key) => this.cells.get(key)?.value);
  }

  override processElement(value: T, timestamp: number): void {
    this.processKeyed(value, timestamp, this.backend.keyId);
  }

  processKeyed(value: T, timestamp: number, key: KeyId): void {
    const { cells } = this;
    const cell: Cell<T> | undefined = cells.get(key);
    if (cell === undefined) {
      if (cells.size === 0) checkSerialisable(value, 'the element');
      cells.set(ownKeyId(key), new Cell(ownStrings(value)));
      this.output.collect(value, timestamp);
    } else {
      const next = this.reducer(cell.value, value);
      cell.value = next;
      this.output.collect(next, timestamp);
    }
  }
}
