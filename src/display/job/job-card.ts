import type { MimeBundle } from '../../core/display.js';
import { messageOf } from '../../core/errors.js';
import type { CheckpointStats } from '../../engine/checkpoint/stats.js';
import type { Plan } from '../../engine/explain.js';
import type { JobStatus } from '../../engine/job.js';
import type { JobMetrics } from '../../engine/job-metrics.js';
import { counted, grouped } from '../cell.js';
import { type Colour, escapeHtml, QUIET, segmentsHtml, tint } from '../html.js';
import { timeText } from '../progress.js';
import { table } from '../table.js';
import { cut, joined, visible } from '../visible.js';
import { shortBytes, shortCount, watermarkText } from './figures.js';
import { graphSvg, imageHtml } from './graph-svg.js';

/** A job at one moment, as plain data. */
export interface JobPicture {
  readonly name: string;
  readonly status: JobStatus;
  readonly plan: Plan;
  readonly metrics: JobMetrics;
  /** What ended it, where it failed. */
  readonly error?: unknown;
}

const STATUS_COLOURS: Readonly<Record<JobStatus, Colour>> = {
  created: 'stopped',
  running: 'brand',
  restarting: 'warning',
  finished: 'good',
  failed: 'error',
  cancelled: 'stopped',
};

const ONE_LINE = 'white-space:nowrap;overflow:hidden;text-overflow:ellipsis;';

function checkpointText(stats: CheckpointStats): string {
  if (stats.triggered === 0) return 'no checkpoints';
  const parts = [counted(stats.completed, 'checkpoint')];
  if (stats.failed > 0) parts.push(`${stats.failed} failed`);
  if (stats.inProgress) parts.push('one under way');
  const { last } = stats;
  if (last !== undefined) {
    parts.push(
      `the last: ${shortBytes(last.sizeBytes)} in ${timeText(last.durationMs)}, ${timeText(last.pauseMs)} of pause`,
    );
  }
  if (stats.restored > 0) parts.push(`${stats.restored} restored`);
  return parts.join(', ');
}

/** Besides the graph: what has no room in a box. */
export function operatorTable(metrics: JobMetrics, rows?: number): MimeBundle {
  const figures = metrics.operators;
  const any = (read: (one: (typeof figures)[number]) => number): boolean => figures.some((one) => read(one) > 0);
  const columns: [name: string, read: (one: (typeof figures)[number]) => unknown][] = [
    ['operator', (one) => (one.parallelism > 1 ? `${one.name} ×${one.parallelism}` : one.name)],
    ['in', (one) => (one.kind === 'source' ? '' : grouped(one.numRecordsIn))],
    ['out', (one) => grouped(one.numRecordsOut)],
    ['per second', (one) => shortCount(one.kind === 'source' ? one.numRecordsOutPerSecond : one.numRecordsInPerSecond)],
    ['watermark', (one) => watermarkText(one.currentWatermark)],
    [
      'state',
      (one) => (one.stateEntries === 0 ? '' : `${shortCount(one.stateEntries)}, ${shortBytes(one.stateBytes)}`),
    ],
    ['timers', (one) => (one.timers === 0 ? '' : shortCount(one.timers))],
    ['waits', (one) => (one.backPressured < 0.005 ? '' : `${Math.round(one.backPressured * 100)} %`)],
  ];
  if (any((one) => one.numLateRecordsDropped))
    columns.push(['late, dropped', (one) => grouped(one.numLateRecordsDropped)]);
  if (any((one) => one.numRecordsSkipped)) columns.push(['skipped', (one) => grouped(one.numRecordsSkipped)]);
  return table(
    {
      columns: columns.map(([name], i) => ({ name, type: i === 0 || name === 'watermark' ? ' ' : 'numeric' })),
      rows: figures.map((one) => columns.map(([, read]) => read(one))),
    },
    rows === undefined ? {} : { fixedRows: rows },
  );
}

/** A job at one moment as a card of fixed height: status, graph, figures per operator, checkpoints. */
export function jobBundle({ name, status, plan, metrics, error }: JobPicture): MimeBundle {
  const part = cut(name, 80);
  const title = visible(part.text);
  const colour = STATUS_COLOURS[status];
  const facts = [`${status === 'running' ? 'for' : 'after'} ${timeText(metrics.runtimeMs)}`];
  if (metrics.restarts > 0) facts.push(counted(metrics.restarts, 'restart'));
  if (status === 'running' && metrics.idle > 0.005) facts.push(`idle ${Math.round(metrics.idle * 100)} %`);
  if (status === 'running' && metrics.backPressured > 0.005)
    facts.push(`held up ${Math.round(metrics.backPressured * 100)} %`);
  const checkpoints = checkpointText(metrics.checkpoints);
  const failed = error === undefined ? '' : cut(messageOf(error), 300).text;
  const figures = operatorTable(metrics, Math.max(1, Math.min(plan.nodes.length, 30)));
  const chip = `<span style="display:inline-block;border:1px solid;border-radius:9px;padding:0 .7em;${tint('border-color', colour)}">${escapeHtml(status)}</span>`;
  const head = `<div style="${ONE_LINE}height:1.7em;"><span style="font-weight:600;font-size:1.1em;">${segmentsHtml(title)}</span> ${chip} <span style="${QUIET}">${escapeHtml(facts.join(', '))}</span></div>`;
  const svg = graphSvg(plan.nodes, metrics);
  const picture = `<div style="overflow-x:auto;margin:.5em 0;">${imageHtml(svg, `the graph of ${joined(title)}`)}</div>`;
  const below = `<div style="${ONE_LINE}height:1.5em;${failed === '' ? QUIET : tint('color', 'error')}">${segmentsHtml(visible(failed === '' ? checkpoints : failed))}</div>`;
  const html = `<div style="margin:.25em 0 .5em;font-size:var(--jp-ui-font-size1,13px);font-family:var(--jp-ui-font-family,sans-serif);${tint('color', 'text')}">${head}${picture}${String(figures['text/html'])}${below}</div>`;
  const line = `job \`${joined(title)}\`: ${status} ${facts.join(', ')}`;
  const lines = [line, figures['text/plain'], checkpoints, ...(failed === '' ? [] : [joined(visible(failed))])];
  return { 'text/html': html, 'text/plain': lines.join('\n') };
}
