import type { StreamEdge, StreamGraph, StreamNode } from './graph.js';

interface Reader {
  readonly edge: StreamEdge;
  readonly node: StreamNode;
  readonly input: number;
}

/** How far a node is: how often elements are sent by key or to another subtask on the way, and through how many nodes. */
interface Distance {
  readonly hops: number;
  readonly nodes: number;
}

/**
 * Those that read one stream, in the order in which a real cluster's network would reach the place where their ways meet
 * again: the shorter way first, in sendings by key, then in steps; otherwise as they were.
 *
 *     stream --------------------> join       first
 *        +----> max() of all ----> join       then
 *
 * @param readers of one node
 */
export function nearestFirst<R extends Reader>(readers: readonly R[], graph: StreamGraph): R[] {
  if (readers.length < 2) return [...readers];
  const ways = new Map(readers.map((reader) => [reader, distancesFrom(reader, graph)]));
  const before = (a: R, b: R): boolean => {
    const [x, y] = [ways.get(a) as Map<StreamNode, Distance>, ways.get(b) as Map<StreamNode, Distance>];
    const meeting = graph.nodes.find((node) => x.has(node) && y.has(node));
    if (meeting === undefined) return false;
    const [left, right] = [x.get(meeting) as Distance, y.get(meeting) as Distance];
    return left.hops === right.hops ? left.nodes < right.nodes : left.hops < right.hops;
  };
  const ordered: R[] = [];
  for (const reader of readers) {
    let at = ordered.length;
    while (at > 0 && before(reader, ordered[at - 1] as R)) at--;
    ordered.splice(at, 0, reader);
  }
  return ordered;
}

function distancesFrom(reader: Reader, graph: StreamGraph): Map<StreamNode, Distance> {
  const reached = new Map<StreamNode, Distance>([[reader.node, step({ hops: 0, nodes: 0 }, reader)]]);
  for (const node of graph.nodes.slice(graph.nodes.indexOf(reader.node) + 1)) {
    node.inputs.forEach(({ edges }, input) => {
      for (const edge of edges) {
        const from = reached.get(edge.from);
        if (from === undefined) continue;
        const made = step(from, { edge, node, input });
        const known = reached.get(node);
        if (known === undefined || made.hops < known.hops) reached.set(node, made);
      }
    });
  }
  return reached;
}

function step({ hops, nodes }: Distance, { edge, node, input }: Reader): Distance {
  const sent = node.inputs[input]?.key !== undefined || edge.partitioner.kind !== 'forward' || node.inputs.length > 1;
  return { hops: hops + (sent ? 1 : 0), nodes: nodes + 1 };
}
