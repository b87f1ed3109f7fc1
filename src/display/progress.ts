import type { MimeBundle, ProgressState } from '../core/display.js';
import { grouped } from './cell.js';
import { type Colour, escapeHtml, QUIET, segmentsHtml, strong, TRACK, tint } from './html.js';
import { joined, visible } from './visible.js';

const PAST: Readonly<Record<string, string>> = {
  Sending: 'Sent',
  Receiving: 'Received',
  Reading: 'Read',
  Writing: 'Written',
  Copying: 'Copied',
  Counting: 'Counted',
};

const STATE_COLOURS: Readonly<Record<ProgressState['state'], Colour>> = {
  running: 'brand',
  paused: 'warning',
  stopped: 'stopped',
  failed: 'error',
  done: 'good',
};

const BYTE_UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

function positive(value: number | undefined): number {
  return value !== undefined && value > 0 && Number.isFinite(value) ? value : 0;
}

/** The share done, 0 to 1; `undefined` when the whole is unknown. */
function shareOf(state: ProgressState): number | undefined {
  if (state.total === undefined || !Number.isFinite(state.total)) return state.state === 'done' ? 1 : undefined;
  if (state.total <= 0) return state.state === 'done' ? 1 : 0;
  return Math.min(1, positive(state.done) / state.total);
}

/** `0.08 %`: never rounded up to 100 before all of it is there. */
function percent(share: number): string {
  if (share >= 1) return '100 %';
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`;
}

/** A length of time in the two units that matter: `40 ms`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d 6 h`. */
export function timeText(ms: number): string {
  const seconds = positive(ms) / 1000;
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

function amountText(amount: number, unit: string): string {
  if (unit !== 'bytes') return `${amount < 10 ? amount.toFixed(1) : grouped(Math.round(amount))} ${unit}`;
  let value = amount;
  let power = 0;
  while (value >= 999.5 && power < BYTE_UNITS.length - 1) {
    value /= 1000;
    power++;
  }
  return `${power === 0 ? Math.round(value) : value.toPrecision(3)} ${BYTE_UNITS[power]}`;
}

function figures(state: ProgressState, share: number | undefined): string[] {
  const done = positive(state.done);
  const parts: string[] = [];
  if (share !== undefined) parts.push(percent(share));
  const total = share === undefined || share === 1 ? '' : ` of ${grouped(positive(state.total))}`;
  parts.push(`${grouped(done)}${total} ${state.unit}`);
  const elapsed = positive(state.elapsedMs);
  const perMs = elapsed > 0 ? done / elapsed : 0;
  if (perMs > 0) parts.push(`${amountText(perMs * 1000, state.unit)}/s`);
  if (state.state === 'running' && share !== undefined && perMs > 0) {
    const leftMs = (positive(state.total) - done) / perMs;
    parts.push(`${leftMs < 1000 ? 'less than 1 s' : timeText(leftMs)} left`);
  } else if (state.state === 'running') parts.push(timeText(elapsed));
  else parts.push(`${state.state} ${state.state === 'done' ? 'in' : 'after'} ${timeText(elapsed)}`);
  return parts;
}

/** One line: `Sent 1024 bytes of moby-dick 0.08 %`. */
function lineText(state: ProgressState, share: number | undefined): string {
  const label = joined(visible(state.label));
  const [, verb = '', object = ''] = /^(\w+) (.+)$/.exec(label) ?? [];
  const past = PAST[verb];
  const amount = `${positive(state.done)} ${state.unit}`;
  const what = past === undefined ? `${label}: ${amount}` : `${past} ${amount} of ${object}`;
  const parts = [share === undefined ? what : `${what} ${percent(share)}`];
  if (state.state !== 'running')
    parts.push(`${state.state} ${state.state === 'done' ? 'in' : 'after'} ${timeText(state.elapsedMs)}`);
  if (state.note !== undefined && state.note !== '') parts.push(joined(visible(state.note)));
  return parts.join(', ');
}

function barHtml(state: ProgressState, share: number | undefined): string {
  const fill = tint('background-color', STATE_COLOURS[state.state]);
  const label = escapeHtml(joined(visible(state.label)));
  const value =
    share === undefined
      ? `aria-valuetext="${escapeHtml(`${positive(state.done)} ${state.unit}`)}"`
      : `aria-valuemin="0" aria-valuemax="100" aria-valuenow="${Math.floor(share * 100)}" aria-valuetext="${percent(share)}, ${state.state}"`;
  // With no total there is no share to draw: stripes say that something is going on.
  const inner =
    share === undefined
      ? `width:100%;${fill}background-image:repeating-linear-gradient(-45deg,rgba(255,255,255,.35) 0 8px,transparent 8px 16px);opacity:.5;`
      : `width:${(share * 100).toFixed(2)}%;${fill}`;
  return `<div role="progressbar" aria-label="${label}" ${value} style="height:6px;margin:6px 0;border-radius:3px;overflow:hidden;${TRACK}"><div style="height:6px;border-radius:3px;${inner}"></div></div>`;
}

/**
 * A progress bar: share, amount, rate and remaining time above and around a bar in JupyterLab's colours, a note below.
 * Its height never changes, so that it can be updated in place. In plain text: one line.
 */
export function progress(state: ProgressState): MimeBundle {
  const share = shareOf(state);
  const oneLine = 'white-space:nowrap;overflow:hidden;text-overflow:ellipsis;';
  const label = `<span style="${oneLine}min-width:0;">${strong(segmentsHtml(visible(state.label)))}</span>`;
  const numbers = `<span style="${oneLine}flex:none;font-variant-numeric:tabular-nums;${QUIET}">${escapeHtml(figures(state, share).join(' · '))}</span>`;
  const note =
    state.note === undefined || state.note === ''
      ? '&nbsp;'
      : segmentsHtml(visible(state.note.length > 300 ? state.note.slice(0, 300) : state.note));
  const html = `<div style="max-width:640px;height:54px;margin:4px 8px;line-height:18px;overflow:hidden;font-size:var(--jp-ui-font-size1,13px);font-family:var(--jp-ui-font-family,sans-serif);${tint('color', 'text')}"><div style="display:flex;justify-content:space-between;gap:16px;height:18px;">${label} ${numbers}</div>${barHtml(state, share)}<div style="${oneLine}height:18px;font-size:.9em;${state.state === 'failed' ? tint('color', 'error') : QUIET}">${note}</div></div>`;
  return { 'text/html': html, 'text/plain': lineText(state, share) };
}
