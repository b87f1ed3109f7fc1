import { ArgumentError } from '../core/errors.js';
import { extremeByField, extremeOfField, type FieldReduction } from '../engine/functions/fields.js';
import type { ReduceFunction } from '../engine/functions/functions.js';
import type { KeyedProcess } from '../engine/functions/process-function.js';
import { checkFunction, checkMethods } from '../engine/functions/user-function.js';
import type { NodeInput, StreamNode } from '../engine/graph/graph.js';
import type { StreamOperator } from '../engine/operator.js';
import { ProcessOperator } from '../engine/operators/process.js';
import { ReduceOperator } from '../engine/operators/reduce.js';
import { RollingFieldOperator } from '../engine/operators/rolling-field.js';
import { RollingSumOperator } from '../engine/operators/rolling-sum.js';
import { GlobalWindows, type WindowAssigner } from '../engine/windows/assigners.js';
import type { GlobalWindow, Window } from '../engine/windows/window.js';
import { checkStreams } from './checks.js';
import type { BroadcastConnectedStream, BroadcastStream, ConnectedStreams } from './connected-streams.js';
import { DataStream } from './data-stream.js';
import type { StreamExecutionEnvironment } from './environment.js';
import { IntervalJoin } from './joined-streams.js';
import { makers } from './makers.js';
import type { Origin } from './origin.js';
import { type Field, type NumericField, numberKindOf, type TypeInformation } from './types.js';
import { WindowedStream } from './windowed-stream.js';
import { checkAssigner, countsOf } from './windowing.js';

/**
 * A stream grouped by key.
 *
 * @see Flink: `KeyedStream`
 */
export class KeyedStream<T, K> extends DataStream<T> {
  /** Only there so that the compiler knows the key's type. */
  declare readonly _key: K;
  /** @internal Whether null is a key: it is for tables. */
  nullKeys = false;

  /** @internal Use `stream.keyBy(...)`. */
  constructor(
    env: StreamExecutionEnvironment,
    origins: readonly Origin[],
    /** @internal */
    readonly keySelector: (value: unknown) => unknown,
    type: TypeInformation | undefined,
  ) {
    super(env, origins);
    this.type = type;
  }

  /** The reduction of all elements of the key so far, once per element. */
  reduce(reducer: ReduceFunction<T>): DataStream<T> {
    checkFunction('reduce', reducer);
    return this.rolling('Reduce', () => new ReduceOperator(reducer));
  }

  /** The running sum of a number field; the other fields stay those of the key's first element. */
  sum<F extends NumericField<T>>(field: F): DataStream<T> {
    const kind = numberKindOf(this.type, field);
    return this.rolling('Sum', () => new RollingSumOperator<T>(field, kind));
  }

  /** The smallest value of a field so far; the other fields stay those of the key's first element. */
  min<F extends Field<T>>(field: F): DataStream<T> {
    return this.field(() => extremeOfField(field, false));
  }

  /** The largest value of a field so far; the other fields stay those of the key's first element. */
  max<F extends Field<T>>(field: F): DataStream<T> {
    return this.field(() => extremeOfField(field, true));
  }

  /** The whole element with the smallest value of a field so far; of several, the first (`first: false`: the last). */
  minBy<F extends Field<T>>(field: F, first = true): DataStream<T> {
    return this.field(() => extremeByField(field, false, first));
  }

  /** The whole element with the largest value of a field so far; of several, the first (`first: false`: the last). */
  maxBy<F extends Field<T>>(field: F, first = true): DataStream<T> {
    return this.field(() => extremeByField(field, true, first));
  }

  /** Any number of results per element, with state and timers per key: a `KeyedProcessFunction`, or an object like one. */
  // biome-ignore lint/suspicious/noExplicitAny: nothing says what `out` takes unless its type is written; unknown fits nowhere
  override process<R = any>(fn: KeyedProcess<K, T, R>): DataStream<R> {
    checkMethods('process', fn, ['processElement'], 'function');
    return this.transform('KeyedProcess', () => new ProcessOperator<T, R>(fn as KeyedProcess<never, T, R>));
  }

  /** Windows per key. */
  window<W extends Window>(assigner: WindowAssigner<never, W> | WindowAssigner<T, W>): WindowedStream<T, K, W> {
    checkAssigner('window', assigner);
    return new WindowedStream<T, K, W>(this, assigner as WindowAssigner<T, W>);
  }

  /** Windows of `size` elements of a key; with `slide`: every `slide` elements one over the last `size`. */
  countWindow(size: number, slide?: number): WindowedStream<T, K, GlobalWindow> {
    return countsOf(this.window(GlobalWindows.create<T>()), size, slide);
  }

  /** Each element with those of the other stream that lie within an interval of event time around it. */
  intervalJoin<B>(other: KeyedStream<B, K>): IntervalJoin<T, B> {
    checkStreams('intervalJoin', this.env, [other]);
    if (!(other instanceof KeyedStream)) {
      throw new ArgumentError('intervalJoin: the other stream has no key', {
        hint: ".intervalJoin(other.keyBy('customer'))",
      });
    }
    return new IntervalJoin<T, B>(this as KeyedStream<T, unknown>, other as KeyedStream<B, unknown>);
  }

  /** Two streams side by side; where both are keyed they share state and timers. */
  override connect<B>(other: BroadcastStream<B>): BroadcastConnectedStream<T, B, K>;
  override connect<B>(other: DataStream<B>): ConnectedStreams<T, B, K>;
  override connect(other: never): never {
    return super.connect(other) as never;
  }

  /** @internal */
  override operatorNode(name: string, create: () => StreamOperator<unknown>): StreamNode {
    return this.env.addNode({
      name,
      inputs: [this.input()],
      createOperator: create,
    });
  }

  /** @internal How this stream goes into an operator. */
  input(): NodeInput {
    const key = this.keySelector;
    return { edges: this.edges({ kind: 'hash', key }), key, nullKeys: this.nullKeys };
  }

  private field(reduction: () => FieldReduction): DataStream<T> {
    return this.rolling(reduction().name, () => new RollingFieldOperator<T>(reduction()));
  }

  private rolling(name: string, create: () => StreamOperator<T>): DataStream<T> {
    const result = this.transform<T>(name, create).returns(this.type);
    result.upsertKey = this.keySelector;
    return result;
  }
}

makers.keyed = (env, origins, key, type) => new KeyedStream<never, never>(env, origins, key, type);
