import type { Row } from '../../../core/rows/index.js';
import { type AnyType, type as types } from '../../../core/types/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { inputsOf } from '../../expressions/index.js';
import { INSERTS, isAppendOnly } from '../../physical/modify-kinds.js';
import { makeNode, type NodeKind, type PhysicalNode, type WindowProperties } from '../../physical/node.js';
import { type PlanField, uniqueNames } from '../../plan/field.js';
import type { WindowSpec } from '../../plan/rel.js';
import { type AggregateCall, inputRef, type Rex } from '../../plan/rex.js';
import { aggregateText } from '../describe.js';
import { rule } from '../rules.js';
import { CALC, type Calc, makeCalc } from './calc.js';
import { requireMergeable } from './mergeable.js';
import { keyed, names } from './support.js';
import { windowOfGroups } from './window-of-groups.js';
import { attachedOperator, type WindowAggregation, windowOperator } from './window-operators.js';
import { WINDOW_TVF, type WindowTvfDetail } from './window-tvf.js';
import { holdWindow, requireMultiple, windowText, withoutBounds } from './windows.js';

export interface WindowAggregate {
  /** Columns of the input, without the bounds of windows. */
  readonly groups: readonly number[];
  readonly calls: readonly AggregateCall[];
  /** Rows are put into windows here, or they carry the bounds of theirs. */
  readonly window: { readonly spec: WindowSpec; readonly rowtime: boolean } | WindowProperties;
}

/**
 * Aggregates per window and group: one row for each, when the window is over.
 *
 * @see Flink: Window Aggregation
 */
export const WINDOW_AGGREGATE: NodeKind<WindowAggregate> = {
  name: 'WindowAggregate',
  sentBy: ({ detail }) => [detail.groups],
  produces: () => INSERTS,
  requires: () => ['beforeAndAfter'],
  updates: () => 'none',
  upsertKeys: ({ detail: { groups, calls } }) => {
    const bounds = groups.length + calls.length;
    return [[...groups.map((_, i) => i), bounds, bounds + 1]];
  },
  windows: ({ detail: { groups, calls, window } }) => {
    const at = groups.length + calls.length;
    return { spec: window.spec, rowtime: window.rowtime, start: [at], end: [at + 1], time: [at + 2] };
  },
  describe: (node) => {
    const from = (node.inputs[0] as PhysicalNode).fields;
    const { groups, calls, window } = node.detail;
    const groupBy = groups.length === 0 ? '' : `groupBy=[${names(from, groups)}], `;
    const windowing =
      'start' in window
        ? `win_start=[${from[window.start[0] as number]?.name}], win_end=[${from[window.end[0] as number]?.name}]`
        : windowText(window.spec, from);
    const select = [...groups.map((i) => from[i]?.name), ...calls.map((one) => aggregateText(one, from))];
    const bounds = ['start', 'end', 'time'].map(
      (name, i) => `${name}('w$) AS ${node.fields[groups.length + calls.length + i]?.name}`,
    );
    return `${groupBy}window=[${windowing}], select=[${[...select, ...bounds].join(', ')}]`;
  },
  translate: (node, [input], { evaluation }) => {
    const below = node.inputs[0] as PhysicalNode;
    const { groups, calls, window } = node.detail;
    const made: WindowAggregation = {
      name: 'WindowAggregate',
      input: below.fields,
      output: node.fields,
      groups,
      calls,
      retract: !isAppendOnly(below.modify),
    };
    return keyed(input as DataStream<Row>, below.fields, groups, 'WindowAggregate', () =>
      'start' in window ? attachedOperator(made, window, evaluation) : windowOperator(made, window.spec, evaluation),
    );
  },
};

const BOUND = types.timestamp(3).notNull() as AnyType;

/** Groups, calls, and the bounds of the window, named so that none is twice. */
export function windowFields(
  from: readonly PlanField[],
  groups: readonly number[],
  calls: readonly AggregateCall[],
  time: PlanField,
): PlanField[] {
  const fields: PlanField[] = [
    ...groups.map((i) => from[i] as PlanField),
    ...calls.map(({ name, type }) => ({ name, type })),
    { name: 'window_start', type: BOUND },
    { name: 'window_end', type: BOUND },
    { ...time, name: 'window_time', type: time.type.notNull() as AnyType },
  ];
  const unique = uniqueNames(fields.map((field) => field.name));
  return fields.map((field, i) => ({ ...field, name: unique[i] as string }));
}

/** The aggregate per window, where the groups tell the window; otherwise `undefined`. */
export function makeWindowAggregate(
  input: PhysicalNode,
  fields: readonly PlanField[],
  groups: readonly number[],
  calls: readonly AggregateCall[],
): PhysicalNode | undefined {
  const window = input.window ?? windowOfGroups(input);
  if (window === undefined || !holdWindow(groups, window)) return undefined;
  requireMultiple(window.spec);
  const keys = withoutBounds(groups, window);
  const pulled = pullUp(input, keys, calls);
  // Sessions that are made within other keys than the groups: Flink sees groups like any other.
  if (pulled === undefined && window.spec.type === 'session' && madeBelow(input)) return undefined;
  if (pulled !== undefined) requireMergeable(calls, pulled.spec, false);
  const below = pulled?.input ?? input;
  const detail: WindowAggregate = {
    groups: pulled?.groups ?? keys,
    calls: pulled?.calls ?? calls,
    window: pulled === undefined ? window : { spec: pulled.spec, rowtime: window.rowtime },
  };
  const time = timeField(input, window);
  const made = makeNode(WINDOW_AGGREGATE, windowFields(below.fields, detail.groups, calls, time), [below], detail);
  const at = keys.length + calls.length;
  const columnOf = (group: number): number => {
    if (window.start.includes(group)) return at;
    if (window.end.includes(group)) return at + 1;
    return window.time.includes(group) ? at + 2 : keys.indexOf(group);
  };
  const columns = [...groups.map(columnOf), ...calls.map((_, i) => keys.length + i)];
  const expressions = columns.map((i, position) => inputRef(i, (fields[position] as PlanField).type));
  return makeCalc(made, fields, expressions);
}

/** The column with the window's last moment; where it was not kept, one of the kind it had. */
export function timeField(input: PhysicalNode, { time, rowtime }: WindowProperties): PlanField {
  const known = input.fields[time[0] ?? -1];
  if (known !== undefined) return known;
  let node: PhysicalNode | undefined = input;
  while (node !== undefined) {
    const at: number | undefined = node.window?.time[0];
    if (at !== undefined) return node.fields[at] as PlanField;
    node = node.inputs.find((one) => one.window !== undefined);
  }
  return { name: 'window_time', type: types.timestamp(3) as AnyType, time: rowtime ? 'rowtime' : 'proctime' };
}

/** Whether rows are put into windows right below, but for a projection. */
function madeBelow(input: PhysicalNode): boolean {
  const below = (input.kind as unknown) === CALC ? input.inputs[0] : input;
  return (below?.kind as unknown) === WINDOW_TVF;
}

interface Pulled {
  readonly input: PhysicalNode;
  readonly groups: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly spec: WindowSpec;
}

/**
 * The rows before they were put into windows: windows are made where they are aggregated, and rows are not copied for each.
 *
 * @see Flink: `PullUpWindowTableFunctionIntoWindowAggregateRule`
 */
function pullUp(input: PhysicalNode, groups: readonly number[], calls: readonly AggregateCall[]): Pulled | undefined {
  const calc = (input.kind as unknown) === CALC ? (input.detail as Calc) : undefined;
  const tvf = calc === undefined ? input : (input.inputs[0] as PhysicalNode);
  if ((tvf.kind as unknown) !== WINDOW_TVF) return undefined;
  const spec = (tvf.detail as WindowTvfDetail).window;
  const rows = tvf.inputs[0] as PhysicalNode;
  const width = rows.fields.length;
  const read = [
    ...groups,
    ...calls.flatMap((call) => [...call.operands, ...(call.filter === undefined ? [] : [call.filter])]),
  ];
  const expressions: readonly Rex[] = calc?.expressions ?? tvf.fields.map((field, i) => inputRef(i, field.type));
  const columns = [...new Set(read)];
  const used = columns.map((i) => expressions[i] as Rex);
  const condition = calc?.condition;
  if ([...used, ...(condition === undefined ? [] : [condition])].some((one) => inputsOf(one).some((i) => i >= width))) {
    return undefined;
  }
  const partition = (spec.type === 'session' ? (spec.partitionBy ?? []) : []).map((column) =>
    groups.find((group) => isColumn(expressions[group], column)),
  );
  // Sessions are made within their own keys, and groups have to be the same.
  if (spec.type === 'session' && (partition.includes(undefined) || new Set(partition).size !== groups.length)) {
    return undefined;
  }
  const timeAt = columns.findIndex((i) => isColumn(expressions[i], spec.time));
  const all = timeAt < 0 ? [...used, inputRef(spec.time, (rows.fields[spec.time] as PlanField).type)] : used;
  const given = all.map((one, i): PlanField => {
    const field =
      i < columns.length ? (input.fields[columns[i] as number] as PlanField) : (rows.fields[spec.time] as PlanField);
    return isColumn(one, spec.time) ? { ...(rows.fields[spec.time] as PlanField), name: field.name } : field;
  });
  const unique = uniqueNames(given.map((field) => field.name));
  const below = makeCalc(
    rows,
    given.map((field, i) => ({ ...field, name: unique[i] as string })),
    all,
    condition,
  );
  const move = (column: number): number => columns.indexOf(column);
  return {
    input: below,
    groups: groups.map(move),
    calls: calls.map((call) => ({
      ...call,
      operands: call.operands.map(move),
      ...(call.filter === undefined ? {} : { filter: move(call.filter) }),
    })),
    spec: { ...spec, time: timeAt < 0 ? columns.length : timeAt },
  };
}

function isColumn(rex: Rex | undefined, index: number): boolean {
  return rex?.kind === 'input' && rex.index === index;
}

export const WINDOW_AGGREGATE_RULE = rule('aggregate', (rel, input) =>
  rel.sets === undefined ? makeWindowAggregate(input(rel.input), rel.fields, rel.groups, rel.calls) : undefined,
);
