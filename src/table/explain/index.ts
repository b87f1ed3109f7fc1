import type { PlannerContext, SinkTarget } from '../physical/context.js';
import type { PhysicalNode } from '../physical/node.js';
import { reuseSubplans } from '../physical/reuse.js';
import type { Rel, SinkPlan } from '../plan/rel.js';
import { planInsert, planQuery } from '../planner/index.js';
import { durationSetting } from '../planner/settings.js';
import type { ExplainDetail } from '../sql/ast/statements.js';
import { abstractPlanText } from './abstract.js';
import { executionPlanText } from './execution.js';
import { jobGraphText } from './job-graph.js';
import { physicalPlanText, unboundedStateWarnings } from './physical.js';

/** What EXPLAIN can be asked for, and is not told. The changes of each step always are. */
const UNTOLD: Partial<Record<ExplainDetail, string>> = {
  ESTIMATED_COST: 'ESTIMATED_COST: no costs are estimated here',
  PLAN_ADVICE: 'PLAN_ADVICE: the advice there is stands under State',
};

function sections(
  abstract: readonly string[],
  nodes: readonly PhysicalNode[],
  { config }: PlannerContext,
  details: readonly ExplainDetail[],
): string {
  const ttlMs = durationSetting(config, 'table.exec.state.ttl');
  const warnings = new Set(nodes.flatMap((node) => unboundedStateWarnings(node, ttlMs)));
  const untold = details.flatMap((detail) => UNTOLD[detail] ?? []);
  const list = (texts: readonly string[]): string => texts.map((text) => text.trimEnd()).join('\n\n');
  const parts = [
    '== Abstract Syntax Tree ==',
    list(abstract),
    '',
    '== Optimized Physical Plan ==',
    list(nodes.map(physicalPlanText)),
    '',
    '== Optimized Execution Plan ==',
    executionPlanText(nodes).trimEnd(),
  ];
  if (details.includes('JSON_EXECUTION_PLAN')) {
    parts.push('', '== Physical Execution Plan ==', jobGraphText(reuseSubplans(nodes)));
  }
  if (warnings.size > 0) parts.push('', '== State ==', ...warnings);
  if (untold.length > 0) parts.push('', '== Not told ==', ...untold);
  return `${parts.join('\n')}\n`;
}

/** A query as it is written and as it is carried out, with the changes each step gives; and as a cluster would be sent it. */
export function explainQuery(
  rel: Rel,
  context: PlannerContext,
  { flinkSql, details = [] }: { readonly flinkSql?: string; readonly details?: readonly ExplainDetail[] } = {},
): string {
  const made = sections([abstractPlanText(rel)], [planQuery(rel, context)], context, details);
  return flinkSql === undefined ? made : `${made}\n== Flink SQL ==\n${flinkSql}\n`;
}

/** The same for INSERTs that are carried out together. */
export function explainInserts(
  inserts: readonly { readonly plan: SinkPlan; readonly target: SinkTarget }[],
  context: PlannerContext,
  details: readonly ExplainDetail[] = [],
): string {
  const abstract = inserts.map(({ plan: { input, table }, target }) => {
    const indented = abstractPlanText(input).trimEnd().replace(/^/gm, '   ').replace(/^ {3}/, '+- ');
    const names = target.fields.map(({ name }) => name).join(', ');
    return `LogicalSink(table=[${table.join('.')}], fields=[${names}])\n${indented}`;
  });
  const nodes = inserts.map(({ plan, target }) => planInsert(plan, target, context));
  return sections(abstract, nodes, context, details);
}
