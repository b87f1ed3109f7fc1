import type { Row } from '../../../../core/rows/index.js';
import { Operator } from '../../../operator.js';
import type { KeyedStateBackend } from '../../../state/backend.js';
import type { StateTable } from '../../../state/table.js';
import type { InternalTimerService, Triggerable } from '../../../time/timer-service.js';
import { isFired, type WindowClock } from './window-clock.js';

export interface AttachedSettings {
  readonly clock: WindowClock;
  readonly rowtime: boolean;
  readonly startOf: (row: Row) => number;
  readonly endOf: (row: Row) => number;
}

/** A window of rows that carry their windows. */
export interface AttachedWindow {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What steps over rows have in common that carry the bounds of their window in columns: they keep something per key and
 * window until the window is over. What comes after that is dropped.
 */
export abstract class AttachedWindowOperator<C> extends Operator<Row, Row> implements Triggerable<AttachedWindow> {
  private backend!: KeyedStateBackend;
  private table!: StateTable<C>;
  private timers!: InternalTimerService<AttachedWindow>;

  constructor(
    name: string,
    protected readonly attached: AttachedSettings,
  ) {
    super(name);
  }

  /** The contents after a row; those before are `undefined` for the first. May change them in place. */
  protected abstract add(contents: C | undefined, row: Row): C;
  protected abstract emit(contents: C, window: AttachedWindow, time: number): void;

  override open(): void {
    this.backend = this.context.keyed();
    this.table = this.backend.table('window-contents', 'attached');
    this.timers = this.context.timers('window-timers', this);
  }

  override processElement(row: Row): void {
    const { clock, rowtime, startOf, endOf } = this.attached;
    const end = endOf(row);
    if (rowtime && isFired(clock, end, this.context.currentWatermark)) {
      this.context.metrics.numLateRecordsDropped++;
      return;
    }
    const start = startOf(row);
    const window = { id: `${start}-${end}`, start, end };
    const key = this.backend.keyId;
    const cell = this.table.get(window.id, key);
    const contents = this.add(cell?.value, row);
    if (cell !== undefined) {
      cell.value = contents;
      return;
    }
    this.table.insert(window.id, window, key, contents);
    const at = clock.timerOf(end - 1);
    if (rowtime) this.timers.registerEventTimeTimer(window.id, window, at);
    else this.timers.registerProcessingTimeTimer(window.id, window, at);
  }

  onEventTime(_timestamp: number, window: AttachedWindow): void {
    this.fire(window);
  }

  onProcessingTime(_timestamp: number, window: AttachedWindow): void {
    this.fire(window);
  }

  private fire(window: AttachedWindow): void {
    const key = this.backend.keyId;
    const cell = this.table.get(window.id, key);
    if (cell === undefined) return;
    this.table.delete(window.id, key);
    this.emit(cell.value, window, this.attached.clock.toEpoch(window.end - 1));
  }
}
