import { joinedFields } from '../binder/steps.js';
import { conjunction, mapRex, visitRex } from '../expressions/index.js';
import type { PlanField } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import { type CorrelatedRef, inputRef, type Rex } from '../plan/rex.js';
import { equal, equalityOf } from './correlation.js';
import type { Pulled } from './decorrelate.js';

/**
 * A query whose conditions on the row outside are equalities alone, so that it can be grouped by them. A column of the row
 * outside that is equal to one of the query stands for that; where there is none, the query is joined to the distinct
 * values that the rows outside have in the columns it speaks of.
 *
 * @see Calcite: `RelDecorrelator`, the value generator
 */
export function withValues(made: Pulled, id: number, outside: Rel): Pulled {
  const others = made.conditions.filter((condition) => equalityOf(condition, id) === undefined);
  if (others.length === 0) return made;
  const known = new Map<number, Rex>();
  for (const condition of made.conditions) {
    const found = equalityOf(condition, id);
    if (found?.outer.kind === 'correlated' && !known.has(found.outer.index)) known.set(found.outer.index, found.inner);
  }
  if (columnsIn(others, id).every(({ index }) => known.has(index))) {
    const condition = conjunction(others.map((rex) => replaced(rex, id, ({ index }) => known.get(index) as Rex)));
    const rel: Rel = { kind: 'filter', input: made.rel, condition, fields: made.rel.fields };
    return { ...made, rel, conditions: made.conditions.filter((one) => !others.includes(one)) };
  }
  return generated(made, id, outside);
}

function generated(made: Pulled, id: number, outside: Rel): Pulled {
  const columns = columnsIn(made.conditions, id);
  const fields = columns.map(({ index }): PlanField => outside.fields[index] as PlanField);
  const values: Rel = {
    kind: 'aggregate',
    input: {
      kind: 'project',
      input: outside,
      expressions: columns.map((one) => inputRef(one.index, one.type)),
      fields,
    },
    groups: columns.map((_, i) => i),
    calls: [],
    fields,
  };
  const width = made.rel.fields.length;
  const columnOf = (one: CorrelatedRef): Rex => {
    const at = columns.findIndex(({ index }) => index === one.index);
    return inputRef(width + at, one.type);
  };
  const rel: Rel = {
    kind: 'join',
    type: 'inner',
    left: made.rel,
    right: values,
    condition: conjunction(made.conditions.map((rex) => replaced(rex, id, columnOf))),
    fields: joinedFields(made.rel.fields, fields, 'none'),
  };
  return { ...made, rel, conditions: columns.map((one) => equal(columnOf(one), one)) };
}

function replaced(rex: Rex, id: number, by: (column: CorrelatedRef) => Rex): Rex {
  return mapRex(rex, (one) => (one.kind === 'correlated' && one.id === id ? by(one) : one));
}

/** The columns of the row outside that are spoken of, each once. */
function columnsIn(conditions: readonly Rex[], id: number): CorrelatedRef[] {
  const found = new Map<number, CorrelatedRef>();
  for (const condition of conditions) {
    visitRex(condition, (one) => {
      if (one.kind === 'correlated' && one.id === id) found.set(one.index, one);
    });
  }
  return [...found.values()].sort((a, b) => a.index - b.index);
}
