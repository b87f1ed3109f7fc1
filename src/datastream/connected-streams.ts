import { ArgumentError } from '../core/errors.js';
import { type CoProcess, KeyedCoProcessFunction } from '../engine/functions/process-function.js';
import { checkFunction, checkMethods } from '../engine/functions/user-function.js';
import type { NodeInput } from '../engine/graph/graph.js';
import type { StreamOperator } from '../engine/operator.js';
import {
  type BroadcastProcess,
  BroadcastProcessFunction,
  BroadcastProcessOperator,
  KeyedBroadcastProcessFunction,
} from '../engine/operators/broadcast-process.js';
import { CoFlatMapOperator } from '../engine/operators/co-flat-map.js';
import { CoMapOperator } from '../engine/operators/co-map.js';
import { CoProcessOperator } from '../engine/operators/co-process.js';
import type { FlatMapFunction } from '../engine/operators/flat-map.js';
import type { MapStateDescriptor } from '../engine/state/descriptors.js';
import { DataStream } from './data-stream.js';
import { KeyedStream } from './keyed-stream.js';
import { makers } from './makers.js';
import { type KeySelector, keyFunction } from './selectors.js';

/** How a stream goes into an input: by its key, or as it is. */
export function inputOf(stream: DataStream<never>): NodeInput {
  if (stream instanceof KeyedStream) return stream.input();
  return { edges: stream.edges({ kind: 'forward' }) };
}

/** Puts an operator with two inputs behind two streams. */
export function transformTwo<R>(
  first: DataStream<never>,
  second: DataStream<never>,
  name: string,
  create: () => StreamOperator<R>,
  inputs: readonly NodeInput[] = [inputOf(first), inputOf(second)],
): DataStream<R> {
  if (first.env !== second.env) throw new ArgumentError(`${name}: the streams belong to different environments`);
  const node = first.env.addNode({ name, inputs, createOperator: create as () => StreamOperator<unknown> });
  return new DataStream<R>(first.env, [{ node }]);
}

/**
 * Two streams side by side, with one function each and, where both are keyed, shared state.
 *
 * @see Flink: `ConnectedStreams`
 */
export class ConnectedStreams<A, B, K = unknown> {
  /** Only there so that the compiler knows the key's type. */
  declare readonly _key: K;

  /** @internal Use `stream.connect(other)`. */
  constructor(
    private readonly first: DataStream<A>,
    private readonly second: DataStream<B>,
  ) {}

  /** Keys both streams: state and timers below are shared by elements with the same key. */
  keyBy<K2>(key1: KeySelector<A, K2>, key2: KeySelector<B, K2>): ConnectedStreams<A, B, K2> {
    return new ConnectedStreams<A, B, K2>(
      this.first.keyBy(keyFunction('keyBy', key1) as KeySelector<A, K2>),
      this.second.keyBy(keyFunction('keyBy', key2) as KeySelector<B, K2>),
    );
  }

  /** One result per element: a function for each input, or an object with `map1` and `map2`. */
  map<R>(map1: (value: A) => R, map2: (value: B) => R): DataStream<R>;
  map<R>(functions: { map1(value: A): R; map2(value: B): R }): DataStream<R>;
  map<R>(first: unknown, second?: unknown): DataStream<R> {
    const [map1, map2] = pair('map', first, second) as [(value: A) => R, (value: B) => R];
    return this.transform('CoMap', () => new CoMapOperator(map1, map2));
  }

  /** Any number of results per element: a function for each input, or an object with `flatMap1` and `flatMap2`. */
  flatMap<R>(flatMap1: FlatMapFunction<A, R>, flatMap2: FlatMapFunction<B, R>): DataStream<R>;
  flatMap<R>(functions: { flatMap1: FlatMapFunction<A, R>; flatMap2: FlatMapFunction<B, R> }): DataStream<R>;
  flatMap<R>(first: unknown, second?: unknown): DataStream<R> {
    const [one, two] = pair('flatMap', first, second) as [FlatMapFunction<A, R>, FlatMapFunction<B, R>];
    return this.transform('CoFlatMap', () => new CoFlatMapOperator(one, two));
  }

  /** A `KeyedCoProcessFunction`, a `CoProcessFunction`, or an object with the same methods. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  process<R = any>(fn: CoProcess<K, A, B, R>): DataStream<R> {
    checkMethods('connect.process', fn, ['processElement1', 'processElement2'], 'maker');
    const keyed = this.first instanceof KeyedStream && this.second instanceof KeyedStream;
    if (fn instanceof KeyedCoProcessFunction && !keyed) {
      throw new ArgumentError('connect.process: a KeyedCoProcessFunction needs a key on both streams', {
        hint: "a.keyBy('id').connect(b.keyBy('id')), or a.connect(b).keyBy((x) => x.id, (y) => y.id)",
      });
    }
    return this.transform('CoProcess', () => new CoProcessOperator<A, B, R>(fn as CoProcess<never, A, B, R>));
  }

  /** What a cell or `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'ConnectedStreams: map(), flatMap(), process() say what becomes of both';
  }

  /** Puts an operator of one's own behind both. */
  transform<R>(name: string, create: () => StreamOperator<R>): DataStream<R> {
    return transformTwo(this.first as never, this.second as never, name, create);
  }
}

function pair(what: string, first: unknown, second: unknown): unknown[] {
  if (typeof first === 'object' && first !== null && second === undefined) {
    const functions = first as Record<string, (...args: unknown[]) => unknown>;
    return [1, 2].map((n) => {
      checkFunction(`connect.${what}: ${what}${n}`, functions[`${what}${n}`]);
      return (...args: unknown[]) => functions[`${what}${n}`]?.(...args);
    });
  }
  checkFunction(`connect.${what}, first`, first);
  checkFunction(`connect.${what}, second`, second);
  return [first, second];
}

/** A stream whose elements every subtask gets, with the states they are kept in. */
export class BroadcastStream<T> {
  /** Only there so that the compiler tells it from other streams: the fields below are not in the packed types. */
  declare readonly _broadcast: T;

  /** @internal Use `stream.broadcast(descriptor)`. */
  constructor(
    /** @internal */
    readonly stream: DataStream<T>,
    /** @internal */
    readonly descriptors: readonly MapStateDescriptor<unknown, unknown>[],
  ) {}

  /** What a cell or `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'BroadcastStream: stream.connect(it).process() reads it';
  }
}

/**
 * A stream beside a broadcast stream.
 *
 * @see Flink: The Broadcast State Pattern
 */
export class BroadcastConnectedStream<A, B, K = unknown> {
  /** Only there so that the compiler knows the key's type. */
  declare readonly _key: K;

  /** @internal Use `stream.connect(broadcastStream)`. */
  constructor(
    private readonly first: DataStream<A>,
    private readonly broadcast: BroadcastStream<B>,
  ) {}

  /** What a cell or `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'BroadcastConnectedStream: process() says what becomes of both';
  }

  /** A function with `processElement` and `processBroadcastElement`. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  process<R = any>(fn: BroadcastProcess<K, A, B, R>): DataStream<R> {
    checkMethods('connect.process', fn, ['processElement', 'processBroadcastElement'], 'maker');
    const keyed = this.first instanceof KeyedStream;
    if (fn instanceof (keyed ? BroadcastProcessFunction : KeyedBroadcastProcessFunction)) {
      throw new ArgumentError(`connect.process: the stream has ${keyed ? 'a' : 'no'} key`, {
        hint: `a ${keyed ? 'Keyed' : ''}BroadcastProcessFunction goes with it`,
      });
    }
    const { stream, descriptors } = this.broadcast;
    const create = (): BroadcastProcessOperator<A, B, R> =>
      new BroadcastProcessOperator<A, B, R>(fn as BroadcastProcess<never, A, B, R>, descriptors);
    return transformTwo<R>(this.first as never, stream as never, 'BroadcastProcess', create, [
      inputOf(this.first as never),
      { edges: stream.edges({ kind: 'broadcast' }) },
    ]);
  }
}

makers.connected = (first, second) => new ConnectedStreams<never, never, never>(first, second);
makers.broadcastConnected = (first, second) => new BroadcastConnectedStream<never, never, never>(first, second);
makers.broadcast = (stream, descriptors) => new BroadcastStream<never>(stream, descriptors);
