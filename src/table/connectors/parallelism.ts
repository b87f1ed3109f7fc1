import type { DataStream } from '../../datastream/data-stream.js';

/** `scan.parallelism`, `sink.parallelism`: the subtasks of a table's end; without it, those of the environment. */
export function withParallelism<T>(stream: DataStream<T>, parallelism: number | undefined): DataStream<T> {
  return parallelism === undefined ? stream : stream.setParallelism(parallelism);
}
