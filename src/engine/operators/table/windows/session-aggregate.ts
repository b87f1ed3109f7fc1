import { isAddition, type Row, rowKind } from '../../../../core/rows/index.js';
import { SessionOperator, type SessionSettings } from './session-base.js';
import type { KeyedAccumulators, WindowAggregateSettings } from './slice-aggregate.js';

export interface SessionAggregateSettings<A extends { n: number }>
  extends WindowAggregateSettings<A>,
    Pick<SessionSettings, 'gap' | 'timeOf'> {}

/**
 * Aggregates per key and session. A session ends when no row has come for a gap; rows that come between two bring them
 * together.
 *
 * @see Flink: Window Aggregation, SESSION
 */
export class SessionAggregateOperator<A extends { n: number }> extends SessionOperator<KeyedAccumulators<A>> {
  constructor(
    name: string,
    private readonly settings: SessionAggregateSettings<A>,
  ) {
    super(name, settings);
  }

  protected create(row: Row): KeyedAccumulators<A> {
    return { key: this.settings.keyOf(row), accumulators: this.settings.aggregation.create() };
  }

  protected add(contents: KeyedAccumulators<A>, row: Row): KeyedAccumulators<A> {
    const { aggregation } = this.settings;
    if (isAddition(row[rowKind])) aggregation.accumulate(contents.accumulators, row);
    else aggregation.retract(contents.accumulators, row);
    return contents;
  }

  protected merge(contents: KeyedAccumulators<A>, other: KeyedAccumulators<A>): KeyedAccumulators<A> {
    this.settings.aggregation.merge(contents.accumulators, other.accumulators);
    return contents;
  }

  protected results({ key, accumulators }: KeyedAccumulators<A>, start: number, end: number, time: number): Row[] {
    return accumulators.n === 0 ? [] : [this.settings.result(key, accumulators, start, end, time)];
  }
}
