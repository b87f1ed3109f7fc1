import { types } from 'node:util';
import { CollectOperator, CollectQueue } from '../connectors/collect-sink.js';
import { checkInteger } from '../core/arguments.js';
import { JobCancelledError } from '../engine/errors.js';
import type { Job } from '../engine/job.js';
import { ForEachOperator } from '../engine/operators/sink.js';
import { MemoryWatch } from '../engine/run/memory-watch.js';
import type { DataStream } from './data-stream.js';

/** Starts a job whose elements of `stream` go into a queue. */
function startCollecting<T>(stream: DataStream<T>, name: string): { job: Job; queue: CollectQueue<T> } {
  const queue = new CollectQueue<T>();
  const node = stream.env.addNode({
    name: 'Collect',
    inputs: [{ edges: stream.edges({ kind: 'global' }) }],
    createOperator: () => new CollectOperator(queue),
    single: true,
  });
  const job = stream.env.start(name, [node]);
  job.wait().then(
    (result) => queue.end(result.status === 'cancelled' ? new JobCancelledError(name) : undefined),
    (error: unknown) => queue.end(error),
  );
  return { job, queue };
}

/** Elements between two looks at the memory. */
const BETWEEN_LOOKS = 1024;

/** All elements of a stream, or the first `limit`. */
export async function collect<T>(stream: DataStream<T>, name: string, limit = Number.POSITIVE_INFINITY): Promise<T[]> {
  if (limit !== Number.POSITIVE_INFINITY) checkInteger('executeAndCollect: the limit', limit, 0);
  const items: T[] = [];
  if (limit === 0) return items;
  const { job, queue } = startCollecting(stream, name);
  const memory = new MemoryWatch(
    undefined,
    undefined,
    'executeAndCollect(limit) stops after so many; for await keeps none',
  );
  for (;;) {
    const next = await queue.next();
    if (next.done === true) break;
    items.push(next.value);
    if (items.length % BETWEEN_LOOKS === 0) {
      memory.look(performance.now(), () => [{ name: 'executeAndCollect()', values: items.length }]);
    }
    if (items.length >= limit) {
      await job.cancel();
      break;
    }
  }
  if (items.length > 0 && items.every((item) => types.isPromise(item))) {
    console.warn(
      `all ${items.length} elements of the stream are promises\n` +
        '  hint: AsyncDataStream.orderedWait(stream, async (value) => ...) waits for results; map does not',
    );
  }
  if (items.length > 0 && items.every((item) => item === undefined)) {
    console.warn(
      `all ${items.length} elements of the stream are undefined\n` +
        '  hint: is a `return` missing? A function in braces gives nothing back without one. Or is a field misspelt?',
    );
  }
  return items;
}

/** Starts a job that calls `consume` with every element of a stream. */
export function feed<T>(stream: DataStream<T>, name: string, consume: (value: T) => void): Job {
  const node = stream.env.addNode({
    name: 'Collect',
    inputs: [{ edges: stream.edges({ kind: 'global' }) }],
    createOperator: () => new ForEachOperator<unknown>((value) => consume(value as T), 'Collect'),
    single: true,
  });
  return stream.env.start(name, [node]);
}

/** Elements one by one, and at once where they are there. */
export interface Elements<T> extends AsyncIterableIterator<T> {
  /** The next element, if nobody has to wait for it. */
  poll(): T | undefined;
  /** The job, once it has begun. */
  job(): Job | undefined;
}

/** The elements of a stream one by one. The job begins with the first call of `next`, and ends with the loop. */
export function iterate<T>(stream: DataStream<T>, name: string): Elements<T> {
  let started: { job: Job; queue: CollectQueue<T> } | undefined;
  let closed = false;
  const iterator: Elements<T> = {
    job: () => started?.job,
    poll: () => (closed ? undefined : started?.queue.poll()),
    async next() {
      if (closed) return { done: true, value: undefined };
      started ??= startCollecting(stream, name);
      try {
        return await started.queue.next();
      } catch (error) {
        // Whoever left the loop ended the job: nobody failed.
        if (closed) return { done: true, value: undefined };
        throw error;
      }
    },
    async return() {
      closed = true;
      await started?.job.cancel();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
