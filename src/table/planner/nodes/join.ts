import { type Row, rowClassOf } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { StreamingJoinOperator, type TableJoinSettings } from '../../../engine/operators/table/join.js';
import type { JoinSideSettings } from '../../../engine/operators/table/join-state.js';
import { SemiAntiJoinOperator } from '../../../engine/operators/table/semi-anti-join.js';
import { compileConcat, compileJoinPredicate, compileKey } from '../../codegen/index.js';
import { rexToString } from '../../expressions/index.js';
import { ALL_KINDS } from '../../physical/modify-kinds.js';
import { inputKinds, type Key, makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import { type PlanField, plainField, planSchema, uniqueNames } from '../../plan/field.js';
import type { Join, JoinType } from '../../plan/rel.js';
import type { Rex } from '../../plan/rex.js';
import { joinCondition } from '../join-keys.js';
import { rule } from '../rules.js';
import { readProctime } from './calc.js';
import { bothSides, type JoinOn, joinInputs, nullKeys, withoutAdded } from './join-inputs.js';
import { joinKeysOf, keysAfterExchange } from './join-unique-keys.js';
import { keyedTwo, names } from './support.js';

/** A join of two tables that may change, on columns that are equal and maybe a condition. */
export interface RegularJoin extends JoinOn {
  readonly type: JoinType;
  /** How long rows of a side are kept, ms, where a hint says so. */
  readonly ttlMs?: Join['ttlMs'];
}

const isOuter = (type: JoinType): { left: boolean; right: boolean } => ({
  left: type === 'left' || type === 'full',
  right: type === 'right' || type === 'full',
});

/**
 * @see Flink: Regular Joins
 */
export const JOIN: NodeKind<RegularJoin> = {
  name: 'Join',
  sentBy: ({ detail }) => [detail.leftKeys, detail.rightKeys],
  produces: (node) => (node.detail.type === 'inner' || node.detail.type === 'semi' ? inputKinds(node) : ALL_KINDS),
  requires: (node, asked) => {
    const { leftKeys, rightKeys } = node.detail;
    const form = asked === 'none' ? 'beforeAndAfter' : asked;
    const asks = [leftKeys, rightKeys].map((keys, side) => {
      const input = node.inputs[side] as PhysicalNode;
      const whole = input.upsertKeys.some((key) => keys.every((column) => key.includes(column)));
      return form === 'onlyAfter' && input.modify.update && !whole ? undefined : form;
    });
    return asks.includes(undefined) ? undefined : (asks as ('onlyAfter' | 'beforeAndAfter')[]);
  },
  updates: 'makes',
  upsertKeys: (node) => {
    const [left, right] = node.inputs as [PhysicalNode, PhysicalNode];
    const { type, leftKeys, rightKeys } = node.detail;
    return joinKeysOf(
      type,
      left.fields.length,
      { keys: keysAfterExchange(left.upsertKeys, leftKeys), on: leftKeys },
      { keys: keysAfterExchange(right.upsertKeys, rightKeys), on: rightKeys },
    );
  },
  describe: (node) => {
    const [left, right] = node.inputs as [PhysicalNode, PhysicalNode];
    const { type, leftKeys, rightKeys, condition } = node.detail;
    const oneSide = type === 'semi' || type === 'anti';
    const both = oneSide ? uniquelyNamed([...left.fields, ...right.fields]) : node.fields;
    const equal = leftKeys.map(
      (l, i) => `(${both[l]?.name} = ${both[left.fields.length + (rightKeys[i] as number)]?.name})`,
    );
    const where = [...equal, ...(condition === undefined ? [] : [rexToString(condition, both)])];
    return [
      `joinType=[${JOIN_TEXTS[type]}]`,
      `where=[${where.length === 0 ? 'true' : where.join(' AND ')}]`,
      `select=[${names(node.fields)}]`,
      `leftInputSpec=[${specText(left, leftKeys)}]`,
      `rightInputSpec=[${specText(right, rightKeys)}]`,
    ].join(', ');
  },
  unboundedState: ({ detail: { ttlMs } }) => {
    const both = Object.keys(ttlMs ?? {}).length === 2;
    return both ? undefined : `every row of ${ttlMs === undefined ? 'both inputs' : 'the input without a STATE_TTL'}`;
  },
  translate: (node, [left, right], { evaluation, stateTtlMs }) => {
    const [leftNode, rightNode] = node.inputs as [PhysicalNode, PhysicalNode];
    const { type, leftKeys, rightKeys, condition, ttlMs } = node.detail;
    const create = () => {
      const settings: TableJoinSettings = {
        left: side('left-records', leftNode, leftKeys, ttlMs?.left ?? stateTtlMs),
        right: side('right-records', rightNode, rightKeys, ttlMs?.right ?? stateTtlMs),
        leftClass: rowClassOf(planSchema(leftNode.fields)),
        rightClass: rowClassOf(planSchema(rightNode.fields)),
        condition:
          condition === undefined
            ? undefined
            : compileJoinPredicate(condition, leftNode.fields, rightNode.fields, evaluation),
        nullKey: nullKeys([leftNode, rightNode], node.detail),
      };
      if (type === 'semi' || type === 'anti') return new SemiAntiJoinOperator({ ...settings, anti: type === 'anti' });
      const { left: leftIsOuter, right: rightIsOuter } = isOuter(type);
      const concat = compileConcat(leftNode.fields, rightNode.fields, node.fields);
      return new StreamingJoinOperator({ ...settings, leftIsOuter, rightIsOuter, concat });
    };
    return keyedTwo(
      { stream: left as DataStream<Row>, fields: leftNode.fields, columns: leftKeys },
      { stream: right as DataStream<Row>, fields: rightNode.fields, columns: rightKeys },
      'Join',
      create,
    );
  },
};

const JOIN_TEXTS: Readonly<Record<JoinType, string>> = {
  inner: 'InnerJoin',
  left: 'LeftOuterJoin',
  right: 'RightOuterJoin',
  full: 'FullOuterJoin',
  semi: 'LeftSemiJoin',
  anti: 'LeftAntiJoin',
};

function uniqueKeyOf(input: PhysicalNode, on: Key): { readonly within: boolean; readonly key: Key | undefined } {
  if (input.upsertKeys.some((key) => key.every((column) => on.includes(column))))
    return { within: true, key: undefined };
  return { within: false, key: [...input.upsertKeys].sort((a, b) => a.length - b.length)[0] };
}

function specText(input: PhysicalNode, on: Key): string {
  const { within, key } = uniqueKeyOf(input, on);
  if (within) return 'JoinKeyContainsUniqueKey';
  return key === undefined ? 'NoUniqueKey' : 'HasUniqueKey';
}

function side(name: string, input: PhysicalNode, on: Key, stateTtlMs: number): JoinSideSettings {
  const { within, key } = uniqueKeyOf(input, on);
  if (within) return { name, idOf: undefined, unique: true, stateTtlMs };
  const columns = key ?? input.fields.map((_, i) => i);
  return { name, idOf: compileKey(columns, input.fields), unique: key !== undefined, stateTtlMs };
}

/** A regular join of two planned inputs; expressions that are compared become columns below it, and go above it. */
export function makeJoin(
  type: JoinType,
  left: PhysicalNode,
  right: PhysicalNode,
  condition: Rex,
  fields: readonly PlanField[],
  ttlMs?: Join['ttlMs'],
): PhysicalNode {
  const made = joinInputs(readProctime(left), readProctime(right), joinCondition(condition, left.fields.length));
  const plain = fields.map(plainField);
  const joined = makeNode(JOIN, made.added ? bothSides(made, type).map(plainField) : plain, made.inputs, {
    type,
    ...made.on,
    ...(ttlMs === undefined ? {} : { ttlMs }),
  });
  return withoutAdded(joined, made, plain);
}

const uniquelyNamed = (fields: readonly PlanField[]): PlanField[] => {
  const unique = uniqueNames(fields.map((field) => field.name));
  return fields.map((field, i) => ({ ...field, name: unique[i] as string }));
};

export const JOIN_RULE = rule('join', (rel, input) =>
  makeJoin(rel.type, input(rel.left), input(rel.right), rel.condition, rel.fields, rel.ttlMs),
);
