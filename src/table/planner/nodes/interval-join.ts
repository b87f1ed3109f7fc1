import type { Row } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { TableIntervalJoinOperator } from '../../../engine/operators/table/time-joins/interval-join.js';
import { compileConcat, compileJoinPredicate } from '../../codegen/index.js';
import { rexToString } from '../../expressions/index.js';
import { INSERTS } from '../../physical/modify-kinds.js';
import { makeNode, type NodeKind, type PhysicalNode, requireInsertOnly } from '../../physical/node.js';
import type { PlanField } from '../../plan/field.js';
import type { JoinType } from '../../plan/rel.js';
import { intervalBounds } from '../interval-bounds.js';
import { joinCondition } from '../join-keys.js';
import { rule } from '../rules.js';
import { durationSetting } from '../settings.js';
import { bothSides, type JoinOn, joinInputs, nullKeys, withoutAdded } from './join-inputs.js';
import { keyedTwo, names } from './support.js';

interface IntervalJoin extends JoinOn {
  readonly type: JoinType;
  /** `lower <= left time - right time <= upper`, in ms. */
  readonly lower: number;
  readonly upper: number;
  readonly rowtime: boolean;
  readonly leftTime: number;
  readonly rightTime: number;
}

/**
 * A join whose condition bounds how far the times of both rows are apart: state is forgotten when no partner can come.
 *
 * @see Flink: Interval Joins
 */
export const INTERVAL_JOIN: NodeKind<IntervalJoin> = {
  name: 'IntervalJoin',
  sentBy: ({ detail }) => [detail.leftKeys, detail.rightKeys],
  produces: (node) => {
    requireInsertOnly(node);
    return INSERTS;
  },
  requires: () => ['none', 'none'],
  updates: () => 'none',
  describe: (node) => {
    const [left, right] = node.inputs as [PhysicalNode, PhysicalNode];
    const { type, lower, upper, rowtime, leftTime, rightTime, leftKeys, rightKeys, condition } = node.detail;
    const bounds = `isRowTime=${rowtime}, leftLowerBound=${lower}, leftUpperBound=${upper}, leftTimeIndex=${leftTime}, rightTimeIndex=${rightTime}`;
    const equal = leftKeys.map((l, i) => `(${left.fields[l]?.name} = ${right.fields[rightKeys[i] as number]?.name})`);
    const both = [...left.fields, ...right.fields];
    const where = [...equal, ...(condition === undefined ? [] : [rexToString(condition, both)])].join(' AND ');
    return `joinType=[${TEXTS[type]}], windowBounds=[${bounds}], where=[${where || 'true'}], select=[${names(both)}]`;
  },
  translate: (node, [left, right], { evaluation, config }) => {
    const sides = node.inputs as [PhysicalNode, PhysicalNode];
    const [leftNode, rightNode] = sides;
    const { type, condition, rowtime, leftTime, rightTime, lower, upper, leftKeys, rightKeys } = node.detail;
    const minCleanUpIntervalMs = durationSetting(config, 'table.exec.interval-join.min-cleanup-interval');
    const timeOf = (fields: readonly PlanField[], column: number) => {
      const { name } = fields[column] as PlanField;
      return rowtime ? (row: Row) => row[name] as number : undefined;
    };
    return keyedTwo(
      { stream: left as DataStream<Row>, fields: leftNode.fields, columns: leftKeys },
      { stream: right as DataStream<Row>, fields: rightNode.fields, columns: rightKeys },
      'IntervalJoin',
      () => {
        const nulls = nullKeys(sides, node.detail);
        const holds =
          condition === undefined
            ? () => true
            : compileJoinPredicate(condition, leftNode.fields, rightNode.fields, evaluation);
        return new TableIntervalJoinOperator({
          lower,
          upper,
          minCleanUpIntervalMs,
          leftIsOuter: type === 'left' || type === 'full',
          rightIsOuter: type === 'right' || type === 'full',
          leftTimeOf: timeOf(leftNode.fields, leftTime),
          rightTimeOf: timeOf(rightNode.fields, rightTime),
          matches: (l, r) => nulls?.left(l) !== true && nulls?.right(r) !== true && holds(l, r),
          concat: compileConcat(leftNode.fields, rightNode.fields, node.fields),
        });
      },
    );
  },
};

const TEXTS: Readonly<Record<JoinType, string>> = {
  inner: 'InnerJoin',
  left: 'LeftOuterJoin',
  right: 'RightOuterJoin',
  full: 'FullOuterJoin',
  semi: 'LeftSemiJoin',
  anti: 'LeftAntiJoin',
};

/** Before the rule for ordinary joins. */
export const INTERVAL_JOIN_RULE = rule('join', (rel, input) => {
  if (rel.type === 'semi' || rel.type === 'anti') return undefined;
  const [left, right] = [input(rel.left), input(rel.right)];
  const bounds = intervalBounds(rel.condition, left.fields, right.fields);
  if (bounds === undefined) return undefined;
  const { rest, ...times } = bounds;
  const made = joinInputs(left, right, joinCondition(rest, left.fields.length));
  const fields = made.added ? bothSides(made, rel.type) : rel.fields;
  return withoutAdded(
    makeNode(INTERVAL_JOIN, fields, made.inputs, { type: rel.type, ...made.on, ...times }),
    made,
    rel.fields,
  );
});
