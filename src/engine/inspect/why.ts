import { SystemClock } from '../../core/clock.js';
import type { Channel } from '../channels/channel.js';
import type { CheckpointStats } from '../checkpoint/stats.js';
import type { Execution } from '../run/execution.js';
import type { OperatorTask } from '../run/topology.js';
import { GlobalWindow, TimeWindow } from '../windows/window.js';

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
    | 'full'
    /** A source waits for slower ones of its alignment group. */
    | 'aligned'
    /** Answers of asynchronous functions are waited for. */
    | 'waits-for-answers'
    /** What was written becomes visible with a checkpoint. */
    | 'waits-for-checkpoint'
    /** A watermark went past many timers, or the end of input past some that set others. */
    | 'fires-timers'
    /** Timestamps that can hardly be meant. */
    | 'odd-timestamps';
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
export function whyNoOutput(execution: Execution, status: string, error: unknown, checkpoints: CheckpointStats): Why {
  const reasons: WhyReason[] = [];
  if (status === 'failed') {
    reasons.push({ operator: 'job', kind: 'failed', text: error instanceof Error ? error.message : String(error) });
  } else if (status === 'finished' || status === 'cancelled') {
    reasons.push({ operator: 'job', kind: 'ended', text: `it has ended (${status}): nothing more will come` });
  }
  const ended = status === 'finished' || status === 'cancelled' || status === 'failed';
  sourceReasons(execution, reasons);
  for (const task of execution.topology.operators) {
    const name = nameOf(task);
    watermarkReasons(task, name, reasons);
    windowReasons(task, name, reasons);
    endlessWindowReasons(task, name, reasons);
    clockReasons(task, name, ended, reasons);
    timestampReasons(task, name, reasons);
    lossReasons(execution, task, name, reasons);
    if (!ended) waitingReasons(task, name, checkpoints, reasons);
  }
  const named = execution.topology.operators.some((task) => task.context.blocking);
  if (execution.blocked && !named) {
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
    const heldBack = source.heldBackBy();
    if (heldBack !== undefined) {
      const { by, watermark, maxDriftMs } = heldBack;
      const text =
        watermark === Number.NEGATIVE_INFINITY
          ? `it waits for ${by}, which is in the same alignment group and has no watermark yet`
          : `it waits for ${by}, which is in the same alignment group and at ${time(watermark)}: at most ${span(maxDriftMs)} ahead`;
      reasons.push({ operator: name, kind: 'aligned', text });
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
        const text = `${split} holds the watermark at ${time(watermark)}, ${span(ahead - watermark)} behind the first`;
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
          `${span(ahead - channel.watermark)} behind`;
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
  const text = `${windows} ${closes}; it is at ${time(context.currentWatermark)}, ${span(missingMs)} short`;
  reasons.push({ operator: name, kind: 'open-windows', text, missingMs });
}

/** Windows that no time closes: a trigger does, or nothing. */
function endlessWindowReasons(task: OperatorTask, name: string, reasons: WhyReason[]): void {
  const { context } = task;
  if (!context.isKeyed) return;
  const table = context.keyed().tables.get('window-contents');
  if (table === undefined) return;
  let keys = 0;
  for (const { namespace, cells } of table.spaces.values()) if (namespace instanceof GlobalWindow) keys += cells.size;
  if (keys === 0) return;
  const text =
    `${count(keys, 'key')} with elements in a window that no time closes: its trigger does, when there are enough of them; ` +
    'without a trigger, nothing; what is left at the end of input is lost';
  reasons.push({ operator: name, kind: 'open-windows', text });
}

function clockReasons(task: OperatorTask, name: string, ended: boolean, reasons: WhyReason[]): void {
  const { context } = task;
  let next = Number.POSITIVE_INFINITY;
  let timers = 0;
  for (const { processingTime } of context.timerServices()) {
    timers += processingTime.size;
    if (processingTime.size > 0) next = Math.min(next, processingTime.next);
  }
  if (timers === 0) return;
  if (ended) {
    const text = `${count(timers, 'timer')} in processing time ${timers === 1 ? 'was' : 'were'} not due yet: the end of input fires none`;
    reasons.push({ operator: name, kind: 'waits-for-clock', text });
    return;
  }
  const missingMs = Math.max(0, next - context.clock.now());
  const text = `${count(timers, 'timer')} in processing time; the next is due in ${span(missingMs)}, at ${time(next)}`;
  reasons.push({ operator: name, kind: 'waits-for-clock', text, missingMs });
}

/** A span of time as one says it: `40 ms`, `4 s`, `90.5 min`. */
function span(ms: number): string {
  const [unit, size] =
    ms < 1000 ? ['ms', 1] : ms < 120_000 ? ['s', 1000] : ms < 7_200_000 ? ['min', 60_000] : ['h', 3_600_000];
  return `${Number((ms / size).toFixed(3))} ${unit}`;
}

const YEAR_MS = 31_557_600_000;

/** Seconds taken for milliseconds, a year too many: with the machine's clock such timestamps can be told. */
function timestampReasons(task: OperatorTask, name: string, reasons: WhyReason[]): void {
  const { context } = task;
  const { currentWatermark, clock } = context;
  if (!(clock instanceof SystemClock) || !Number.isFinite(currentWatermark)) return;
  const now = clock.now();
  if (currentWatermark > now + YEAR_MS) {
    const text =
      `the watermark is at ${new Date(Math.min(currentWatermark, 8.64e15)).toISOString()}: an element with a timestamp in the ` +
      'future moved it there, and everything before it is late; are timestamps in milliseconds?';
    reasons.push({ operator: name, kind: 'odd-timestamps', text });
  } else if (currentWatermark > 0 && Math.abs(currentWatermark * 1000 - now) < 10 * YEAR_MS) {
    const text = `the watermark is at ${time(currentWatermark)}, in January 1970: timestamps are in seconds, and have to be in milliseconds`;
    reasons.push({ operator: name, kind: 'odd-timestamps', text });
  }
}

/** What was taken and is kept for the moment. */
function waitingReasons(task: OperatorTask, name: string, checkpoints: CheckpointStats, reasons: WhyReason[]): void {
  const { context } = task;
  if (context.draining) {
    const next = Math.min(...[...context.timerServices()].map(({ eventTime }) => eventTime.next));
    const end =
      context.currentWatermark === Number.POSITIVE_INFINITY
        ? '; a timer that sets another each time goes on for ever at the end of input, on Flink too'
        : '';
    const text = `it fires the timers up to ${time(context.currentWatermark)}, and has come to ${time(next)}${end}`;
    reasons.push({ operator: name, kind: 'fires-timers', text });
  }
  if (!task.operator.drained()) {
    reasons.push({ operator: name, kind: 'waits-for-answers', text: 'it waits for answers to elements that came in' });
  }
  if (context.blocking) {
    const text = 'its queue is full, so the sources wait: it takes elements slower than they come';
    reasons.push({ operator: name, kind: 'full', text });
  }
  const taken = task.gates.reduce((sum, gate) => sum + gate.recordsIn(), 0);
  if (task.node.commits !== true || taken === 0) return;
  const { last } = checkpoints;
  const since =
    last === undefined ? 'none has completed yet' : `the last, ${last.id}, was taken at ${time(last.takenAt)}`;
  const text = `what it took (${count(taken, 'element')}) becomes visible when the next checkpoint is complete; ${since}`;
  reasons.push({ operator: name, kind: 'waits-for-checkpoint', text });
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`;
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
  reasons.push({ operator: name, kind: 'filtered', text: `it took ${count(taken, 'element')} and let none through` });
}
