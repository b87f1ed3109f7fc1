import { conjunction, conjuncts, inputsOf, isDeterministic, mapInputs } from '../../expressions/index.js';
import { plainField } from '../../plan/field.js';
import type { Aggregate, Join, JoinType, Project, Rel } from '../../plan/rel.js';
import type { Rex } from '../../plan/rex.js';
import { hasKind, inputsOfRel, withInputs } from '../../plan/visit-rel.js';
import { isFalse } from '../join-keys.js';
import { rejectsNulls } from './strong.js';

/**
 * Moves conditions as far down as they can go without changing a row: through projections, into the sides of joins, below
 * groups where they are about the group. They never pass a watermark (which has to see every row), a window function,
 * OVER or a rank.
 *
 * @see Calcite: `FilterJoinRule`, `FilterProjectTransposeRule`, `FilterAggregateTransposeRule`
 */
export function pushFilters(rel: Rel): Rel {
  return push(rel, []);
}

function push(rel: Rel, conditions: readonly Rex[]): Rel {
  if (conditions.some(isFalse)) return { kind: 'values', fields: rel.fields.map(plainField), rows: [] };
  switch (rel.kind) {
    case 'filter':
      return push(rel.input, [...conjuncts(rel.condition), ...conditions]);
    case 'project':
      return pushIntoProject(rel, conditions);
    case 'join':
      return pushIntoJoin(rel, conditions);
    case 'aggregate':
      return pushIntoAggregate(rel, conditions);
    case 'correlate': {
      const width = rel.left.fields.length;
      const [left, rest] = part(conditions, (one) => inputsOf(one).every((i) => i < width));
      return filtered({ ...rel, left: push(rel.left, left), right: push(rel.right, []) }, rest);
    }
    case 'setOperation':
      if (rel.operator === 'UNION') return { ...rel, inputs: rel.inputs.map((input) => push(input, conditions)) };
      return stop(rel, conditions);
    default:
      return stop(rel, conditions);
  }
}

function stop(rel: Rel, conditions: readonly Rex[]): Rel {
  return filtered(withInputs(rel, inputsOfRel(rel).map(pushFilters)), conditions);
}

function filtered(rel: Rel, conditions: readonly Rex[]): Rel {
  const parts = conditions.flatMap(conjuncts);
  return parts.length === 0 ? rel : { kind: 'filter', fields: rel.fields, input: rel, condition: conjunction(parts) };
}

function part<T>(list: readonly T[], test: (one: T) => boolean): [T[], T[]] {
  return [list.filter(test), list.filter((one) => !test(one))];
}

function pushIntoProject(rel: Project, conditions: readonly Rex[]): Rel {
  const movable = rel.expressions.map((one) => isDeterministic(one) && one.kind !== 'over' && !readsProctime(rel, one));
  const [below, above] = part(conditions, (one) => isDeterministic(one) && inputsOf(one).every((i) => movable[i]));
  const input = push(
    rel.input,
    below.map((one) => mapInputs(one, (i) => rel.expressions[i] as Rex)),
  );
  return filtered({ ...rel, input }, above);
}

function readsProctime(rel: Project, rex: Rex): boolean {
  return inputsOf(rex).some((i) => rel.input.fields[i]?.time === 'proctime');
}

function pushIntoAggregate(rel: Aggregate, conditions: readonly Rex[]): Rel {
  const [below, above] =
    rel.sets === undefined && rel.groups.length > 0
      ? part(conditions, (one) => isDeterministic(one) && inputsOf(one).every((i) => i < rel.groups.length))
      : [[], [...conditions]];
  const moved = below.map((one) => mapInputs(one, (i) => rel.groups[i] as number));
  return filtered({ ...rel, input: push(rel.input, moved) }, above);
}

const keepsLeft = (type: JoinType): boolean => type === 'left' || type === 'full';
const keepsRight = (type: JoinType): boolean => type === 'right' || type === 'full';

/** The join without the rows that the conditions above it would leave out: an outer join may become a plainer one. */
function simplified(type: JoinType, conditions: readonly Rex[], width: number): JoinType {
  let [left, right] = [keepsLeft(type), keepsRight(type)];
  if (type !== 'left' && type !== 'right' && type !== 'full') return type;
  for (const condition of conditions) {
    if (rejectsNulls(condition, (i) => i >= width)) left = false;
    if (rejectsNulls(condition, (i) => i < width)) right = false;
  }
  if (left) return right ? 'full' : 'left';
  return right ? 'right' : 'inner';
}

function pushIntoJoin(rel: Join, conditions: readonly Rex[]): Rel {
  const width = rel.left.fields.length;
  // A versioned table is looked up as it is.
  if (hasKind(rel.right, 'snapshot')) return stop(rel, conditions);
  const type = simplified(rel.type, conditions, width);
  const ofLeft = (one: Rex): boolean => isDeterministic(one) && inputsOf(one).every((i) => i < width);
  const ofRight = (one: Rex): boolean => {
    const columns = inputsOf(one);
    return isDeterministic(one) && columns.length > 0 && columns.every((i) => i >= width);
  };
  const left: Rex[] = [];
  const right: Rex[] = [];
  let above = [...conditions];
  const take = (from: Rex[], test: (one: Rex) => boolean, to: Rex[]): Rex[] => {
    const [taken, rest] = part(from, test);
    to.push(...taken);
    return rest;
  };
  // What is above a join may go to a side that no row of NULLs is added to.
  if (type !== 'right' && type !== 'full') above = take(above, ofLeft, left);
  if (type === 'inner' || type === 'right') above = take(above, ofRight, right);
  let on = conjuncts(rel.condition);
  if (type === 'inner') {
    const [both, rest] = part(above, isDeterministic);
    on = [...on, ...both];
    above = rest;
  }
  // What is in ON may go to a side whose rows need a partner to be there.
  if (type === 'inner' || type === 'right' || type === 'semi') on = take(on, ofLeft, left);
  if (type !== 'right' && type !== 'full') on = take(on, ofRight, right);
  // Columns stay nullable, as the steps above were typed: a plainer join only gives no NULL any more.
  const made: Join = {
    ...rel,
    type,
    left: push(rel.left, left),
    right: push(
      rel.right,
      right.map((one) => mapInputs(one, (i) => i - width)),
    ),
    condition: conjunction(on),
  };
  return filtered(made, above);
}
