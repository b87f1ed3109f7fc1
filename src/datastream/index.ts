export { DataStream } from './dataStream.js';
export { type StreamEnvOptions, StreamExecutionEnvironment, streamEnv } from './environment.js';
export { KeyedStream } from './keyedStream.js';
export type { KeySelector } from './selectors.js';
export type { ShowStreamOptions } from './show.js';
export { type Field, type NumericField, type TypeInformation, Types } from './types.js';
