import type { PhysicalNode } from './node.js';

/**
 * The same plans, with parts that are alike, in one or in several of them, there once: they are computed once, and everybody who reads them sees a change
 * before the next one comes.
 *
 * @see Flink: `table.optimizer.reuse-sub-plan-enabled`
 */
export function reuseSubplans(nodes: readonly PhysicalNode[]): PhysicalNode[] {
  const known = new Map<string, { readonly node: PhysicalNode; readonly id: number }>();
  const visited = new Map<PhysicalNode, { readonly node: PhysicalNode; readonly id: number }>();
  let ids = 0;
  const visit = (one: PhysicalNode): { readonly node: PhysicalNode; readonly id: number } => {
    const before = visited.get(one);
    if (before !== undefined) return before;
    const inputs = one.inputs.map(visit);
    const digest = [
      one.kind.name,
      one.updates,
      inputs.map((input) => input.id).join(' '),
      JSON.stringify(one.fields),
      JSON.stringify(one.detail, replacer),
      one.kind.shareable?.(one) === false ? ids : '',
    ].join('|');
    let made = known.get(digest);
    if (made === undefined) {
      made = { node: { ...one, inputs: inputs.map((input) => input.node) }, id: ids++ };
      known.set(digest, made);
    }
    visited.set(one, made);
    return made;
  };
  return nodes.map((node) => visit(node).node);
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Map) return ['map', ...value];
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return Object.is(value, -0) ? '-0' : value;
}
