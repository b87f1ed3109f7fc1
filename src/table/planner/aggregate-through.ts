import type { Row } from '../../core/rows/index.js';
import { type AnyType, type as types } from '../../core/types/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import { greatestCommonDivisor } from '../../engine/operators/table/windows/slices.js';
import { TimeGrid } from '../../formats/index.js';
import { addCode, addsUpInParts } from '../aggregates/index.js';
import type { EvaluationContext } from '../codegen/index.js';
import { toLocal } from '../functions/runtime/zones.js';
import type { TranslateContext } from '../physical/context.js';
import { isAppendOnly } from '../physical/modify-kinds.js';
import type { PhysicalNode } from '../physical/node.js';
import type { PlanField } from '../plan/field.js';
import type { WindowSpec } from '../plan/rel.js';
import { GROUP_WINDOW_AGGREGATE, type GroupWindowDetail } from './nodes/group-window-aggregate.js';
import { keyed } from './nodes/support.js';
import { WINDOW_AGGREGATE, type WindowAggregate } from './nodes/window-aggregate.js';
import { type WindowAggregation, windowOperator } from './nodes/window-operators.js';
import type { ScanWindows } from './scan-program.js';
import { scanThrough } from './scan-through.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/**
 * Windows right above what {@link scanThrough} carries out: the table's reader adds up the rows of a key and of a stretch of
 * time that come together, and the operator gets those parts; watermarks between rows are told only where a window may end.
 * Aggregates that do not come to the same in this way get their rows one by one. Plans stay as they are.
 *
 * @param shared nodes that somebody else reads too
 * @see Flink: Performance Tuning, Local-Global Aggregation; `LocalWindowAggregate`
 */
export function aggregateThrough(
  node: PhysicalNode,
  shared: ReadonlySet<PhysicalNode>,
  context: TranslateContext,
): DataStream<Row> | undefined {
  const found = windowsOf(node);
  const [below] = node.inputs;
  if (found === undefined || below === undefined || shared.has(below) || !isAppendOnly(below.modify)) return undefined;
  const { groups, calls, window } = found;
  const { evaluation } = context;
  const time = below.fields[window.time];
  const grid = time?.time === 'rowtime' ? gridOf(window, time, evaluation) : undefined;
  if (grid === undefined) return undefined;
  const made = { name: node.kind.name, input: below.fields, output: node.fields, groups, calls, retract: false };
  const parts = calls.every((call) => addsUpInParts(call, below.fields))
    ? partsOf(made, window, evaluation)
    : undefined;
  const stream = scanThrough(below, shared, context, parts === undefined ? { grid } : { grid, parts });
  if (stream === undefined) return undefined;
  const timerPerWindow = (node.kind as unknown) === GROUP_WINDOW_AGGREGATE && window.type === 'hop';
  return parts === undefined
    ? keyed(stream, below.fields, groups, made.name, () => windowOperator(made, window, evaluation, timerPerWindow))
    : keyed(
        stream,
        parts.fields,
        groups.map((_, i) => i),
        made.name,
        () => windowOperator({ ...made, parts: parts.fields }, window, evaluation, timerPerWindow),
      );
}

function windowsOf(node: PhysicalNode): GroupWindowDetail | undefined {
  if ((node.kind as unknown) === GROUP_WINDOW_AGGREGATE) return node.detail as GroupWindowDetail;
  if ((node.kind as unknown) !== WINDOW_AGGREGATE) return undefined;
  const { groups, calls, window } = node.detail as WindowAggregate;
  return 'start' in window ? undefined : { groups, calls, window: window.spec };
}

/** Stretches at whose ends all windows end; `undefined`: they end where their rows say. */
function gridOf(window: WindowSpec, { type }: PlanField, { timeZone }: EvaluationContext): TimeGrid | undefined {
  if (window.type === 'session' || window.type === 'count') return undefined;
  const step = window.type === 'hop' ? window.slide : window.type === 'cumulate' ? window.step : window.size;
  const size = greatestCommonDivisor(window.size, step);
  if (type.root !== 'TIMESTAMP_LTZ' || timeZone === 'UTC') return new TimeGrid(size, window.offset ?? 0);
  // Windows lie on local time, which is whole seconds away from UTC, and nowadays whole minutes.
  const local = greatestCommonDivisor(size, Math.abs(window.offset ?? 0));
  const seconds = greatestCommonDivisor(local, SECOND_MS);
  const minutes = toLocal(0, timeZone) % MINUTE_MS === 0 ? greatestCommonDivisor(local, MINUTE_MS) : seconds;
  return new TimeGrid(minutes, 0, seconds);
}

const NOT_LOOKED_AT = types.bigint() as AnyType;

function partsOf(
  { input, groups, calls }: WindowAggregation,
  window: WindowSpec,
  evaluation: EvaluationContext,
): NonNullable<ScanWindows['parts']> {
  const add = (columns: readonly string[]) => addCode(calls, input, columns, evaluation);
  const { slots } = add(input.map(({ name }) => name));
  return {
    fields: [
      ...groups.map((group, i) => ({ name: `g${i}`, type: (input[group] as PlanField).type })),
      { ...(input[window.time] as PlanField), name: 't' },
      ...[...slots.keys()].map((name) => ({ name, type: NOT_LOOKED_AT })),
    ],
    groups,
    add,
  };
}
