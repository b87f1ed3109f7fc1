import { isAggregateName } from '../expressions/index.js';
import { builtinScalar } from '../functions/registry.js';
import type { Rel } from '../plan/rel.js';

const OTHERS =
  /^(GROUPING|GROUPING_ID|GROUP_ID|UNNEST|ROW_NUMBER|RANK|DENSE_RANK|PERCENT_RANK|CUME_DIST|NTILE|LAG|LEAD)$/;

/** Whether a plan, down to its last expression, calls a function that is not Flink's. */
export function callsUserFunction(plan: Rel): boolean {
  const seen = new Set<object>();
  const visit = (node: unknown): boolean => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return false;
    seen.add(node);
    if (Array.isArray(node)) return node.some(visit);
    const { function: name } = node as { function?: unknown };
    if (typeof name === 'string' && !isKnown(name)) return true;
    return Object.entries(node).some(([key, value]) => key !== 'type' && key !== 'span' && visit(value));
  };
  return visit(plan);
}

function isKnown(name: string): boolean {
  return builtinScalar(name) !== undefined || isAggregateName(name, {}) || OTHERS.test(name);
}
