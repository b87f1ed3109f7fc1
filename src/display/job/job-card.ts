import type { MimeBundle } from '../../core/display.js';
import { messageOf } from '../../core/errors.js';
import type {
  JobPicture,
  PicturedCheckpoints,
  PicturedMetrics,
  PicturedOperator,
} from '../../engine/inspect/job-picture.js';
import type { JobStatus } from '../../engine/job.js';
import { type Cell, counted, grouped } from '../cell.js';
import type { Fold, Grid } from '../grid.js';
import { type Colour, escapeHtml, QUIET, segmentsHtml, strong, tint } from '../html.js';
import { timeText } from '../progress.js';
import { tableHtml } from '../table-html.js';
import { tableText } from '../table-text.js';
import { cut, joined, type Segment, visible } from '../visible.js';
import { shortBytes, shortCount, watermarkText } from './figures.js';
import { graphSvg, imageHtml } from './graph-svg.js';

const STATUS_COLOURS: Readonly<Record<JobStatus, Colour>> = {
  created: 'stopped',
  running: 'brand',
  restarting: 'warning',
  finished: 'good',
  failed: 'error',
  cancelled: 'stopped',
};

const ONE_LINE = 'white-space:nowrap;overflow:hidden;text-overflow:ellipsis;';

function checkpointText(stats: PicturedCheckpoints): string {
  if (stats.triggered === 0) return 'no checkpoints';
  const parts = [counted(stats.completed, 'checkpoint')];
  if (stats.failed > 0) parts.push(`${stats.failed} failed`);
  if (stats.inProgress) parts.push('one under way');
  const { last } = stats;
  if (last !== undefined) {
    const pause = last.pauseMs === undefined ? '' : `, ${timeText(last.pauseMs)} of pause`;
    parts.push(`the last: ${shortBytes(last.sizeBytes)} in ${timeText(last.durationMs)}${pause}`);
  }
  if (stats.restored > 0) parts.push(`${stats.restored} restored`);
  return parts.join(', ');
}

/** Figures of operators as a table; of these, names and watermarks are text, the rest are numbers. */
export function operatorTable({ operators }: Pick<PicturedMetrics, 'operators'>): MimeBundle {
  const any = (read: (one: PicturedOperator) => number | undefined): boolean =>
    operators.some((one) => (read(one) ?? 0) > 0);
  const columns: [name: string, read: (one: PicturedOperator) => string][] = [
    ['operator', (one) => (one.parallelism > 1 ? `${one.name} ×${one.parallelism}` : one.name)],
    ['in', (one) => (one.kind === 'source' ? '' : grouped(one.numRecordsIn))],
    ['out', (one) => grouped(one.numRecordsOut)],
    ['per second', (one) => shortCount(one.kind === 'source' ? one.numRecordsOutPerSecond : one.numRecordsInPerSecond)],
    ['watermark', (one) => watermarkText(one.currentWatermark) + behind(one.watermarkLagMs)],
    ['in state', stateText],
    ['timers', (one) => (one.timers === 0 ? '' : shortCount(one.timers))],
    ['held up', (one) => share(one.backPressured)],
  ];
  if (operators.some((one) => one.busy !== undefined)) columns.push(['busy', (one) => share(one.busy)]);
  if (any((one) => one.latencyP99Ms))
    columns.push(['latency (p99)', (one) => (one.latencyP99Ms === undefined ? '' : timeText(one.latencyP99Ms))]);
  if (any((one) => one.numLateRecordsDropped))
    columns.push(['late, dropped', (one) => grouped(one.numLateRecordsDropped)]);
  if (any((one) => one.numRecordsSkipped)) columns.push(['skipped', (one) => grouped(one.numRecordsSkipped)]);
  const left = (name: string): boolean => name === 'operator' || name === 'watermark';
  const shown = operators.slice(0, MOST_OPERATORS);
  const rows: (Cell[] | Fold)[] = shown.map((one) =>
    columns.map(([name, read]): Cell => ({ segments: text(read(one)), kind: left(name) ? 'text' : 'number' })),
  );
  const hidden = operators.length - shown.length;
  if (hidden > 0) rows.push({ fold: counted(hidden, 'more operator') });
  const grid: Grid = {
    caption: undefined,
    columns: columns.map(([name]) => ({ name: text(name), type: undefined, right: !left(name) })),
    rows,
    fixedRows: undefined,
    status: undefined,
  };
  return { 'text/html': tableHtml(grid), 'text/plain': tableText(grid) };
}

const MOST_OPERATORS = 30;

/** Beyond a day the events are old ones, and how long ago they were says nothing about the job. */
const LIVE_MS = 86_400_000;

function behind(lagMs: number | undefined): string {
  return lagMs === undefined || lagMs < 0 || lagMs > LIVE_MS ? '' : `, ${timeText(lagMs)} behind`;
}

function share(part: number | undefined): string {
  return part === undefined || part < 0.005 ? '' : `${Math.round(part * 100)} %`;
}

function stateText({ stateEntries, stateBytes }: PicturedOperator): string {
  const bytes = stateBytes === 0 && stateEntries === 0 ? '' : shortBytes(stateBytes);
  return stateEntries === 0 ? bytes : `${shortCount(stateEntries)}, ${bytes}`;
}

function text(value: string): Segment[] {
  const part = cut(value, 40);
  const segments = visible(part.text, part.hidden === 0);
  return part.hidden > 0 ? [...segments, { text: '…', mark: true }] : segments;
}

/** A job at one moment as a card of fixed height: status, graph, figures per operator, checkpoints. */
export function jobBundle({ name, status, nodes, metrics, error, link }: JobPicture): MimeBundle {
  const part = cut(name, 80);
  const title = visible(part.text);
  const colour = STATUS_COLOURS[status];
  const facts = [`${status === 'running' ? 'for' : 'after'} ${timeText(metrics.runtimeMs)}`];
  if (metrics.restarts > 0) facts.push(counted(metrics.restarts, 'restart'));
  if (status === 'running' && (metrics.idle ?? 0) > 0.005) facts.push(`idle ${share(metrics.idle)}`);
  if (status === 'running' && metrics.backPressured > 0.005) facts.push(`held up ${share(metrics.backPressured)}`);
  const checkpoints = checkpointText(metrics.checkpoints);
  const failed = error === undefined ? '' : cut(messageOf(error).split('\n', 1)[0] ?? '', 300).text;
  const figures = operatorTable(metrics);
  const chip = `<span style="display:inline-block;border:1px solid;border-radius:9px;padding:0 .7em;line-height:1.5em;${tint('border-color', colour)}">${escapeHtml(status)}</span>`;
  const head = `<div style="${ONE_LINE}height:2em;line-height:2em;"><span style="font-size:1.1em;">${strong(segmentsHtml(title))}</span> ${chip} <span style="${QUIET}">${escapeHtml(facts.join(', '))}</span>${linkHtml(link)}</div>`;
  const svg = graphSvg(nodes, metrics);
  const picture = `<div style="overflow-x:auto;margin:.5em 0;">${imageHtml(svg, `the graph of ${joined(title)}`)}</div>`;
  const below = `<div style="${ONE_LINE}height:1.5em;${failed === '' ? QUIET : tint('color', 'error')}">${segmentsHtml(visible(failed === '' ? checkpoints : failed))}</div>`;
  const html = `<div style="margin:.25em 0 .5em;font-size:var(--jp-ui-font-size1,13px);font-family:var(--jp-ui-font-family,sans-serif);${tint('color', 'text')}">${head}${picture}${String(figures['text/html'])}${below}</div>`;
  const line = `job \`${joined(title)}\`: ${status} ${facts.join(', ')}`;
  const lines = [line, figures['text/plain'], checkpoints, ...(failed === '' ? [] : [joined(visible(failed))])];
  if (link !== undefined) lines.push(`${link.text}: ${link.url}`);
  return { 'text/html': html, 'text/plain': lines.join('\n') };
}

function linkHtml(link: JobPicture['link']): string {
  if (link === undefined || !/^https?:\/\//.test(link.url)) return '';
  const { text, url } = link;
  return ` <a href="${escapeHtml(url)}" target="_blank" rel="noopener noreferrer">${escapeHtml(text)}</a>`;
}
