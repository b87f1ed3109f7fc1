import type { PlannerContext, SinkTarget } from '../physical/context.js';
import { inferAllUpdates, inferUpdates } from '../physical/infer-updates.js';
import { changelogModeOf } from '../physical/modify-kinds.js';
import type { PhysicalNode } from '../physical/node.js';
import type { SinkPlan } from '../plan/rel.js';
import { optimise } from './optimise.js';
import { toPhysical } from './plan.js';

/**
 * The physical plan of an INSERT: its rows go to `target.write`.
 *
 * @throws ValidationError when the target cannot take the changes that the query gives
 */
export function planInsert({ input }: SinkPlan, target: SinkTarget, context: PlannerContext): PhysicalNode {
  const node = toPhysical(optimise(input, context), context);
  const accepted = target.accepts(changelogModeOf(node.modify, 'beforeAndAfter'));
  if (node.modify.update && !accepted.updateBefore) {
    const upserts = inferUpdates(node, 'onlyAfter');
    if (upserts !== undefined) return upserts;
  }
  return inferAllUpdates(node);
}
