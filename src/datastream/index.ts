export { AllWindowedStream, type AllWindowFunction, type ProcessAllWindow } from './all-windowed-stream.js';
export { AsyncDataStream } from './async-data-stream.js';
export { BroadcastConnectedStream, BroadcastStream, ConnectedStreams } from './connected-streams.js';
export { DataStream } from './data-stream.js';
export { type ExecuteOptions, type StreamEnvOptions, StreamExecutionEnvironment, streamEnv } from './environment.js';
export {
  type CoGroupFunction,
  IntervalJoin,
  JoinedStreams,
  JoinedWindows,
  type JoinFunction,
} from './joined-streams.js';
export { KeyedStream } from './keyed-stream.js';
export type { KeySelector } from './selectors.js';
export type { ShowStreamOptions } from './show.js';
export { type Field, type NumericField, type TypeInformation, Types } from './types.js';
export { WindowedStream } from './windowed-stream.js';
