import type { Row } from '../../../../core/rows/index.js';
import { TwoInputOperator } from '../../../operator.js';
import type { KeyedStateBackend } from '../../../state/backend.js';
import type { StateTable } from '../../../state/table.js';
import type { InternalTimerService, Triggerable } from '../../../time/timer-service.js';
import type { AttachedWindow } from './attached.js';
import { isFired, type WindowClock } from './window-clock.js';

export interface WindowJoinSettings {
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';
  readonly clock: WindowClock;
  readonly rowtime: boolean;
  readonly left: { readonly startOf: (row: Row) => number; readonly endOf: (row: Row) => number };
  readonly right: { readonly startOf: (row: Row) => number; readonly endOf: (row: Row) => number };
  readonly matches: (left: Row, right: Row) => boolean;
  /** The columns of both; NULL in place of a side that is `null`. */
  readonly concat: (left: Row | null, right: Row | null) => Row;
}

interface Sides {
  readonly left: Row[];
  readonly right: Row[];
}

/**
 * Joins the rows of the same window, once it is over.
 *
 * @see Flink: Window Join; `WindowJoinOperator`
 */
export class WindowJoinOperator extends TwoInputOperator<Row, Row, Row> implements Triggerable<AttachedWindow> {
  private backend!: KeyedStateBackend;
  private table!: StateTable<Sides>;
  private timers!: InternalTimerService<AttachedWindow>;

  constructor(private readonly settings: WindowJoinSettings) {
    super('WindowJoin');
  }

  override open(): void {
    this.backend = this.context.keyed();
    this.table = this.backend.table('window-sides', 'window-join');
    this.timers = this.context.timers('window-timers', this);
  }

  override processElement1(row: Row): void {
    this.add(row, 'left');
  }

  override processElement2(row: Row): void {
    this.add(row, 'right');
  }

  private add(row: Row, side: 'left' | 'right'): void {
    const { clock, rowtime } = this.settings;
    const { startOf, endOf } = this.settings[side];
    const end = endOf(row);
    if (rowtime && isFired(clock, end, this.context.currentWatermark)) {
      this.context.metrics.numLateRecordsDropped++;
      return;
    }
    const start = startOf(row);
    const window = { id: `${start}-${end}`, start, end };
    let cell = this.table.get(window.id, this.backend.keyId);
    if (cell === undefined) {
      cell = this.table.insert(window.id, window, this.backend.keyId, { left: [], right: [] });
      const at = clock.timerOf(end - 1);
      if (rowtime) this.timers.registerEventTimeTimer(window.id, window, at);
      else this.timers.registerProcessingTimeTimer(window.id, window, at);
    }
    cell.value[side].push(row);
  }

  onEventTime(_timestamp: number, window: AttachedWindow): void {
    this.fire(window);
  }

  onProcessingTime(_timestamp: number, window: AttachedWindow): void {
    this.fire(window);
  }

  private fire(window: AttachedWindow): void {
    const sides = this.table.get(window.id, this.backend.keyId)?.value;
    if (sides === undefined) return;
    this.table.delete(window.id, this.backend.keyId);
    this.join(sides, this.settings.clock.toEpoch(window.end - 1));
  }

  private join({ left, right }: Sides, time: number): void {
    const { type, matches, concat } = this.settings;
    const { output } = this;
    if (type === 'semi' || type === 'anti') {
      for (const one of left) {
        if (right.some((other) => matches(one, other)) === (type === 'semi')) output.collect(one, time);
      }
      return;
    }
    if (type === 'right') {
      for (const other of right) {
        let found = false;
        for (const one of left) {
          if (!matches(one, other)) continue;
          found = true;
          output.collect(concat(one, other), time);
        }
        if (!found) output.collect(concat(null, other), time);
      }
      return;
    }
    const joined = new Set<Row>();
    for (const one of left) {
      let found = false;
      for (const other of right) {
        if (!matches(one, other)) continue;
        found = true;
        joined.add(other);
        output.collect(concat(one, other), time);
      }
      if (!found && type !== 'inner') output.collect(concat(one, null), time);
    }
    if (type !== 'full') return;
    for (const other of right) if (!joined.has(other)) output.collect(concat(null, other), time);
  }
}
