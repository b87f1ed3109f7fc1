import { visitRex } from '../expressions/index.js';
import type { Rel } from './rel.js';
import type { Rex } from './rex.js';

/** The steps directly below one (not those within its expressions). */
export function inputsOfRel(rel: Rel): readonly Rel[] {
  switch (rel.kind) {
    case 'scan':
    case 'inlineScan':
    case 'values':
    case 'tableFunction':
      return [];
    case 'join':
    case 'correlate':
      return [rel.left, rel.right];
    case 'setOperation':
      return rel.inputs;
    default:
      return [rel.input];
  }
}

/** The same step over other inputs, of the same columns; the step itself where they are the same. */
export function withInputs<R extends Rel>(rel: R, inputs: readonly Rel[]): R {
  if (inputsOfRel(rel).every((input, i) => input === inputs[i])) return rel;
  switch (rel.kind) {
    case 'join':
    case 'correlate':
      return { ...rel, left: inputs[0] as Rel, right: inputs[1] as Rel };
    case 'setOperation':
      return { ...rel, inputs };
    default:
      return { ...rel, input: inputs[0] as Rel };
  }
}

/** Rebuilds a plan from the bottom up; `map` gets every step with its inputs already mapped. Shared steps stay shared. */
export function mapRel(rel: Rel, map: (rel: Rel) => Rel): Rel {
  const made = new Map<Rel, Rel>();
  const visit = (one: Rel): Rel => {
    let result = made.get(one);
    if (result === undefined) {
      result = map(withInputs(one, inputsOfRel(one).map(visit)));
      made.set(one, result);
    }
    return result;
  };
  return visit(rel);
}

/** The same step with other expressions; those that are columns by their position are not among them. */
export function mapExpressions(rel: Rel, map: (rex: Rex) => Rex): Rel {
  switch (rel.kind) {
    case 'values':
      return { ...rel, rows: rel.rows.map((row) => row.map(map)) };
    case 'project':
      return { ...rel, expressions: rel.expressions.map(map) };
    case 'filter':
    case 'join':
      return { ...rel, condition: map(rel.condition) };
    case 'watermark':
      return { ...rel, watermark: map(rel.watermark) };
    case 'tableFunction':
      return { ...rel, operands: rel.operands.map(map) };
    case 'snapshot':
      return { ...rel, period: map(rel.period) };
    case 'match':
      return {
        ...rel,
        define: rel.define.map((one) => ({ ...one, condition: map(one.condition) })),
        measures: rel.measures.map((one) => ({ ...one, expression: map(one.expression) })),
      };
    default:
      return rel;
  }
}

/** Whether any step of a plan, down to the bottom, is of this kind. */
export function hasKind(rel: Rel, kind: Rel['kind']): boolean {
  return rel.kind === kind || inputsOfRel(rel).some((input) => hasKind(input, kind));
}

/** Whether any expression of a plan, or any within one, is like that. */
export function hasExpression(rel: Rel, test: (rex: Rex) => boolean): boolean {
  let found = false;
  const look = (rex: Rex): void =>
    visitRex(rex, (one) => {
      if (test(one)) found = true;
    });
  mapExpressions(rel, (rex) => {
    look(rex);
    return rex;
  });
  return found || inputsOfRel(rel).some((input) => hasExpression(input, test));
}
