import { NotImplementedError } from '../errors.js';
import type { PlannerContext } from '../physical/context.js';
import { inferAllUpdates } from '../physical/infer-updates.js';
import type { PhysicalNode } from '../physical/node.js';
import type { Rel } from '../plan/rel.js';
import { readProctime } from './nodes/calc.js';
import { optimise } from './optimise.js';
import { PHYSICAL_RULES } from './registry.js';

/**
 * The physical plan of a query of which every change is to be seen.
 *
 * @param rel as the binder gives it: subqueries and OVER may still be in its expressions
 * @throws ValidationError where a step cannot take what the one below gives
 */
export function planQuery(rel: Rel, context: PlannerContext): PhysicalNode {
  return inferAllUpdates(readProctime(toPhysical(optimise(rel, context), context)));
}

/** Physical nodes for an optimised logical plan; the form of updates is still open. */
export function toPhysical(rel: Rel, context: PlannerContext): PhysicalNode {
  const planned = new Map<Rel, PhysicalNode>();
  const plan = (one: Rel): PhysicalNode => {
    let node = planned.get(one);
    if (node === undefined) {
      node = planOne(one, plan, context);
      planned.set(one, node);
    }
    return node;
  };
  return plan(rel);
}

function planOne(rel: Rel, input: (rel: Rel) => PhysicalNode, context: PlannerContext): PhysicalNode {
  for (const rule of PHYSICAL_RULES) {
    if (rule.kind !== rel.kind) continue;
    const node = rule.plan(rel as never, input, context);
    if (node !== undefined) return node;
  }
  throw new NotImplementedError(`a plan with the step \`${rel.kind}\``);
}
