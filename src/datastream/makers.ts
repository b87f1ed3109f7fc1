import type { MapStateDescriptor } from '../engine/state/descriptors.js';
import type { WindowAssigner } from '../engine/windows/assigners.js';
import type { AllWindowedStream } from './all-windowed-stream.js';
import type { BroadcastConnectedStream, BroadcastStream, ConnectedStreams } from './connected-streams.js';
import type { DataStream } from './data-stream.js';
import type { StreamExecutionEnvironment } from './environment.js';
import type { JoinedStreams } from './joined-streams.js';
import type { KeyedStream } from './keyed-stream.js';
import type { Origin } from './origin.js';
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
  connected(first: DataStream<never>, second: DataStream<never>): ConnectedStreams<never, never, never>;
  broadcastConnected(
    first: DataStream<never>,
    second: BroadcastStream<never>,
  ): BroadcastConnectedStream<never, never, never>;
  broadcast(
    stream: DataStream<never>,
    descriptors: readonly MapStateDescriptor<unknown, unknown>[],
  ): BroadcastStream<never>;
  joined(
    left: DataStream<never>,
    right: DataStream<never>,
    mode: 'join' | 'coGroup',
  ): JoinedStreams<never, never, never>;
  allWindowed(stream: DataStream<never>, assigner: WindowAssigner<never, never>): AllWindowedStream<never, never>;
}

/** Filled by the stream classes. */
export const makers = {} as StreamMakers;
