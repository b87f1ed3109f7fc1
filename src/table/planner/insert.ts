import { ValidationError } from '../errors.js';
import { changelogModeText, isInsertOnly } from '../physical/changelog-mode.js';
import type { PlannerContext, SinkTarget } from '../physical/context.js';
import { inferUpdates } from '../physical/infer-updates.js';
import { changelogModeOf, isAppendOnly, updateKindOf } from '../physical/modify-kinds.js';
import { makeNode, nodeText, type PhysicalNode } from '../physical/node.js';
import type { SinkPlan } from '../plan/rel.js';
import { readProctime } from './nodes/calc.js';
import { SINK, type SinkDetail } from './nodes/sink.js';
import { optimise } from './optimise.js';
import { toPhysical } from './plan.js';

/**
 * The physical plan of an INSERT; its stream holds what the sink takes.
 *
 * @throws ValidationError where the query changes rows and the sink does not take that
 * @see Flink: `FlinkChangelogModeInferenceProgram`, `StreamPhysicalSink`
 */
export function planInsert(plan: SinkPlan, target: SinkTarget, context: PlannerContext): PhysicalNode {
  const query = readProctime(toPhysical(optimise(plan.input, context), context));
  const requested = changelogModeOf(query.modify, 'beforeAndAfter');
  const changing = changingStep(query);
  const step = changing && { kind: changing.kind.name, text: nodeText(changing) };
  const accepted = target.accepts(requested, step);
  if (isInsertOnly(accepted) && !isAppendOnly(query.modify)) throw refused(target, query);
  const form = updateKindOf(accepted);
  const byKey = !isAppendOnly(query.modify) && !accepted.updateBefore;
  const materialise = byKey && needsMaterialising(query, target, context);
  const detail: SinkDetail = { target, materialise, byKey };
  const node = makeNode(SINK, target.fields, [query], detail);
  // A sink that takes rows by key is content with both versions, too, when a step cannot give the new one alone.
  const made =
    form === 'onlyAfter' && !materialise
      ? (inferUpdates(node, 'onlyAfter') ?? inferUpdates(node, 'beforeAndAfter'))
      : inferUpdates(node, 'beforeAndAfter');
  if (made !== undefined) return made;
  throw new ValidationError(
    `Table sink '${target.name}' takes ${changelogModeText(accepted)}, and the query cannot give its changes in that form`,
  );
}

/** The step whose rows change although those of its inputs do not. */
function changingStep(node: PhysicalNode): PhysicalNode | undefined {
  if (isAppendOnly(node.modify)) return undefined;
  for (const input of node.inputs) {
    const below = changingStep(input);
    if (below !== undefined) return below;
  }
  return node;
}

function refused(target: SinkTarget, query: PhysicalNode): ValidationError {
  const { update, delete: deletes } = query.modify;
  const changes = [...(update ? ['update'] : []), ...(deletes ? ['delete'] : [])].join(' and ');
  return new ValidationError(
    `Table sink '${target.name.replaceAll(', ', '.')}' doesn't support consuming ${changes} changes which is produced by node ${nodeText(query)}`,
  );
}

// The rows of one primary key can come from several rows of the query: the last that is left has to be found again.
function needsMaterialising(query: PhysicalNode, target: SinkTarget, { config }: PlannerContext): boolean {
  const { primaryKey } = target;
  const setting = config.get('table.exec.sink.upsert-materialize')?.toUpperCase() ?? 'AUTO';
  if (primaryKey === undefined || setting === 'NONE') return false;
  if (setting === 'FORCE') return true;
  return !query.upsertKeys.some((key) => key.length > 0 && key.every((column) => primaryKey.includes(column)));
}
