import { PrintOperator } from '../connectors/print.js';
import { ArgumentError } from '../core/errors.js';
import {
  type ArqueroTable,
  type DanfoFrame,
  type FrameOptions,
  type FrameRows,
  frames,
  type Recent,
  type RecentOptions,
} from '../core/frames.js';
import type { OutputTag } from '../engine/channels/output-tag.js';
import { checkErrorPolicy, type ErrorPolicy } from '../engine/functions/error-policy.js';
import type { KeyedProcess, Process } from '../engine/functions/process-function.js';
import { checkFunction, checkMethods } from '../engine/functions/user-function.js';
import { graphOf, type StreamEdge, type StreamNode } from '../engine/graph/graph.js';
import type { Partitioner } from '../engine/graph/partitioner.js';
import { Plan } from '../engine/inspect/explain.js';
import type { Job } from '../engine/job.js';
import type { StreamOperator } from '../engine/operator.js';
import { FilterOperator } from '../engine/operators/filter.js';
import { type FlatMapFunction, FlatMapOperator } from '../engine/operators/flat-map.js';
import { MapOperator } from '../engine/operators/map.js';
import { ProcessOperator } from '../engine/operators/process.js';
import { ForEachOperator } from '../engine/operators/sink.js';
import {
  BoundedWatermarksOperator,
  TimestampsAndWatermarksOperator,
} from '../engine/operators/timestamps-and-watermarks.js';
import type { Sink } from '../engine/sink.js';
import type { MapStateDescriptor } from '../engine/state/descriptors.js';
import type { WatermarkStrategy } from '../engine/time/watermarks.js';
import { GlobalWindows, type WindowAssigner } from '../engine/windows/assigners.js';
import type { GlobalWindow, Window } from '../engine/windows/window.js';
import type { AllWindowedStream } from './all-windowed-stream.js';
import { checkSink, checkStrategy, checkStreams, checkTag, checkText } from './checks.js';
import { collect, feed, iterate } from './collect.js';
import type { BroadcastConnectedStream, BroadcastStream, ConnectedStreams } from './connected-streams.js';
import type { StreamExecutionEnvironment } from './environment.js';
import type { JoinedStreams } from './joined-streams.js';
import type { KeyedStream } from './keyed-stream.js';
import { makers } from './makers.js';
import type { Origin } from './origin.js';
import { type KeySelector, keyFunction } from './selectors.js';
import { type ShowStreamOptions, showStream } from './show.js';
import type { Field, TypeInformation } from './types.js';
import { countsOf } from './windowing.js';

/**
 * A stream of elements, as it is written down; nothing runs before `execute`, `executeAndCollect`, `show` or `for await`.
 *
 * @see Flink: `DataStream`
 */
export class DataStream<out T> implements AsyncIterable<T> {
  /** @internal What identifies an element among later versions of itself, where that is known. */
  upsertKey: ((value: unknown) => unknown) | undefined;
  /** @internal */
  type: TypeInformation | undefined;

  /** @internal Use the methods of an environment. */
  constructor(
    readonly env: StreamExecutionEnvironment,
    /** @internal */
    readonly origins: readonly Origin[],
  ) {}

  /** One result per element. */
  map<R>(mapper: (value: T) => R): DataStream<R> {
    checkFunction('map', mapper);
    return this.transform('Map', () => new MapOperator(mapper));
  }

  /** Keeps the elements for which `predicate` holds. */
  filter(predicate: (value: T) => boolean): DataStream<T> {
    checkFunction('filter', predicate);
    return this.transform<T>('Filter', () => new FilterOperator(predicate)).returns(this.type);
  }

  /** Any number of results per element: return an array or a generator, or call `out.collect(...)`. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  flatMap<R = any>(mapper: FlatMapFunction<T, R>): DataStream<R> {
    checkFunction('flatMap', mapper);
    return this.transform('FlatMap', () => new FlatMapOperator(mapper));
  }

  /**
   * Groups by key: state, timers and windows below are per key, and all elements with one key go to one subtask.
   *
   * Keys compare by content (`['a', 1]` equals another `['a', 1]`), and a number is never equal to a text.
   *
   * @param key a field of the element, or a function of it; text, number, boolean, bigint, or an array or object of these
   * @example
   *   words.keyBy('word').sum('n');
   *   orders.keyBy((order) => [order.shop, order.day]).reduce(later);
   * @see Flink: DataStream operators, KeyBy
   */
  keyBy<K>(key: KeySelector<T, K>): KeyedStream<T, K>;
  keyBy<F extends Field<T> & keyof T>(field: F): KeyedStream<T, T[F]>;
  keyBy(key: unknown): KeyedStream<T, unknown> {
    return makers.keyed(this.env, this.origins, keyFunction('keyBy', key), this.type) as never;
  }

  /** Reads event time from the elements, and makes watermarks of it. */
  assignTimestampsAndWatermarks(strategy: WatermarkStrategy<T>): DataStream<T> {
    checkStrategy('assignTimestampsAndWatermarks', strategy);
    const { timestampAssigner, outOfOrdernessMs, idlenessMs, alignment } = strategy;
    if (alignment !== undefined) {
      throw new ArgumentError('assignTimestampsAndWatermarks: alignment holds sources back, and this is no source', {
        hint: 'give the strategy to the source: env.fromSource(source, strategy), env.fromKafka(topic, { watermarks: strategy })',
      });
    }
    const short = timestampAssigner !== undefined && outOfOrdernessMs !== undefined && idlenessMs === undefined;
    return this.transform<T>('Timestamps/Watermarks', () =>
      short && this.env.autoWatermarkInterval === 0
        ? new BoundedWatermarksOperator(timestampAssigner, outOfOrdernessMs)
        : new TimestampsAndWatermarksOperator(strategy),
    ).returns(this.type);
  }

  /** All elements of this stream and the others. */
  union(...others: DataStream<T>[]): DataStream<T> {
    checkStreams('union', this.env, others);
    return new DataStream<T>(
      this.env,
      [this, ...others].flatMap((stream) => [...stream.origins]),
    );
  }

  /** Elements in turn to the subtasks below. */
  rebalance(): DataStream<T> {
    return this.partitioned({ kind: 'rebalance' });
  }

  /** Elements in turn to the subtasks below that are next to it: from 2 to 4, the first feeds two, the second the others. */
  rescale(): DataStream<T> {
    return this.partitioned({ kind: 'rescale' });
  }

  /** Elements at random to the subtasks below. */
  shuffle(): DataStream<T> {
    return this.partitioned({ kind: 'shuffle' });
  }

  /** Each subtask to the one below it; both sides need the same parallelism. */
  forward(): DataStream<T> {
    return this.partitioned({ kind: 'forward', asked: true });
  }

  /** Everything to the first subtask. */
  global(): DataStream<T> {
    return this.partitioned({ kind: 'global' });
  }

  /** Each element to the subtask that `partition(key, subtasks)` names. */
  partitionCustom<K>(partition: (key: K, partitions: number) => number, key: KeySelector<T, K>): DataStream<T> {
    checkFunction('partitionCustom', partition);
    return this.partitioned({
      kind: 'custom',
      key: keyFunction('partitionCustom', key),
      partition: partition as (key: unknown, partitions: number) => number,
    });
  }

  /** The elements that the operator put into a side output. */
  getSideOutput<X>(tag: OutputTag<X>): DataStream<X> {
    checkTag('getSideOutput', tag);
    return new DataStream<X>(this.env, [{ node: this.node('getSideOutput'), tag: tag as OutputTag<unknown> }]);
  }

  /** Says what the elements are made of; see `Types`. */
  returns(type: TypeInformation | undefined): this {
    this.type = type;
    return this;
  }

  /** Names the operator, in errors, metrics and traces. */
  name(name: string): this {
    this.node('name').name = checkText('name', name);
    return this;
  }

  /** Fixes the id under which the operator's state is found again, whatever else changes in the program. */
  uid(uid: string): this {
    this.node('uid').uid = checkText('uid', uid);
    return this;
  }

  /**
   * What becomes of an element on which the operator's function throws: `'fail'` (default), `'skip'` (left out and counted
   * as `numRecordsSkipped`), or a tag: read it with `getSideOutput(tag)`.
   */
  onError(policy: ErrorPolicy): this {
    this.node('onError').onError = checkErrorPolicy(policy);
    return this;
  }

  /** How many subtasks the operator has. */
  setParallelism(parallelism: number): this {
    this.env.setParallelismOf(this.node('setParallelism'), parallelism);
    return this;
  }

  /** Writes each element on a line. */
  print(identifier?: string): DataStream<never> {
    return this.sink('Print', () => new PrintOperator<T>(identifier));
  }

  /** Writes the stream to a sink: `fileSink(...)`, `kafkaSink(...)`. */
  sinkTo(sink: Sink<T>): DataStream<never> {
    checkSink(sink);
    return this.sink(sink.name, () => sink.createOperator(), sink);
  }

  /**
   * Calls a function for each element; without a timestamp, that is `-Infinity`. Up to 100 promises of the function are
   * under way at once; a checkpoint and the end of the job wait for them, and one that is rejected fails the job.
   */
  forEach(consume: (value: T, timestamp: number) => void): DataStream<never> {
    checkFunction('forEach', consume, true);
    return this.sink('ForEach', () => new ForEachOperator(consume));
  }

  /**
   * Runs the program and returns this stream's elements.
   *
   * @param limit stop after so many; needed where the stream does not end. Default: all
   */
  executeAndCollect(limit?: number): Promise<T[]>;
  executeAndCollect(name: string, limit?: number): Promise<T[]>;
  executeAndCollect(first?: string | number, second?: number): Promise<T[]> {
    return typeof first === 'string' ? collect(this, first, second) : collect(this, 'Collect', first);
  }

  /** Starts the program, and returns a handle at once. This stream needs no sink. */
  async executeAsync(name = 'Streaming Job'): Promise<Job> {
    return this.env.start(name, [this.node('executeAsync')]);
  }

  /** Runs the program and hands out this stream's elements one by one; leaving the loop cancels it. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return iterate(this, 'Collect');
  }

  /**
   * Runs the program and shows this stream as a table that changes in place, at most ten times a second, and then its last
   * state. Resolves when the stream has ended or was interrupted.
   */
  show(options: ShowStreamOptions<T> = {}): Promise<void> {
    return showStream(this, options);
  }

  /**
   * Runs the program, and gives the elements as an arquero table when it has ended: a column per property; elements that are
   * no objects in the column `value`. `recent()` is for what never ends.
   */
  async toArquero(options: FrameOptions = {}): Promise<ArqueroTable> {
    return frames().toArquero(this.forFrames(), options);
  }

  /** Runs the program, and gives the elements as a danfojs frame when it has ended. */
  async toDanfo(options: FrameOptions = {}): Promise<DanfoFrame> {
    return frames().toDanfo(this.forFrames(), options);
  }

  /**
   * Starts the program, and keeps the newest elements: the last so many, or those of the last so long.
   *
   * @example
   *   const recent = transactions.recent({ time: seconds(10) });
   *   await show(await recent.toArquero());
   *   await recent.stop();
   */
  recent(options: RecentOptions = {}): Recent {
    return frames().recent(this.forFrames(), options);
  }

  private forFrames(): FrameRows {
    return {
      updates: false,
      now: () => this.env.clock.now(),
      start: (consume) => feed(this, 'frame', consume as (value: unknown) => void),
    };
  }

  /** Any number of results per element, with side outputs; on a keyed stream with state and timers, too. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  process<R = any>(fn: Process<T, R>): DataStream<R> {
    checkMethods('process', fn, ['processElement'], 'function');
    return this.transform('Process', () => new ProcessOperator<T, R>(fn as KeyedProcess<never, T, R>));
  }

  /** Windows over all elements, without a key: one subtask does it. */
  windowAll<W extends Window>(assigner: WindowAssigner<never, W> | WindowAssigner<T, W>): AllWindowedStream<T, W> {
    return makers.allWindowed(this as never, assigner as never) as never;
  }

  /** Windows of `size` elements; with `slide`: every `slide` elements one over the last `size`. */
  countWindowAll(size: number, slide?: number): AllWindowedStream<T, GlobalWindow> {
    return countsOf(this.windowAll(GlobalWindows.create<T>()), size, slide);
  }

  /** Two streams side by side, of different types; or this one beside a broadcast stream. */
  connect<B>(other: BroadcastStream<B>): BroadcastConnectedStream<T, B>;
  connect<B>(other: DataStream<B>): ConnectedStreams<T, B>;
  connect(other: unknown): unknown {
    // A broadcast stream is made of one.
    checkStreams('connect', this.env, [(other as { stream?: unknown } | undefined)?.stream ?? other]);
    return other instanceof DataStream
      ? makers.connected(this as never, other as never)
      : makers.broadcastConnected(this as never, other as never);
  }

  /** Every element to every subtask below; with descriptors: to be kept in broadcast state. */
  broadcast(): DataStream<T>;
  broadcast<K, V>(...descriptors: MapStateDescriptor<K, V>[]): BroadcastStream<T>;
  broadcast(...descriptors: MapStateDescriptor<unknown, unknown>[]): unknown {
    if (descriptors.length === 0) return this.partitioned({ kind: 'broadcast' });
    return makers.broadcast(this as never, descriptors);
  }

  /** Pairs of elements with a common key in a common window: `.where(...).equalTo(...).window(...).apply(...)`. */
  join<B>(other: DataStream<B>): JoinedStreams<T, B, 'join'> {
    checkStreams('join', this.env, [other]);
    return makers.joined(this as never, other as never, 'join') as never;
  }

  /** Both sides of a window by a common key: `.where(...).equalTo(...).window(...).apply(...)`. */
  coGroup<B>(other: DataStream<B>): JoinedStreams<T, B, 'coGroup'> {
    checkStreams('coGroup', this.env, [other]);
    return makers.joined(this as never, other as never, 'coGroup') as never;
  }

  /** What would run for this stream: `console.log(stream.explain())`, `.toMermaid()`, `JSON.stringify(...)`. */
  explain(): Plan {
    return new Plan(graphOf(this.origins.map((origin) => origin.node)));
  }

  /** Puts an operator of one's own behind this stream. */
  transform<R>(name: string, create: () => StreamOperator<R>): DataStream<R> {
    checkFunction('transform', create);
    return new DataStream<R>(this.env, [{ node: this.operatorNode(name, create as () => StreamOperator<unknown>) }]);
  }

  /** @internal */
  sink(name: string, create: () => StreamOperator<never>, more: Partial<StreamNode> = {}): DataStream<never> {
    const { commits, transaction } = more;
    const node = this.env.addNode({
      name,
      inputs: [{ edges: this.edges({ kind: 'forward' }) }],
      createOperator: create as () => StreamOperator<unknown>,
      commits,
      transaction,
    });
    this.env.addSink(node);
    return new DataStream<never>(this.env, [{ node }]);
  }

  /** @internal */
  operatorNode(name: string, create: () => StreamOperator<unknown>): StreamNode {
    return this.env.addNode({ name, inputs: [{ edges: this.edges({ kind: 'forward' }) }], createOperator: create });
  }

  /** @internal The edges from this stream into an input below. */
  edges(unless: Partitioner): StreamEdge[] {
    return this.origins.map(({ node, tag, partitioner }) => ({ from: node, tag, partitioner: partitioner ?? unless }));
  }

  /** @internal Feeds those that read it as a cluster's network would reach them. */
  nearestFirst(): void {
    for (const { node } of this.origins) node.nearestFirst = true;
  }

  /** @internal The one node this stream comes from. */
  node(what: string): StreamNode {
    const [origin] = this.origins;
    if (origin !== undefined && this.origins.length === 1) return origin.node;
    throw new ArgumentError(`${what}: a union is not an operator`, { hint: `call .${what}(...) on the streams in it` });
  }

  /** What a cell or `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const names = this.origins.map(({ node, tag }) =>
      tag === undefined ? node.name : `${node.name}, side output ${tag.id}`,
    );
    return `${this.constructor.name} (${names.join(' + ')}): nothing runs until execute(), executeAndCollect(), show() or for await`;
  }

  private partitioned(partitioner: Partitioner): DataStream<T> {
    const stream = new DataStream<T>(
      this.env,
      this.origins.map(({ node, tag }) => ({ node, tag, partitioner })),
    );
    return stream.returns(this.type);
  }
}
