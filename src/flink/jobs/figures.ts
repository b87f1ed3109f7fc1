import { messageOf } from '../../core/errors.js';
import { type ChainedOperator, chainOf, nameInFigures } from './chain.js';
import type { JobManager } from './job-manager.js';
import { figureIn, type StepValues, stepValues } from './operator-figures.js';
import { stateOf } from './states.js';

/** One step of a job (a vertex: operators that are chained), all subtasks together. */
export interface StepFigures {
  /** Flink's id of it. */
  readonly id: string;
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
  /** What is chained in it. */
  readonly operators: readonly OperatorInStep[];
}

/** An operator of a step; here sources and sinks are counted, too. */
export interface OperatorInStep {
  readonly name: string;
  /** The one of the same step that it reads from; none at the beginning of a step. */
  readonly from: number | undefined;
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly recordsInPerSecond: number;
  readonly recordsOutPerSecond: number;
  readonly lateRecords: number;
  /** Epoch ms; beyond the ends of time as Flink writes them before the first and after the end. */
  readonly watermark: number;
}

/** Between two steps. */
export interface StepInput {
  /** Ids of steps. */
  readonly from: string;
  readonly to: string;
  /** `HASH`, `FORWARD`, `REBALANCE`, ... */
  readonly ship: string;
}

/** What there is to see of a job. */
export interface JobFigures {
  readonly state: string;
  /** How often it was started again after a failure. */
  readonly restarts: number;
  readonly durationMs: number;
  readonly steps: readonly StepFigures[];
  readonly inputs: readonly StepInput[];
  readonly checkpoints: CheckpointFigures;
}

export interface CheckpointFigures {
  readonly completed: number;
  readonly failed: number;
  readonly inProgress: number;
  /** How often the job went on from one. */
  readonly restored: number;
  /** Bytes of state in the last one, by the ids of steps. */
  readonly bytesOfSteps: Readonly<Record<string, number>>;
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

interface AboutJob {
  readonly duration: number;
  readonly vertices: readonly Vertex[];
  readonly plan: {
    readonly nodes: readonly {
      readonly id: string;
      readonly inputs?: readonly { readonly id: string; readonly ship_strategy: string }[];
    }[];
  };
}

/** Watermarks at the ends of time mean that there is none yet, or that nothing more comes. */
const BEFORE_ALL = '-9223372036854775808';
const AFTER_ALL = '9223372036854775807';

/** Asks for everything at once. Flink gathers figures when they are first asked for, so the first ones may be missing. */
export async function figuresOf(jobManager: JobManager, id: string): Promise<JobFigures> {
  const [state, job, checkpoints, restarts] = await Promise.all([
    // What Flink says of the job as a whole may be seconds old.
    stateOf(jobManager, id),
    jobManager.get(`/jobs/${id}`) as Promise<AboutJob>,
    checkpointsOf(jobManager, id),
    jobManager.get(`/jobs/${id}/metrics?get=numRestarts`) as Promise<readonly { value: string }[]>,
  ]);
  const steps = await Promise.all(job.vertices.map((vertex) => stepOf(jobManager, id, vertex)));
  const inputs = job.plan.nodes.flatMap((node) =>
    (node.inputs ?? []).map((input) => ({ from: input.id, to: node.id, ship: input.ship_strategy })),
  );
  return {
    state,
    restarts: Number(restarts[0]?.value ?? 0),
    durationMs: job.duration,
    steps,
    inputs,
    checkpoints,
  };
}

async function stepOf(jobManager: JobManager, job: string, vertex: Vertex): Promise<StepFigures> {
  const path = `/jobs/${job}/vertices/${vertex.id}`;
  const [values, watermarks] = await Promise.all([
    stepValues(jobManager, path),
    jobManager.get(`${path}/watermarks`) as Promise<readonly { id: string; value: string }[]>,
  ]);
  const share = (name: string): number | undefined => {
    const ms = figureIn(values, name, 'max');
    return ms === undefined ? undefined : Math.min(1, ms / 1000);
  };
  const watermark = lowest(watermarks.map(({ value }) => String(value)));
  const those = (ending: string): number[] =>
    [...values.keys()].filter((name) => name.endsWith(ending)).map((name) => figureIn(values, name, 'max') ?? 0);
  const latencies = those('latency_p99');
  return {
    id: vertex.id,
    name: vertex.name,
    parallelism: vertex.parallelism,
    status: vertex.status,
    recordsIn: vertex.metrics['read-records'] ?? 0,
    recordsOut: vertex.metrics['write-records'] ?? 0,
    recordsInPerSecond: figureIn(values, 'numRecordsInPerSecond') ?? 0,
    recordsOutPerSecond: figureIn(values, 'numRecordsOutPerSecond') ?? 0,
    busy: share('busyTimeMsPerSecond'),
    backPressured: share('backPressuredTimeMsPerSecond'),
    watermark,
    watermarkLagMs: watermark === undefined ? undefined : Date.now() - watermark,
    latencyP99Ms: latencies.length === 0 ? undefined : Math.max(...latencies),
    lateRecords: those('numLateRecordsDropped').reduce((all, one) => all + one, 0),
    operators: chainOf(vertex.name).map((one) => operatorOf(one, values)),
  };
}

function operatorOf({ name, from }: ChainedOperator, values: StepValues): OperatorInStep {
  const own = nameInFigures(name);
  const counted = (figure: string): number => figureIn(values, `${own}.${figure}`) ?? 0;
  return {
    name,
    from,
    recordsIn: counted('numRecordsIn'),
    recordsOut: counted('numRecordsOut'),
    recordsInPerSecond: counted('numRecordsInPerSecond'),
    recordsOutPerSecond: counted('numRecordsOutPerSecond'),
    lateRecords: counted('numLateRecordsDropped'),
    watermark: figureIn(values, `${own}.currentOutputWatermark`, 'min') ?? Number.NEGATIVE_INFINITY,
  };
}

function lowest(values: readonly string[]): number | undefined {
  const real = values.filter((value) => value !== BEFORE_ALL && value !== AFTER_ALL).map(Number);
  return real.length === 0 || real.length < values.length ? undefined : Math.min(...real);
}

interface Checkpoints {
  readonly counts?: Readonly<Record<string, number>>;
  readonly latest?: {
    readonly completed?: { id: number; end_to_end_duration: number; state_size: number; external_path?: string } | null;
  };
}

async function checkpointsOf(jobManager: JobManager, id: string): Promise<CheckpointFigures> {
  const { counts = {}, latest } = await countedCheckpoints(jobManager, id);
  const last = latest?.completed ?? undefined;
  const tasks = last === undefined ? {} : await tasksOf(jobManager, id, last.id);
  return {
    completed: counts.completed ?? 0,
    failed: counts.failed ?? 0,
    inProgress: counts.in_progress ?? 0,
    restored: counts.restored ?? 0,
    bytesOfSteps: Object.fromEntries(Object.entries(tasks).map(([step, { state_size }]) => [step, state_size])),
    lastDurationMs: last?.end_to_end_duration,
    lastBytes: last?.state_size,
    lastPath: last?.external_path,
  };
}

/** Of a job in batch mode Flink answers with an error: it has none at all. */
async function countedCheckpoints(jobManager: JobManager, id: string): Promise<Checkpoints> {
  try {
    return (await jobManager.get(`/jobs/${id}/checkpoints`)) as Checkpoints;
  } catch (error) {
    if (/Checkpointing has not been enabled/.test(messageOf(error))) return {};
    throw error;
  }
}

type Tasks = Readonly<Record<string, { readonly state_size: number }>>;

/** What each step put into a checkpoint. Flink forgets old ones: then nothing is known. */
async function tasksOf(jobManager: JobManager, job: string, id: number): Promise<Tasks> {
  const details = await jobManager.get(`/jobs/${job}/checkpoints/details/${id}`).catch(() => undefined);
  return (details as { tasks?: Tasks } | undefined)?.tasks ?? {};
}
