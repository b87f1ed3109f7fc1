import type { PlannerContext } from '../physical/context.js';
import type { Rel } from '../plan/rel.js';

/** One rewriting of a whole logical plan into another with the same rows. */
export type Optimiser = (rel: Rel, context: PlannerContext) => Rel;

/** In this order. Rewritings of others come in where their comment says. */
const PASSES: readonly Optimiser[] = [];

/** The logical plan as it is carried out: subqueries and OVER are steps, filters and columns sit where they cost least. */
export function optimise(rel: Rel, context: PlannerContext): Rel {
  return PASSES.reduce((made, pass) => pass(made, context), rel);
}
