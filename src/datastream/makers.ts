import type { DataStream, Origin } from './dataStream.js';
import type { StreamExecutionEnvironment } from './environment.js';
import type { KeyedStream } from './keyedStream.js';
import type { TypeInformation } from './types.js';

/**
 * How one kind of stream makes another. The classes need each other, and one extends the other, so they cannot import
 * each other: each fills in its part when it is loaded (`environment.ts` loads them all).
 */
export interface StreamMakers {
  keyed(
    env: StreamExecutionEnvironment,
    origins: readonly Origin[],
    key: (value: unknown) => unknown,
    type: TypeInformation | undefined,
  ): KeyedStream<never, never>;
  plain(env: StreamExecutionEnvironment, origins: readonly Origin[]): DataStream<never>;
}

/** Filled by the stream classes. */
export const makers = {} as StreamMakers;
