import { type AnyType, type as types } from '../../core/types/index.js';
import { NotImplementedError } from '../errors.js';
import { buildCall, conjunction, conjuncts, mapRex, visitRex } from '../expressions/index.js';
import type { PlanField } from '../plan/field.js';
import type { Correlate, Filter, Rel } from '../plan/rel.js';
import { inputRef, literal, type Rex, type RexSubquery } from '../plan/rex.js';
import { mapExpressions, mapRel } from '../plan/visit-rel.js';
import { attach, joinCondition, joined } from './attach.js';
import { relRefersTo } from './correlation.js';
import { materialised, pull, shifted } from './decorrelate.js';
import { joinWithoutSubqueries } from './join-subqueries.js';

/**
 * Subqueries in expressions become joins: IN and EXISTS in WHERE semi and anti joins, everything else a left join whose
 * columns the expression reads. The result has the same columns and rows.
 *
 * @throws NotImplementedError where a subquery refers to the row outside in a way that no join can say
 * @see Flink: `FlinkSubQueryRemoveRule`, `SubQueryDecorrelator`
 */
export function rewriteSubqueries(rel: Rel): Rel {
  return mapRel(rel, (one) => {
    if (one.kind === 'correlate') return lateral(one);
    if (!hasSubquery(one)) return one;
    if (one.kind === 'filter') return filter(one);
    if (one.kind === 'project') {
      const made = new Replacer(one.input);
      const expressions = one.expressions.map((rex) => made.replace(rex));
      return { ...one, input: made.rel, expressions };
    }
    if (one.kind === 'join' && one.type === 'inner') {
      // The condition of an inner join is a filter above it.
      const { condition, ...join } = one;
      return filter({ kind: 'filter', input: { ...join, condition: conjunction([]) }, condition, fields: one.fields });
    }
    if (one.kind === 'join') {
      return joinWithoutSubqueries(one, (subquery, to) => attach(subquery, rewriteSubqueries(subquery.rel), to));
    }
    throw new NotImplementedError(`a subquery within ${one.kind}`, {
      hint: 'put it into a query of its own: SELECT ... FROM (SELECT ..., (SELECT ...) AS x FROM t)',
    });
  });
}

function subqueriesIn(rex: Rex): RexSubquery[] {
  const found: RexSubquery[] = [];
  visitRex(rex, (one) => {
    if (one.kind === 'subquery') found.push(one);
  });
  return found;
}

function hasSubquery(rel: Rel): boolean {
  let found = false;
  mapExpressions(rel, (rex) => {
    if (subqueriesIn(rex).length > 0) found = true;
    return rex;
  });
  return found;
}

/** Puts values that were joined in place of subqueries; the rows grow to the right. */
class Replacer {
  constructor(public rel: Rel) {}
  replace(rex: Rex): Rex {
    return mapRex(rex, (one) => {
      if (one.kind !== 'subquery') return one;
      const made = attach(one, rewriteSubqueries(one.rel), this.rel);
      this.rel = made.rel;
      // What was said to be never NULL stays so; a value that a left join brought may be.
      return made.value;
    });
  }
}

function filter(rel: Filter): Rel {
  const parts = conjuncts(rel.condition);
  const plain = parts.filter((part) => subqueriesIn(part).length === 0);
  let made: Rel =
    plain.length === 0
      ? rel.input
      : { kind: 'filter', input: rel.input, condition: conjunction(plain), fields: rel.fields };
  const rest: Rex[] = [];
  for (const part of parts) {
    if (subqueriesIn(part).length === 0) continue;
    const half = halfJoin(part, made);
    if (half === undefined) rest.push(part);
    else made = half;
  }
  if (rest.length === 0) return made;
  const replacer = new Replacer(made);
  const condition = conjunction(rest.map((part) => replacer.replace(part)));
  const filtered: Rel = { kind: 'filter', input: replacer.rel, condition, fields: replacer.rel.fields };
  if (replacer.rel === made) return { ...filtered, fields: rel.fields };
  const expressions = rel.fields.map(({ type }, i) => inputRef(i, type));
  return { kind: 'project', input: filtered, expressions, fields: rel.fields };
}

/** IN and EXISTS (and NOT ...) as a whole part of a condition: rows that have, or have no, partner. */
function halfJoin(part: Rex, left: Rel): Rel | undefined {
  let negated = false;
  let rex = part;
  while (rex.kind === 'call' && rex.function === 'NOT') {
    negated = !negated;
    rex = rex.operands[0] as Rex;
  }
  if (rex.kind !== 'subquery' || rex.operands.some((one) => subqueriesIn(one).length > 0)) return undefined;
  const isIn = rex.form === 'in' || (rex.form === 'some' && rex.operator === '=');
  if (rex.form !== 'exists' && !isIn) return undefined;
  const { correlation, operands } = rex;
  const made = pull(rewriteSubqueries(rex.rel), correlation, left);
  const outer = made.conditions.map((one) => joinCondition(one, left, correlation));
  if (rex.form === 'exists') {
    if (made.always) {
      // An aggregate without GROUP BY always has a row.
      return negated ? { kind: 'values', rows: [], fields: left.fields } : left;
    }
    if (!negated && outer.length === 0) return joined('semi', left, whetherAny(made.rel), outer);
    return joined(negated ? 'anti' : 'semi', left, made.rel, outer);
  }
  const right = made.always ? { ...made, rel: materialised(made, correlation, []), columns: [] } : made;
  const columns = made.always ? right.rel.fields.map(({ type }, i): Rex => inputRef(i, type)) : made.columns;
  const oneForEach = made.always && made.conditions.length > 0;
  if (oneForEach && negated) return undefined;
  const matches = operands.map((operand, i): Rex => {
    const match = buildCall('=', [operand, joinCondition(columns[i] as Rex, left, correlation)]);
    // NOT IN: where the comparison is UNKNOWN the row is not kept either.
    if (!negated || match.type.nullability === 'not null') return match;
    return buildCall('OR', [match, buildCall('IS NULL', [match])]);
  });
  if (!oneForEach) return joined(negated ? 'anti' : 'semi', left, right.rel, [...outer, ...matches]);
  // An aggregate for each row outside: Flink joins it. Where there is nothing to count, that finds no partner.
  const join = joined('inner', left, right.rel, [...outer, ...matches]);
  return {
    kind: 'project',
    input: join,
    expressions: left.fields.map(({ type }, i) => inputRef(i, type)),
    fields: left.fields,
  };
}

/** One row as soon as there is any: what is the same for all rows outside is found out once. */
function whetherAny(rel: Rel): Rel {
  const boolean = types.boolean() as AnyType;
  const mark: PlanField = { name: 'i', type: boolean.notNull() as AnyType };
  const marked: Rel = { kind: 'project', input: rel, expressions: [literal(true, mark.type)], fields: [mark] };
  const fields: PlanField[] = [{ name: 'm', type: boolean }];
  const calls = [{ function: 'MIN', operands: [0], distinct: false, type: boolean, name: 'm' }];
  const any: Rel = { kind: 'aggregate', input: marked, groups: [], calls, fields };
  return { kind: 'filter', input: any, condition: buildCall('IS NOT NULL', [inputRef(0, boolean)]), fields };
}

/** LATERAL (SELECT ...): a join, where the query is no table function. */
function lateral(rel: Correlate): Rel {
  const right = rel.right;
  if (hasTableFunction(right) || !relRefersTo(right, rel.id)) {
    if (relRefersTo(right, rel.id)) return rel;
    return { kind: 'join', type: rel.type, left: rel.left, right, condition: conjunction([]), fields: rel.fields };
  }
  const { left } = rel;
  const made = pull(right, rel.id, left);
  const on = made.conditions.map((rex) => joinCondition(rex, left, rel.id));
  if (made.always) {
    // Flink leaves out rows for which there is nothing to aggregate, unless LEFT JOIN asks for them.
    return columnsOf(joined(rel.type, left, made.rel, on), left, made.columns, rel);
  }
  if (rel.type === 'inner') return columnsOf(joined('inner', left, made.rel, on), left, made.columns, rel);
  const further = [...new Set(made.conditions)];
  const at = made.columns.length;
  const inputs = materialised(
    made,
    rel.id,
    made.rel.fields.map(({ type }, i) => inputRef(i, type)),
  );
  const moved = further.map((rex) => joinCondition(shifted(rex, at), left, rel.id));
  const join = joined('left', left, inputs, moved);
  return columnsOf(
    join,
    left,
    made.columns.map((column, i) => inputRef(i, column.type)),
    rel,
  );
}

function columnsOf(join: Rel, left: Rel, columns: readonly Rex[], { id, fields }: Correlate): Rel {
  const moved = columns.map((rex) => {
    const one = joinCondition(rex, left, id);
    return mapRex(one, (inner) =>
      inner.kind === 'input' ? inputRef(inner.index, (join.fields[inner.index] as PlanField).type) : inner,
    );
  });
  const lefts = left.fields.map(({ type }, i): Rex => inputRef(i, type));
  return { kind: 'project', input: join, expressions: [...lefts, ...moved], fields };
}

function hasTableFunction(rel: Rel): boolean {
  if (rel.kind === 'tableFunction') return true;
  return (rel.kind === 'project' || rel.kind === 'filter') && hasTableFunction(rel.input);
}
