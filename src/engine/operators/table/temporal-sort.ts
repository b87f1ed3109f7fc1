import type { Row } from '../../../core/rows/index.js';
import { Operator } from '../../operator.js';
import type { MapState } from '../../state/collections.js';
import { MapStateDescriptor } from '../../state/descriptors.js';
import type { ValueState } from '../../state/views.js';
import type { InternalTimerService, Triggerable } from '../../time/timer-service.js';
import { VOID_NAMESPACE } from '../../time/timers.js';
import { valueDescriptor } from './state.js';

export interface TemporalSortSettings {
  /** The column with the event time; absent: by processing time. */
  readonly rowtime: string | undefined;
  /** By what else rows of one time are sorted; absent: by nothing, they stay in the order in which they came. */
  readonly compare: ((a: Row, b: Row) => number) | undefined;
}

/**
 * Sorts by time: rows wait until the watermark has reached theirs. A row that is not after what was put out already is
 * late and dropped; being behind the watermark alone is no harm. All rows have one key.
 *
 * @see Flink: `RowTimeSortOperator`, `ProcTimeSortOperator`
 */
export class TemporalSortOperator extends Operator<Row, Row> implements Triggerable<undefined> {
  private rows!: MapState<number, Row[]>;
  private lastTime!: ValueState<number>;
  private timers!: InternalTimerService<undefined>;

  constructor(private readonly settings: TemporalSortSettings) {
    super('TemporalSort');
  }

  override open(): void {
    const keyed = this.context.keyed();
    this.rows = keyed.getMapState(new MapStateDescriptor<number, Row[]>('sort'));
    this.lastTime = keyed.getState(valueDescriptor<number>('last', 0));
    this.timers = this.context.timers<undefined>('sort', this);
  }

  override processElement(row: Row, timestamp: number): void {
    void timestamp;
    const { rowtime } = this.settings;
    if (rowtime === undefined) {
      const now = this.timers.currentProcessingTime();
      this.keep(0, row);
      this.timers.registerProcessingTimeTimer(VOID_NAMESPACE, undefined, now + 1);
      return;
    }
    const time = row[rowtime] as number;
    const last = this.lastTime.value();
    if (last !== null && time <= last) {
      this.context.metrics.numLateRecordsDropped++;
      return;
    }
    if (this.keep(time, row)) this.timers.registerEventTimeTimer(VOID_NAMESPACE, undefined, time);
  }

  onEventTime(timestamp: number): void {
    this.emit(timestamp, timestamp);
    this.lastTime.update(timestamp);
  }

  onProcessingTime(timestamp: number): void {
    this.emit(0, timestamp);
  }

  /** @returns whether it is the first of its time */
  private keep(time: number, row: Row): boolean {
    const known = this.rows.get(time);
    if (known === null) this.rows.put(time, [row]);
    else known.push(row);
    return known === null;
  }

  private emit(time: number, timestamp: number): void {
    const rows = this.rows.get(time);
    if (rows === null) return;
    this.rows.remove(time);
    const { compare } = this.settings;
    // Stable, as Flink's.
    if (compare !== undefined) rows.sort(compare);
    for (const row of rows) this.output.collect(row, timestamp);
  }
}
