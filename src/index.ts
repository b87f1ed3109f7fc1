import { fillDisplayPort } from './display/index.js';
import { fillFramePort } from './frames/index.js';

// Durations
export { type Duration, days, hours, milliseconds, minutes, seconds } from './core/duration.js';
// Errors
export { ArgumentError, isStreambookError, StreambookError } from './core/errors.js';

// Types, values, rows
export { RowKind } from './core/rows/index.js';
export { NotSerialisableError, type SerialisableOptions, serialisable } from './core/serialise/index.js';
export { type FieldTypes, type RowOf, Schema, type, type ValueOf } from './core/types/index.js';
export { Timestamp } from './core/values/index.js';

// Display
export {
  type Aggregate,
  type AlertOptions,
  type Alerts,
  alerts,
  type BarOptions,
  beep,
  Chart,
  type ChartOptions,
  type CompareOptions,
  chart,
  type Fate,
  graph,
  type HeatmapOptions,
  type HistogramOptions,
  type LineOptions,
  type PointOptions,
  type ShowOptions,
  show,
  Timeline,
  type TimelineData,
  type TimelineOptions,
  timeline,
  type VegaLiteSpec,
  View,
  WhyView,
  why,
} from './display/index.js';

fillDisplayPort();
fillFramePort();

// Streams
export { type FileSinkOptions, fileSink, type RollingPolicy } from './connectors/file/sink.js';
export { type KafkaSinkOptions, kafkaSink } from './connectors/kafka/sink.js';
// Event time
export { SystemClock, VirtualClock, virtualClock } from './core/clock.js';
export {
  AllWindowedStream,
  AsyncDataStream,
  BroadcastStream,
  ConnectedStreams,
  DataStream,
  type ExecuteOptions,
  KeyedStream,
  type ShowStreamOptions,
  type StreamEnvOptions,
  StreamExecutionEnvironment,
  streamEnv,
  Types,
  WindowedStream,
} from './datastream/index.js';
export { OutputTag } from './engine/channels/output-tag.js';
// Faults
export { CheckpointConfig, type CheckpointOptions } from './engine/checkpoint/config.js';
export type { CheckpointStats, CompletedCheckpoint } from './engine/checkpoint/stats.js';
export { JobCancelledError, OperatorError } from './engine/errors.js';
export type {
  CheckpointedFunction,
  FunctionInitializationContext,
  FunctionSnapshotContext,
  OperatorStateStore,
} from './engine/functions/checkpointed-function.js';
export type { ErrorPolicy, FailedElement } from './engine/functions/error-policy.js';
export type { AggregateFunction, Collector, ReduceFunction } from './engine/functions/functions.js';
export {
  CoProcessFunction,
  KeyedCoProcessFunction,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type OnTimerContext,
  type ProcessContext,
  ProcessFunction,
  type TimerService,
} from './engine/functions/process-function.js';
export type { RuntimeContext } from './engine/functions/runtime-context.js';
// Looking inside
export { Plan } from './engine/inspect/explain.js';
export { JobMetrics, type OperatorFigures, type SubtaskFigures } from './engine/inspect/job-metrics.js';
export { OperatorState, type StateInfo, type TimerEntry, type WindowEntry } from './engine/inspect/operator-state.js';
export type { TraceEvent, TraceKind, TraceLog, TraceOptions } from './engine/inspect/trace.js';
export { Why, type WhyReason } from './engine/inspect/why.js';
export { Job, type JobResult, type JobStatus } from './engine/job.js';
export { Operator, TwoInputOperator } from './engine/operator.js';
export {
  type BroadcastContext,
  BroadcastProcessFunction,
  KeyedBroadcastProcessFunction,
  type ReadOnlyBroadcastContext,
} from './engine/operators/broadcast-process.js';
export { type ExponentialDelayOptions, RestartStrategies, type RestartStrategy } from './engine/restart/strategies.js';
export type { DeliveryGuarantee, Sink } from './engine/sink.js';
export { END_OF_INPUT, type Source, type SourceBatch, type SourceContext, type SourceReader } from './engine/source.js';
export type { ListState, MapState } from './engine/state/collections.js';
// State
export {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  type StateTtlConfig,
  ValueStateDescriptor,
} from './engine/state/descriptors.js';
export type { BroadcastState, OperatorListState } from './engine/state/operator-state.js';
export type { AggregatingState, ReducingState, ValueState } from './engine/state/views.js';
export {
  boundedOutOfOrderness,
  monotonousTimestamps,
  type WatermarkGenerator,
  type WatermarkOutput,
  WatermarkStrategy,
} from './engine/time/watermarks.js';
// Windows
export {
  EventTimeSessionWindows,
  GlobalWindows,
  ProcessingTimeSessionWindows,
  SlidingEventTimeWindows,
  SlidingProcessingTimeWindows,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  WindowAssigner,
} from './engine/windows/assigners.js';
export { CountEvictor, DeltaEvictor, type Evictor, TimeEvictor } from './engine/windows/evictors.js';
export { ProcessingTimeoutTrigger } from './engine/windows/timeout-trigger.js';
export { Trigger, type TriggerContext, TriggerResult } from './engine/windows/trigger.js';
export {
  ContinuousEventTimeTrigger,
  ContinuousProcessingTimeTrigger,
  CountTrigger,
  DeltaTrigger,
  EventTimeTrigger,
  ProcessingTimeTrigger,
  PurgingTrigger,
} from './engine/windows/triggers.js';
export { GlobalWindow, TimeWindow, type Window } from './engine/windows/window.js';
export { ProcessAllWindowFunction, ProcessWindowFunction } from './engine/windows/window-function.js';
// A real Flink
export * from './flink/index.js';
// Data frames
export type { ArqueroTable, DanfoFrame, FrameOptions, Recent, RecentOptions } from './frames/index.js';
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
// Lessons
export { type DataSetFile, datasets, makeDataSet, type OwnDataSetOptions } from './lessons/data/index.js';
// Looking after the machine
export { Doctor, type DoctorCheck, type DoctorReport, type DoctorVerdict, doctor } from './lessons/doctor/doctor.js';
export {
  type CheckOptions,
  type CheckResult,
  check,
  hint,
  type Language,
  lesson,
  pace,
  solution,
} from './lessons/index.js';
// Tables and SQL
export * from './table/index.js';
