import { mapRelExpressions } from '../binder/rex-tools.js';
import { joinedFields } from '../binder/steps.js';
import { NotImplementedError } from '../errors.js';
import { inputsOf, mapInputs, mapRex, visitRex } from '../expressions/index.js';
import type { Join, Rel } from '../plan/rel.js';
import { inputRef, type Rex, type RexSubquery } from '../plan/rex.js';
import type { Attached } from './attach.js';

/** Joins the value of a subquery to the rows of a step. */
export type Attach = (subquery: RexSubquery, rel: Rel) => Attached;

// Values that were joined to a side are told apart from its own columns by where they seem to be, until all have been joined.
const OF_LEFT = 1_000_000;
const OF_RIGHT = 2_000_000;

/**
 * The condition of an outer join without the subqueries in it: each becomes a column of the side whose columns it reads.
 *
 * @throws NotImplementedError for one that reads columns of both sides
 */
export function joinWithoutSubqueries(join: Join, attach: Attach): Rel {
  const width = join.left.fields.length;
  let { left, right } = join;
  const marked = mapRex(join.condition, (one) => {
    if (one.kind !== 'subquery') return one;
    const read = outerColumns(one);
    if (read.length > 0 && read.every((column) => column < width)) {
      const made = attach(one, left);
      left = made.rel;
      return mapInputs(made.value, (index) => index + OF_LEFT);
    }
    if (read.some((column) => column < width || column >= OF_LEFT)) {
      throw new NotImplementedError('a subquery in the condition of an outer join that reads columns of both sides', {
        hint: 'put it into a query of its own: SELECT ... FROM (SELECT ..., (SELECT ...) AS x FROM t)',
        ...(one.span === undefined ? {} : { span: one.span }),
      });
    }
    const made = attach(moved(one, -width), right);
    right = made.rel;
    return mapInputs(made.value, (index) => index + OF_RIGHT);
  });
  const wide = left.fields.length;
  const condition = mapInputs(marked, (index) => {
    if (index >= OF_RIGHT) return wide + index - OF_RIGHT;
    if (index >= OF_LEFT) return index - OF_LEFT;
    return index < width ? index : wide + index - width;
  });
  const nulls = { left: 'right', right: 'left', full: 'both' } as const;
  const padded = join.type === 'left' || join.type === 'right' || join.type === 'full' ? nulls[join.type] : 'none';
  const fields = joinedFields(left.fields, right.fields, padded);
  const rel: Rel = { ...join, left, right, condition, fields };
  const columns = join.fields.map((field, i) => inputRef(i < width ? i : wide + i - width, field.type));
  return { kind: 'project', input: rel, expressions: columns, fields: join.fields };
}

/** The columns of the joined row that a subquery reads, in itself or before IN. */
function outerColumns({ operands, rel, correlation }: RexSubquery): number[] {
  const found = new Set(operands.flatMap(inputsOf));
  const look = (rex: Rex): void =>
    visitRex(rex, (one) => {
      if (one.kind === 'correlated' && one.id === correlation) found.add(one.index);
      if (one.kind === 'subquery') lookIn(one.rel);
    });
  const lookIn = (query: Rel): void => {
    mapRelExpressions(query, (rex) => {
      look(rex);
      return rex;
    });
  };
  lookIn(rel);
  return [...found];
}

function moved(subquery: RexSubquery, by: number): RexSubquery {
  const { correlation, operands, rel } = subquery;
  return {
    ...subquery,
    operands: operands.map((operand) => mapInputs(operand, (index) => index + by)),
    rel: mapRelExpressions(rel, (one) =>
      one.kind === 'correlated' && one.id === correlation ? { ...one, index: one.index + by } : one,
    ),
  };
}
