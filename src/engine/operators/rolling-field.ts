import { ownKeyId } from '../../core/keys.js';
import { ownStrings } from '../../core/own-strings.js';
import { checkSerialisable } from '../../core/serialise/index.js';
import type { FieldReduction } from '../functions/fields.js';
import { traceRolling } from '../inspect/tracing.js';
import { Operator } from '../operator.js';
import type { KeyedStateBackend } from '../state/backend.js';
import { Cell, type Space } from '../state/table.js';
import { VOID_NAMESPACE } from '../time/timers.js';

/**
 * Rolling `sum`, `min`, `max`, `minBy`, `maxBy` per key: one result per element.
 *
 *     --a5--b2--a3--|
 *     keyBy(letter).sum(number)
 *     --a5--b2--a8--|
 *
 * @see Flink: DataStream operators, Reduce; rolling aggregations keep the other fields of the key's first element
 */
export class RollingFieldOperator<T> extends Operator<T, T> {
  private backend!: KeyedStateBackend;
  private space!: Space<T>;

  constructor(private readonly reduction: FieldReduction) {
    super(reduction.name);
  }

  override open(): void {
    this.backend = this.context.keyed();
    this.space = this.backend.table<T>('rolling', 'reducing').spaceFor(VOID_NAMESPACE, undefined);
    for (const cell of this.space.cells.values()) this.reduction.learn(cell.value);
    const { trace } = this.context;
    if (trace !== undefined) traceRolling(this, 'rolling', trace, (key) => this.space.cells.get(key)?.value);
  }

  override processElement(value: T, timestamp: number): void {
    const { cells } = this.space;
    const cell = cells.get(this.backend.keyId);
    if (cell === undefined) {
      this.reduction.learn(value);
      if (cells.size === 0) checkSerialisable(value, 'the element');
      cells.set(ownKeyId(this.backend.keyId), new Cell(ownStrings(value)));
      this.output.collect(value, timestamp);
    } else {
      const next = this.reduction.reduce(cell.value, value) as T;
      cell.value = next;
      this.output.collect(next, timestamp);
    }
  }
}
