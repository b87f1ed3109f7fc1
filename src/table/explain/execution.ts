import { type Key, nodeText, type PhysicalNode } from '../physical/node.js';
import { reuseSubplans } from '../physical/reuse.js';

/**
 * The steps as they are carried out, with the places where rows are sent by key, and with what several steps read there
 * once:
 *
 *     GroupAggregate(groupBy=[name], select=[name, COUNT(*) AS n])
 *     +- Exchange(distribution=[hash[name]])
 *        +- TableSourceScan(table=[[default_catalog, default_database, t]], fields=[name])
 *
 * @see Flink: EXPLAIN, Optimized Execution Plan
 */
export function executionPlanText(nodes: readonly PhysicalNode[]): string {
  const plans = reuseSubplans(nodes);
  const shared = sharedIn(plans);
  const ids = new Map<PhysicalNode, number>();
  const lines: string[] = [];
  const visit = (one: PhysicalNode, first: string, others: string): void => {
    const id = ids.get(one);
    if (id !== undefined) {
      lines.push(`${first}Reused(reference_id=[${id}])`);
      return;
    }
    if (shared.has(one)) ids.set(one, ids.size + 1);
    lines.push(`${first}${nodeText(one)}${shared.has(one) ? `(reuse_id=[${ids.size}])` : ''}`);
    const sent = one.kind.sentBy?.(one) ?? [];
    one.inputs.forEach((input, i) => {
      const last = i === one.inputs.length - 1;
      const [at, below] = [`${others}${last ? '+- ' : ':- '}`, `${others}${last ? '   ' : ':  '}`];
      const columns = sent[i];
      if (columns === undefined) {
        visit(input, at, below);
        return;
      }
      lines.push(`${at}Exchange(distribution=[${distributionText(columns, input)}])`);
      visit(input, `${below}+- `, `${below}   `);
    });
  };
  for (const [i, plan] of plans.entries()) {
    if (i > 0) lines.push('');
    visit(plan, '', '');
  }
  return `${lines.join('\n')}\n`;
}

function distributionText(columns: Key, { fields }: PhysicalNode): string {
  return columns.length === 0 ? 'single' : `hash[${columns.map((i) => fields[i]?.name).join(', ')}]`;
}

/** What more than one step reads. */
function sharedIn(plans: readonly PhysicalNode[]): Set<PhysicalNode> {
  const seen = new Set<PhysicalNode>();
  const shared = new Set<PhysicalNode>();
  const visit = (one: PhysicalNode): void => {
    if (seen.has(one)) {
      shared.add(one);
      return;
    }
    seen.add(one);
    one.inputs.forEach(visit);
  };
  plans.forEach(visit);
  return shared;
}
