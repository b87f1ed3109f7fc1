import type { Row } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { GroupAggregateOperator } from '../../../engine/operators/table/group-aggregate.js';
import { MiniBatchAggregateOperator } from '../../../engine/operators/table/mini-batch-aggregate.js';
import { compileAggregates } from '../../aggregates/index.js';
import { compileRowEquals } from '../../codegen/index.js';
import { castTo } from '../../expressions/index.js';
import { ALL_KINDS, INSERTS_AND_UPDATES, isAppendOnly } from '../../physical/modify-kinds.js';
import type { Monotonicity } from '../../physical/monotonicity.js';
import { inputKinds, type Key, makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import { type PlanField, plainField } from '../../plan/field.js';
import type { Aggregate, JoinType } from '../../plan/rel.js';
import { type AggregateCall, inputRef } from '../../plan/rex.js';
import { aggregateText } from '../describe.js';
import { miniBatch } from '../mini-batch.js';
import { rule } from '../rules.js';
import { makeCalc, readProctime } from './calc.js';
import { JOIN } from './join.js';
import { keyed, names } from './support.js';

export interface GroupAggregate {
  readonly groups: readonly number[];
  readonly calls: readonly AggregateCall[];
  /** How long the aggregates of a group are kept, ms, where a hint says so. */
  readonly ttlMs?: number | undefined;
}

/** How results of aggregates move as rows come. */
const MOVES: Readonly<Record<string, Monotonicity>> = { COUNT: 'increasing', MAX: 'increasing', MIN: 'decreasing' };

/**
 * GROUP BY, DISTINCT, and aggregates over everything.
 *
 * @see Flink: Group Aggregation
 */
export const GROUP_AGGREGATE: NodeKind<GroupAggregate> = {
  name: 'GroupAggregate',
  sentBy: ({ detail }) => [detail.groups],
  produces: (node) => (isAppendOnly(inputKinds(node)) ? INSERTS_AND_UPDATES : ALL_KINDS),
  requires: () => ['beforeAndAfter'],
  updates: 'makes',
  upsertKeys: ({ detail }) => [detail.groups.map((_, i) => i)],
  // Rows that are taken away again move results either way.
  monotonicity: ({ inputs: [input], detail: { groups, calls } }) =>
    input !== undefined && isAppendOnly(input.modify)
      ? [...groups.map(() => 'constant' as const), ...calls.map((call) => MOVES[call.function] ?? 'any')]
      : undefined,
  describe: (node) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    const { groups, calls } = node.detail;
    const groupBy = groups.length === 0 ? '' : `groupBy=[${names(from, groups)}], `;
    const select = [...groups.map((i) => from[i]?.name), ...calls.map((one) => aggregateText(one, from))];
    return `${groupBy}select=[${select.join(', ')}]`;
  },
  unboundedState: (node) => {
    const { groups, ttlMs } = node.detail;
    if (groups.length === 0 || ttlMs !== undefined) return undefined;
    return `the aggregates of each ${names((node.inputs[0] as PhysicalNode).fields, groups)}`;
  },
  translate: (node, [input], { evaluation, stateTtlMs, config }) => {
    const below = node.inputs[0] as PhysicalNode;
    const { groups, calls, ttlMs = stateTtlMs } = node.detail;
    const batch = miniBatch(config);
    return keyed(input as DataStream<Row>, below.fields, groups, 'GroupAggregate', () => {
      const retract = !isAppendOnly(below.modify);
      const aggregation = compileAggregates(calls, below.fields, { retract }, evaluation);
      const settings = {
        aggregation,
        result: aggregation.compileResult(groups, node.fields),
        equal: compileRowEquals(node.fields.slice(groups.length)),
        updateBefore: node.updates === 'beforeAndAfter',
        stateTtlMs: ttlMs,
      };
      return batch === undefined
        ? new GroupAggregateOperator(settings)
        : new MiniBatchAggregateOperator(settings, batch);
    });
  },
};

export function makeGroupAggregate(
  input: PhysicalNode,
  fields: readonly PlanField[],
  groups: readonly number[],
  calls: readonly AggregateCall[],
  ttlMs?: number,
): PhysicalNode {
  return makeNode(GROUP_AGGREGATE, fields, [readProctime(input)], { groups, calls, ttlMs });
}

/** Aggregates that of a single value are that value. */
const OF_ONE = new Set(['SUM', 'MIN', 'MAX', 'SINGLE_VALUE']);

/**
 * Where no two rows are in one group there is nothing to aggregate: rows pass on as they are, updates as updates.
 *
 * @see Flink: `FlinkAggregateRemoveRule`
 */
function withoutAggregate(rel: Aggregate, input: PhysicalNode): PhysicalNode | undefined {
  if (rel.kept === true) return undefined;
  const single = (call: AggregateCall): boolean =>
    OF_ONE.has(call.function) && call.filter === undefined && call.operands.length === 1;
  const unique = uniqueKeysOf(input).some((key) => key.every((column) => rel.groups.includes(column)));
  if (!unique || rel.groups.length === 0 || !rel.calls.every(single)) return undefined;
  const columns = [...rel.groups, ...rel.calls.map((call) => call.operands[0] as number)];
  const fields = rel.fields.map(plainField);
  return makeCalc(
    input,
    fields,
    columns.map((column, i) => castTo(inputRef(column, fieldOf(input, column).type), fieldOf(rel, i).type)),
  );
}

/** What a semi or an anti join leaves is as unique as its left side, however its rows were spread. */
function uniqueKeysOf(node: PhysicalNode): readonly Key[] {
  const { type } = (node.kind === JOIN ? node.detail : {}) as { readonly type?: JoinType };
  return type === 'semi' || type === 'anti' ? uniqueKeysOf(node.inputs[0] as PhysicalNode) : node.upsertKeys;
}

const fieldOf = ({ fields }: { readonly fields: readonly PlanField[] }, i: number): PlanField => fields[i] as PlanField;

export const AGGREGATE_RULE = rule('aggregate', (rel, input, { config }) => {
  if (rel.sets !== undefined) return undefined;
  // What is wrong with the settings is said while planning.
  miniBatch(config);
  const below = input(rel.input);
  return withoutAggregate(rel, below) ?? makeGroupAggregate(below, rel.fields, rel.groups, rel.calls, rel.ttlMs);
});
