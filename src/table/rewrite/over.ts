import { ValidationError } from '../errors.js';
import { mapRex, sameRex, visitRex } from '../expressions/index.js';
import { type PlanField, uniqueNames } from '../plan/field.js';
import type { OverAggregate, Project, Rel } from '../plan/rel.js';
import { type AggregateCall, inputRef, type Rex, type RexOver, type SortKey } from '../plan/rex.js';
import { mapRel } from '../plan/visit-rel.js';

/**
 * Makes steps of the aggregates with OVER in projections: below the projection the columns that they take, then one step
 * that computes them all, then the projection with columns in their place.
 *
 * @throws ValidationError where the aggregates of one SELECT have different windows
 * @see Flink: Over Aggregation
 */
export function rewriteOver(rel: Rel): Rel {
  return mapRel(rel, (one) => (one.kind === 'project' ? withoutOver(one) : one));
}

function withoutOver(rel: Project): Rel {
  const overs: RexOver[] = [];
  for (const expression of rel.expressions) {
    visitRex(expression, (one) => {
      if (one.kind === 'over' && !overs.some((known) => sameRex(known, one))) overs.push(one);
    });
  }
  const [first] = overs;
  if (first === undefined) return rel;
  const different = overs.find((one) => !sameWindow(first, one));
  if (different !== undefined) {
    throw new ValidationError(
      'Over Agg: Unsupported use of OVER windows. All aggregates must be computed on the same window. please re-check the over window statement.',
      {
        hint: 'give all of them the same PARTITION BY, ORDER BY and frame, or compute the other one in a SELECT of its own',
        ...(different.span === undefined ? {} : { span: different.span }),
      },
    );
  }
  const below = new Columns(rel.input);
  const partitionBy = first.partitionBy.map((one) => below.column(one));
  const orderBy = first.orderBy.map(
    ({ expression, descending, nullsFirst }): SortKey => ({ index: below.column(expression), descending, nullsFirst }),
  );
  const operands = overs.map((over) => over.operands.map((one) => below.column(one)));
  const input = below.build();
  const names = uniqueNames([...input.fields.map((field) => field.name), ...overs.map((_, i) => `w0$o${i}`)]);
  const calls = overs.map(
    (over, i): AggregateCall => ({
      function: over.function,
      operands: operands[i] as number[],
      distinct: over.distinct,
      type: over.type,
      name: names[input.fields.length + i] as string,
      ...(over.ignoreNulls ? { options: { ignoreNulls: true } } : {}),
      ...(over.span === undefined ? {} : { span: over.span }),
    }),
  );
  const step: OverAggregate = {
    kind: 'overAggregate',
    input,
    partitionBy,
    orderBy,
    frame: first.frame,
    calls,
    fields: [...input.fields, ...calls.map(({ name, type }): PlanField => ({ name, type }))],
  };
  const width = input.fields.length;
  const replaced = (expression: Rex): Rex =>
    mapRex(expression, (one) => {
      if (one.kind !== 'over') return one;
      return inputRef(width + overs.findIndex((known) => sameRex(known, one)), one.type);
    });
  return { ...rel, input: step, expressions: rel.expressions.map(replaced) };
}

function sameWindow(a: RexOver, b: RexOver): boolean {
  return (
    sameList(a.partitionBy, b.partitionBy) &&
    sameList(
      a.orderBy.map((key) => key.expression),
      b.orderBy.map((key) => key.expression),
    ) &&
    a.orderBy.every((key, i) => key.descending === b.orderBy[i]?.descending) &&
    JSON.stringify(a.frame) === JSON.stringify(b.frame)
  );
}

function sameList(a: readonly Rex[], b: readonly Rex[]): boolean {
  return a.length === b.length && a.every((one, i) => sameRex(one, b[i] as Rex));
}

/** A step's columns, and further ones for expressions that are none of them. */
class Columns {
  private readonly added: Rex[] = [];

  constructor(private readonly input: Rel) {}

  column(rex: Rex): number {
    if (rex.kind === 'input') return rex.index;
    const known = this.added.findIndex((one) => sameRex(one, rex));
    const at = known < 0 ? this.added.push(rex) - 1 : known;
    return this.input.fields.length + at;
  }

  build(): Rel {
    const { input, added } = this;
    if (added.length === 0) return input;
    const width = input.fields.length;
    const names = uniqueNames([...input.fields.map((field) => field.name), ...added.map((_, i) => `$${width + i}`)]);
    const fields = [
      ...input.fields,
      ...added.map((rex, i): PlanField => {
        const field = { name: names[width + i] as string, type: rex.type };
        return rex.kind === 'call' && rex.function === 'PROCTIME' ? { ...field, time: 'proctime' } : field;
      }),
    ];
    const expressions = [...input.fields.map((field, i) => inputRef(i, field.type)), ...added];
    return { kind: 'project', input, expressions, fields };
  }
}
