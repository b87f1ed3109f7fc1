import type { KeyId } from '../../core/keys.js';
import { ownKeyId } from '../../core/keys.js';
import { ownStrings } from '../../core/own-strings.js';
import { checkSerialisable } from '../../core/serialise/index.js';
import { CHAINED, type ChainLink } from '../channels/chain.js';
import { adder, checkField, FieldCopier, type NumberKind } from '../functions/fields.js';
import { traceRolling } from '../inspect/tracing.js';
import { type KeyedReceiver, Operator } from '../operator.js';
import type { KeyedStateBackend } from '../state/backend.js';
import { KeyCache } from '../state/key-cache.js';
import { CellFactory, type PackedCell } from '../state/packed-cell.js';
import { VOID_NAMESPACE } from '../time/timers.js';

type Fields = Record<string | number, unknown>;

/** The first record of a key, and the sum so far beside it: a number that changes costs less than an object that does. */
class SumCell<T> {
  readonly touchedAt = 0;

  constructor(
    readonly key: KeyId,
    private readonly first: T,
    /** The sum. */
    public field: unknown,
    private readonly copier: FieldCopier,
  ) {}

  /** The record that came out last. */
  get value(): T {
    return this.copier.copy(this.first as Fields, this.field) as T;
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
  private cells!: Map<KeyId, SumCell<T> | PackedCell<T>>;
  private cache!: KeyCache<SumCell<T> | PackedCell<T>>;
  private readonly add: (a: unknown, b: unknown) => unknown;
  private readonly copier: FieldCopier;
  private readonly factory: CellFactory<T>;

  /** Whether numbers are JavaScript's own, which need no wrapping. */
  private readonly plain: boolean;

  constructor(
    private readonly summed: string | number,
    kind: NumberKind,
  ) {
    super('Sum');
    this.plain = kind === undefined || kind === 'DOUBLE';
    this.add = adder(kind);
    this.copier = new FieldCopier(summed);
    this.factory = new CellFactory(summed);
  }

  override open(): void {
    this.backend = this.context.keyed();
    const { cells } = this.backend.table<T>('rolling', 'reducing').spaceFor(VOID_NAMESPACE, undefined);
    this.cells = cells as unknown as Map<KeyId, SumCell<T>>;
    for (const [key, cell] of cells) this.cells.set(key, this.cellFor(key, cell.value));
    this.cache = new KeyCache(this.cells);
    const { trace } = this.context;
    if (trace !== undefined) traceRolling(this, 'rolling', trace, (key) => this.cells.get(key)?.value);
  }

  override processElement(value: T, timestamp: number): void {
    this.processKeyed(value, timestamp, this.backend.keyId);
  }

  processKeyed(value: T, timestamp: number, key: KeyId): void {
    const cell = this.cache.find(key);
    if (cell === undefined) {
      this.first(value, key);
      this.output.collect(value, timestamp);
      return;
    }
    const added = (value as Fields)[this.summed];
    const sum = cell.field;
    cell.field =
      typeof sum === 'number' && typeof added === 'number' && this.plain ? sum + added : this.add(sum, added);
    this.output.collect(cell.value, timestamp);
  }

  [CHAINED](): ChainLink {
    return {
      names: { sum: this, add: this.add },
      text: ({ value, timestamp, key, at, emit }) => `const cell${at} = sum${at}.cache.find(${key});
      let next${at} = ${value};
      if (cell${at} === undefined) sum${at}.first(${value}, ${key});
      else {
        const added${at} = ${value}[${JSON.stringify(this.summed)}];
        const before${at} = cell${at}.field;
        cell${at}.field = ${this.plain ? `typeof before${at} === 'number' && typeof added${at} === 'number' ? before${at} + added${at} : ` : ''}add${at}(before${at}, added${at});
        next${at} = cell${at}.value;
      }
      ${emit(`next${at}`, timestamp)}`,
    };
  }

  private first(value: T, key: KeyId): void {
    checkField(value, this.summed, 'sum');
    if (this.cells.size === 0) checkSerialisable(value, 'the element');
    const own = ownKeyId(key);
    this.cells.set(own, this.cellFor(own, ownStrings(value)));
  }

  private cellFor(key: KeyId, value: T): SumCell<T> | PackedCell<T> {
    const packed = this.factory.create(key, value);
    if (packed !== undefined) return packed;
    this.copier.learn(value);
    return new SumCell(key, value, (value as Fields)[this.summed], this.copier);
  }
}
