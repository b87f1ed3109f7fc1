import { serialise } from '../../core/serialise/index.js';
import type { CheckpointStats } from '../checkpoint/stats.js';
import type { StreamNode } from '../graph/graph.js';
import { stateIdOf } from '../graph/graph.js';
import type { OperatorContext } from '../operator-context.js';
import type { Execution } from '../run/execution.js';
import { MAX_WATERMARK, MIN_WATERMARK } from '../time/time.js';
import { recordsOutOf, subtaskId } from './meters.js';
import { type Histogram, type Percentiles, percentilesOf } from './metrics.js';
import { prometheusText } from './prometheus.js';

/** The figures of one subtask of an operator or a source. */
export interface SubtaskFigures {
  /** From 0. */
  readonly subtask: number;
  readonly numRecordsIn: number;
  readonly numRecordsOut: number;
  /** Over the last ten seconds or so. */
  readonly numRecordsInPerSecond: number;
  readonly numRecordsOutPerSecond: number;
  /** `-Infinity` before the first, `Infinity` after the end. Of a source: the smallest over its parts. */
  readonly currentWatermark: number;
  /** How far the watermark is behind the clock, ms; `undefined` before the first one and after the end. */
  readonly watermarkLagMs: number | undefined;
  /**
   * How long elements had been under way when they came here: from the moment when the source handed over their batch, in
   * real ms, over the last 512 marks. A mark follows the last element of a batch, at most ten a second, and waits where
   * elements wait (for answers of asynchronous functions). `undefined` before the first, and for sources.
   */
  readonly latencyMs: Percentiles | undefined;
  /** The share of the last ten seconds or so in which a full queue of this operator held the sources up, 0 to 1. */
  readonly backPressured: number;
  readonly numLateRecordsDropped: number;
  /** Records that were left out because they could not be read, or because a function failed on them. */
  readonly numRecordsSkipped: number;
  /** How many values its keyed state holds. */
  readonly stateEntries: number;
  /** About how many bytes they would have in a checkpoint: from a sample of 32 values per state. */
  readonly stateBytes: number;
  /** Registered timers. */
  readonly timers: number;
  /** Counters under names of one's own. */
  readonly counters: Readonly<Record<string, number>>;
}

/** The figures of one operator or source over all its subtasks: sums, the smallest watermark, the largest share. */
export interface OperatorFigures extends Omit<SubtaskFigures, 'subtask'> {
  readonly name: string;
  readonly uid: string;
  readonly kind: 'source' | 'operator';
  readonly parallelism: number;
  readonly subtasks: readonly SubtaskFigures[];
}

/**
 * The figures of a job at one moment: plain data, and as text for Prometheus.
 *
 * @example
 *   for (const { name, numRecordsOut } of job.metrics().operators) console.log(name, numRecordsOut);
 *   http.createServer((_, response) => response.end(job.metrics().toPrometheus()));
 * @see Flink: Metrics
 */
export class JobMetrics {
  constructor(
    readonly job: string,
    readonly runtimeMs: number,
    /** The share of the last ten seconds or so in which sources waited for a full queue, 0 to 1. */
    readonly backPressured: number,
    /** The same for waiting for elements or for time. */
    readonly idle: number,
    /** How often the job was started again after a failure. */
    readonly restarts: number,
    readonly checkpoints: CheckpointStats,
    readonly operators: readonly OperatorFigures[],
  ) {}

  /** In Prometheus' text format, names beginning with `streambook_`; a series per subtask. */
  toPrometheus(): string {
    return prometheusText(this);
  }
}

/** What is known of a job besides its execution. */
export interface MeasuredJob {
  readonly name: string;
  readonly runtimeMs: number;
  readonly restarts: number;
  readonly checkpoints: CheckpointStats;
}

/** Reads all counters of an execution. */
export function metricsOf(execution: Execution, job: MeasuredJob): JobMetrics {
  const { ms, rates, all } = execution.meters.since();
  const share = (part: number): number => (ms > 0 ? Math.min(1, part / ms) : 0);
  const operators = execution.graph.nodes.map((node) => figuresOf(execution, node, rates));
  const { name, runtimeMs, restarts, checkpoints } = job;
  return new JobMetrics(name, runtimeMs, share(all.blockedMs), share(all.idleMs), restarts, checkpoints, operators);
}

type RatesOf = ReturnType<Execution['meters']['since']>['rates'];

function figuresOf(execution: Execution, node: StreamNode, rates: RatesOf): OperatorFigures {
  const { topology, graph } = execution;
  const subtasks: SubtaskFigures[] = [];
  const histograms: Histogram[] = [];
  for (const source of topology.sources) {
    if (source.node !== node) continue;
    subtasks.push({
      ...NOTHING,
      subtask: source.subtask,
      numRecordsOut: source.count,
      numRecordsOutPerSecond: rates(subtaskId(node, source.subtask)).recordsOut,
      ...watermarkFigures(execution, source.currentWatermark),
      numRecordsSkipped: source.skipped,
    });
  }
  for (const { node: one, context, gates } of topology.operators) {
    if (one !== node) continue;
    const { metrics, subtask } = context;
    const rate = rates(subtaskId(node, subtask));
    histograms.push(metrics.latency);
    subtasks.push({
      subtask,
      numRecordsIn: gates.reduce((sum, gate) => sum + gate.recordsIn(), 0),
      numRecordsOut: recordsOutOf(topology, node, subtask),
      numRecordsInPerSecond: rate.recordsIn,
      numRecordsOutPerSecond: rate.recordsOut,
      ...watermarkFigures(execution, context.currentWatermark),
      latencyMs: percentilesOf([metrics.latency]),
      backPressured: rate.blocked,
      numLateRecordsDropped: metrics.numLateRecordsDropped,
      numRecordsSkipped: metrics.numRecordsSkipped,
      ...stateFigures(context),
      counters: Object.fromEntries([...metrics.counters].map(([name, counter]) => [name, counter.count])),
    });
  }
  const sum = (read: (one: SubtaskFigures) => number): number => subtasks.reduce((total, one) => total + read(one), 0);
  // Whatever names there are: `constructor`, `__proto__`.
  const counters: Record<string, number> = Object.create(null);
  for (const one of subtasks) {
    for (const [name, count] of Object.entries(one.counters)) counters[name] = (counters[name] ?? 0) + count;
  }
  return {
    name: node.name,
    uid: stateIdOf(node, graph),
    kind: node.source === undefined ? 'operator' : 'source',
    parallelism: subtasks.length,
    numRecordsIn: sum((one) => one.numRecordsIn),
    numRecordsOut: sum((one) => one.numRecordsOut),
    numRecordsInPerSecond: sum((one) => one.numRecordsInPerSecond),
    numRecordsOutPerSecond: sum((one) => one.numRecordsOutPerSecond),
    ...watermarkFigures(execution, Math.min(...subtasks.map((one) => one.currentWatermark))),
    latencyMs: percentilesOf(histograms),
    backPressured: Math.max(0, ...subtasks.map((one) => one.backPressured)),
    numLateRecordsDropped: sum((one) => one.numLateRecordsDropped),
    numRecordsSkipped: sum((one) => one.numRecordsSkipped),
    stateEntries: sum((one) => one.stateEntries),
    stateBytes: sum((one) => one.stateBytes),
    timers: sum((one) => one.timers),
    counters,
    subtasks,
  };
}

const NOTHING = {
  numRecordsIn: 0,
  numRecordsInPerSecond: 0,
  latencyMs: undefined,
  backPressured: 0,
  numLateRecordsDropped: 0,
  stateEntries: 0,
  stateBytes: 0,
  timers: 0,
  counters: {},
};

function watermarkFigures(
  { clock }: Execution,
  currentWatermark: number,
): Pick<SubtaskFigures, 'currentWatermark' | 'watermarkLagMs'> {
  const known = currentWatermark !== MIN_WATERMARK && currentWatermark !== MAX_WATERMARK;
  return { currentWatermark, watermarkLagMs: known ? clock.now() - currentWatermark : undefined };
}

/** How many values of a state are weighed. */
const SAMPLE = 32;

function stateFigures(context: OperatorContext): Pick<SubtaskFigures, 'stateEntries' | 'stateBytes' | 'timers'> {
  let stateEntries = 0;
  let stateBytes = 0;
  if (context.isKeyed) {
    for (const table of context.keyed().tables.values()) {
      const entries = table.size();
      stateEntries += entries;
      const sample: unknown[] = [];
      for (const { cells } of table.spaces.values()) {
        for (const [key, { value }] of cells) {
          if (sample.length >= SAMPLE) break;
          sample.push([key, value]);
        }
      }
      stateBytes += sample.length === 0 ? 0 : Math.round((bytesOf(sample) / sample.length) * entries);
    }
  }
  let timers = 0;
  for (const service of context.timerServices()) timers += service.eventTime.size + service.processingTime.size;
  return { stateEntries, stateBytes, timers };
}

/** What cannot be serialised fails the next checkpoint, not a look at the figures. */
function bytesOf(sample: readonly unknown[]): number {
  try {
    return serialise(sample).length;
  } catch {
    return 0;
  }
}
