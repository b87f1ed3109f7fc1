import type { Execution } from './execution.js';
import { MIN_WATERMARK } from './time.js';

/** The figures of one operator or source over all its subtasks. */
export interface OperatorFigures {
  readonly name: string;
  readonly uid: string;
  readonly parallelism: number;
  readonly numRecordsIn: number;
  readonly numRecordsOut: number;
  readonly numRecordsInPerSecond: number;
  readonly numRecordsOutPerSecond: number;
  /** The smallest over the subtasks; `-Infinity` before the first. */
  readonly currentWatermark: number;
  readonly numLateRecordsDropped: number;
  /** Records that were left out because they could not be read. */
  readonly numRecordsSkipped: number;
  /** How many values its keyed state holds. */
  readonly stateEntries: number;
  /** Registered timers. */
  readonly timers: number;
  /** Counters under names of one's own. */
  readonly counters: Readonly<Record<string, number>>;
}

/** The figures of a job. */
export interface JobMetrics {
  readonly runtimeMs: number;
  /** The share of the time in which sources waited for a full queue, 0 to 1. */
  readonly backPressured: number;
  readonly operators: readonly OperatorFigures[];
}

/** Reads all counters of an execution. */
export function metricsOf(execution: Execution, runtimeMs: number): JobMetrics {
  const { topology, graph } = execution;
  const perSecond = (count: number): number => (runtimeMs > 0 ? (count * 1000) / runtimeMs : 0);
  const operators = graph.nodes.map((node): OperatorFigures => {
    const tasks = topology.operators.filter((task) => task.node === node);
    const sources = topology.sources.filter((task) => task.node === node);
    let recordsIn = 0;
    let watermark = Number.POSITIVE_INFINITY;
    let late = 0;
    let state = 0;
    let timers = 0;
    const counters: Record<string, number> = {};
    for (const { context, gates } of tasks) {
      for (const gate of gates) recordsIn += gate.recordsIn();
      if (context.currentWatermark < watermark) watermark = context.currentWatermark;
      late += context.metrics.numLateRecordsDropped;
      for (const [name, counter] of context.metrics.counters) counters[name] = (counters[name] ?? 0) + counter.count;
      if (context.isKeyed) for (const table of context.keyed().tables.values()) state += table.size();
      for (const service of context.timerServices()) timers += service.eventTime.size + service.processingTime.size;
    }
    let recordsOut = 0;
    for (const channels of topology.mainChannels.get(node) ?? [])
      for (const channel of channels) recordsOut += channel.count;
    if (sources.length > 0) recordsOut = sources.reduce((sum, source) => sum + source.count, 0);
    return {
      name: node.name,
      uid: tasks[0]?.context.uid ?? node.uid ?? node.name,
      parallelism: tasks.length + sources.length,
      numRecordsIn: recordsIn,
      numRecordsOut: recordsOut,
      numRecordsInPerSecond: perSecond(recordsIn),
      numRecordsOutPerSecond: perSecond(recordsOut),
      currentWatermark: tasks.length === 0 ? MIN_WATERMARK : watermark,
      numLateRecordsDropped: late,
      numRecordsSkipped:
        sources.reduce((sum, source) => sum + source.skipped, 0) +
        tasks.reduce((sum, { context }) => sum + context.metrics.numRecordsSkipped, 0),
      stateEntries: state,
      timers,
      counters,
    };
  });
  return { runtimeMs, backPressured: runtimeMs > 0 ? Math.min(1, execution.blockedMs / runtimeMs) : 0, operators };
}
