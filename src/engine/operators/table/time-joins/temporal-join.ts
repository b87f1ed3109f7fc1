import { isAddition, type Row, rowKind } from '../../../../core/rows/index.js';
import { TwoInputOperator } from '../../../operator.js';
import type { ValueState } from '../../../state/views.js';
import type { InternalTimerService, Triggerable } from '../../../time/timer-service.js';
import { VOID_NAMESPACE } from '../../../time/timers.js';
import { valueDescriptor } from '../state.js';

export interface TemporalJoinSettings {
  readonly leftIsOuter: boolean;
  readonly leftTimeOf: (row: Row) => number;
  readonly rightTimeOf: (row: Row) => number;
  readonly matches: (left: Row, right: Row) => boolean;
  /** The columns of both, with the kind of the left row; NULL in place of a right side that is `null`. */
  readonly concat: (left: Row, right: Row | null) => Row;
  readonly stateTtlMs: number;
}

/** A version of the right side, valid from its time on; a deletion is one too. */
interface Version {
  readonly time: number;
  readonly row: Row;
  readonly present: boolean;
}

interface State {
  /** In the order in which they came. */
  left: Row[];
  /** By time, one for each. */
  readonly right: Version[];
  timer: number | undefined;
}

/**
 * Joins each row of the left with the version of the right that was valid at the row's time. A row waits until the watermark
 * says that no earlier version can come.
 *
 * @see Flink: Temporal Joins, Event Time; `TemporalRowTimeJoinOperator`
 */
export class TemporalJoinOperator extends TwoInputOperator<Row, Row, Row> implements Triggerable<string> {
  private state!: ValueState<State>;
  private timers!: InternalTimerService<string>;

  constructor(private readonly settings: TemporalJoinSettings) {
    super('TemporalJoin');
  }

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<State>('versions', this.settings.stateTtlMs));
    this.timers = this.context.timers('temporal-join', this);
  }

  override processElement1(row: Row): void {
    const state = this.read();
    state.left.push(row);
    this.wakeAt(state, this.settings.leftTimeOf(row));
    this.state.update(state);
  }

  override processElement2(row: Row): void {
    const state = this.read();
    const time = this.settings.rightTimeOf(row);
    const version = { time, row, present: isAddition(row[rowKind]) };
    let at = state.right.length;
    while (at > 0 && (state.right[at - 1] as Version).time > time) at--;
    if (at > 0 && state.right[at - 1]?.time === time) state.right[at - 1] = version;
    else state.right.splice(at, 0, version);
    this.wakeAt(state, time);
    this.state.update(state);
  }

  private read(): State {
    return this.state.value() ?? { left: [], right: [], timer: undefined };
  }

  private wakeAt(state: State, time: number): void {
    if (state.timer !== undefined) {
      if (state.timer <= time) return;
      this.timers.deleteEventTimeTimer(VOID_NAMESPACE, state.timer);
    }
    state.timer = time;
    this.timers.registerEventTimeTimer(VOID_NAMESPACE, '', time);
  }

  onProcessingTime(): void {}

  onEventTime(): void {
    const state = this.state.value();
    if (state === null) return;
    const { leftTimeOf } = this.settings;
    const watermark = this.context.currentWatermark;
    state.timer = undefined;
    const due = state.left.filter((row) => leftTimeOf(row) <= watermark);
    state.left = state.left.filter((row) => leftTimeOf(row) > watermark);
    for (const row of due) this.join(row, state.right);
    // The last version before the watermark may still be asked for.
    const current = lastUpTo(state.right, watermark);
    if (current > 0) state.right.splice(0, current);
    let next = Number.POSITIVE_INFINITY;
    for (const row of state.left) next = Math.min(next, leftTimeOf(row));
    if (next < Number.POSITIVE_INFINITY) this.wakeAt(state, next);
    this.state.update(state.left.length + state.right.length === 0 ? null : state);
  }

  private join(row: Row, versions: readonly Version[]): void {
    const { leftTimeOf, matches, concat, leftIsOuter } = this.settings;
    const time = leftTimeOf(row);
    const version = versions[lastUpTo(versions, time)];
    if (version?.present === true && matches(row, version.row)) this.output.collect(concat(row, version.row), time);
    else if (leftIsOuter) this.output.collect(concat(row, null), time);
  }
}

/** The place of the last version up to a time, -1 for none. */
function lastUpTo(versions: readonly Version[], time: number): number {
  let [low, high] = [0, versions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((versions[middle] as Version).time <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
