import type { PlannerContext, SinkTarget } from '../physical/context.js';
import type { Rel, SinkPlan } from '../plan/rel.js';
import { planInsert, planQuery } from '../planner/index.js';
import { durationSetting } from '../planner/settings.js';
import { abstractPlanText } from './abstract.js';
import { executionPlanText } from './execution.js';
import { physicalPlanText, unboundedStateWarnings } from './physical.js';

function sections(abstract: string, node: ReturnType<typeof planQuery>, { config }: PlannerContext): string {
  const warnings = unboundedStateWarnings(node, durationSetting(config, 'table.exec.state.ttl'));
  const parts = [
    '== Abstract Syntax Tree ==',
    abstract.trimEnd(),
    '',
    '== Optimized Physical Plan ==',
    physicalPlanText(node).trimEnd(),
    '',
    '== Optimized Execution Plan ==',
    executionPlanText(node).trimEnd(),
  ];
  if (warnings.length > 0) parts.push('', '== State ==', ...warnings);
  return `${parts.join('\n')}\n`;
}

/** A query as it is written and as it is carried out, with the changes each step gives; and as a cluster would be sent it. */
export function explainQuery(rel: Rel, context: PlannerContext, flinkSql?: string): string {
  const made = sections(abstractPlanText(rel), planQuery(rel, context), context);
  return flinkSql === undefined ? made : `${made}\n== Flink SQL ==\n${flinkSql}\n`;
}

/** The same for an INSERT. */
export function explainInsert(plan: SinkPlan, target: SinkTarget, context: PlannerContext): string {
  const { input, table } = plan;
  const indented = abstractPlanText(input).trimEnd().replace(/^/gm, '   ').replace(/^ {3}/, '+- ');
  const names = target.fields.map(({ name }) => name).join(', ');
  return sections(
    `LogicalSink(table=[${table.join('.')}], fields=[${names}])\n${indented}`,
    planInsert(plan, target, context),
    context,
  );
}
