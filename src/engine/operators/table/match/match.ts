import type { Row } from '../../../../core/rows/index.js';
import { Operator } from '../../../operator.js';
import type { ValueState } from '../../../state/views.js';
import type { InternalTimerService, Triggerable } from '../../../time/timer-service.js';
import { VOID_NAMESPACE } from '../../../time/timers.js';
import { putByTime, type Waiting } from '../over/over-rows.js';
import { valueDescriptor } from '../state.js';
import { type Accepts, type PatternElement, PatternMatcher, type Run, type SkipTo } from './pattern.js';

export interface MatchSettings {
  readonly elements: readonly PatternElement[];
  readonly accepts: Accepts;
  readonly skip: SkipTo;
  /** `Infinity`: no bound. */
  readonly withinMs: number;
  /** A row's event time; absent: rows are matched as they come. */
  readonly timeOf: ((row: Row) => number) | undefined;
  /** The order of rows with the same time. */
  readonly compare: ((a: Row, b: Row) => number) | undefined;
  /** The row that a match gives at this time. */
  readonly result: (rows: Run['rows'], time: number) => Row;
}

/** Beyond all times that a TIMESTAMP can have. */
const END = 8.64e15;

interface State {
  readonly waiting: Waiting[];
  readonly partial: Run[];
  readonly completed: Run[];
  next: number;
}

/**
 * Looks for a pattern in the rows of each key, in the order of time; each match gives a row. What is behind the watermark
 * is dropped.
 *
 * @see Flink: Pattern Recognition; `CepOperator`
 */
export class MatchOperator extends Operator<Row, Row> implements Triggerable<string> {
  private state!: ValueState<State>;
  private timers!: InternalTimerService<string>;
  private readonly matcher: PatternMatcher;

  constructor(private readonly settings: MatchSettings) {
    super('Match');
    const { elements, accepts, skip, withinMs } = settings;
    this.matcher = new PatternMatcher(elements, accepts, skip, withinMs);
  }

  override open(): void {
    this.state = this.context.keyed().getState(valueDescriptor<State>('match', 0));
    this.timers = this.context.timers('match-timers', this);
  }

  override processElement(row: Row): void {
    const { timeOf } = this.settings;
    const state = this.state.value() ?? { waiting: [], partial: [], completed: [], next: 0 };
    if (timeOf === undefined) {
      const now = this.timers.currentProcessingTime();
      this.match(state, row, now);
      this.keep(state);
      return;
    }
    const time = timeOf(row);
    if (time <= this.context.currentWatermark) {
      this.context.metrics.numLateRecordsDropped++;
      return;
    }
    if (putByTime(state.waiting, time, row)) this.timers.registerEventTimeTimer(VOID_NAMESPACE, '', time);
    this.keep(state);
  }

  onEventTime(): void {
    const state = this.state.value();
    if (state === null) return;
    const { compare } = this.settings;
    const watermark = this.context.currentWatermark;
    let done = 0;
    for (const { time, rows } of state.waiting) {
      if (time > watermark) break;
      done++;
      if (compare !== undefined) rows.sort(compare);
      for (const row of rows) this.match(state, row, time);
    }
    state.waiting.splice(0, done);
    this.matcher.expire(watermark, state.partial);
    this.release(state, watermark);
    this.keep(state);
  }

  onProcessingTime(): void {}

  private match(state: State, row: Row, time: number): void {
    const { partial, completed } = state;
    this.matcher.expire(time, partial);
    this.release(state, time);
    this.matcher.take({ id: state.next++, time, row }, partial, completed);
    this.release(state, time);
  }

  private release({ partial, completed }: State, time: number): void {
    for (const run of this.matcher.release(partial, completed)) {
      // At the end of the input there is no time any more but that of the rows.
      const at = Number.isFinite(time) && time < END ? time : Math.max(...run.rows.flat().map((one) => one.time));
      this.output.collect(this.settings.result(run.rows, at), time);
    }
  }

  private keep(state: State): void {
    const { waiting, partial, completed } = state;
    this.state.update(waiting.length + partial.length + completed.length === 0 ? null : state);
  }
}
