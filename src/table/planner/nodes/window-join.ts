import type { Row } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { WindowJoinOperator } from '../../../engine/operators/table/windows/window-join.js';
import { compileConcat } from '../../codegen/index.js';
import { rexToString } from '../../expressions/index.js';
import { INSERTS } from '../../physical/modify-kinds.js';
import {
  makeNode,
  type NodeKind,
  type PhysicalNode,
  requireInsertOnly,
  type WindowProperties,
} from '../../physical/node.js';
import type { PlanField } from '../../plan/field.js';
import type { JoinType } from '../../plan/rel.js';
import type { Rex } from '../../plan/rex.js';
import { type JoinPair, joinCondition } from '../join-keys.js';
import { rule } from '../rules.js';
import { bothSides, type JoinOn, joinInputs, withoutAdded } from './join-inputs.js';
import { compileMatches } from './join-matches.js';
import { keyedTwo, names } from './support.js';
import { timeField } from './window-aggregate.js';
import { reader, windowClock } from './windows.js';

interface WindowJoin extends JoinOn {
  readonly type: JoinType;
  readonly leftWindow: WindowProperties;
  readonly rightWindow: WindowProperties;
}

/**
 * Joins rows of the same window, once it is over.
 *
 * @see Flink: Window Join
 */
export const WINDOW_JOIN: NodeKind<WindowJoin> = {
  name: 'WindowJoin',
  sentBy: ({ detail }) => [detail.leftKeys, detail.rightKeys],
  produces: (node) => {
    requireInsertOnly(node);
    return INSERTS;
  },
  requires: () => ['none', 'none'],
  updates: () => 'none',
  windows: ({ inputs: [left], detail: { type, leftWindow, rightWindow } }) => {
    const width = (left as PhysicalNode).fields.length;
    const shift = (columns: readonly number[]): number[] => columns.map((i) => i + width);
    const onlyLeft = type === 'left' || type === 'semi' || type === 'anti';
    const lefts = type === 'right' || type === 'full' ? undefined : leftWindow;
    const rights = onlyLeft || type === 'full' ? undefined : rightWindow;
    if (lefts === undefined && rights === undefined) return undefined;
    return {
      spec: leftWindow.spec,
      rowtime: leftWindow.rowtime,
      start: [...(lefts?.start ?? []), ...shift(rights?.start ?? [])],
      end: [...(lefts?.end ?? []), ...shift(rights?.end ?? [])],
      time: [...(lefts?.time ?? []), ...shift(rights?.time ?? [])],
    };
  },
  describe: (node) => {
    const [left, right] = node.inputs as [PhysicalNode, PhysicalNode];
    const { type, leftKeys, rightKeys, condition } = node.detail;
    const equal = leftKeys.map((l, i) => `(${left.fields[l]?.name} = ${right.fields[rightKeys[i] as number]?.name})`);
    const where = [
      ...equal,
      ...(condition === undefined ? [] : [rexToString(condition, [...left.fields, ...right.fields])]),
    ];
    return `joinType=[${type}], where=[${where.length === 0 ? 'true' : where.join(' AND ')}], select=[${names(node.fields)}]`;
  },
  translate: (node, [left, right], { evaluation }) => {
    const [leftNode, rightNode] = node.inputs as [PhysicalNode, PhysicalNode];
    const { type, leftKeys, rightKeys, leftWindow, rightWindow } = node.detail;
    const bounds = (fields: readonly PlanField[], window: WindowProperties) => ({
      startOf: reader(fields, window.start[0] as number),
      endOf: reader(fields, window.end[0] as number),
    });
    const create = () =>
      new WindowJoinOperator({
        type,
        clock: windowClock(timeField(leftNode, leftWindow), evaluation),
        rowtime: leftWindow.rowtime,
        left: bounds(leftNode.fields, leftWindow),
        right: bounds(rightNode.fields, rightWindow),
        matches: compileMatches([leftNode, rightNode], node.detail, evaluation),
        concat:
          type === 'semi' || type === 'anti'
            ? (row) => row as Row
            : compileConcat(leftNode.fields, rightNode.fields, node.fields),
      });
    return keyedTwo(
      { stream: left as DataStream<Row>, fields: leftNode.fields, columns: leftKeys },
      { stream: right as DataStream<Row>, fields: rightNode.fields, columns: rightKeys },
      'WindowJoin',
      create,
    );
  },
};

const isOneOf = (rex: Rex, columns: readonly number[]): boolean => rex.kind === 'input' && columns.includes(rex.index);

export const WINDOW_JOIN_RULE = rule('join', (rel, input) => {
  if (rel.right.kind === 'snapshot') return undefined;
  const [left, right] = [input(rel.left), input(rel.right)];
  if (left.window === undefined || right.window === undefined) return undefined;
  const [leftWindow, rightWindow] = [left.window, right.window];
  const { pairs, rest } = joinCondition(rel.condition, left.fields.length);
  const starts = (pair: JoinPair): boolean =>
    isOneOf(pair.left, leftWindow.start) && isOneOf(pair.right, rightWindow.start);
  const ends = (pair: JoinPair): boolean => isOneOf(pair.left, leftWindow.end) && isOneOf(pair.right, rightWindow.end);
  if (!pairs.some(starts) || !pairs.some(ends)) return undefined;
  // Of different windows it is a join like any other, also where the times are of different kinds.
  if (sizesOf(leftWindow) !== sizesOf(rightWindow)) return undefined;
  if (timeField(left, leftWindow).type.root !== timeField(right, rightWindow).type.root) return undefined;
  const others = pairs.filter((pair) => !starts(pair) && !ends(pair));
  const made = joinInputs(left, right, { pairs: others, rest });
  const { type } = rel;
  const fields = made.added ? bothSides(made, type) : rel.fields;
  return withoutAdded(
    makeNode(WINDOW_JOIN, fields, made.inputs, { type, ...made.on, leftWindow, rightWindow }),
    made,
    rel.fields,
  );
});

function sizesOf({ spec, rowtime }: WindowProperties): string {
  const { time: _, ...sizes } = spec;
  return JSON.stringify([rowtime, { ...sizes, partitionBy: undefined }]);
}
