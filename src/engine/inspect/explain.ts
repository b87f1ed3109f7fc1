import { parallelismOf, type StreamEdge, type StreamGraph, type StreamNode, stateIdOf } from '../graph/graph.js';

/** One source or operator of a plan. */
export interface PlanNode {
  /** From 1, each after those it reads from. */
  readonly id: number;
  readonly name: string;
  readonly kind: 'source' | 'operator';
  /** The id of its state in snapshots. */
  readonly uid: string;
  readonly parallelism: number;
  readonly inputs: readonly PlanEdge[];
}

/** Where a node's elements come from. */
export interface PlanEdge {
  readonly from: number;
  /** Which of the node's inputs, from 1. */
  readonly input: number;
  /** How elements are spread over subtasks: `forward`, `hash`, `rebalance`... */
  readonly ship: string;
  /** The side output they come from, if it is one. */
  readonly sideOutput?: string;
}

/** What runs when a program is executed. */
export class Plan {
  readonly nodes: readonly PlanNode[];

  constructor(graph: StreamGraph) {
    const ids = new Map<StreamNode, number>(graph.nodes.map((node, i) => [node, i + 1]));
    this.nodes = graph.nodes.map((node) => ({
      id: ids.get(node) ?? 0,
      name: node.name,
      kind: node.source === undefined ? 'operator' : 'source',
      uid: stateIdOf(node, graph),
      parallelism: parallelismOf(node),
      inputs: node.inputs.flatMap((input, i) => input.edges.map((edge) => planEdge(edge, i + 1, node, ids))),
    }));
  }

  /** A line per node. */
  toString(): string {
    const lines = this.nodes.map(({ id, name, parallelism, inputs }) => {
      const from = inputs.map(({ from, ship, input, sideOutput }) => {
        const which = new Set(inputs.map((one) => one.input)).size > 1 ? `, input ${input}` : '';
        return `${from} (${ship}${which}${sideOutput === undefined ? '' : `, side output ${sideOutput}`})`;
      });
      const many = parallelism === 1 ? '' : `  x${parallelism}`;
      return `${String(id).padStart(3)}  ${name}${many}${from.length === 0 ? '' : `  <- ${from.join(', ')}`}`;
    });
    return lines.join('\n');
  }

  /** The graph in Mermaid's language. */
  toMermaid(): string {
    const text = (label: string): string =>
      label.replace(/\s+/g, ' ').replace(/["<>#`]/g, (c) => `#${c.charCodeAt(0)};`);
    const nodes = this.nodes.map(({ id, name, kind, parallelism }) => {
      const label = `"${text(name)}${parallelism === 1 ? '' : ` x${parallelism}`}"`;
      return `  n${id}${kind === 'source' ? `([${label}])` : `[${label}]`}`;
    });
    const edges = this.nodes.flatMap(({ id, inputs }) =>
      inputs.map(({ from, ship, sideOutput }) => {
        const label = sideOutput ?? (ship === 'forward' ? undefined : ship);
        return `  n${from} -->${label === undefined ? '' : `|"${text(label)}"|`} n${id}`;
      }),
    );
    return ['flowchart LR', ...nodes, ...edges].join('\n');
  }

  toJSON(): { nodes: readonly PlanNode[] } {
    return { nodes: this.nodes };
  }

  /** What a cell or `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

function planEdge(edge: StreamEdge, input: number, to: StreamNode, ids: ReadonlyMap<StreamNode, number>): PlanEdge {
  const { kind } = edge.partitioner;
  // As the engine wires it: forward needs the same parallelism on both sides.
  const ship = kind === 'forward' && parallelismOf(edge.from) !== parallelismOf(to) ? 'rebalance' : kind;
  return {
    from: ids.get(edge.from) ?? 0,
    input,
    ship,
    ...(edge.tag === undefined ? {} : { sideOutput: edge.tag.id }),
  };
}
