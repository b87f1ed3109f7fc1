import { StreambookError } from '../../core/errors.js';
import { type Channel, InputGate } from '../channels/channel.js';
import { ChannelCompiler } from '../channels/compiled-channel.js';
import { FanOut, NoOutput, type Output, OutputWithSides, PartitionedOutput } from '../channels/output.js';
import { atElement, during } from '../errors.js';
import {
  type NodeInput,
  parallelismOf,
  type StreamEdge,
  type StreamGraph,
  type StreamNode,
  stateIdOf,
} from '../graph/graph.js';
import { chooser } from '../graph/partitioner.js';
import { nearestFirst } from '../graph/reader-order.js';
import { traceChannel, traceGate } from '../inspect/tracing.js';
import type { StreamOperator } from '../operator.js';
import { OperatorContext } from '../operator-context.js';
import { KeyedStateBackend } from '../state/backend.js';
import { OperatorStateBackend } from '../state/operator-state.js';
import { NO_TIMESTAMP } from '../time/time.js';
import type { Execution } from './execution.js';
import { SourceTask } from './source-task.js';

/** One subtask of an operator. */
export class OperatorTask {
  constructor(
    readonly node: StreamNode,
    readonly operator: StreamOperator<unknown>,
    readonly context: OperatorContext,
    readonly gates: readonly InputGate[],
  ) {}

  async open(): Promise<void> {
    try {
      await this.operator.open();
    } catch (error) {
      throw during(this.node, 'when it was opened', error);
    }
  }

  async close(): Promise<void> {
    this.context.close();
    await this.operator.close();
  }
}

/** Everything that runs in one execution. */
export interface Topology {
  readonly sources: readonly SourceTask[];
  /** In the order of the graph: each after those it reads from. */
  readonly operators: readonly OperatorTask[];
  /** The channels that lead out of a subtask's main output: what they counted is what it put out. */
  readonly mainChannels: ReadonlyMap<StreamNode, readonly (readonly Channel[])[]>;
}

/** Makes the subtasks of a graph and the channels between them. */
export function wire(graph: StreamGraph, execution: Execution, maxParallelism: number): Topology {
  const tasks = new Map<StreamNode, OperatorTask[]>();
  for (const node of graph.nodes) {
    if (node.createOperator === undefined) continue;
    const made: OperatorTask[] = [];
    for (let i = 0; i < parallelismOf(node); i++) made.push(makeTask(node, i, graph, execution, maxParallelism));
    tasks.set(node, made);
  }

  const readers = readersOf(graph);
  const mainChannels = new Map<StreamNode, (readonly Channel[])[]>();
  const sources: SourceTask[] = [];
  const outputs = new Map<StreamNode, SubtaskOutput[]>();
  // From the last to the first: a channel is made with what is below it.
  for (const node of [...graph.nodes].reverse()) {
    const written = readers.get(node) ?? [];
    const fed = node.nearestFirst === true ? nearestFirst(written, graph) : written;
    const made: SubtaskOutput[] = [];
    for (let i = 0; i < parallelismOf(node); i++) {
      const one = outputOf(fed, node, i, tasks, maxParallelism);
      made.push(one);
      const task = tasks.get(node)?.[i];
      if (task !== undefined) task.operator.output = one.output;
    }
    outputs.set(node, made);
  }
  // Inputs list their channels, and sources take turns, in the order of the graph.
  for (const node of graph.nodes) {
    const made = outputs.get(node) ?? [];
    for (const { channels } of made) for (const channel of channels) channel.attach();
    mainChannels.set(
      node,
      made.map(({ counted }) => counted),
    );
    if (node.source === undefined || node.createOperator !== undefined) continue;
    made.forEach(({ output }, i) => {
      sources.push(makeSource(node, i, output, execution));
    });
  }
  return { sources, operators: graph.nodes.flatMap((node) => tasks.get(node) ?? []), mainChannels };
}

interface Reader {
  readonly edge: StreamEdge;
  readonly node: StreamNode;
  readonly input: number;
  readonly compiler: ChannelCompiler;
}

/** Where one subtask puts its elements. */
interface SubtaskOutput {
  readonly output: Output<unknown>;
  /** All channels that lead out of it. */
  readonly channels: readonly Channel[];
  /** Those of its main output that count what it puts out. */
  readonly counted: readonly Channel[];
}

function readersOf(graph: StreamGraph): Map<StreamNode, Reader[]> {
  const readers = new Map<StreamNode, Reader[]>();
  for (const node of graph.nodes) {
    node.inputs.forEach((input, index) => {
      for (const edge of input.edges) {
        const list = readers.get(edge.from) ?? [];
        list.push({ edge, node, input: index, compiler: new ChannelCompiler() });
        readers.set(edge.from, list);
      }
    });
  }
  return readers;
}

function makeTask(
  node: StreamNode,
  subtask: number,
  graph: StreamGraph,
  execution: Execution,
  maxParallelism: number,
): OperatorTask {
  const keyed = node.inputs.some((input) => input.key !== undefined);
  const operator = (node.createOperator as () => StreamOperator<unknown>)();
  const context = new OperatorContext(
    execution,
    node.name,
    stateIdOf(node, graph),
    subtask,
    parallelismOf(node),
    maxParallelism,
    node.inputs.length,
    keyed ? new KeyedStateBackend(execution.clock) : undefined,
    new OperatorStateBackend(),
  );
  context.operator = operator;
  context.line = node.line;
  context.errorPolicy = node.onError ?? 'fail';
  operator.context = context;
  const gates = node.inputs.map((_, index) => new InputGate(operator, context, index));
  for (const gate of gates) if (context.trace !== undefined) traceGate(gate, context.trace);
  return new OperatorTask(node, operator, context, gates);
}

function makeSource(node: StreamNode, subtask: number, output: Output<unknown>, execution: Execution): SourceTask {
  const { source } = node;
  if (source === undefined) throw new StreambookError('bad-graph', `${node.name} is neither a source nor an operator`);
  let task: SourceTask | undefined;
  const reader = source.createReader({
    skipped: (count) => {
      if (task !== undefined) task.skipped += count;
    },
    clock: execution.clock,
    subtask,
    parallelism: parallelismOf(node),
    wake: execution.wake,
    fail: (error) => execution.fail(error instanceof StreambookError ? error : during(node, 'while it read', error)),
    transaction: execution.transaction,
    restored: execution.restore?.position(node, subtask),
  });
  task = new SourceTask(node, subtask, reader, output, execution);
  return task;
}

function outputOf(
  readers: readonly Reader[],
  node: StreamNode,
  subtask: number,
  tasks: ReadonlyMap<StreamNode, readonly OperatorTask[]>,
  maxParallelism: number,
): SubtaskOutput {
  const main: Output<unknown>[] = [];
  const sides = new Map<string, Output<unknown>[]>();
  const all: Channel[] = [];
  const counted: Channel[] = [];
  for (const reader of readers) {
    const targets = tasks.get(reader.node) ?? [];
    const channels: Channel[] = [];
    const output = edgeOutput(reader, subtask, parallelismOf(node), targets, maxParallelism, channels);
    all.push(...channels);
    const { tag } = reader.edge;
    if (tag === undefined) {
      if (main.length === 0) counted.push(...channels);
      main.push(output);
    } else {
      const list = sides.get(tag.id) ?? [];
      list.push(output);
      sides.set(tag.id, list);
    }
  }
  const merged = merge(main);
  const output =
    sides.size === 0
      ? merged
      : new OutputWithSides(merged, new Map([...sides].map(([id, outputs]) => [id, merge(outputs)])));
  return { output, channels: all, counted };
}

function merge(outputs: readonly Output<unknown>[]): Output<unknown> {
  const [only] = outputs;
  if (only === undefined) return new NoOutput();
  return outputs.length === 1 ? only : new FanOut(outputs);
}

/** Whether an input has no key, and another of the node's does. */
function isBeside(node: StreamNode, key: unknown): boolean {
  return key === undefined && node.inputs.some((input) => input.key !== undefined);
}

/**
 * The subtasks below that an upstream one rescales to, in the order in which it takes turns: the one whose number their count
 * divides comes first.
 *
 * @see Flink: `EdgeManagerBuildUtil.connectPointwise`, `VertexInputInfoComputationUtils`
 */
function neighbours<T>(targets: readonly T[], subtask: number, upstream: number): readonly T[] {
  const below = targets.length;
  if (upstream >= below) {
    const index = targets.findIndex((_, i) => subtask < Math.floor(((i + 1) * upstream) / below));
    return targets.slice(index, index + 1);
  }
  const start = Math.ceil((subtask * below) / upstream);
  const count = Math.ceil(((subtask + 1) * below) / upstream) - start;
  const first = start + ((count - (start % count)) % count);
  return Array.from({ length: count }, (_, i) => targets[start + ((first - start + i) % count)] as T);
}

function edgeOutput(
  reader: Reader,
  subtask: number,
  upstream: number,
  targets: readonly OperatorTask[],
  maxParallelism: number,
  channels: Channel[],
): Output<unknown> {
  const channelTo = (task: OperatorTask): Channel => {
    const gate = task.gates[reader.input] as InputGate;
    const receiver = task.operator.receiver(reader.input);
    const { key, nullKeys } = reader.node.inputs[reader.input] as NodeInput;
    const { context } = task;
    const beside = isBeside(reader.node, key);
    const channel = reader.compiler.make(gate, { context, receiver, key, nullKeys, beside });
    channel.from = upstream === 1 ? reader.edge.from.name : `${reader.edge.from.name} (${subtask + 1} of ${upstream})`;
    const { trace } = context;
    if (trace !== undefined) traceChannel(channel, context, trace, key);
    channels.push(channel);
    return channel;
  };
  const { partitioner } = reader.edge;
  if (partitioner.kind === 'forward' && upstream === targets.length) return channelTo(targets[subtask] as OperatorTask);
  const reached = partitioner.kind === 'rescale' ? neighbours(targets, subtask, upstream) : targets;
  const all = reached.map(channelTo);
  // A partitioner of the user's is asked also where there is no choice: what it would do wrong with two shows with one.
  if (all.length === 1 && partitioner.kind !== 'custom') return all[0] as Channel;
  if (partitioner.kind === 'broadcast') return new FanOut(all);
  const choose = chooser(partitioner, subtask, all.length, maxParallelism);
  if (partitioner.kind !== 'hash' && partitioner.kind !== 'custom') return new PartitionedOutput(all, choose);
  const [target] = targets;
  return new PartitionedOutput(all, (value) => {
    try {
      return choose(value);
    } catch (error) {
      // The selector belongs to the operator below, as it does where one subtask takes all.
      if (target === undefined) throw atElement(reader.node, value, NO_TIMESTAMP, error);
      target.context.elementFailed(value, NO_TIMESTAMP, error);
      return -1;
    }
  });
}
