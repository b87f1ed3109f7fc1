import type { Row } from '../../../core/rows/index.js';
import type { Operator } from '../../../engine/operator.js';
import { AttachedAggregateOperator } from '../../../engine/operators/table/windows/attached-steps.js';
import { CountAggregateOperator } from '../../../engine/operators/table/windows/count-aggregate.js';
import { SessionAggregateOperator } from '../../../engine/operators/table/windows/session-aggregate.js';
import {
  SliceAggregateOperator,
  type WindowAggregateSettings,
} from '../../../engine/operators/table/windows/slice-aggregate.js';
import {
  cumulatingSlices,
  hoppingSlices,
  type Slices,
  tumblingSlices,
} from '../../../engine/operators/table/windows/slices.js';
import { type Accumulators, compileAggregates } from '../../aggregates/index.js';
import { compileProjection, type EvaluationContext } from '../../codegen/index.js';
import type { WindowProperties } from '../../physical/node.js';
import type { PlanField } from '../../plan/field.js';
import type { WindowSpec } from '../../plan/rel.js';
import { type AggregateCall, inputRef } from '../../plan/rex.js';
import { reader, timeReader, windowClock } from './windows.js';

/** Aggregates per group and window: what the operators for the newer and the older windows are made of. */
export interface WindowAggregation {
  readonly name: string;
  readonly input: readonly PlanField[];
  /** Groups, calls, start, end, time. */
  readonly output: readonly PlanField[];
  /** Columns of the input, without the bounds of windows. */
  readonly groups: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly retract: boolean;
  /** Rows come added up in parts that have these columns: groups, the time, and the accumulators as the aggregates name them. */
  readonly parts?: readonly PlanField[];
}

function settingsOf(
  made: WindowAggregation,
  time: PlanField,
  evaluation: EvaluationContext,
): WindowAggregateSettings<Accumulators> {
  const { input, output, groups, calls, retract, parts } = made;
  const keyFields = output.slice(0, groups.length);
  const aggregation = compileAggregates(calls, input, { retract }, evaluation);
  const rows = parts ?? input;
  const keys = groups.map((column, i) => inputRef(parts === undefined ? column : i, (input[column] as PlanField).type));
  const result = aggregation.compileResult(
    groups.map((_, i) => i),
    output,
    keyFields,
  ) as (key: Row, accumulators: Accumulators, ...bounds: unknown[]) => Row;
  const keyOf = compileProjection(keys, rows, keyFields, evaluation);
  const proctime = output.at(-1)?.time === 'proctime';
  const added = {
    ...aggregation,
    accumulate: (into: Accumulators, part: Row) => aggregation.merge(into, part as unknown as Accumulators),
    rowsIn: (part: Row) => part.n as number,
  };
  return {
    aggregation: parts === undefined ? aggregation : added,
    keyOf,
    result: proctime
      ? (key, accumulators, start, end) => result(key, accumulators, start, end, null)
      : (key, accumulators, start, end, at) => result(key, accumulators, start, end, at),
    clock: windowClock(time, evaluation),
  };
}

/** Over rows that are put into windows by their time, here. */
export function windowOperator(
  made: WindowAggregation,
  window: WindowSpec,
  evaluation: EvaluationContext,
  timerPerWindow = false,
): Operator<Row, Row> {
  const settings = settingsOf(made, made.input[window.time] as PlanField, evaluation);
  const { parts, groups } = made;
  const timeOf = parts === undefined ? timeReader(made.input, window.time) : timeReader(parts, groups.length);
  if (window.type === 'session') {
    return new SessionAggregateOperator(made.name, { ...settings, gap: window.gap, timeOf });
  }
  if (window.type === 'count') {
    return new CountAggregateOperator(made.name, {
      ...settings,
      size: window.size,
      slide: window.slide ?? window.size,
    });
  }
  return new SliceAggregateOperator(made.name, {
    ...settings,
    slices: slicesOf(window, timerPerWindow),
    timeOf,
    timerPerWindow,
  });
}

/** Over rows that carry the bounds of their window. */
export function attachedOperator(
  made: WindowAggregation,
  window: WindowProperties,
  evaluation: EvaluationContext,
): Operator<Row, Row> {
  const time = made.output.at(-1) as PlanField;
  const settings = settingsOf(made, time, evaluation);
  const attached = {
    clock: settings.clock,
    rowtime: window.rowtime,
    startOf: reader(made.input, window.start[0] as number),
    endOf: reader(made.input, window.end[0] as number),
  };
  return new AttachedAggregateOperator(attached, settings);
}

function slicesOf(window: WindowSpec, oldestFirst: boolean): Slices {
  switch (window.type) {
    case 'tumble':
      return tumblingSlices(window.size, window.offset);
    case 'hop':
      return hoppingSlices(window.size, window.slide, window.offset, oldestFirst);
    case 'cumulate':
      return cumulatingSlices(window.size, window.step, window.offset);
    default:
      throw new Error(`${window.type} windows have no slices`);
  }
}
