import type { KeyId } from '../../core/keys.js';
import { ownKeyId } from '../../core/keys.js';
import { ownStrings } from '../../core/own-strings.js';
import { checkSerialisable } from '../../core/serialise/index.js';
import { adder, checkField, FieldCopier, type NumberKind } from '../fields.js';
import { type KeyedReceiver, Operator } from '../operator.js';
import type { KeyedStateBackend } from '../state/backend.js';
import { Cell } from '../state/table.js';
import { VOID_NAMESPACE } from '../timers.js';
import { traceRolling } from '../tracing.js';

type Fields = Record<string | number, unknown>;

/** The first record of a key, and the sum so far beside it: a number that changes costs less than an object that does. */
class SumCell<T> extends Cell<T> {
  constructor(
    first: T,
    public sum: unknown,
  ) {
    super(first);
  }
}

/**
 * A rolling sum per key: the other fields are those of the key's first element.
 *
 *     --a5--b2--a3--|
 *     keyBy(letter).sum(number)
 *     --a5--b2--a8--|
 *
 * @see Flink: DataStream operators; `KeyedStream.sum`
 */
export class RollingSumOperator<T> extends Operator<T, T> implements KeyedReceiver {
  private backend!: KeyedStateBackend;
  private cells!: Map<KeyId, SumCell<T>>;
  private readonly add: (a: unknown, b: unknown) => unknown;
  private readonly copier: FieldCopier;
  private copy: (record: Fields, value: unknown) => Fields;

  /** Whether numbers are JavaScript's own, which need no wrapping. */
  private readonly plain: boolean;

  constructor(
    private readonly field: string | number,
    kind: NumberKind,
  ) {
    super('Sum');
    this.plain = kind === undefined || kind === 'DOUBLE';
    this.add = adder(kind);
    this.copier = new FieldCopier(field);
    this.copy = this.copier.copy;
  }

  override open(): void {
    this.backend = this.context.keyed();
    const space = this.backend.table<T>('rolling', 'reducing').spaceFor(VOID_NAMESPACE, undefined);
    this.cells = space.cells as Map<KeyId, SumCell<T>>;
    for (const [key, cell] of this.cells) {
      this.learn(cell.value);
      this.cells.set(key, new SumCell(cell.value, (cell.value as Fields)[this.field]));
    }
    const { trace } = this.context;
    if (trace !== undefined) traceRolling(this, 'rolling', trace, (key) => this.currentOf(key));
  }

  private currentOf(key: KeyId): unknown {
    const cell = this.cells.get(key);
    return cell === undefined ? undefined : this.stateValue(cell);
  }

  override processElement(value: T, timestamp: number): void {
    this.processKeyed(value, timestamp, this.backend.keyId);
  }

  processKeyed(value: T, timestamp: number, key: KeyId): void {
    const cell = this.cells.get(key);
    if (cell === undefined) {
      this.first(value, key);
      this.output.collect(value, timestamp);
      return;
    }
    const added = (value as Fields)[this.field];
    const { sum } = cell;
    const next =
      typeof sum === 'number' && typeof added === 'number' && this.plain ? sum + added : this.add(sum, added);
    cell.sum = next;
    this.output.collect(this.copy(cell.value as Fields, next) as T, timestamp);
  }

  /** What is written into a snapshot is the record that came out last. */
  override snapshotState(): void {
    for (const cell of this.cells.values()) {
      if ((cell.value as Fields)[this.field] !== cell.sum) cell.value = this.copy(cell.value as Fields, cell.sum) as T;
    }
  }

  override stateValue(cell: Cell<unknown>): unknown {
    return cell instanceof SumCell ? this.copy(cell.value as Fields, cell.sum) : cell.value;
  }

  private first(value: T, key: KeyId): void {
    this.learn(value);
    if (this.cells.size === 0) checkSerialisable(value, 'the element');
    this.cells.set(ownKeyId(key), new SumCell(ownStrings(value), (value as Fields)[this.field]));
  }

  private learn(value: T): void {
    checkField(value, this.field, 'sum');
    this.copier.learn(value);
    this.copy = this.copier.copy;
  }
}
