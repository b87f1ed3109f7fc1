import type { PlanField, TimeAttribute } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import type { Rex } from '../plan/rex.js';

/** A text that is the same for the same expression, wherever it stands in the text. */
export function rexKey(rex: Rex): string {
  return JSON.stringify(rex, (name, value) => {
    if (name === 'span') return undefined;
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (Object.is(value, -0)) return '-0';
    return value;
  });
}

/** Rebuilds an expression from inside out. Queries in it are left as they are, but for `operands`. */
export function mapRexDeep(rex: Rex, map: (rex: Rex) => Rex): Rex {
  const one = (inner: Rex): Rex => mapRexDeep(inner, map);
  switch (rex.kind) {
    case 'call':
      return map({ ...rex, operands: rex.operands.map(one) });
    case 'field':
      return map({ ...rex, operand: one(rex.operand) });
    case 'subquery':
      return map({ ...rex, operands: rex.operands.map(one) });
    case 'over':
      return map({
        ...rex,
        operands: rex.operands.map(one),
        partitionBy: rex.partitionBy.map(one),
        orderBy: rex.orderBy.map((key) => ({ ...key, expression: one(key.expression) })),
      });
    default:
      return map(rex);
  }
}

/** Rebuilds a plan with every expression in it (those of queries within expressions too) mapped from inside out. */
export function mapRelExpressions(rel: Rel, map: (rex: Rex) => Rex): Rel {
  const rex = (one: Rex): Rex =>
    mapRexDeep(one, (inner) =>
      map(inner.kind === 'subquery' ? { ...inner, rel: mapRelExpressions(inner.rel, map) } : inner),
    );
  const inputs = mapInputRels(rel, (input) => mapRelExpressions(input, map));
  switch (inputs.kind) {
    case 'values':
      return { ...inputs, rows: inputs.rows.map((row) => row.map(rex)) };
    case 'project':
      return { ...inputs, expressions: inputs.expressions.map(rex) };
    case 'filter':
      return { ...inputs, condition: rex(inputs.condition) };
    case 'watermark':
      return { ...inputs, watermark: rex(inputs.watermark) };
    case 'join':
      return { ...inputs, condition: rex(inputs.condition) };
    case 'tableFunction':
      return { ...inputs, operands: inputs.operands.map(rex) };
    case 'snapshot':
      return { ...inputs, period: rex(inputs.period) };
    case 'match':
      return {
        ...inputs,
        define: inputs.define.map((one) => ({ ...one, condition: rex(one.condition) })),
        measures: inputs.measures.map((one) => ({ ...one, expression: rex(one.expression) })),
      };
    default:
      return inputs;
  }
}

/** The same step over other inputs. */
export function mapInputRels(rel: Rel, map: (input: Rel) => Rel): Rel {
  switch (rel.kind) {
    case 'scan':
    case 'inlineScan':
    case 'values':
    case 'tableFunction':
      return rel;
    case 'join':
    case 'correlate':
      return { ...rel, left: map(rel.left), right: map(rel.right) };
    case 'setOperation':
      return { ...rel, inputs: rel.inputs.map(map) };
    default:
      return { ...rel, input: map(rel.input) };
  }
}

/** Whether an expression is a time attribute as it stands: a column that is one, or PROCTIME(). */
export function timeOf(rex: Rex, fields: readonly PlanField[]): TimeAttribute | undefined {
  if (rex.kind === 'input') return fields[rex.index]?.time;
  return rex.kind === 'call' && rex.function === 'PROCTIME' ? 'proctime' : undefined;
}

/** A column that an expression gives, the time attribute kept. */
export function fieldFor(name: string, rex: Rex, fields: readonly PlanField[]): PlanField {
  const time = timeOf(rex, fields);
  return time === undefined ? { name, type: rex.type } : { name, type: rex.type, time };
}
