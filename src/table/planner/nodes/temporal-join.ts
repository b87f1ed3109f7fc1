import { type Row, rowKind } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { TemporalJoinOperator } from '../../../engine/operators/table/time-joins/temporal-join.js';
import { compileConcat } from '../../codegen/index.js';
import { ValidationError } from '../../errors.js';
import { inputsOf, rexToString } from '../../expressions/index.js';
import { makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import { joinCondition } from '../join-keys.js';
import { rule } from '../rules.js';
import { bothSides, type JoinOn, joinInputs, withoutAdded } from './join-inputs.js';
import { compileMatches } from './join-matches.js';
import { keyedTwo, names } from './support.js';
import { reader } from './windows.js';

interface TemporalJoin extends JoinOn {
  readonly type: 'inner' | 'left';
  readonly leftTime: number;
  readonly rightTime: number;
}

/**
 * Joins each row with the version of a table that was valid at the row's time.
 *
 * @see Flink: Temporal Joins, Event Time Temporal Join
 */
export const TEMPORAL_JOIN: NodeKind<TemporalJoin> = {
  name: 'TemporalJoin',
  sentBy: ({ detail }) => [detail.leftKeys, detail.rightKeys],
  produces: (node) => (node.inputs[0] as PhysicalNode).modify,
  // The old version of a row on the right takes the place of the version at its time: better without.
  requires: (_node, asked) => [asked === 'none' ? 'beforeAndAfter' : asked, ['onlyAfter', 'beforeAndAfter']],
  updates: (_node, inputs) => (inputs[0] as PhysicalNode).updates,
  upsertKeys: (node) => (node.inputs[0] as PhysicalNode).upsertKeys,
  describe: (node) => {
    const [left, right] = node.inputs as [PhysicalNode, PhysicalNode];
    const { type, leftKeys, rightKeys, condition, leftTime, rightTime } = node.detail;
    const equal = leftKeys.map((l, i) => `(${left.fields[l]?.name} = ${right.fields[rightKeys[i] as number]?.name})`);
    const time = `__TEMPORAL_JOIN_CONDITION(${left.fields[leftTime]?.name}, ${right.fields[rightTime]?.name})`;
    const more = condition === undefined ? [] : [rexToString(condition, [...left.fields, ...right.fields])];
    return `joinType=[${type === 'left' ? 'LeftOuterJoin' : 'InnerJoin'}], where=[${[...equal, time, ...more].join(' AND ')}], select=[${names(node.fields)}]`;
  },
  unboundedState: () => 'the last version of every row of the versioned table',
  translate: (node, [left, right], { evaluation, stateTtlMs }) => {
    const [leftNode, rightNode] = node.inputs as [PhysicalNode, PhysicalNode];
    const { type, leftKeys, rightKeys, leftTime, rightTime } = node.detail;
    const create = () => {
      const concat = compileConcat(leftNode.fields, rightNode.fields, node.fields);
      return new TemporalJoinOperator({
        leftIsOuter: type === 'left',
        leftTimeOf: reader(leftNode.fields, leftTime),
        rightTimeOf: reader(rightNode.fields, rightTime),
        matches: compileMatches([leftNode, rightNode], node.detail, evaluation),
        concat: (one, other) => {
          const made = concat(one, other);
          if (one[rowKind] !== 0) made[rowKind] = one[rowKind];
          return made;
        },
        stateTtlMs,
      });
    };
    return keyedTwo(
      { stream: left as DataStream<Row>, fields: leftNode.fields, columns: leftKeys },
      { stream: right as DataStream<Row>, fields: rightNode.fields, columns: rightKeys },
      'TemporalJoin',
      create,
    );
  },
};

export const TEMPORAL_JOIN_RULE = rule('join', (rel, input) => {
  if (rel.right.kind !== 'snapshot') return undefined;
  const { type } = rel;
  const { period, span } = rel.right;
  const where = span === undefined ? {} : { span };
  if (type !== 'inner' && type !== 'left') {
    throw new ValidationError(
      `Temporal table join currently only supports INNER JOIN and LEFT JOIN, but was ${type.toUpperCase()} JOIN.`,
      where,
    );
  }
  const [left, right] = [input(rel.left), input(rel.right.input)];
  const leftTime = period.kind === 'correlated' ? period.index : -1;
  const rightTime = right.fields.findIndex((field) => field.time === 'rowtime');
  const [key] = right.upsertKeys;
  const missing = [rightTime < 0 ? 'row time attribute' : '', key === undefined ? 'primary key' : ''].filter(Boolean);
  if (missing.length > 0 || key === undefined) {
    throw new ValidationError(
      `Event-Time Temporal Table Join requires both primary key and row time attribute in versioned table, but no ${missing.join(' and ')} can be found.`,
      where,
    );
  }
  const { pairs, rest } = joinCondition(rel.condition, left.fields.length);
  const compared = new Set(pairs.flatMap((pair) => inputsOf(pair.right)));
  if (!right.upsertKeys.some((one) => one.every((column) => compared.has(column)))) {
    throw new ValidationError(
      `Temporal table's primary key [${names(right.fields, key)}] must be included in the equivalence condition of temporal join, but current temporal join condition is [${pairs.map((pair) => `${rexToString(pair.left, left.fields)}=${rexToString(pair.right, right.fields)}`).join(', ')}].`,
      where,
    );
  }
  const made = joinInputs(left, right, { pairs, rest });
  const fields = made.added ? bothSides(made, type) : rel.fields;
  return withoutAdded(
    makeNode(TEMPORAL_JOIN, fields, made.inputs, { type, ...made.on, leftTime, rightTime }),
    made,
    rel.fields,
  );
});
