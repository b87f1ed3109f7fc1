export { AllWindowedStream, type AllWindowFunction, type ProcessAllWindow } from './allWindowedStream.js';
export { AsyncDataStream } from './asyncDataStream.js';
export { BroadcastConnectedStream, BroadcastStream, ConnectedStreams } from './connectedStreams.js';
export { DataStream } from './dataStream.js';
export { type ExecuteOptions, type StreamEnvOptions, StreamExecutionEnvironment, streamEnv } from './environment.js';
export {
  type CoGroupFunction,
  IntervalJoin,
  JoinedStreams,
  JoinedWindows,
  type JoinFunction,
} from './joinedStreams.js';
export { KeyedStream } from './keyedStream.js';
export type { KeySelector } from './selectors.js';
export type { ShowStreamOptions } from './show.js';
export { type Field, type NumericField, type TypeInformation, Types } from './types.js';
export { WindowedStream } from './windowedStream.js';
