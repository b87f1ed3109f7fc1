import type { Row } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import type { Operator } from '../../../engine/operator.js';
import { RangeOverOperator, RowsOverOperator } from '../../../engine/operators/table/over/bounded.js';
import { ProcTimeRangeOverOperator, ProcTimeRowsOverOperator } from '../../../engine/operators/table/over/proctime.js';
import {
  ProcTimeUnboundedOverOperator,
  UnboundedOverOperator,
} from '../../../engine/operators/table/over/unbounded.js';
import { compileAggregates } from '../../aggregates/index.js';
import { ValidationError } from '../../errors.js';
import { INSERTS } from '../../physical/modify-kinds.js';
import { makeNode, type NodeKind, type PhysicalNode, requireInsertOnly } from '../../physical/node.js';
import type { OverAggregate } from '../../plan/rel.js';
import type { AggregateCall, OverFrame } from '../../plan/rex.js';
import { aggregateText, sortText } from '../describe.js';
import { rule } from '../rules.js';
import { keyed, names } from './support.js';
import { timeReader } from './windows.js';

interface OverDetail extends Pick<OverAggregate, 'partitionBy' | 'orderBy' | 'frame' | 'calls'> {
  /** The time attribute that is ordered by. */
  readonly time: number;
  /** How many rows a ROWS frame has, how many ms a RANGE goes back; absent: everything so far. */
  readonly size: number | undefined;
}

/**
 * Aggregates over the rows before each row.
 *
 * @see Flink: Over Aggregation
 */
export const OVER_AGGREGATE: NodeKind<OverDetail> = {
  name: 'OverAggregate',
  sentBy: ({ detail }) => [detail.partitionBy],
  produces: (node) => {
    requireInsertOnly(node);
    return INSERTS;
  },
  requires: () => ['none'],
  updates: () => 'none',
  upsertKeys: (node) => node.inputs[0]?.upsertKeys ?? [],
  describe: (node) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    const { partitionBy, orderBy, frame, calls } = node.detail;
    const partition = partitionBy.length === 0 ? '' : `partitionBy=[${names(from, partitionBy)}], `;
    const select = [
      ...from.map((field) => field.name),
      ...calls.map((call: AggregateCall) => aggregateText(call, from)),
    ];
    return `${partition}orderBy=[${sortText(orderBy, from)}], window=[${frameText(frame)}], select=[${select.join(', ')}]`;
  },
  unboundedState: ({ detail, inputs }) =>
    detail.partitionBy.length === 0 || detail.size !== undefined
      ? undefined
      : `the aggregates of each ${names((inputs[0] as PhysicalNode).fields, detail.partitionBy)}`,
  translate: (node, [input], { evaluation, stateTtlMs }) => {
    const { fields } = node.inputs[0] as PhysicalNode;
    const { partitionBy, calls, time, size, frame } = node.detail;
    const range = frame.unit === 'RANGE';
    return keyed(input as DataStream<Row>, fields, partitionBy, 'OverAggregate', (): Operator<Row, Row> => {
      const aggregation = compileAggregates(calls, fields, { retract: size !== undefined }, evaluation);
      const columns = fields.map((_, i) => i);
      const base = { aggregation, result: aggregation.compileResult(columns, node.fields), stateTtlMs };
      const timeOf = timeReader(fields, time);
      if (timeOf === undefined) {
        if (size === undefined) return new ProcTimeUnboundedOverOperator(base);
        return range ? new ProcTimeRangeOverOperator(base, size) : new ProcTimeRowsOverOperator(base, size);
      }
      const settings = { ...base, timeOf };
      if (size === undefined) return new UnboundedOverOperator({ ...settings, range });
      return range ? new RangeOverOperator(settings, size) : new RowsOverOperator(settings, size);
    });
  },
};

function frameText({ unit, start, end }: OverFrame): string {
  const text = (bound: OverFrame['start']): string =>
    'distance' in bound ? `${bound.distance.value} ${bound.bound}` : bound.bound;
  return ` ${unit} BETWEEN ${text(start)} AND ${text(end)}`;
}

/** What would have to know rows that are still to come. */
const AHEAD = new Set(['LEAD', 'NTILE', 'PERCENT_RANK', 'CUME_DIST']);

export const OVER_AGGREGATE_RULE = rule('overAggregate', (rel, input) => {
  const { partitionBy, orderBy, frame, calls, fields } = rel;
  const below = input(rel.input);
  const [order, ...others] = orderBy;
  const span = calls[0]?.span;
  const refuse = (message: string, hint?: string): never => {
    throw new ValidationError(message, {
      ...(span === undefined ? {} : { span }),
      ...(hint === undefined ? {} : { hint }),
    });
  };
  if (order === undefined || others.length > 0)
    return refuse(
      'The window can only be ordered by a single time column.',
      'OVER (PARTITION BY ... ORDER BY ts): ts is the column with the WATERMARK, or one AS PROCTIME()',
    );
  if (order.descending) {
    return refuse(
      'The window can only be ordered in ASCENDING mode.',
      'a filter on ROW_NUMBER() makes it a Top-N, which may be ordered by anything',
    );
  }
  if (below.fields[order.index]?.time === undefined) {
    return refuse(
      "OVER windows' ordering in stream mode must be defined on a time attribute.",
      'that is the column with the WATERMARK, or one AS PROCTIME(). A filter on ROW_NUMBER() makes it a Top-N, which may be ordered by anything',
    );
  }
  const needsAll = calls.find((call) => AHEAD.has(call.function));
  if (needsAll !== undefined) return refuse(`${needsAll.function} Function is not supported in stream mode.`);
  const size = sizeOf(frame);
  if (size === 'unsupported') return refuse('OVER RANGE FOLLOWING windows are not supported yet.');
  return makeNode(OVER_AGGREGATE, fields, [below], {
    partitionBy,
    orderBy,
    frame,
    calls,
    time: order.index,
    size,
  });
});

function sizeOf({ unit, start, end }: OverFrame): number | undefined | 'unsupported' {
  if (end.bound !== 'CURRENT ROW') return 'unsupported';
  if (start.bound === 'UNBOUNDED PRECEDING') return undefined;
  if (start.bound === 'PRECEDING') return Number(start.distance.value) + (unit === 'ROWS' ? 1 : 0);
  return 'unsupported';
}
