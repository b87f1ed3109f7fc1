import type { AnyType } from '../../core/types/index.js';
import { type as types } from '../../core/types/index.js';
import { joinedFields } from '../binder/steps.js';
import { NotImplementedError, ValidationError } from '../errors.js';
import { buildCall, conjunction, conjuncts, mapInputs } from '../expressions/index.js';
import { type PlanField, uniqueNames } from '../plan/field.js';
import type { Aggregate, Join, Rel, Sort } from '../plan/rel.js';
import { inputRef, literal, type Rex } from '../plan/rex.js';
import { equal, equalityOf, refersTo, relRefersTo, substitute } from './correlation.js';
import { withValues } from './outer-values.js';

/**
 * A query that referred to a row outside, with what it said about that row taken out of it: its rows are those of `rel`
 * for which all `conditions` hold.
 */
export interface Pulled {
  /** Refers to no row outside. */
  readonly rel: Rel;
  /** The columns of the query, over those of `rel` and, maybe, the row outside. */
  readonly columns: readonly Rex[];
  /** Over the columns of `rel` and the row outside (`correlated`). */
  readonly conditions: readonly Rex[];
  /** Exactly one row for every row outside, whatever there is: an aggregate without groups. */
  readonly always: boolean;
  /** At most one. */
  readonly atMostOne: boolean;
}

const refs = (fields: readonly PlanField[]): Rex[] => fields.map(({ type }, i) => inputRef(i, type));

/**
 * Takes what a query says about the row outside with this id out of it.
 *
 * @param outside the step whose rows are outside
 * @throws NotImplementedError where that does not work
 */
export function pull(rel: Rel, id: number | undefined, outside: Rel): Pulled {
  if (id === undefined || !relRefersTo(rel, id)) {
    const single = isGlobal(rel);
    return { rel, columns: refs(rel.fields), conditions: [], always: single, atMostOne: single || hasOneRow(rel) };
  }
  switch (rel.kind) {
    case 'filter': {
      const made = pull(rel.input, id, outside);
      const parts = conjuncts(substitute(rel.condition, made.columns));
      const inner = parts.filter((part) => !refersTo(part, id));
      const outer = parts.filter((part) => refersTo(part, id));
      const filtered: Rel =
        inner.length === 0
          ? made.rel
          : { kind: 'filter', input: made.rel, condition: conjunction(inner), fields: made.rel.fields };
      return { ...made, rel: filtered, conditions: [...made.conditions, ...outer], always: false };
    }
    case 'project': {
      const made = pull(rel.input, id, outside);
      return { ...made, columns: rel.expressions.map((rex) => substitute(rex, made.columns)) };
    }
    case 'aggregate':
      return pullAggregate(rel, id, outside);
    case 'join':
      return pullJoin(rel, id, outside);
    case 'sort':
      return pullSort(rel, id, outside);
    case 'tableFunction':
      throw new ValidationError('a subquery cannot UNNEST a column of the row outside, in Flink 1.20 neither', {
        hint: 'CROSS JOIN UNNEST(...) gives its elements beside the row',
      });
    default:
      throw unsupported(`a subquery that refers to the row outside below ${rel.kind}`);
  }
}

function unsupported(what: string): NotImplementedError {
  return new NotImplementedError(what, {
    hint: 'write it as a JOIN; equalities with columns of the outer query are carried out',
  });
}

function isGlobal(rel: Rel): boolean {
  if (rel.kind === 'aggregate') return rel.groups.length === 0 && rel.sets === undefined;
  return rel.kind === 'project' ? isGlobal(rel.input) : false;
}

function hasOneRow(rel: Rel): boolean {
  if (rel.kind === 'values') return rel.rows.length <= 1;
  if (rel.kind === 'sort' && (rel.limit === 1 || rel.limit === 0)) return true;
  if (rel.kind === 'aggregate') return isGlobal(rel);
  return rel.kind === 'project' || rel.kind === 'filter' ? hasOneRow(rel.input) : false;
}

/** The equalities that the conditions are, after `withValues`. */
export function equalities(conditions: readonly Rex[], id: number): { inner: Rex; outer: Rex }[] {
  return conditions.map((condition) => {
    const found = equalityOf(condition, id);
    if (found === undefined) throw unsupported('this comparison with the row outside');
    return found;
  });
}

/** What the first rows of a subquery are told apart by. @throws ValidationError where that is not equalities alone */
export function limitKeys(made: Pulled, id: number): { inner: Rex; outer: Rex }[] {
  if (made.conditions.some((condition) => equalityOf(condition, id) === undefined)) {
    throw new ValidationError('unexpected correlate variable $cor0 in the plan', {
      hint: 'a subquery with ORDER BY and LIMIT may compare with the row outside by = alone, in Flink too: MIN, MAX or ROW_NUMBER() may do instead',
    });
  }
  return equalities(made.conditions, id);
}

/** The columns of a query and further ones as columns of a step. None of them may refer outside. */
export function materialised(made: Pulled, id: number | undefined, further: readonly Rex[]): Rel {
  const all = [...made.columns, ...further];
  if (id !== undefined && all.some((rex) => refersTo(rex, id))) {
    throw unsupported('a subquery that computes with a column of the outer query below an aggregate or a limit');
  }
  const names = uniqueNames(
    all.map((rex, i) => (rex.kind === 'input' ? (made.rel.fields[rex.index] as PlanField).name : `$f${i}`)),
  );
  const fields = all.map((rex, i): PlanField => {
    const time = rex.kind === 'input' ? made.rel.fields[rex.index]?.time : undefined;
    return { name: names[i] as string, type: rex.type, ...(time === undefined ? {} : { time }) };
  });
  return { kind: 'project', input: made.rel, expressions: all, fields };
}

function pullAggregate(rel: Aggregate, id: number, outside: Rel): Pulled {
  if (rel.sets !== undefined) throw unsupported('GROUPING SETS in a subquery that refers to the row outside');
  const made = withValues(pull(rel.input, id, outside), id, outside);
  const keys = equalities(made.conditions, id);
  const input = materialised(
    made,
    id,
    keys.map(({ inner }) => inner),
  );
  const at = made.columns.length;
  const groups = [...rel.groups, ...keys.map((_, i) => at + i)];
  const keyFields = keys.map((_, i) => input.fields[at + i] as PlanField);
  const all = [...rel.fields.slice(0, rel.groups.length), ...keyFields, ...rel.fields.slice(rel.groups.length)];
  const names = uniqueNames(all.map(({ name }) => name));
  const fields = all.map((field, i): PlanField => ({ ...field, name: names[i] as string }));
  const always = rel.groups.length === 0;
  const calls = rel.calls.map((call, i) => ({ ...call, name: names[groups.length + i] as string }));
  const grouped: Rel = { kind: 'aggregate', input, groups, calls, fields };
  const columns = [
    ...rel.groups.map((_, i) => inputRef(i, (fields[i] as PlanField).type)),
    ...calls.map((call, i): Rex => {
      const column = inputRef(groups.length + i, call.type);
      // No row of the right means a count of 0, and a join says NULL there.
      return always && call.function === 'COUNT' ? zeroForNull(column) : column;
    }),
  ];
  const conditions = keys.map(({ outer }, i) => {
    const index = rel.groups.length + i;
    return equal(inputRef(index, (fields[index] as PlanField).type), outer);
  });
  return { rel: grouped, columns, conditions, always, atMostOne: always };
}

function zeroForNull(column: Rex): Rex {
  const loose = { ...column, type: column.type.nullable() as AnyType } as Rex;
  return buildCall('COALESCE', [loose, literal(0, types.bigint().notNull() as AnyType)]);
}

/** The same expression over columns that stand further right. */
export function shifted(rex: Rex, by: number): Rex {
  return mapInputs(rex, (index) => index + by);
}

function pullJoin(rel: Join, id: number, outside: Rel): Pulled {
  const left = pull(rel.left, id, outside);
  const right = pull(rel.right, id, outside);
  const both = rel.type === 'inner';
  const leftOnly = rel.type === 'left' || rel.type === 'semi' || rel.type === 'anti';
  if (!both && !(leftOnly && right.conditions.length === 0 && !refersTo(rel.condition, id))) {
    throw unsupported(`a ${rel.type} join in a subquery that refers to the row outside`);
  }
  const offset = left.rel.fields.length;
  const rights = right.columns.map((rex) => shifted(rex, offset));
  const parts = conjuncts(substitute(rel.condition, [...left.columns, ...rights]));
  const inner = parts.filter((part) => !refersTo(part, id));
  const outer = parts.filter((part) => refersTo(part, id));
  const nulls = rel.type === 'left' ? 'right' : 'none';
  const all = joinedFields(left.rel.fields, right.rel.fields, nulls);
  const half = rel.type === 'semi' || rel.type === 'anti';
  const fields = half ? left.rel.fields : all;
  const made: Rel = {
    kind: 'join',
    type: rel.type,
    left: left.rel,
    right: right.rel,
    condition: conjunction(inner),
    fields,
  };
  const typed = rights.map((rex) =>
    rel.type === 'left' ? mapInputs(rex, (i) => inputRef(i, (all[i] as PlanField).type)) : rex,
  );
  return {
    rel: made,
    columns: half ? left.columns : [...left.columns, ...typed],
    conditions: [...left.conditions, ...right.conditions.map((rex) => shifted(rex, offset)), ...outer],
    always: false,
    atMostOne: false,
  };
}

/** ORDER BY with LIMIT for each row outside: the first rows of each group. */
function pullSort(rel: Sort, id: number, outside: Rel): Pulled {
  const made = pull(rel.input, id, outside);
  if (rel.limit === undefined && rel.offset === undefined) return made;
  const keys = limitKeys(made, id);
  const input = materialised(
    made,
    id,
    keys.map(({ inner }) => inner),
  );
  const at = made.columns.length;
  const from = (rel.offset ?? 0) + 1;
  if (rel.limit === undefined || rel.keys.length === 0)
    throw unsupported('OFFSET without ORDER BY and LIMIT in a subquery that refers to the row outside');
  const rank: Rel = {
    kind: 'rank',
    input,
    partitionBy: keys.map((_, i) => at + i),
    orderBy: rel.keys,
    from,
    to: from + rel.limit - 1,
    withNumber: false,
    fields: input.fields,
  };
  return {
    rel: rank,
    columns: refs(input.fields.slice(0, at)),
    conditions: keys.map(({ outer }, i) => equal(inputRef(at + i, (input.fields[at + i] as PlanField).type), outer)),
    always: false,
    atMostOne: rel.limit <= 1,
  };
}
