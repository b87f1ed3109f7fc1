import type { PlannerContext } from '../physical/context.js';
import type { PhysicalNode } from '../physical/node.js';
import type { Rel } from '../plan/rel.js';

/**
 * Makes a physical node of a logical step, or says by `undefined` that it is not the one to do so. Rules for one kind of
 * step are tried in turn, the particular before the general.
 */
export interface PhysicalRule<K extends Rel['kind'] = Rel['kind']> {
  readonly kind: K;
  /** @param input plans an input of the step; asking twice for the same one is free */
  plan(
    rel: Extract<Rel, { readonly kind: K }>,
    input: (rel: Rel) => PhysicalNode,
    context: PlannerContext,
  ): PhysicalNode | undefined;
}

/** Keeps the type of `rel` within a rule. */
export function rule<K extends Rel['kind']>(kind: K, plan: PhysicalRule<K>['plan']): PhysicalRule {
  return { kind, plan } as unknown as PhysicalRule;
}
