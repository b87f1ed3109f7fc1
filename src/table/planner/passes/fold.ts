import { foldConstants } from '../../expressions/index.js';
import type { PlannerContext } from '../../physical/context.js';
import type { Rel } from '../../plan/rel.js';
import { mapExpressions, mapRel } from '../../plan/visit-rel.js';

/**
 * Evaluates what is constant once, now; so a division of constants by zero fails while planning, as in Flink.
 * MATCH_RECOGNIZE is left alone: its expressions are not over one row.
 */
export function foldPlan(rel: Rel, { evaluation }: PlannerContext): Rel {
  return mapRel(rel, (one) =>
    one.kind === 'match' ? one : mapExpressions(one, (rex) => foldConstants(rex, evaluation)),
  );
}
