import type { AnyType } from '../../core/types/index.js';
import { type as types } from '../../core/types/index.js';
import { joinedFields } from '../binder/steps.js';
import { ValidationError } from '../errors.js';
import { buildCall, conjunction, mapInputs, mapRex } from '../expressions/index.js';
import type { PlanField } from '../plan/field.js';
import type { JoinType, Rel } from '../plan/rel.js';
import { type AggregateCall, inputRef, literal, type Rex, type RexSubquery } from '../plan/rex.js';
import { equal } from './correlation.js';
import { equalities, limitKeys, materialised, type Pulled, pull, shifted } from './decorrelate.js';
import { withValues } from './outer-values.js';

const TRUE = literal(true, types.boolean().notNull() as AnyType);
const FALSE = literal(false, types.boolean().notNull() as AnyType);
const UNKNOWN = literal(null, types.boolean() as AnyType);
const BIGINT = types.bigint().notNull() as AnyType;

/** A condition about the row outside as one of a join: that row is on the left, the columns of the query on the right. */
export function joinCondition(rex: Rex, left: Rel, id: number | undefined): Rex {
  const moved = shifted(rex, left.fields.length);
  return mapRex(moved, (one) => (one.kind === 'correlated' && one.id === id ? inputRef(one.index, one.type) : one));
}

/** Rows side by side, or those of the left that have (have no) partner. */
export function joined(type: JoinType, left: Rel, right: Rel, conditions: readonly Rex[]): Rel {
  const half = type === 'semi' || type === 'anti';
  const nulls = type === 'left' ? 'right' : 'none';
  const fields = half ? left.fields : joinedFields(left.fields, right.fields, nulls);
  return { kind: 'join', type, left, right, condition: conjunction(conditions), fields };
}

/** A step with more columns than before, and what the subquery is over them. */
export interface Attached {
  readonly rel: Rel;
  readonly value: Rex;
}

/** Joins the value of a subquery to the rows of `left`. */
export function attach(subquery: RexSubquery, rel: Rel, left: Rel): Attached {
  const query = { ...subquery, rel };
  switch (subquery.form) {
    case 'scalar':
      return scalar(query, left);
    case 'exists':
      return existence(query, left);
    case 'in':
      return membership(query, left);
    case 'some':
      if (subquery.operator === '=') return membership(query, left);
      return quantified(query, left, subquery.operator as string);
    case 'all': {
      const opposite = OPPOSITE[subquery.operator as string] as string;
      const made = opposite === '=' ? membership(query, left) : quantified(query, left, opposite);
      return { rel: made.rel, value: buildCall('NOT', [made.value]) };
    }
  }
}

const OPPOSITE: Readonly<Record<string, string>> = { '=': '<>', '<>': '=', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };

/** An expression over the columns of the query, after a left join: any of them may be NULL now. */
function onRight(rex: Rex, join: Rel, left: Rel, id: number | undefined): Rex {
  const at = left.fields.length;
  const moved = mapInputs(rex, (index) => inputRef(index + at, (join.fields[index + at] as PlanField).type));
  return mapRex(moved, (one) => (one.kind === 'correlated' && one.id === id ? inputRef(one.index, one.type) : one));
}

function scalar({ rel, correlation, type }: RexSubquery, left: Rel): Attached {
  const made = pull(rel, correlation, left);
  const conditions = (list: readonly Rex[]) => list.map((rex) => joinCondition(rex, left, correlation));
  if (made.always) {
    const join = joined('left', left, made.rel, conditions(made.conditions));
    const value = onRight(made.columns[0] as Rex, join, left, correlation);
    return { rel: join, value };
  }
  if (made.atMostOne) {
    const keys = limitKeys(made, correlation ?? -1);
    const right = materialised(
      made,
      correlation,
      keys.map(({ inner }) => inner),
    );
    const on = keys.map(({ outer }, i) => equal(inputRef(1 + i, (right.fields[1 + i] as PlanField).type), outer));
    const join = joined('left', left, right, conditions(on));
    return { rel: join, value: inputRef(left.fields.length, type) };
  }
  const one = grouped(made, correlation, left, (column) => [
    { function: 'SINGLE_VALUE', operands: [column], distinct: false, type, name: 'EXPR$0' },
  ]);
  const join = joined('left', left, one.rel, conditions(one.conditions));
  return { rel: join, value: inputRef(left.fields.length + one.keys, type) };
}

/** The query grouped by what it compares with the row outside. Calls get the position of the first column. */
function grouped(
  pulled: Pulled,
  id: number | undefined,
  left: Rel,
  calls: (column: number) => readonly AggregateCall[],
  further: readonly Rex[] = [],
): { readonly rel: Rel; readonly conditions: readonly Rex[]; readonly keys: number; readonly further: number } {
  const made = id === undefined ? pulled : withValues(pulled, id, left);
  const keys = equalities(made.conditions, id ?? -1);
  const input = materialised(made, id, [...keys.map(({ inner }) => inner), ...further]);
  const at = made.columns.length;
  const groups = [...keys, ...further].map((_, i) => at + i);
  const aggregates = calls(0);
  const fields: PlanField[] = [
    ...groups.map((index) => input.fields[index] as PlanField),
    ...aggregates.map(({ type }, i) => ({ name: `$a${i}`, type })),
  ];
  const named = aggregates.map((call, i) => ({ ...call, name: `$a${i}` }));
  const rel: Rel = { kind: 'aggregate', input, groups, calls: named, fields };
  const conditions = keys.map(({ outer }, i) => equal(inputRef(i, (fields[i] as PlanField).type), outer));
  return { rel, conditions, keys: groups.length, further: keys.length };
}

function existence({ rel, correlation }: RexSubquery, left: Rel): Attached {
  const made = pull(rel, correlation, left);
  if (made.always) return { rel: left, value: TRUE };
  const any = grouped({ ...made, columns: [] }, correlation, left, () => [], [TRUE]);
  const join = joined(
    'left',
    left,
    any.rel,
    any.conditions.map((rex) => joinCondition(rex, left, correlation)),
  );
  const mark = left.fields.length + any.further;
  return { rel: join, value: buildCall('IS NOT NULL', [inputRef(mark, (join.fields[mark] as PlanField).type)]) };
}

const counting = (name: string, operands: readonly number[]): AggregateCall => ({
  function: 'COUNT',
  operands,
  distinct: false,
  type: BIGINT,
  name,
});

/** `x IN (SELECT ...)` as a value, with its UNKNOWN. */
function membership({ rel, correlation, operands, type }: RexSubquery, left: Rel): Attached {
  const made = pull(rel, correlation, left);
  const [operand, ...more] = operands as [Rex, ...Rex[]];
  const column = made.columns[0] as Rex;
  const outer = (list: readonly Rex[], at: Rel) => list.map((rex) => joinCondition(rex, at, correlation));
  const nullable = type.nullability === 'nullable';
  if (nullable && more.length > 0)
    throw new ValidationError('We now only support the count of one field.', {
      hint: 'a row of several columns goes with IN (SELECT ...) only in WHERE',
    });
  let base = left;
  let counts: { all: Rex; known: Rex } | undefined;
  if (nullable) {
    const total = grouped(made, correlation, left, (at) => [counting('c', []), counting('ck', [at])]);
    base = joined(total.conditions.length === 0 ? 'inner' : 'left', left, total.rel, outer(total.conditions, left));
    const at = left.fields.length + total.keys;
    const loose = BIGINT.nullable() as AnyType;
    counts = { all: inputRef(at, loose), known: inputRef(at + 1, loose) };
  }
  const found = grouped(made, correlation, left, () => [], [...made.columns, TRUE]);
  const matches = operands.map((one, i) => {
    const at = base.fields.length + found.further + i;
    return equal(one, inputRef(at, (found.rel.fields[found.further + i] as PlanField).type));
  });
  const join = joined('left', base, found.rel, [...outer(found.conditions, base), ...matches]);
  const mark = base.fields.length + found.further + made.columns.length;
  const hit = buildCall('IS NOT NULL', [inputRef(mark, (join.fields[mark] as PlanField).type)]);
  if (counts === undefined) return { rel: join, value: hit };
  const { all, known } = counts;
  // With no row at all for it there is no count either: then a NULL before IN gives UNKNOWN, as in Flink.
  const none = buildCall('=', [all, literal(0, BIGINT)]);
  const parts: Rex[] = [none, FALSE];
  if (operand.type.nullability === 'nullable') parts.push(buildCall('IS NULL', [operand]), UNKNOWN);
  parts.push(hit, TRUE);
  if (column.type.nullability === 'nullable') parts.push(buildCall('<', [known, all]), UNKNOWN);
  return { rel: join, value: buildCall('CASE', [...parts, FALSE]) };
}

/** `x > SOME (SELECT ...)`: a comparison with the least or the greatest. */
function quantified({ rel, correlation, operands }: RexSubquery, left: Rel, operator: string): Attached {
  const made = pull(rel, correlation, left);
  const [operand] = operands as [Rex];
  const { type } = made.columns[0] as Rex;
  const loose = type.nullable() as AnyType;
  const extreme =
    (name: 'MIN' | 'MAX') =>
    (at: number): AggregateCall => ({ function: name, operands: [at], distinct: false, type: loose, name });
  const one = grouped(made, correlation, left, (at) => [
    counting('c', []),
    counting('ck', [at]),
    extreme('MIN')(at),
    extreme('MAX')(at),
  ]);
  // Flink joins what is the same for all rows only once there is something.
  const join = joined(
    one.conditions.length === 0 ? 'inner' : 'left',
    left,
    one.rel,
    one.conditions.map((rex) => joinCondition(rex, left, correlation)),
  );
  const at = left.fields.length + one.keys;
  const count = BIGINT.nullable() as AnyType;
  const [all, known] = [inputRef(at, count), inputRef(at + 1, count)];
  const [least, greatest] = [inputRef(at + 2, loose), inputRef(at + 3, loose)];
  const compared =
    operator === '<>'
      ? buildCall('OR', [buildCall('<>', [operand, least]), buildCall('<>', [operand, greatest])])
      : buildCall(operator, [operand, operator.startsWith('<') ? greatest : least]);
  const zero = literal(0, BIGINT);
  const none = buildCall('OR', [buildCall('IS NULL', [all]), buildCall('=', [all, zero])]);
  const value = buildCall('CASE', [
    none,
    FALSE,
    buildCall('IS TRUE', [compared]),
    TRUE,
    buildCall('<', [known, all]),
    UNKNOWN,
    compared,
  ]);
  return { rel: join, value };
}
