import { ArgumentError } from '../../core/errors.js';
import type { CoProcess, KeyedProcess, Process } from '../../engine/functions/process-function.js';
import type { StreamNode } from '../../engine/graph/graph.js';
import type { StreamOperator } from '../../engine/operator.js';
import { type BroadcastProcess, BroadcastProcessOperator } from '../../engine/operators/broadcast-process.js';
import { CoProcessOperator } from '../../engine/operators/co-process.js';
import { ProcessOperator } from '../../engine/operators/process.js';
import type { MapStateDescriptor } from '../../engine/state/descriptors.js';
import type { DataStream } from '../data-stream.js';
import { type StreamExecutionEnvironment, streamEnv } from '../environment.js';
import { type KeySelector, keyFunction } from '../selectors.js';
import {
  type HarnessOptions,
  OneInputStreamOperatorTestHarness,
  type OperatorUnderTest,
  TwoInputStreamOperatorTestHarness,
} from './harness.js';
import { scriptedStreams } from './script.js';

/**
 * An operator as a program writes it, alone: the function gets the input and returns the stream behind the one operator
 * that is to be tested.
 *
 * @example
 *   const harness = await operatorHarness((input: DataStream<Order>) =>
 *     input.keyBy('name').window(TumblingEventTimeWindows.of(seconds(5))).sum('amount'),
 *   ).open();
 *   harness.processElement({ name: 'Ann', amount: 3 }, 1000);
 *   harness.processWatermark(4999);
 *   harness.extractOutputValues(); // [{ name: 'Ann', amount: 3 }]
 */
export function operatorHarness<IN, OUT>(
  build: (input: DataStream<IN>) => DataStream<OUT>,
  options?: HarnessOptions,
): OneInputStreamOperatorTestHarness<IN, OUT> {
  const [input] = scriptedStreams<never>(envOf(options), [], 1) as unknown as [DataStream<IN>];
  return new OneInputStreamOperatorTestHarness<IN, OUT>(underTest(build(input), [input]), options);
}

/**
 * The same for an operator with two inputs: `connect`, `intervalJoin`, ...
 *
 * @example
 *   const harness = await twoInputHarness((orders: DataStream<Order>, rates: DataStream<Rate>) =>
 *     orders.keyBy('currency').connect(rates.keyBy('currency')).process(convert),
 *   ).open();
 *   harness.processElement2({ currency: 'EUR', rate: 1.1 });
 *   harness.processElement1({ currency: 'EUR', amount: 10 });
 */
export function twoInputHarness<A, B, OUT>(
  build: (first: DataStream<A>, second: DataStream<B>) => DataStream<OUT>,
  options?: HarnessOptions,
): TwoInputStreamOperatorTestHarness<A, B, OUT> {
  const streams = scriptedStreams<never>(envOf(options), [], 2);
  const [first, second] = streams as unknown as [DataStream<A>, DataStream<B>];
  return new TwoInputStreamOperatorTestHarness<A, B, OUT>(underTest(build(first, second), [first, second]), options);
}

// How often watermarks come decides which operator makes them.
function envOf({ autoWatermarkIntervalMs = 0 }: HarnessOptions = {}): StreamExecutionEnvironment {
  return streamEnv({ autoWatermarkIntervalMs });
}

interface FromNode {
  node(what: string): StreamNode;
}

function underTest(stream: FromNode, inputs: readonly FromNode[]): OperatorUnderTest {
  const node = stream.node('operatorHarness');
  const create = node.createOperator;
  const fed = inputs.map((input) => input.node('operatorHarness'));
  const reads = node.inputs.map((input) => input.edges.map((edge) => edge.from));
  const alone =
    create !== undefined &&
    reads.length === fed.length &&
    reads.every((from, i) => from.length === 1 && from[0] === fed[i]);
  if (!alone) {
    throw new ArgumentError(
      `operatorHarness: \`${node.name}\` does not read the input${fed.length > 1 ? 's' : ''} directly`,
      {
        hint: 'a harness runs one operator; for several use scriptedStream(env, [...]), which feeds a whole program',
      },
    );
  }
  return { name: node.name, create, keys: node.inputs.map((input) => input.key) };
}

const any = (value: unknown): ((value: unknown) => unknown) => keyFunction('harness', value);

/**
 * Opened harnesses for process functions.
 *
 * @example
 *   const harness = await ProcessFunctionTestHarnesses.forKeyedProcessFunction(new Alert(), (t) => t.account);
 *   harness.processElement({ account: 'A', amount: 500 }, 1000);
 *   harness.state().get(lastDescriptor, 'A'); // 500
 *   harness.setProcessingTime(60_000);
 *   harness.extractOutputValues();
 * @see Flink: `ProcessFunctionTestHarnesses`
 */
export const ProcessFunctionTestHarnesses = {
  forProcessFunction<I, O>(
    fn: Process<I, O>,
    options?: HarnessOptions,
  ): Promise<OneInputStreamOperatorTestHarness<I, O>> {
    return one<I, O>(() => new ProcessOperator(fn as KeyedProcess<never, I, O>), undefined, options);
  },

  forKeyedProcessFunction<K, I, O>(
    fn: KeyedProcess<K, I, O>,
    key: KeySelector<I, K> | string,
    options?: HarnessOptions,
  ): Promise<OneInputStreamOperatorTestHarness<I, O>> {
    return one<I, O>(() => new ProcessOperator(fn as KeyedProcess<never, I, O>), any(key), options);
  },

  forCoProcessFunction<A, B, O>(
    fn: CoProcess<unknown, A, B, O>,
    options?: HarnessOptions,
  ): Promise<TwoInputStreamOperatorTestHarness<A, B, O>> {
    return two<A, B, O>(() => new CoProcessOperator(fn as CoProcess<never, A, B, O>), [undefined, undefined], options);
  },

  forKeyedCoProcessFunction<K, A, B, O>(
    fn: CoProcess<K, A, B, O>,
    key1: KeySelector<A, K> | string,
    key2: KeySelector<B, K> | string,
    options?: HarnessOptions,
  ): Promise<TwoInputStreamOperatorTestHarness<A, B, O>> {
    return two<A, B, O>(() => new CoProcessOperator(fn as CoProcess<never, A, B, O>), [any(key1), any(key2)], options);
  },

  forBroadcastProcessFunction<A, B, O>(
    fn: BroadcastProcess<unknown, A, B, O>,
    descriptors: readonly MapStateDescriptor<unknown, unknown>[],
    options?: HarnessOptions,
  ): Promise<TwoInputStreamOperatorTestHarness<A, B, O>> {
    const create = () => new BroadcastProcessOperator(fn as BroadcastProcess<never, A, B, O>, descriptors);
    return two<A, B, O>(create, [undefined, undefined], options);
  },

  forKeyedBroadcastProcessFunction<K, A, B, O>(
    fn: BroadcastProcess<K, A, B, O>,
    key: KeySelector<A, K> | string,
    descriptors: readonly MapStateDescriptor<unknown, unknown>[],
    options?: HarnessOptions,
  ): Promise<TwoInputStreamOperatorTestHarness<A, B, O>> {
    const create = () => new BroadcastProcessOperator(fn as BroadcastProcess<never, A, B, O>, descriptors);
    return two<A, B, O>(create, [any(key), undefined], options);
  },
};

type Key = ((value: unknown) => unknown) | undefined;

function one<I, O>(create: () => StreamOperator<O>, key: Key, options: HarnessOptions | undefined) {
  return new OneInputStreamOperatorTestHarness<I, O>(
    { name: 'Process', create: create as never, keys: [key] },
    options,
  ).open();
}

function two<A, B, O>(create: () => StreamOperator<O>, keys: readonly Key[], options: HarnessOptions | undefined) {
  return new TwoInputStreamOperatorTestHarness<A, B, O>(
    { name: 'Process', create: create as never, keys },
    options,
  ).open();
}
