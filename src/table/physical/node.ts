import type { Row } from '../../core/rows/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import { ValidationError } from '../errors.js';
import type { PlanField } from '../plan/field.js';
import type { WindowSpec } from '../plan/rel.js';
import { type ChangelogMode, isInsertOnly } from './changelog-mode.js';
import type { TranslateContext } from './context.js';
import { changelogModeOf, type ModifyKinds, mergeKinds, type UpdateKind } from './modify-kinds.js';
import type { Monotonicity } from './monotonicity.js';

/** Columns that tell rows apart: of two rows that are there at the same time, no two agree in all of them. */
export type Key = readonly number[];

/** Which columns hold the bounds of the window that a row belongs to. */
export interface WindowProperties {
  readonly spec: WindowSpec;
  /** Whether the windows are of event time. */
  readonly rowtime: boolean;
  readonly start: readonly number[];
  readonly end: readonly number[];
  readonly time: readonly number[];
}

/**
 * A step of a physical plan: plain data, but for its kind, which says how it is carried out.
 *
 * @typeParam D what is particular to the kind
 */
export interface PhysicalNode<D = unknown> {
  readonly kind: NodeKind<D>;
  readonly fields: readonly PlanField[];
  readonly inputs: readonly PhysicalNode[];
  readonly detail: D;
  readonly modify: ModifyKinds;
  /** Keys by which changes can be told apart, smallest first; none: a change can only be matched as a whole row. */
  readonly upsertKeys: readonly Key[];
  readonly window?: WindowProperties;
  /** What form updates take; set by `inferUpdates`. */
  readonly updates: UpdateKind;
}

/**
 * What all nodes of one kind have in common. One file each, in `planner/nodes/`.
 *
 * @see Flink: `FlinkChangelogModeInferenceProgram`, `StreamExecNode`
 */
export interface NodeKind<D> {
  /** As in Flink's plans: `GroupAggregate`. */
  readonly name: string;
  /**
   * The changes it puts out, from those of its inputs.
   *
   * @throws ValidationError when it cannot take what an input gives; see {@link requireInsertOnly}
   */
  produces(node: Unplanned<D>): ModifyKinds;
  /**
   * What form the updates of each input must have, when its own must have the form `asked` (`'none'` if it has no
   * updates); `undefined`: it cannot give that. Of several forms for one input the first that it can give is taken. For
   * inputs without updates the answer is not looked at.
   */
  requires(node: PhysicalNode<D>, asked: UpdateKind): readonly (UpdateKind | readonly UpdateKind[])[] | undefined;
  /**
   * The form in which its own updates come: `'makes'`, the one that is asked for; `'forwards'`, that of its inputs; or a
   * form of its own, out of its inputs as they will be.
   */
  readonly updates: 'makes' | 'forwards' | ((node: PhysicalNode<D>, inputs: readonly PhysicalNode[]) => UpdateKind);
  upsertKeys?(node: Unplanned<D>): readonly Key[];
  /** What stays the windows' columns; absent: there are none above this. */
  windows?(node: Unplanned<D>): WindowProperties | undefined;
  /** How its columns change over the versions of a row; absent or undefined: unknown. See `monotonicityOf`. */
  monotonicity?(node: PhysicalNode<D>): readonly Monotonicity[] | undefined;
  /** The rest of its line in a plan: `groupBy=[name], select=[name, COUNT(*) AS n]`. */
  describe(node: PhysicalNode<D>): string;
  /** By which columns the rows of each input are sent to its subtasks; by none: all to one. Absent: they stay where they are. */
  sentBy?(node: PhysicalNode<D>): readonly Key[];
  /** What it keeps without end, for warnings: `one aggregate for each name`; absent or undefined: nothing grows. */
  unboundedState?(node: PhysicalNode<D>): string | undefined;
  /** Whether two of them that are alike give the same rows; absent: they do. */
  shareable?(node: PhysicalNode<D>): boolean;
  translate(node: PhysicalNode<D>, inputs: readonly DataStream<Row>[], context: TranslateContext): DataStream<Row>;
}

/** A node of which the kinds of change, keys and windows are being found. */
export type Unplanned<D> = Pick<PhysicalNode<D>, 'kind' | 'fields' | 'inputs' | 'detail'>;

/** Makes a node, with its kinds of change, keys and windows. */
export function makeNode<D>(
  kind: NodeKind<D>,
  fields: readonly PlanField[],
  inputs: readonly PhysicalNode[],
  detail: D,
): PhysicalNode {
  const node: Unplanned<D> = { kind, fields, inputs, detail };
  const window = kind.windows?.(node);
  const made: PhysicalNode<D> = {
    ...node,
    modify: kind.produces(node),
    upsertKeys: kind.upsertKeys?.(node) ?? [],
    updates: 'none',
    ...(window === undefined ? {} : { window }),
  };
  // Whoever goes through a plan does not know what is particular to a kind, and the kind gets only its own nodes.
  return made as unknown as PhysicalNode;
}

/** What a node's stream holds. Final only after `inferUpdates`. */
export function changelogOf(node: PhysicalNode): ChangelogMode {
  return changelogModeOf(node.modify, node.updates);
}

/** Whether nothing is ever taken back by this node. */
export function onlyInserts(node: PhysicalNode): boolean {
  return isInsertOnly(changelogOf(node));
}

/** The kinds of change of all inputs together. */
export function inputKinds(node: { readonly inputs: readonly PhysicalNode[] }): ModifyKinds {
  return mergeKinds(node.inputs.map((input) => input.modify));
}

/**
 * Refuses inputs whose rows change.
 *
 * @throws ValidationError in Flink's words
 */
export function requireInsertOnly(node: {
  readonly kind: { readonly name: string };
  readonly inputs: readonly PhysicalNode[];
}): void {
  for (const input of node.inputs) {
    const { update, delete: deletes } = input.modify;
    if (!update && !deletes) continue;
    const changes = update && deletes ? 'update and delete' : update ? 'update' : 'delete';
    throw new ValidationError(
      `StreamPhysical${node.kind.name} doesn't support consuming ${changes} changes which is produced by node ${nodeText(input)}`,
    );
  }
}

/** A node as Flink's plans write it, without its inputs. */
export function nodeText(node: PhysicalNode): string {
  return `${node.kind.name}(${node.kind.describe(node)})`;
}
