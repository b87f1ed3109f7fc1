import { isAddition, type Row, RowKind, rowKind } from '../../../core/rows/index.js';
import type { ValueState } from '../../state/views.js';
import { MAX_WATERMARK, MIN_WATERMARK } from '../../time/time.js';
import type { InternalTimerService, Triggerable } from '../../time/timer-service.js';
import { VOID_NAMESPACE } from '../../time/timers.js';
import { GroupAggregateOperator, type GroupAggregateSettings, sameValues } from './group-aggregate.js';
import { valueDescriptor } from './state.js';

export interface MiniBatchSettings {
  /** Rows that are held back at most. */
  readonly size: number;
  /** How long rows are held back at most, ms of processing time. */
  readonly latencyMs: number;
}

/**
 * Aggregates per key, with one change for all rows of a key that came together. Rows are held back until there are so many,
 * until so much time has passed, or the input ends; a snapshot holds them too.
 *
 *     --(a,1)--(a,2)--(b,5)--|
 *     SUM per key, in batches of 3
 *     ----------------+I(a,3),+I(b,5)|
 *
 * @see Flink: MiniBatch Aggregation; `MiniBatchGroupAggFunction`
 */
export class MiniBatchAggregateOperator<A extends { n: number }>
  extends GroupAggregateOperator<A>
  implements Triggerable<undefined>
{
  private bundle!: ValueState<Row[]>;
  private timers!: InternalTimerService<undefined>;
  private held = 0;
  /** When what is held goes out, by the clock. */
  private due = Number.NEGATIVE_INFINITY;
  private timestamp = 0;
  /** The watermark that goes out with what is held. */
  private waiting = MIN_WATERMARK;

  constructor(
    settings: GroupAggregateSettings<A>,
    private readonly batch: MiniBatchSettings,
  ) {
    super(settings);
  }

  override open(): void {
    super.open();
    this.bundle = this.context.keyed().getState(valueDescriptor<Row[]>('bundle', 0));
    this.timers = this.context.timers('mini-batch', this);
  }

  override processElement(row: Row, timestamp: number): void {
    this.timestamp = timestamp;
    const rows = this.bundle.value();
    if (rows === null) this.bundle.update([row]);
    else rows.push(row);
    this.schedule();
    if (++this.held >= this.batch.size) this.flush();
  }

  /** A watermark waits for the rows before it, and makes them wait no shorter. */
  override processWatermark(watermark: number): void {
    this.waiting = watermark;
    if (this.held === 0 || watermark === MAX_WATERMARK) this.flush();
  }

  override finish(): void {
    this.flush();
  }

  onEventTime(): void {}

  onProcessingTime(): void {
    this.flush();
  }

  /** Batches end at multiples of the latency, as Flink's do. */
  private schedule(): void {
    const { latencyMs } = this.batch;
    const now = this.timers.currentProcessingTime();
    if (now < this.due) return;
    this.due = (Math.floor(now / latencyMs) + 1) * latencyMs;
    this.timers.registerProcessingTimeTimer(VOID_NAMESPACE, undefined, this.due);
  }

  private flush(): void {
    this.held = 0;
    this.context.keyed().applyToAllKeys(valueDescriptor<Row[]>('bundle', 0), () => {
      const rows = this.bundle.value() as Row[];
      this.bundle.clear();
      this.apply(rows);
    });
    const { waiting } = this;
    this.waiting = MIN_WATERMARK;
    if (waiting !== MIN_WATERMARK) super.processWatermark(waiting);
  }

  private apply(given: readonly Row[]): void {
    const { aggregation, result, equal, updateBefore, stateTtlMs } = this.settings;
    const known = this.state.value();
    // What takes away from a group that is not there comes after its state was forgotten.
    const from = known === null ? given.findIndex((row) => isAddition(row[rowKind])) : 0;
    if (from < 0) return;
    const rows = given.slice(from);
    const last = rows.at(-1) as Row;
    const accumulators = known ?? aggregation.create();
    const before = known === null ? undefined : result(last, accumulators);
    const hidden = aggregation.hidden?.(accumulators);
    for (const row of rows) {
      if (isAddition(row[rowKind])) aggregation.accumulate(accumulators, row);
      else aggregation.retract(accumulators, row);
    }
    if (accumulators.n === 0) {
      this.state.clear();
      if (before !== undefined) this.put(before, RowKind.DELETE);
      return;
    }
    this.state.update(accumulators);
    const after = result(last, accumulators);
    if (before === undefined) {
      this.put(after, RowKind.INSERT);
      return;
    }
    const same = equal(before, after) && sameValues(hidden, aggregation.hidden?.(accumulators));
    if (stateTtlMs <= 0 && same) return;
    if (updateBefore) this.put(before, RowKind.UPDATE_BEFORE);
    this.put(after, RowKind.UPDATE_AFTER);
  }

  private put(row: Row, kind: RowKind): void {
    if (kind !== RowKind.INSERT) row[rowKind] = kind;
    this.output.collect(row, this.timestamp);
  }
}
