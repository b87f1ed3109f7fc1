import { inputsOf, mapInputs, mapRex, visitRex } from '../../expressions/index.js';
import type { PlannerContext } from '../../physical/context.js';
import type { PlanField } from '../../plan/field.js';
import type { Aggregate, Correlate, Join, Rank, Rel, WindowSpec } from '../../plan/rel.js';
import { type AggregateCall, inputRef, type Rex, type SortKey } from '../../plan/rex.js';
import { hasKind, inputsOfRel, mapExpressions, withInputs } from '../../plan/visit-rel.js';
import { changesByKey } from '../nodes/scan.js';

/** A step without what nobody reads: column i of it is column `columns[i]` of the step as it was, ascending. */
interface Pruned {
  readonly rel: Rel;
  readonly columns: readonly number[];
}

/**
 * Leaves out the columns that nobody reads, down to the scans, so that rows and state are small. The columns of the whole
 * plan stay.
 */
export function pruneColumns(rel: Rel, context: PlannerContext): Rel {
  return exactly(
    prune(rel, new Set(rel.fields.map((_, i) => i)), context),
    rel.fields.map((_, i) => i),
  );
}

/** With these columns and no others, in this order. */
function exactly({ rel, columns }: Pruned, wanted: readonly number[], fields?: readonly PlanField[]): Rel {
  if (columns.length === wanted.length && wanted.every((column, i) => column === columns[i])) return rel;
  const at = wanted.map((column) => columns.indexOf(column));
  return {
    kind: 'project',
    input: rel,
    expressions: at.map((i) => inputRef(i, (rel.fields[i] as PlanField).type)),
    fields: fields ?? at.map((i) => rel.fields[i] as PlanField),
  };
}

type Needed = ReadonlySet<number>;

const ascending = (columns: Iterable<number>): number[] => [...new Set(columns)].sort((a, b) => a - b);
const all = (rel: Rel): Set<number> => new Set(rel.fields.map((_, i) => i));
const pick = (fields: readonly PlanField[], columns: readonly number[]): PlanField[] =>
  columns.map((i) => fields[i] as PlanField);
/** Where columns are now. */
const mover =
  (columns: readonly number[]) =>
  (column: number): number =>
    columns.indexOf(column);
const moveKeys = (keys: readonly SortKey[], move: (i: number) => number): SortKey[] =>
  keys.map((key) => ({ ...key, index: move(key.index) }));

function prune(rel: Rel, needed: Needed, context: PlannerContext): Pruned {
  switch (rel.kind) {
    case 'scan':
    case 'inlineScan': {
      // Whether a new version differs from the old one is a matter of the whole row, as in Flink.
      const columns = changesByKey(context.scan(rel)) === undefined ? ascending(needed) : [...all(rel)];
      // A row without any column is no row for a connector.
      const kept = columns.length === 0 ? [0] : columns;
      return { rel: { ...rel, fields: pick(rel.fields, kept) }, columns: kept };
    }
    case 'values': {
      const columns = ascending(needed);
      const rows = rel.rows.map((row) => columns.map((i) => row[i] as Rex));
      return { rel: { ...rel, fields: pick(rel.fields, columns), rows }, columns };
    }
    case 'project': {
      const columns = ascending(needed);
      const expressions = columns.map((i) => rel.expressions[i] as Rex);
      const below = prune(rel.input, new Set(expressions.flatMap(inputsOf)), context);
      const move = mover(below.columns);
      return {
        rel: {
          ...rel,
          input: below.rel,
          expressions: expressions.map((one) => mapInputs(one, move)),
          fields: pick(rel.fields, columns),
        },
        columns,
      };
    }
    case 'filter': {
      const below = prune(rel.input, new Set([...needed, ...inputsOf(rel.condition)]), context);
      const condition = mapInputs(rel.condition, mover(below.columns));
      return {
        rel: { ...rel, input: below.rel, condition, fields: pick(rel.fields, below.columns) },
        columns: below.columns,
      };
    }
    case 'watermark': {
      const below = prune(rel.input, new Set([...needed, rel.column, ...inputsOf(rel.watermark)]), context);
      const move = mover(below.columns);
      const made = { ...rel, input: below.rel, column: move(rel.column), watermark: mapInputs(rel.watermark, move) };
      return { rel: { ...made, fields: pick(rel.fields, below.columns) }, columns: below.columns };
    }
    case 'aggregate':
      return pruneAggregate(rel, needed, context);
    case 'groupWindowAggregate': {
      const width = rel.groups.length;
      const calls = rel.calls.filter((_, i) => needed.has(width + i));
      const read = new Set([...rel.groups, ...callInputs(calls), ...windowInputs(rel.window)]);
      const below = prune(rel.input, read, context);
      const move = mover(below.columns);
      const columns = rel.fields
        .map((_, i) => i)
        .filter((i) => i < width || i >= width + rel.calls.length || needed.has(i));
      const made = { ...rel, input: below.rel, groups: rel.groups.map(move), calls: calls.map(moveCall(move)) };
      return { rel: { ...made, window: moveWindow(rel.window, move), fields: pick(rel.fields, columns) }, columns };
    }
    case 'windowTvf': {
      const width = rel.input.fields.length;
      const read = new Set([...[...needed].filter((i) => i < width), ...windowInputs(rel.window)]);
      const below = prune(rel.input, read, context);
      const columns = [...below.columns, width, width + 1, width + 2];
      const window = moveWindow(rel.window, mover(below.columns));
      return { rel: { ...rel, input: below.rel, window, fields: pick(rel.fields, columns) }, columns };
    }
    case 'join':
      return pruneJoin(rel, needed, context);
    case 'correlate':
      return pruneCorrelate(rel, needed, context);
    case 'setOperation': {
      if (rel.operator !== 'UNION' || !rel.all) return whole(rel, context);
      const columns = ascending(needed);
      const inputs = rel.inputs.map((input) => exactly(prune(input, needed, context), columns));
      return { rel: { ...rel, inputs, fields: pick(rel.fields, columns) }, columns };
    }
    case 'sort': {
      const read = ascending([...needed, ...rel.keys.map((key) => key.index)]);
      const input = exactly(prune(rel.input, new Set(read), context), read);
      return {
        rel: { ...rel, input, keys: moveKeys(rel.keys, mover(read)), fields: pick(rel.fields, read) },
        columns: read,
      };
    }
    case 'overAggregate': {
      const width = rel.input.fields.length;
      const calls = rel.calls.filter((_, i) => needed.has(width + i));
      const read = ascending([
        ...[...needed].filter((i) => i < width),
        ...rel.partitionBy,
        ...rel.orderBy.map((key) => key.index),
        ...callInputs(calls),
      ]);
      const input = exactly(prune(rel.input, new Set(read), context), read);
      const move = mover(read);
      const columns = [...read, ...rel.calls.flatMap((_, i) => (needed.has(width + i) ? [width + i] : []))];
      const made = { ...rel, input, partitionBy: rel.partitionBy.map(move), orderBy: moveKeys(rel.orderBy, move) };
      return { rel: { ...made, calls: calls.map(moveCall(move)), fields: pick(rel.fields, columns) }, columns };
    }
    case 'rank':
      return pruneRank(rel, needed, context);
    default:
      return whole(rel, context);
  }
}

/** All columns, here and right below; what is further down may still lose some. */
function whole(rel: Rel, context: PlannerContext): Pruned {
  const inputs = inputsOfRel(rel).map((input) => exactly(prune(input, all(input), context), [...all(input)]));
  return { rel: withInputs(rel, inputs), columns: [...all(rel)] };
}

const callInputs = (calls: readonly AggregateCall[]): number[] =>
  calls.flatMap((call) => [...call.operands, ...(call.filter === undefined ? [] : [call.filter])]);

const moveCall =
  (move: (i: number) => number) =>
  (call: AggregateCall): AggregateCall => ({
    ...call,
    operands: call.operands.map(move),
    ...(call.filter === undefined ? {} : { filter: move(call.filter) }),
  });

const windowInputs = (window: WindowSpec): number[] => [
  window.time,
  ...(window.type === 'session' ? (window.partitionBy ?? []) : []),
];

function moveWindow(window: WindowSpec, move: (i: number) => number): WindowSpec {
  if (window.type !== 'session' || window.partitionBy === undefined) return { ...window, time: move(window.time) };
  return { ...window, time: move(window.time), partitionBy: window.partitionBy.map(move) };
}

function pruneAggregate(rel: Aggregate, needed: Needed, context: PlannerContext): Pruned {
  const width = rel.groups.length;
  const calls = rel.calls.filter((_, i) => needed.has(width + i));
  // One row of nothing would never change; Flink's changes with what it counts.
  if (width === 0 && calls.length === 0 && rel.calls.length > 0) return whole(rel, context);
  const below = prune(rel.input, new Set([...rel.groups, ...callInputs(calls)]), context);
  const move = mover(below.columns);
  const columns = rel.fields.map((_, i) => i).filter((i) => i < width || needed.has(i));
  const made: Aggregate = { ...rel, input: below.rel, groups: rel.groups.map(move), calls: calls.map(moveCall(move)) };
  return { rel: { ...made, fields: pick(rel.fields, columns) }, columns };
}

function pruneJoin(rel: Join, needed: Needed, context: PlannerContext): Pruned {
  // The time at which a versioned table is read names columns of the left side from within the right.
  if (hasKind(rel.right, 'snapshot')) return whole(rel, context);
  const width = rel.left.fields.length;
  const read = ascending([...needed, ...inputsOf(rel.condition)]);
  const leftColumns = read.filter((i) => i < width);
  const rightColumns = read.filter((i) => i >= width).map((i) => i - width);
  const left = exactly(prune(rel.left, new Set(leftColumns), context), leftColumns);
  const right = exactly(prune(rel.right, new Set(rightColumns), context), rightColumns);
  const oneSide = rel.type === 'semi' || rel.type === 'anti';
  const columns = oneSide ? leftColumns : read;
  const condition = mapInputs(rel.condition, mover(read));
  return { rel: { ...rel, left, right, condition, fields: pick(rel.fields, columns) }, columns };
}

function pruneCorrelate(rel: Correlate, needed: Needed, context: PlannerContext): Pruned {
  if (hasKind(rel.right, 'snapshot')) return whole(rel, context);
  const width = rel.left.fields.length;
  const read = new Set([...needed].filter((i) => i < width));
  const correlated = (one: Rex): boolean => one.kind === 'correlated' && one.id === rel.id;
  eachExpression(rel.right, (rex) =>
    visitRex(rex, (one) => {
      if (correlated(one)) read.add((one as { index: number }).index);
    }),
  );
  const below = prune(rel.left, read, context);
  const move = mover(below.columns);
  const right = rewriteExpressions(rel.right, (rex) =>
    mapRex(rex, (one) => (one.kind === 'correlated' && one.id === rel.id ? { ...one, index: move(one.index) } : one)),
  );
  const columns = [...below.columns, ...rel.right.fields.map((_, i) => width + i)];
  return { rel: { ...rel, left: below.rel, right, fields: pick(rel.fields, columns) }, columns };
}

function pruneRank(rel: Rank, needed: Needed, context: PlannerContext): Pruned {
  const width = rel.input.fields.length;
  const read = ascending([
    ...[...needed].filter((i) => i < width),
    ...rel.partitionBy,
    ...rel.orderBy.map((key) => key.index),
    ...(rel.toColumn === undefined ? [] : [rel.toColumn]),
  ]);
  const input = exactly(prune(rel.input, new Set(read), context), read);
  const move = mover(read);
  // Without the number a row that moves up or down within the first ones does not change.
  const withNumber = rel.withNumber && needed.has(width);
  const columns = withNumber ? [...read, width] : read;
  const made = {
    ...rel,
    input,
    withNumber,
    partitionBy: rel.partitionBy.map(move),
    orderBy: moveKeys(rel.orderBy, move),
    ...(rel.toColumn === undefined ? {} : { toColumn: move(rel.toColumn) }),
  };
  return { rel: { ...made, fields: pick(rel.fields, columns) }, columns };
}

function eachExpression(rel: Rel, visit: (rex: Rex) => void): void {
  mapExpressions(rel, (rex) => {
    visit(rex);
    return rex;
  });
  for (const input of inputsOfRel(rel)) eachExpression(input, visit);
}

function rewriteExpressions(rel: Rel, map: (rex: Rex) => Rex): Rel {
  const below = withInputs(
    rel,
    inputsOfRel(rel).map((input) => rewriteExpressions(input, map)),
  );
  return mapExpressions(below, map);
}
