import type { CheckpointStats, CompletedCheckpoint } from '../checkpoint/stats.js';
import type { JobStatus } from '../job.js';
import type { PlanNode } from './explain.js';
import type { JobMetrics, OperatorFigures } from './job-metrics.js';

/** What a picture says of one operator: of its figures, those that any engine can tell. */
export interface PicturedOperator
  extends Pick<
    OperatorFigures,
    | 'name'
    | 'uid'
    | 'kind'
    | 'parallelism'
    | 'numRecordsIn'
    | 'numRecordsOut'
    | 'numRecordsInPerSecond'
    | 'numRecordsOutPerSecond'
    | 'currentWatermark'
    | 'watermarkLagMs'
    | 'backPressured'
    | 'numLateRecordsDropped'
    | 'numRecordsSkipped'
    | 'stateEntries'
    | 'stateBytes'
    | 'timers'
  > {
  /** The share of time in which it computes, 0 to 1, where that is known. */
  readonly busy?: number | undefined;
  /** From the sources to here, 99 of 100, in ms, where that is measured. */
  readonly latencyP99Ms?: number | undefined;
}

/** What a picture says of checkpoints: another engine does not tell how long it held still for them. */
export interface PicturedCheckpoints
  extends Pick<CheckpointStats, 'triggered' | 'completed' | 'failed' | 'restored' | 'inProgress'> {
  readonly last: (Pick<CompletedCheckpoint, 'sizeBytes' | 'durationMs'> & { readonly pauseMs?: number }) | undefined;
}

/** The figures of a job as its picture needs them. */
export interface PicturedMetrics
  extends Pick<JobMetrics, 'runtimeMs' | 'backPressured' | 'restarts'>,
    Partial<Pick<JobMetrics, 'idle'>> {
  readonly checkpoints: PicturedCheckpoints;
  readonly operators: readonly PicturedOperator[];
}

/** A job at one moment as plain data, whichever engine runs it: what its card is drawn from. */
export interface JobPicture {
  readonly name: string;
  readonly status: JobStatus;
  /** Each after those it reads from. */
  readonly nodes: readonly PlanNode[];
  readonly metrics: PicturedMetrics;
  /** What ended it, where it failed; while it starts again, why. */
  readonly error?: unknown;
  /** A page that tells more. */
  readonly link?: { readonly text: string; readonly url: string };
}

/** By this method a job that runs elsewhere gives its picture. A symbol, so that nothing is taken for a job by chance. */
export const jobPicture: unique symbol = Symbol.for('streambook.jobPicture');

/** A job that runs elsewhere. */
export interface PicturedJob {
  readonly name: string;
  [jobPicture](): Promise<JobPicture>;
}

/** Whether nothing more comes after this state. */
export function hasEnded(status: JobStatus): boolean {
  return status === 'finished' || status === 'failed' || status === 'cancelled';
}
