import type { JobManager } from './job-manager.js';

/** One step of a job (a vertex: operators that are chained), all subtasks together. */
export interface StepFigures {
  /** `Source: orders -> Calc`. */
  readonly name: string;
  readonly parallelism: number;
  /** `RUNNING`, `FINISHED`, ... */
  readonly status: string;
  /** Rows so far. Flink counts none at the reading end of a source, and none at the writing end of a sink. */
  readonly recordsIn: number;
  readonly recordsOut: number;
  /** Rows a second, over the last minute. */
  readonly recordsInPerSecond: number;
  readonly recordsOutPerSecond: number;
  /** How much of the time it computes, and how much it waits for those behind it: 0 to 1. */
  readonly busy: number | undefined;
  readonly backPressured: number | undefined;
  /** Epoch ms; absent for sources and where there is none yet. */
  readonly watermark: number | undefined;
  /** How far the watermark is behind the clock of this machine, in ms. */
  readonly watermarkLagMs: number | undefined;
  /** From sources to here, 99 of 100, in ms; only with `metrics.latency.interval` set. */
  readonly latencyP99Ms: number | undefined;
  /** Rows that came too late for their window. */
  readonly lateRecords: number;
}

/** What there is to see of a job. */
export interface JobFigures {
  readonly state: string;
  readonly durationMs: number;
  readonly steps: readonly StepFigures[];
  readonly checkpoints: CheckpointFigures;
}

export interface CheckpointFigures {
  readonly completed: number;
  readonly failed: number;
  readonly inProgress: number;
  /** How often the job went on from one. */
  readonly restored: number;
  readonly lastDurationMs: number | undefined;
  readonly lastBytes: number | undefined;
  readonly lastPath: string | undefined;
}

interface Vertex {
  readonly id: string;
  readonly name: string;
  readonly parallelism: number;
  readonly status: string;
  readonly metrics: Readonly<Record<string, number>>;
}

const WANTED = [
  'numRecordsInPerSecond',
  'numRecordsOutPerSecond',
  'busyTimeMsPerSecond',
  'backPressuredTimeMsPerSecond',
];
/** Watermarks at the ends of time mean that there is none yet, or that nothing more comes. */
const BEFORE_ALL = '-9223372036854775808';
const AFTER_ALL = '9223372036854775807';

/** Asks for everything at once. Flink gathers figures when they are first asked for, so the first ones may be missing. */
export async function figuresOf(jobManager: JobManager, id: string): Promise<JobFigures> {
  const [job, checkpoints] = await Promise.all([
    jobManager.get(`/jobs/${id}`) as Promise<{ state: string; duration: number; vertices: readonly Vertex[] }>,
    checkpointsOf(jobManager, id),
  ]);
  const steps = await Promise.all(job.vertices.map((vertex) => stepOf(jobManager, id, vertex)));
  return { state: job.state, durationMs: job.duration, steps, checkpoints };
}

async function stepOf(jobManager: JobManager, job: string, vertex: Vertex): Promise<StepFigures> {
  const path = `/jobs/${job}/vertices/${vertex.id}`;
  const [rates, names, watermarks] = await Promise.all([
    jobManager.get(`${path}/subtasks/metrics?get=${WANTED.join(',')}`) as Promise<
      readonly { id: string; sum: number; max: number }[]
    >,
    jobManager.get(`${path}/metrics`) as Promise<readonly { id: string }[]>,
    jobManager.get(`${path}/watermarks`) as Promise<readonly { id: string; value: string }[]>,
  ]);
  const further = names.map(({ id }) => id).filter((name) => /latency_p99$|numLateRecordsDropped$/.test(name));
  const values = further.length === 0 ? [] : await metricsOf(jobManager, path, further);
  const sum = (name: string): number => numberOf(rates.find(({ id }) => id === name)?.sum) ?? 0;
  const share = (name: string): number | undefined => {
    const ms = numberOf(rates.find(({ id }) => id === name)?.max);
    return ms === undefined ? undefined : Math.min(1, ms / 1000);
  };
  const watermark = lowest(watermarks.map(({ value }) => String(value)));
  const latencies = values.filter(({ id }) => id.endsWith('latency_p99')).map(({ value }) => Number(value));
  const late = values.filter(({ id }) => id.endsWith('numLateRecordsDropped')).map(({ value }) => Number(value));
  return {
    name: vertex.name,
    parallelism: vertex.parallelism,
    status: vertex.status,
    recordsIn: vertex.metrics['read-records'] ?? 0,
    recordsOut: vertex.metrics['write-records'] ?? 0,
    recordsInPerSecond: sum('numRecordsInPerSecond'),
    recordsOutPerSecond: sum('numRecordsOutPerSecond'),
    busy: share('busyTimeMsPerSecond'),
    backPressured: share('backPressuredTimeMsPerSecond'),
    watermark,
    watermarkLagMs: watermark === undefined ? undefined : Date.now() - watermark,
    latencyP99Ms: latencies.length === 0 ? undefined : Math.max(...latencies),
    lateRecords: late.reduce((all, one) => all + one, 0),
  };
}

/** The names are long, and an address has an end: in portions. */
async function metricsOf(
  jobManager: JobManager,
  path: string,
  names: readonly string[],
): Promise<{ readonly id: string; readonly value: string }[]> {
  const found: { id: string; value: string }[] = [];
  for (let i = 0; i < names.length; i += 10) {
    const some = names
      .slice(i, i + 10)
      .map(encodeURIComponent)
      .join(',');
    found.push(...((await jobManager.get(`${path}/metrics?get=${some}`)) as { id: string; value: string }[]));
  }
  return found;
}

function lowest(values: readonly string[]): number | undefined {
  const real = values.filter((value) => value !== BEFORE_ALL && value !== AFTER_ALL).map(Number);
  return real.length === 0 || real.length < values.length ? undefined : Math.min(...real);
}

function numberOf(value: unknown): number | undefined {
  const made = typeof value === 'string' ? Number(value) : value;
  return typeof made === 'number' && Number.isFinite(made) ? made : undefined;
}

interface Checkpoints {
  readonly counts?: Readonly<Record<string, number>>;
  readonly latest?: {
    readonly completed?: { end_to_end_duration: number; state_size: number; external_path?: string } | null;
  };
}

async function checkpointsOf(jobManager: JobManager, id: string): Promise<CheckpointFigures> {
  const { counts = {}, latest } = (await jobManager.get(`/jobs/${id}/checkpoints`)) as Checkpoints;
  const last = latest?.completed ?? undefined;
  return {
    completed: counts.completed ?? 0,
    failed: counts.failed ?? 0,
    inProgress: counts.in_progress ?? 0,
    restored: counts.restored ?? 0,
    lastDurationMs: last?.end_to_end_duration,
    lastBytes: last?.state_size,
    lastPath: last?.external_path,
  };
}
