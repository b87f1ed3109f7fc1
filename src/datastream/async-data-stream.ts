import { type AsyncFunction, type AsyncOptions, AsyncWaitOperator } from '../engine/operators/async-wait.js';
import { checkStreams } from './checks.js';
import type { DataStream } from './data-stream.js';

/**
 * Asks a service for each element of a stream, many at once.
 *
 * @example
 *   AsyncDataStream.unorderedWait(orders, (order) => lookUp(order.customer), { timeoutMs: seconds(5), capacity: 50 });
 * @see Flink: Asynchronous I/O for External Data Access
 */
export const AsyncDataStream = {
  /** Results in the order of the elements. */
  orderedWait<T, R>(stream: DataStream<T>, fn: AsyncFunction<T, R>, options: AsyncOptions = {}): DataStream<R> {
    const make = (): AsyncWaitOperator<T, R> => new AsyncWaitOperator<T, R>(fn, options, true);
    make();
    checkStreams('orderedWait', stream?.env, [stream]);
    return stream.transform('AsyncWait(ordered)', make);
  },

  /** Results as they arrive, but never across a watermark. */
  unorderedWait<T, R>(stream: DataStream<T>, fn: AsyncFunction<T, R>, options: AsyncOptions = {}): DataStream<R> {
    const make = (): AsyncWaitOperator<T, R> => new AsyncWaitOperator<T, R>(fn, options, false);
    make();
    checkStreams('unorderedWait', stream?.env, [stream]);
    return stream.transform('AsyncWait(unordered)', make);
  },
};
