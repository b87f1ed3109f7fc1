import type { Row } from '../../../core/rows/index.js';
import { type } from '../../../core/types/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { ExpandOperator } from '../../../engine/operators/table/expand.js';
import { compileProjection } from '../../codegen/index.js';
import { rexToString } from '../../expressions/index.js';
import { inputKinds, makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import { type PlanField, plainField, uniqueNames } from '../../plan/field.js';
import type { Aggregate } from '../../plan/rel.js';
import { type AggregateCall, inputRef, literal, type Rex } from '../../plan/rex.js';
import { rule } from '../rules.js';
import { makeCalc, readProctime } from './calc.js';
import { makeGroupAggregate } from './group-aggregate.js';
import { makeWindowAggregate } from './window-aggregate.js';

interface Expand {
  /** A row for each list. */
  readonly projects: readonly (readonly Rex[])[];
}

/**
 * A row for each grouping set, with NULL in the columns that are not in it and the set's id.
 *
 * @see Flink: `StreamPhysicalExpand`
 */
export const EXPAND: NodeKind<Expand> = {
  name: 'Expand',
  produces: inputKinds,
  requires: (_node, asked) => [asked],
  updates: 'forwards',
  // Where the window is in every set.
  windows: ({ inputs: [input], detail: { projects } }) => {
    const window = input?.window;
    const kept = (i: number): boolean => projects.every((project) => project[i]?.kind === 'input');
    return window !== undefined && [...window.start, ...window.end].every(kept)
      ? { ...window, time: window.time.filter(kept) }
      : undefined;
  },
  describe: (node) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    const texts = node.detail.projects.map(
      (project) => `{${project.map((rex, i) => `${rexToString(rex, from)} AS ${node.fields[i]?.name}`).join(', ')}}`,
    );
    return `projects=[${texts.join(', ')}]`;
  },
  translate: (node, [input], { evaluation }) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    return (input as DataStream<Row>).transform('Expand', () => {
      const projects = node.detail.projects.map((one) => compileProjection(one, from, node.fields, evaluation));
      return new ExpandOperator(projects);
    });
  },
};

/** What a call over the expanded rows looks like, or what replaces it. */
interface Expanded {
  readonly node: PhysicalNode;
  /** Columns of the expanded rows that take the groups' place, and last the column with the set's id. */
  readonly groups: readonly number[];
  readonly calls: readonly AggregateCall[];
}

// A group column that an aggregate reads too is needed as it was: it is there twice.
function expand(rel: Aggregate, given: PhysicalNode): Expanded {
  const input = readProctime(given);
  const width = input.fields.length;
  const sets = rel.sets ?? [];
  const read = new Set(
    rel.calls.flatMap((call) => [...call.operands, ...(call.filter === undefined ? [] : [call.filter])]),
  );
  const twice = rel.groups.filter((column) => read.has(column));
  const grouped = new Set(rel.groups);
  const names = uniqueNames([
    ...input.fields.map((field) => field.name),
    '$e',
    ...twice.map((column) => `${input.fields[column]?.name}_0`),
  ]);
  const types = [
    ...input.fields.map((field, i) => (grouped.has(i) ? field.type.nullable() : field.type)),
    type.bigint().notNull(),
    ...twice.map((column) => (input.fields[column] as PlanField).type),
  ];
  const fields = names.map((name, i) => ({ name, type: types[i] })) as PlanField[];
  const ids = setIds(rel);
  const projects = sets.map((set, at) => {
    const kept = new Set(set.map((position) => rel.groups[position] as number));
    const columns = input.fields.map((field, i) =>
      !grouped.has(i) || kept.has(i) ? inputRef(i, field.type) : literal(null, field.type.nullable()),
    );
    const id = literal(ids[at], type.bigint().notNull());
    return [...columns, id, ...twice.map((column) => inputRef(column, (input.fields[column] as PlanField).type))];
  });
  const node = makeNode(EXPAND, fields, [input], { projects });
  const moved = (column: number): number => (grouped.has(column) ? width + 1 + twice.indexOf(column) : column);
  const calls = rel.calls.map((call) => ({
    ...call,
    operands: call.operands.map(moved),
    ...(call.filter === undefined ? {} : { filter: moved(call.filter) }),
  }));
  return { node, groups: [...rel.groups, width], calls };
}

/** A bit for each group column, the first one highest; set where the column is not in the set. */
function setId(groups: number, set: readonly number[]): number {
  let id = 0;
  for (let i = 0; i < groups; i++) id = id * 2 + (set.includes(i) ? 0 : 1);
  return id;
}

/** An id for each set. The same set again has another: its rows are groups of their own. */
function setIds({ groups, sets = [] }: Aggregate): number[] {
  return sets.map((set, at) => setId(groups.length, set) + repetition(sets, at) * 2 ** groups.length);
}

/** How often a set came before. */
function repetition(sets: readonly (readonly number[])[], at: number): number {
  const text = (set: readonly number[] | undefined): string => String(set);
  return sets.slice(0, at).filter((set) => text(set) === text(sets[at])).length;
}

const OF_SETS = new Set(['GROUPING', 'GROUPING_ID', 'GROUP_ID']);
const isGrouping = (call: AggregateCall): boolean => OF_SETS.has(call.function);

/** The value of GROUPING(a, b) or GROUP_ID() in each set, out of the set's id. */
function groupingValue(rel: Aggregate, call: AggregateCall, id: Rex): Rex {
  const boolean = type.boolean().notNull();
  const sets = rel.sets ?? [];
  const ids = setIds(rel);
  const operands = sets.flatMap((set, at) => {
    const bits = call.operands.reduce((value, column) => {
      const position = rel.groups.indexOf(column);
      return value * 2 + (set.includes(position) ? 0 : 1);
    }, 0);
    const value = call.function === 'GROUP_ID' ? repetition(sets, at) : bits;
    const equal: Rex = {
      kind: 'call',
      function: '=',
      operands: [id, literal(ids[at], type.bigint().notNull())],
      type: boolean,
    };
    return [equal, literal(value, call.type)] as Rex[];
  });
  return { kind: 'call', function: 'CASE', operands: [...operands, literal(0, call.type)], type: call.type };
}

/** GROUPING SETS, ROLLUP, CUBE; also GROUPING in a plain GROUP BY. */
export const GROUPING_SETS_RULE = rule('aggregate', (rel, input) => {
  if (rel.sets === undefined && !rel.calls.some(isGrouping)) return undefined;
  const sets = rel.sets ?? [rel.groups.map((_, i) => i)];
  const whole = { ...rel, sets };
  const real = rel.calls.filter((call) => !isGrouping(call));
  const { node, groups, calls } = expand({ ...whole, calls: real }, input(rel.input));
  const groupFields = groups.map((column) => plainField(node.fields[column] as PlanField));
  const names = uniqueNames([...groupFields, ...calls].map((one) => one.name));
  const aggregateFields = [...groupFields, ...calls].map((one, i) => ({ name: names[i] as string, type: one.type }));
  const aggregate =
    makeWindowAggregate(node, aggregateFields, groups, calls) ??
    makeGroupAggregate(node, aggregateFields, groups, calls);
  const idColumn = groups.length - 1;
  const id = inputRef(idColumn, type.bigint().notNull());
  let next = groups.length;
  const expressions = [
    ...rel.groups.map((_, i) => inputRef(i, (aggregate.fields[i] as PlanField).type)),
    ...rel.calls.map((call) => (isGrouping(call) ? groupingValue(whole, call, id) : inputRef(next++, call.type))),
  ];
  return makeCalc(aggregate, rel.fields.map(plainField), expressions);
});
