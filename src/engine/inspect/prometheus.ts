import type { JobMetrics, OperatorFigures, SubtaskFigures } from './job-metrics.js';

type Labels = Readonly<Record<string, string | number>>;

interface Family {
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly help: string;
  readonly read: (figures: SubtaskFigures) => number | undefined;
}

const FAMILIES: readonly Family[] = [
  counter('operator_records_in_total', 'Elements that came in.', (one) => one.numRecordsIn),
  counter('operator_records_out_total', 'Elements that went out.', (one) => one.numRecordsOut),
  gauge('operator_records_in_per_second', 'Elements in, lately.', (one) => one.numRecordsInPerSecond),
  gauge('operator_records_out_per_second', 'Elements out, lately.', (one) => one.numRecordsOutPerSecond),
  gauge('operator_watermark_ms', 'The watermark, epoch ms.', (one) => one.currentWatermark),
  gauge('operator_watermark_lag_ms', 'How far the watermark is behind the clock.', (one) => one.watermarkLagMs),
  gauge('operator_back_pressured_ratio', 'Share of time with a full queue.', (one) => one.backPressured),
  counter('operator_late_records_dropped_total', 'Late elements lost.', (one) => one.numLateRecordsDropped),
  counter('operator_records_skipped_total', 'Bad records left out.', (one) => one.numRecordsSkipped),
  gauge('operator_state_entries', 'Values in keyed state.', (one) => one.stateEntries),
  gauge('operator_state_bytes', 'About how many bytes they take.', (one) => one.stateBytes),
  gauge('operator_timers', 'Registered timers.', (one) => one.timers),
];

function counter(name: string, help: string, read: Family['read']): Family {
  return { name, kind: 'counter', help, read };
}

function gauge(name: string, help: string, read: Family['read']): Family {
  return { name, kind: 'gauge', help, read };
}

/**
 * A job's figures in Prometheus' text format.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function prometheusText(metrics: JobMetrics): string {
  const lines: string[] = [];
  const family = (name: string, kind: string, help: string): ((labels: Labels, value: number | undefined) => void) => {
    let begun = false;
    return (labels, value) => {
      if (value === undefined) return;
      if (!begun) lines.push(`# HELP streambook_${name} ${help}`, `# TYPE streambook_${name} ${kind}`);
      begun = true;
      lines.push(sample(name, labels, value));
    };
  };
  const job = { job: metrics.job };
  family('job_runtime_ms', 'gauge', 'Since the start, ms.')(job, metrics.runtimeMs);
  family('job_restarts_total', 'counter', 'Restarts after failures.')(job, metrics.restarts);
  family('job_back_pressured_ratio', 'gauge', 'Share of time in which sources waited.')(job, metrics.backPressured);
  family('job_idle_ratio', 'gauge', 'Share of time with nothing to do.')(job, metrics.idle);
  const { completed, failed, last } = metrics.checkpoints;
  family('job_checkpoints_completed_total', 'counter', 'Completed checkpoints.')(job, completed);
  family('job_checkpoints_failed_total', 'counter', 'Failed checkpoints.')(job, failed);
  family('job_last_checkpoint_size_bytes', 'gauge', 'Size of the last checkpoint.')(job, last?.sizeBytes);
  family('job_last_checkpoint_duration_ms', 'gauge', 'From begin to completion.')(job, last?.durationMs);
  family('job_last_checkpoint_pause_ms', 'gauge', 'Processing stood still for it.')(job, last?.pauseMs);

  const each = (visit: (labels: Labels, figures: SubtaskFigures) => void): void => {
    for (const operator of metrics.operators) {
      for (const one of operator.subtasks) visit(labelsOf(metrics, operator, one), one);
    }
  };
  for (const { name, kind, help, read } of FAMILIES) {
    const add = family(name, kind, help);
    each((labels, one) => add(labels, read(one)));
  }
  const latency = family('operator_latency_ms', 'gauge', 'How long elements had been under way.');
  each((labels, { latencyMs }) => {
    if (latencyMs === undefined) return;
    latency({ ...labels, quantile: 0.5 }, latencyMs.p50);
    latency({ ...labels, quantile: 0.95 }, latencyMs.p95);
    latency({ ...labels, quantile: 0.99 }, latencyMs.p99);
  });
  const own = family('operator_counter', 'gauge', 'Counters of user functions.');
  each((labels, { counters }) => {
    for (const [name, count] of Object.entries(counters)) own({ ...labels, name }, count);
  });
  return `${lines.join('\n')}\n`;
}

function labelsOf({ job }: JobMetrics, { name, uid }: OperatorFigures, { subtask }: SubtaskFigures): Labels {
  return { job, operator: name, uid, subtask };
}

function sample(name: string, labels: Labels, value: number): string {
  const text = Object.entries(labels).map(([label, of]) => `${label}="${escaped(String(of))}"`);
  const number = value === Number.POSITIVE_INFINITY ? '+Inf' : value === Number.NEGATIVE_INFINITY ? '-Inf' : value;
  return `streambook_${name}{${text.join(',')}} ${number}`;
}

function escaped(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
