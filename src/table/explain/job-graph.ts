import { nodeText, type PhysicalNode } from '../physical/node.js';

interface Step {
  readonly id: number;
  readonly type: string;
  readonly pact: 'Data Source' | 'Operator' | 'Data Sink';
  readonly contents: string;
  readonly parallelism: number;
  readonly predecessors?: readonly { readonly id: number; readonly ship_strategy: string; readonly side: string }[];
}

/**
 * The steps of the job as JSON, each after what it reads from, with how rows get to it: `FORWARD`, `HASH` by key, or `GLOBAL`, all to
 * one. Ids count from 1.
 *
 * @see Flink: EXPLAIN, JSON_EXECUTION_PLAN
 */
export function jobGraphText(plans: readonly PhysicalNode[]): string {
  const steps: Step[] = [];
  const ids = new Map<PhysicalNode, number>();
  const visit = (node: PhysicalNode): number => {
    const known = ids.get(node);
    if (known !== undefined) return known;
    const inputs = node.inputs.map(visit);
    const id = ids.size + 1;
    ids.set(node, id);
    steps.push(stepOf(node, id, inputs));
    return id;
  };
  for (const plan of plans) visit(plan);
  return printed({ nodes: steps }, 0);
}

/** JSON as Flink prints it: a line for each property, lists within a line. */
function printed(value: unknown, depth: number): string {
  if (Array.isArray(value)) return `[ ${value.map((one) => printed(one, depth)).join(', ')} ]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const lines = Object.entries(value).map(
    ([key, of]) => `${'  '.repeat(depth + 1)}${JSON.stringify(key)} : ${printed(of, depth + 1)}`,
  );
  return `{\n${lines.join(',\n')}\n${'  '.repeat(depth)}}`;
}

function stepOf(node: PhysicalNode, id: number, inputs: readonly number[]): Step {
  const sent = node.kind.sentBy?.(node) ?? [];
  const table =
    /table=\[\[?([^\]]+)\]/
      .exec(nodeText(node))?.[1]
      ?.split(/[.,] ?/)
      .at(-1) ?? '';
  const source = inputs.length === 0;
  const sink = node.kind.name === 'Sink';
  const step: Step = {
    id,
    type: `${source ? `Source: ${table}` : sink ? `Sink: ${table}` : node.kind.name}[${id}]`,
    pact: source ? 'Data Source' : sink ? 'Data Sink' : 'Operator',
    contents: `[${id}]:${nodeText(node)}`,
    parallelism: 1,
  };
  if (source) return step;
  return {
    ...step,
    predecessors: inputs.map((input, i) => ({ id: input, ship_strategy: shipped(sent[i]), side: 'second' })),
  };
}

function shipped(columns: readonly number[] | undefined): string {
  if (columns === undefined) return 'FORWARD';
  return columns.length === 0 ? 'GLOBAL' : 'HASH';
}
