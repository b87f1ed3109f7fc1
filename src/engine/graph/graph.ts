import { StreambookError } from '../../core/errors.js';
import type { OutputTag } from '../channels/output-tag.js';
import type { TransactionFactory } from '../checkpoint/transaction.js';
import type { ErrorPolicy } from '../functions/error-policy.js';
import type { StreamOperator } from '../operator.js';
import type { Source } from '../source.js';
import type { WatermarkStrategy } from '../time/watermarks.js';
import type { Partitioner } from './partitioner.js';

/** How elements come from one node to an input of another. */
export interface StreamEdge {
  readonly from: StreamNode;
  readonly partitioner: Partitioner;
  /** Which side output of `from`; absent: its main output. */
  readonly tag?: OutputTag<unknown> | undefined;
}

/** One input of a node: the edges that lead into it (several after a union), and its key. */
export interface NodeInput {
  readonly edges: readonly StreamEdge[];
  /** Makes the operator keyed on this input. */
  readonly key?: ((value: unknown) => unknown) | undefined;
  /** Null and undefined are keys, too: SQL groups NULL. Default: they are refused, as Flink refuses them. */
  readonly nullKeys?: boolean;
}

/** A source or an operator, before it runs. */
export interface StreamNode {
  /** Counts up in the order in which the program was written. */
  readonly id: number;
  name: string;
  uid: string | undefined;
  parallelism: number;
  readonly inputs: readonly NodeInput[];
  /** A new operator for a subtask; absent in a source. */
  readonly createOperator?: (() => StreamOperator<unknown>) | undefined;
  readonly source?: Source<unknown> | undefined;
  /** Watermarks made at the source, for each of its parts. */
  readonly watermarks?: WatermarkStrategy<unknown> | undefined;
  /** Whether it can only have one subtask (a `windowAll`). */
  single?: boolean | undefined;
  /** What becomes of elements on which it fails. */
  onError?: ErrorPolicy | undefined;
  /** The outside transaction in which its operators write. */
  readonly transaction?: TransactionFactory | undefined;
  /** Whether what it writes has to be committed when the job ends, although no checkpoints are taken. */
  readonly commits?: boolean | undefined;
  /** Whether those that read it are fed as a cluster's network would reach them, not as the program names them: SQL. */
  nearestFirst?: boolean | undefined;
  /** Where in the user's program it was made. */
  readonly line?: string | undefined;
}

/** A whole program: its nodes, each after those it reads from. */
export interface StreamGraph {
  readonly nodes: readonly StreamNode[];
}

/** The graph of everything that the given nodes need. @throws StreambookError when two of them have one uid */
export function graphOf(ends: readonly StreamNode[]): StreamGraph {
  const nodes: StreamNode[] = [];
  const seen = new Set<StreamNode>();
  const visit = (node: StreamNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const input of node.inputs) for (const edge of input.edges) visit(edge.from);
    nodes.push(node);
  };
  for (const end of ends) visit(end);
  checkUids(nodes);
  for (const node of nodes) for (const { edges } of node.inputs) for (const edge of edges) checkForward(edge, node);
  return { nodes };
}

/** How many subtasks a node has in the end. */
export function parallelismOf(node: StreamNode): number {
  if (node.single === true) return 1;
  return Math.min(node.parallelism, node.source?.maxParallelism ?? Number.POSITIVE_INFINITY);
}

// Flink: StreamGraph, "Forward partitioning does not allow change of parallelism".
function checkForward({ from, partitioner }: StreamEdge, to: StreamNode): void {
  if (partitioner.kind !== 'forward' || partitioner.asked !== true) return;
  const [above, below] = [parallelismOf(from), parallelismOf(to)];
  if (above === below) return;
  throw new StreambookError(
    'bad-graph',
    `forward() leads from ${above} subtasks of ${from.name} to ${below} of ${to.name}`,
    {
      ...(to.line === undefined ? {} : { where: to.line }),
      hint: 'give both the same parallelism, or use rebalance(), rescale(), shuffle(), broadcast() or global()',
    },
  );
}

// Their state would be mixed up in a snapshot. Flink: StreamGraphHasher, "Hash collision on user-specified ID".
function checkUids(nodes: readonly StreamNode[]): void {
  const first = new Map<string, StreamNode>();
  for (const node of nodes) {
    if (node.uid === undefined) continue;
    const other = first.get(node.uid);
    if (other !== undefined) {
      throw new StreambookError('duplicate-uid', `${other.name} and ${node.name} have the same uid \`${node.uid}\``, {
        ...(node.line === undefined ? {} : { where: node.line }),
        hint: 'a uid is what the state of one operator is found by: give each its own',
      });
    }
    first.set(node.uid, node);
  }
}

/** The id under which the state of a node is found again: its uid, or its place in the graph and its name. */
export function stateIdOf(node: StreamNode, graph: StreamGraph): string {
  return node.uid ?? `${graph.nodes.indexOf(node)}-${node.name}`;
}
