// A real cluster
export type { Cluster, ClusterOptions, ExecuteOnClusterOptions } from './cluster.js';
export { type ComparedRow, type ComparedSide, type CompareOn, type Comparison, compare } from './compare.js';
export { cluster } from './connect.js';
export { ClusterConnectionError, ClusterRefusal, FlinkError } from './errors.js';
export type { ClusterJob } from './jobs/cluster-job.js';
export type { CheckpointFigures, JobFigures, OperatorInStep, StepFigures, StepInput } from './jobs/figures.js';
