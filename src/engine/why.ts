import type { Channel } from './channel.js';
import type { Execution } from './execution.js';
import type { OperatorTask } from './topology.js';
import { TimeWindow } from './windows/window.js';

/** One thing that keeps results back, or took them. */
export interface WhyReason {
  /** The operator or source it is about. */
  readonly operator: string;
  readonly kind:
    | 'failed'
    | 'ended'
    | 'no-input'
    | 'no-watermark'
    | 'held-back'
    | 'idle'
    | 'open-windows'
    | 'waits-for-clock'
    | 'late'
    | 'filtered'
    | 'full';
  /** A sentence. */
  readonly text: string;
  /** How far the watermark (or the clock) still has to go, ms. */
  readonly missingMs?: number;
}

/** Why a job puts nothing out (any more), as sentences and as data. */
export class Why {
  constructor(readonly reasons: readonly WhyReason[]) {}

  toString(): string {
    if (this.reasons.length === 0) return 'nothing holds results back: elements pass as they come';
    return this.reasons.map(({ operator, text }) => `${operator}: ${text}`).join('\n');
  }

  /** What a cell or `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/**
 * Why a job puts nothing out (yet).
 *
 * @example
 *   console.log(why(job)); // windows: 1 window open; the next, ..., closes when the watermark reaches ...
 */
export function why(job: { why(): Why }): Why {
  return job.why();
}

/** Event time as a reader knows it; small numbers (of lessons) as they are. */
function time(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'the end of time';
  return Math.abs(ms) < 100_000_000_000 ? `${ms}` : new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/** Looks for reasons: sources, watermarks, windows, late and filtered elements. */
export function whyNoOutput(execution: Execution, status: string, error: unknown): Why {
  const reasons: WhyReason[] = [];
  if (status === 'failed') {
    reasons.push({ operator: 'job', kind: 'failed', text: error instanceof Error ? error.message : String(error) });
  } else if (status === 'finished' || status === 'cancelled') {
    reasons.push({ operator: 'job', kind: 'ended', text: `it has ended (${status}): nothing more will come` });
  }
  sourceReasons(execution, reasons);
  for (const task of execution.topology.operators) {
    const name = nameOf(task);
    watermarkReasons(task, name, reasons);
    windowReasons(task, name, reasons);
    clockReasons(task, name, reasons);
    lossReasons(execution, task, name, reasons);
  }
  if (execution.blocked) {
    const text = 'a queue is full, so sources wait: somebody below takes elements slower than they come';
    reasons.push({ operator: 'job', kind: 'full', text });
  }
  return new Why(reasons);
}

function nameOf(task: OperatorTask): string {
  const { name, parallelism, subtask } = task.context;
  return parallelism === 1 ? name : `${name} (${subtask + 1} of ${parallelism})`;
}

function sourceReasons(execution: Execution, reasons: WhyReason[]): void {
  for (const source of execution.topology.sources) {
    const { name } = source.node;
    if (source.count === 0) {
      const text = source.ended ? 'it ended without an element' : 'nothing has come from it yet';
      reasons.push({ operator: name, kind: 'no-input', text });
    }
    const splits = source.splitWatermarks();
    const ahead = Math.max(...splits.map((split) => split.watermark));
    for (const { split, watermark, idle } of splits) {
      if (idle) {
        reasons.push({ operator: name, kind: 'idle', text: `${split} is idle and holds nothing back` });
      } else if (watermark === Number.NEGATIVE_INFINITY && splits.length > 1) {
        const text = `${split} has had no element yet, so there is no watermark; withIdleness(...) would leave it out`;
        reasons.push({ operator: name, kind: 'held-back', text });
      } else if (watermark < ahead) {
        const text = `${split} holds the watermark at ${time(watermark)}, ${ahead - watermark} ms behind the first`;
        reasons.push({ operator: name, kind: 'held-back', text, missingMs: ahead - watermark });
      }
    }
  }
}

function watermarkReasons(task: OperatorTask, name: string, reasons: WhyReason[]): void {
  const channels: Channel[] = task.gates.flatMap((gate) => gate.channels);
  if (channels.length < 2) return;
  const active = channels.filter((channel) => !channel.idle);
  const ahead = Math.max(...active.map((channel) => channel.watermark));
  for (const channel of channels) {
    if (channel.idle) {
      reasons.push({
        operator: name,
        kind: 'idle',
        text: `the input from ${channel.from} is idle and holds nothing back`,
      });
    } else if (channel.watermark < ahead) {
      const never = channel.watermark === Number.NEGATIVE_INFINITY;
      const text = never
        ? `the input from ${channel.from} has had no watermark yet, so there is none here`
        : `the input from ${channel.from} holds the watermark at ${time(channel.watermark)}, ` +
          `${ahead - channel.watermark} ms behind`;
      reasons.push({
        operator: name,
        kind: 'held-back',
        text,
        ...(never ? {} : { missingMs: ahead - channel.watermark }),
      });
    }
  }
}

function windowReasons(task: OperatorTask, name: string, reasons: WhyReason[]): void {
  const { context } = task;
  if (!context.isKeyed) return;
  const table = context.keyed().tables.get('window-contents');
  if (table === undefined) return;
  let open = 0;
  let next: TimeWindow | undefined;
  for (const { namespace } of table.spaces.values()) {
    if (!(namespace instanceof TimeWindow) || namespace.maxTimestamp() <= context.currentWatermark) continue;
    open++;
    if (next === undefined || namespace.end < next.end) next = namespace;
  }
  // Windows that end by the clock have timers there.
  if (next === undefined || [...context.timerServices()].some((one) => one.processingTime.size > 0)) return;
  const windows = `${open} window${open === 1 ? '' : 's'} open; the next, ${time(next.start)} to ${time(next.end)},`;
  const closes = `closes when the watermark reaches ${time(next.maxTimestamp())}`;
  if (context.currentWatermark === Number.NEGATIVE_INFINITY) {
    const text = `${windows} ${closes}, and there is no watermark yet: does every input have one (assignTimestampsAndWatermarks)?`;
    reasons.push({ operator: name, kind: 'no-watermark', text });
    return;
  }
  const missingMs = next.maxTimestamp() - context.currentWatermark;
  const text = `${windows} ${closes}; it is at ${time(context.currentWatermark)}, ${missingMs} ms short`;
  reasons.push({ operator: name, kind: 'open-windows', text, missingMs });
}

function clockReasons(task: OperatorTask, name: string, reasons: WhyReason[]): void {
  for (const service of task.context.timerServices()) {
    const { next, size } = service.processingTime;
    if (size === 0 || next === Number.POSITIVE_INFINITY) continue;
    const missingMs = Math.max(0, next - task.context.clock.now());
    const text = `${size} timer${size === 1 ? '' : 's'} in processing time; the next is due in ${missingMs} ms, at ${time(next)}`;
    reasons.push({ operator: name, kind: 'waits-for-clock', text, missingMs });
  }
}

function lossReasons(execution: Execution, task: OperatorTask, name: string, reasons: WhyReason[]): void {
  const late = task.context.metrics.numLateRecordsDropped;
  if (late > 0) {
    const text = `${late} element${late === 1 ? '' : 's'} came too late and went nowhere; allowedLateness or sideOutputLateData keeps such`;
    reasons.push({ operator: name, kind: 'late', text });
  }
  const channels = execution.topology.mainChannels.get(task.node)?.[task.context.subtask] ?? [];
  if (channels.length === 0 || task.context.isKeyed) return;
  const taken = task.gates.reduce((sum, gate) => sum + gate.recordsIn(), 0);
  const given = channels.reduce((sum, channel) => sum + channel.count, 0);
  if (taken === 0 || given > 0 || !task.operator.drained()) return;
  reasons.push({ operator: name, kind: 'filtered', text: `it took ${taken} elements and let none through` });
}
