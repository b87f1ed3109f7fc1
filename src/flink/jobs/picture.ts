import type { PlanEdge, PlanNode } from '../../engine/inspect/explain.js';
import type { JobPicture, PicturedOperator } from '../../engine/inspect/job-picture.js';
import type { JobStatus } from '../../engine/job.js';
import type { JobFigures, OperatorInStep, StepFigures } from './figures.js';

/** Flink's states in the words of a card. */
const STATUS: Readonly<Record<string, JobStatus>> = {
  INITIALIZING: 'created',
  CREATED: 'created',
  RUNNING: 'running',
  CANCELLING: 'running',
  RESTARTING: 'restarting',
  FAILING: 'restarting',
  RECONCILING: 'restarting',
  FINISHED: 'finished',
  FAILED: 'failed',
  CANCELED: 'cancelled',
  SUSPENDED: 'cancelled',
};

/** What writes to the outside reads from others, and nobody from it. */
const SINK = /^Sink|: (Writer|Committer|Global Committer)$|^(PartitionCommitter|StreamingFileCommitter)/;

/** How a job of a cluster is shown. */
export interface Pictured {
  readonly name: string;
  readonly figures: JobFigures;
  readonly webUi: string;
  /** What went wrong last, in words. */
  readonly failure: string | undefined;
}

/** A job of a cluster as its card needs it: a box for each operator, also where Flink chains them. */
export function pictureOf({ name, figures, webUi, failure }: Pictured): JobPicture {
  const { state, steps, checkpoints } = figures;
  const placed = placeOf(figures);
  const status = STATUS[state] ?? 'running';
  const running = status === 'running';
  const failed = status === 'failed' || status === 'restarting';
  const { completed, failed: lost, inProgress, restored, lastBytes, lastDurationMs } = checkpoints;
  return {
    name: (name.split('\n')[0] as string).trim(),
    status,
    nodes: placed.map(({ node }) => node),
    metrics: {
      runtimeMs: figures.durationMs,
      backPressured: Math.max(0, ...steps.map((step) => step.backPressured ?? 0)),
      restarts: figures.restarts,
      checkpoints: {
        triggered: completed + lost + inProgress,
        completed,
        failed: lost,
        restored,
        inProgress: inProgress > 0,
        last: lastBytes === undefined ? undefined : { sizeBytes: lastBytes, durationMs: lastDurationMs ?? 0 },
      },
      operators: placed.map(({ node, step, operator, first }) => ({
        ...countsOf(operator),
        name: node.name,
        uid: node.uid,
        kind: node.kind,
        parallelism: node.parallelism,
        currentWatermark: watermarkOf(operator.watermark),
        watermarkLagMs: Number.isFinite(watermarkOf(operator.watermark)) ? Date.now() - operator.watermark : undefined,
        backPressured: (running && step.backPressured) || 0,
        busy: running ? step.busy : undefined,
        latencyP99Ms: step.latencyP99Ms,
        // Flink tells the state of a step; what follows in a chain seldom has any.
        stateBytes: first ? (checkpoints.bytesOfSteps[step.id] ?? 0) : 0,
        stateEntries: 0,
        timers: 0,
        numRecordsSkipped: 0,
      })),
    },
    ...(failed && failure !== undefined ? { error: new Error(failure) } : {}),
    link: { text: "Flink's Web UI", url: webUi },
  };
}

function countsOf(
  one: OperatorInStep,
): Pick<
  PicturedOperator,
  'numRecordsIn' | 'numRecordsOut' | 'numRecordsInPerSecond' | 'numRecordsOutPerSecond' | 'numLateRecordsDropped'
> {
  return {
    numRecordsIn: one.recordsIn,
    numRecordsOut: one.recordsOut,
    numRecordsInPerSecond: one.recordsInPerSecond,
    numRecordsOutPerSecond: one.recordsOutPerSecond,
    numLateRecordsDropped: one.lateRecords,
  };
}

/** Flink writes the smallest and the largest whole number of 64 bits, which a double rounds. */
function watermarkOf(ms: number): number {
  if (ms < -9.2e18) return Number.NEGATIVE_INFINITY;
  return ms > 9.2e18 ? Number.POSITIVE_INFINITY : ms;
}

interface Placed {
  readonly node: PlanNode;
  readonly step: StepFigures;
  readonly operator: OperatorInStep;
  /** Of its step. */
  readonly first: boolean;
}

/** The operators of all steps as one graph, each after those it reads from. */
function placeOf({ steps, inputs }: JobFigures): Placed[] {
  const placed: Placed[] = [];
  const idsOf = new Map<string, { readonly ids: readonly number[]; readonly operators: readonly OperatorInStep[] }>();
  for (const step of inOrder(steps, inputs)) {
    const ids: number[] = [];
    step.operators.forEach((operator, i) => {
      const id = placed.length + 1;
      ids.push(id);
      const edges: PlanEdge[] =
        operator.from === undefined
          ? inputs.flatMap(({ from, to, ship }) => {
              const before = to === step.id ? idsOf.get(from) : undefined;
              const id = before?.ids[endFor(operator, before.operators)];
              return id === undefined ? [] : [{ from: id, input: 1, ship: ship.toLowerCase() }];
            })
          : [{ from: ids[operator.from] as number, input: 1, ship: 'forward' }];
      const node: PlanNode = {
        id,
        name: operator.name.replace(/\[\d+\]/g, ''),
        kind: edges.length === 0 ? 'source' : 'operator',
        uid: `${step.id}-${i}`,
        parallelism: step.parallelism,
        inputs: edges,
      };
      placed.push({ node, step, operator, first: i === 0 });
    });
    idsOf.set(step.id, { ids, operators: step.operators });
  }
  return placed;
}

/**
 * Which operator of a step somebody reads from, which Flink does not say: one that nobody of the step reads from, and no
 * sink. Where there are several, steps of SQL are numbered in the order in which they were planned, and the one planned
 * last before the reader is meant.
 */
function endFor(reader: OperatorInStep, operators: readonly OperatorInStep[]): number {
  const read = new Set(operators.map(({ from }) => from));
  const ends = operators.flatMap((one, i) => (read.has(i) || SINK.test(one.name) ? [] : [i]));
  const before = ends.filter((i) => numberOf(operators[i] as OperatorInStep) < numberOf(reader));
  return before.at(-1) ?? ends.at(-1) ?? operators.length - 1;
}

/** `Calc[8]` has the number 8. */
function numberOf({ name }: OperatorInStep): number {
  return Number(/\[(\d+)\]/.exec(name)?.[1] ?? Number.POSITIVE_INFINITY);
}

/** Steps, each after those it reads from. */
function inOrder(steps: readonly StepFigures[], inputs: JobFigures['inputs']): StepFigures[] {
  const waiting = new Set(steps);
  const done: StepFigures[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter((step) =>
      inputs.every(({ from, to }) => to !== step.id || ![...waiting].some(({ id }) => id === from)),
    );
    // A circle (an iteration) has no order: as Flink lists them.
    for (const step of ready.length === 0 ? [...waiting] : ready) {
      done.push(step);
      waiting.delete(step);
    }
  }
  return done;
}
