import { ValidationError } from '../errors.js';
import type { UpdateKind } from './modify-kinds.js';
import type { PhysicalNode } from './node.js';

/**
 * The same plan with the form of updates of every node settled, so that the last one gives `asked`; `undefined`: it
 * cannot.
 *
 * @see Flink: `FlinkChangelogModeInferenceProgram.SatisfyUpdateKindTraitVisitor`
 */
export function inferUpdates(node: PhysicalNode, asked: UpdateKind): PhysicalNode | undefined {
  const wanted = node.modify.update ? asked : 'none';
  const asks = node.kind.requires(node, wanted);
  if (asks === undefined) return undefined;
  const inputs: PhysicalNode[] = [];
  for (const [i, input] of node.inputs.entries()) {
    const forms = input.modify.update ? [asks[i] ?? 'beforeAndAfter'].flat() : (['none'] as const);
    let made: PhysicalNode | undefined;
    for (const form of forms) made ??= inferUpdates(input, form);
    if (made === undefined) return undefined;
    inputs.push(made);
  }
  const updates = node.modify.update ? updatesOf(node, inputs, wanted) : 'none';
  if (updates === undefined) return undefined;
  // Old versions that nobody asked for do no harm to those that can take either; the other way round it does not work.
  if (wanted !== 'none' && updates !== wanted) return undefined;
  return { ...node, inputs, updates };
}

function updatesOf(node: PhysicalNode, inputs: readonly PhysicalNode[], asked: UpdateKind): UpdateKind | undefined {
  const { updates } = node.kind;
  if (updates === 'makes') return asked;
  if (updates !== 'forwards') return updates(node, inputs);
  const forms = new Set(inputs.filter((input) => input.modify.update).map((input) => input.updates));
  if (forms.size > 1) return undefined;
  const [form] = forms;
  return form ?? asked;
}

/** The plan of a query whose changes all are to be seen, as a result or by a sink that takes everything. */
export function inferAllUpdates(node: PhysicalNode): PhysicalNode {
  const made = inferUpdates(node, 'beforeAndAfter');
  if (made !== undefined) return made;
  throw new ValidationError(
    `Can't generate a valid execution plan for the given query: ${node.kind.name} cannot give the old version of its updates`,
  );
}
