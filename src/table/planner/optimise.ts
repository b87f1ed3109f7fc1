import type { PlannerContext } from '../physical/context.js';
import type { Rel } from '../plan/rel.js';
import { hasExpression, hasKind } from '../plan/visit-rel.js';
import { rewriteOver } from '../rewrite/over.js';
import { rewriteRanks } from '../rewrite/rank.js';
import { rewriteSubqueries } from '../rewrite/subqueries.js';
import { foldPlan } from './passes/fold.js';
import { mergeProjects } from './passes/merge-projects.js';
import { pruneColumns } from './passes/prune.js';
import { pruneEmpty } from './passes/prune-empty.js';
import { pushFilters } from './passes/push-filters.js';
import { rewriteSetOperations } from './passes/set-operations.js';
import { shareScans } from './passes/share-scans.js';

/** One rewriting of a whole logical plan into another with the same rows. */
export type Optimiser = (rel: Rel, context: PlannerContext) => Rel;

const withoutSubqueries: Optimiser = (rel) =>
  hasKind(rel, 'correlate') || hasExpression(rel, (rex) => rex.kind === 'subquery') ? rewriteSubqueries(rel) : rel;

/** In this order. */
const PASSES: readonly Optimiser[] = [
  withoutSubqueries,
  foldPlan,
  rewriteOver,
  // A filter above a join may be about the rank of one side.
  pushFilters,
  rewriteRanks,
  rewriteSetOperations,
  pushFilters,
  pruneEmpty,
  pruneColumns,
  shareScans,
  mergeProjects,
];

/** The logical plan as it is carried out: subqueries and OVER are steps, filters and columns sit where they cost least. */
export function optimise(rel: Rel, context: PlannerContext): Rel {
  return PASSES.reduce((made, pass) => pass(made, context), rel);
}
