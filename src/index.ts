import { fillDisplayPort } from './display/index.js';
import { fillFramePort } from './frames/index.js';

// Durations
export { type Duration, days, hours, milliseconds, minutes, seconds } from './core/duration.js';
// Errors
export { ArgumentError, isStreambookError, StreambookError } from './core/errors.js';
// Display
export { type ShowOptions, show } from './display/index.js';

fillDisplayPort();
fillFramePort();

export { VirtualClock, virtualClock } from './core/clock.js';
// Streams
export {
  DataStream,
  KeyedStream,
  type ShowStreamOptions,
  type StreamEnvOptions,
  StreamExecutionEnvironment,
  streamEnv,
  Types,
} from './datastream/index.js';
export { Job, type JobResult, type JobStatus } from './engine/job.js';
export { OutputTag } from './engine/outputTag.js';
export { boundedOutOfOrderness, monotonousTimestamps, WatermarkStrategy } from './engine/watermarks.js';
// Kafka
export {
  findBroker,
  Message,
  openReader,
  type ReceiveOptions,
  Receiving,
  receive,
  type SendFileOptions,
  type Sending,
  type SendRowsOptions,
  type SendSummary,
  type SendValuesOptions,
  send,
  sendFile,
  sendRows,
  texts,
  topics,
} from './kafka/index.js';
