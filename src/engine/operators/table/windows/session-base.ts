import type { Row } from '../../../../core/rows/index.js';
import { Operator } from '../../../operator.js';
import type { KeyedStateBackend } from '../../../state/backend.js';
import type { StateTable } from '../../../state/table.js';
import type { InternalTimerService, Triggerable } from '../../../time/timer-service.js';
import { VOID_NAMESPACE } from '../../../time/timers.js';
import { placeInSessions, type Session } from './sessions.js';
import { isFired, type WindowClock } from './window-clock.js';
import { WindowTrace } from './window-trace.js';

export interface SessionSettings {
  readonly gap: number;
  readonly clock: WindowClock;
  /** A row's event time; absent: processing time. */
  readonly timeOf: ((row: Row) => number) | undefined;
}

/** The sessions of a key, with their contents. */
interface Sessions<C> {
  readonly sessions: Session[];
  readonly contents: Map<number, C>;
  nextId: number;
}

/**
 * What session windows have in common: rows are put into sessions, sessions that touch become one, and each comes out when
 * its gap has passed. A row whose session would be over already is dropped.
 */
export abstract class SessionOperator<C> extends Operator<Row, Row> implements Triggerable<string> {
  private backend!: KeyedStateBackend;
  private table!: StateTable<Sessions<C>>;
  private timers!: InternalTimerService<string>;
  private tracing: WindowTrace | undefined;

  constructor(
    name: string,
    protected readonly session: SessionSettings,
  ) {
    super(name);
  }

  /** Empty contents, for a session that begins with this row. */
  protected abstract create(row: Row): C;
  protected abstract add(contents: C, row: Row): C;
  protected abstract merge(contents: C, other: C): C;
  /** What comes out of a session that is over; `time`: its last ms as a moment. */
  protected abstract results(contents: C, start: number, end: number, time: number): readonly Row[];

  override open(): void {
    this.backend = this.context.keyed();
    this.table = this.backend.table('window-aggs', 'sessions');
    this.timers = this.context.timers('window-timers', this);
    const { trace } = this.context;
    if (trace !== undefined) this.tracing = new WindowTrace(this.context, trace, this.session.clock);
  }

  override processElement(row: Row): void {
    const { clock, timeOf, gap } = this.session;
    const time = clock.toLocal(timeOf === undefined ? this.timers.currentProcessingTime() : timeOf(row));
    const key = this.backend.keyId;
    const state: Sessions<C> = this.table.get(VOID_NAMESPACE, key)?.value ?? {
      sessions: [],
      contents: new Map(),
      nextId: 0,
    };
    // It is looked at first whether the session, with everything it would join, is over already.
    const touching = state.sessions.filter((one) => time <= one.end && time + gap >= one.start);
    const end = Math.max(time + gap, ...touching.map((one) => one.end));
    if (timeOf !== undefined && isFired(clock, end, this.context.currentWatermark)) {
      this.context.metrics.numLateRecordsDropped++;
      this.tracing?.dropped(key, row, time);
      return;
    }
    const before = this.tracing === undefined ? [] : touching.map((one) => ({ ...one }));
    const { session, absorbed, endedAt } = placeInSessions(state.sessions, time, gap, () => state.nextId++);
    let contents = state.contents.get(session.id) ?? this.create(row);
    for (const one of absorbed) {
      contents = this.merge(contents, state.contents.get(one.id) as C);
      state.contents.delete(one.id);
      this.deleteTimer(one.end);
    }
    state.contents.set(session.id, this.add(contents, row));
    if (this.table.get(VOID_NAMESPACE, key) === undefined) this.table.insert(VOID_NAMESPACE, undefined, key, state);
    if (before.some(({ start, end }) => start !== session.start || end !== session.end)) {
      this.tracing?.merged(key, session, before);
    }
    this.tracing?.assigned(key, row, time, session);
    if (endedAt === session.end) return;
    if (endedAt !== undefined) this.deleteTimer(endedAt);
    const at = clock.timerOf(session.end - 1);
    if (timeOf === undefined) this.timers.registerProcessingTimeTimer(VOID_NAMESPACE, '', at);
    else this.timers.registerEventTimeTimer(VOID_NAMESPACE, '', at);
  }

  onEventTime(timestamp: number): void {
    this.fire(timestamp);
  }

  onProcessingTime(timestamp: number): void {
    this.fire(timestamp);
  }

  private deleteTimer(end: number): void {
    const at = this.session.clock.timerOf(end - 1);
    if (this.session.timeOf === undefined) this.timers.deleteProcessingTimeTimer(VOID_NAMESPACE, at);
    else this.timers.deleteEventTimeTimer(VOID_NAMESPACE, at);
  }

  private fire(timestamp: number): void {
    const { clock } = this.session;
    const key = this.backend.keyId;
    const state = this.table.get(VOID_NAMESPACE, key)?.value;
    if (state === undefined) return;
    for (const one of state.sessions.filter(({ end }) => clock.timerOf(end - 1) <= timestamp)) {
      const contents = state.contents.get(one.id) as C;
      state.sessions.splice(state.sessions.indexOf(one), 1);
      state.contents.delete(one.id);
      const at = clock.toEpoch(one.end - 1);
      const results = this.results(contents, one.start, one.end, at);
      this.tracing?.fired(key, results, one);
      for (const row of results) this.output.collect(row, at);
    }
    if (state.sessions.length === 0) this.table.delete(VOID_NAMESPACE, key);
  }
}
