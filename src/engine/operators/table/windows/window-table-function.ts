import type { Row } from '../../../../core/rows/index.js';
import { Operator } from '../../../operator.js';
import { SessionOperator, type SessionSettings } from './session-base.js';
import type { AssignWindows } from './slices.js';
import type { WindowClock } from './window-clock.js';

/** A row with the bounds of its window (local ms) and its last ms as a moment; the row's kind is kept. */
export type WithWindow = (row: Row, start: number, end: number, time: number) => Row;

export interface WindowTableFunctionSettings {
  readonly assign: AssignWindows;
  readonly clock: WindowClock;
  /** A row's event time, `null` for none; absent: processing time. */
  readonly timeOf: ((row: Row) => number | null) | undefined;
  readonly withWindow: WithWindow;
}

/**
 * Puts every row out once for each of its windows. Nothing is kept and nothing is late.
 *
 * @see Flink: Windowing TVF; `AlignedWindowTableFunctionOperator`
 */
export class WindowTableFunctionOperator extends Operator<Row, Row> {
  constructor(private readonly settings: WindowTableFunctionSettings) {
    super('WindowTableFunction');
  }

  override processElement(row: Row, timestamp: number): void {
    const { assign, clock, timeOf, withWindow } = this.settings;
    const moment = timeOf === undefined ? this.context.clock.now() : timeOf(row);
    if (moment === null) return;
    assign(clock.toLocal(moment), (start, end) => {
      this.output.collect(withWindow(row, start, end, clock.toEpoch(end - 1)), timestamp);
    });
  }
}

/**
 * Keeps rows until their session is over, then puts them out with its bounds, in the order in which they came.
 *
 * @see Flink: Windowing TVF, SESSION; `UnalignedWindowTableFunctionOperator`
 */
export class SessionTableFunctionOperator extends SessionOperator<Row[]> {
  constructor(
    settings: SessionSettings,
    private readonly withWindow: WithWindow,
  ) {
    super('WindowTableFunction', settings);
  }

  protected create(): Row[] {
    return [];
  }

  protected add(contents: Row[], row: Row): Row[] {
    contents.push(row);
    return contents;
  }

  protected merge(contents: Row[], other: Row[]): Row[] {
    contents.push(...other);
    return contents;
  }

  protected results(contents: Row[], start: number, end: number, time: number): Row[] {
    return contents.map((row) => this.withWindow(row, start, end, time));
  }
}
