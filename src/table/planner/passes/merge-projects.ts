import { inputsOf, isDeterministic, mapInputs } from '../../expressions/index.js';
import type { Project, Rel } from '../../plan/rel.js';
import type { Rex } from '../../plan/rex.js';
import { mapRel } from '../../plan/visit-rel.js';

/**
 * Two projections in a row become one, and one that changes nothing goes. Expressions that are not the same every time
 * (RAND) stay where they are, and so do those that would have to be evaluated more than once.
 */
export function mergeProjects(rel: Rel): Rel {
  return mapRel(rel, (one) => {
    if (one.kind !== 'project') return one;
    const merged = one.input.kind === 'project' && mergeable(one, one.input) ? merge(one, one.input) : one;
    return isIdentity(merged) ? merged.input : merged;
  });
}

function mergeable(above: Project, below: Project): boolean {
  const uses = new Map<number, number>();
  for (const rex of above.expressions) {
    if (rex.kind === 'over') return false;
    for (const i of inputsOf(rex)) uses.set(i, (uses.get(i) ?? 0) + 1);
  }
  return below.expressions.every((rex, i) => {
    if (rex.kind === 'input' || rex.kind === 'literal') return true;
    if ((uses.get(i) ?? 0) > 1) return rex.kind === 'field';
    return rex.kind !== 'over' && isDeterministic(rex);
  });
}

function merge(above: Project, below: Project): Project {
  const expressions = above.expressions.map((rex) => mapInputs(rex, (i) => below.expressions[i] as Rex));
  return { ...above, input: below.input, expressions };
}

function isIdentity(rel: Project): boolean {
  const from = rel.input.fields;
  return (
    from.length === rel.fields.length &&
    rel.expressions.every((rex, i) => {
      const [field, own] = [from[i], rel.fields[i]];
      return (
        rex.kind === 'input' &&
        rex.index === i &&
        field?.name === own?.name &&
        field?.time === own?.time &&
        String(field?.type) === String(own?.type)
      );
    })
  );
}
