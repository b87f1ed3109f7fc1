import { counted } from '../cell.js';
import { displayWidth } from '../table-text.js';
import { type Axes, acrossOf, axesOf } from './axes.js';
import type { Fate, Moment, TimelineData, TimelineFiring, TimelineWindow } from './data.js';
import { clockOf, keyLabel, labelOf, resultLabel } from './label.js';

const WIDTH = 60;
const MOST_LINES = 60;
const SIGNS: Readonly<Record<Fate, string>> = { 'on-time': '●', behind: '◆', late: '▽', dropped: '✕' };

/** One line for logs, and for where there is no room. */
export function summary(data: TimelineData): string {
  const { elements, windows, operator } = data;
  const of = (fate: Fate): number => elements.filter((element) => element.fate === fate).length;
  const fired = windows.reduce((sum, window) => sum + window.firings.length, 0);
  const parts = [counted(elements.length, 'element')];
  if (data.keys.length > 1) parts.push(counted(data.keys.length, 'key'));
  if (windows.length > 0) parts.push(counted(windows.length, 'window'), `${counted(fired, 'firing')}`);
  if (of('behind') > 0) parts.push(`${of('behind')} behind the watermark`);
  if (of('late') > 0) parts.push(`${of('late')} late`);
  if (of('dropped') > 0) parts.push(`${of('dropped')} dropped`);
  return operator === '' ? 'time-line of nothing' : `time-line of \`${keyLabel(operator)}\`: ${parts.join(', ')}`;
}

type Clock = (ms: number) => string;

interface Line extends Moment {
  readonly label: string;
  /** Of thousands of lines few are written, so each makes its text when it is one of them. */
  note(): string;
  paint(canvas: string[], column: (x: number) => number): void;
  readonly rank: number;
  readonly watermark?: number;
}

function firingLine(window: TimelineWindow, firing: TimelineFiring, clock: Clock): Line {
  const known = { key: window.key, times: [window.start, window.end, window.end - 1], within: window };
  const text = (): string => resultLabel(firing.results, known);
  return {
    ...firing,
    rank: 2,
    label: keyLabel(window.key),
    note: () => `[${clock(window.start)}, ${clock(window.end)}) fires ${firing.pane}: ${text()}`,
    paint: (canvas, column) => {
      const [from, to] = [column(window.start), Math.max(column(window.start) + 1, column(window.end))];
      for (let i = from; i <= to; i++) canvas[i] = i === from ? '[' : i === to ? ')' : '═';
      const inside = [...text()];
      const at = from + Math.floor((to - from - inside.length) / 2) + 1;
      if (inside.length < to - from && inside.every((letter) => displayWidth(letter) === 1)) {
        for (const [i, letter] of inside.entries()) canvas[at + i] = letter;
      }
    },
  };
}

/** Thousands of lines have few keys. */
function labelsOfKeys(): (key: unknown) => string {
  const known = new Map<unknown, string>();
  return (key) => {
    const label = known.get(key) ?? keyLabel(key);
    known.set(key, label);
    return label;
  };
}

function linesOf(data: TimelineData, across: Axes['across'], clock: Clock): Line[] {
  const lines: Line[] = [];
  const keyText = labelsOfKeys();
  for (const element of data.elements) {
    const x = acrossOf(element, across);
    const times = element.timestamp === undefined ? [] : [element.timestamp];
    const text = (): string => labelOf(element.value, { key: element.key, times });
    const late = element.fate === 'on-time' ? '' : ` ${element.fate}`;
    lines.push({
      ...element,
      rank: 0,
      label: keyText(element.key),
      note: () => `${text()}${Number.isFinite(x) ? ` at ${clock(x)}` : ''}${late}`,
      paint: (canvas, column) => {
        if (Number.isFinite(x)) canvas[column(x)] = SIGNS[element.fate];
      },
    });
  }
  for (const moment of data.watermarks) {
    lines.push({
      ...moment,
      rank: 1,
      label: '',
      note: () => `watermark ${clock(moment.watermark)}`,
      paint: () => {},
    });
  }
  for (const window of data.windows) {
    for (const firing of window.firings) lines.push(firingLine(window, firing, clock));
    if (window.mergedInto !== undefined) {
      const { start, end } = window.mergedInto;
      const last = window.stretches.at(-1);
      const note = (): string =>
        `[${clock(window.start)}, ${clock(window.end)}) merges into [${clock(start)}, ${clock(end)})`;
      lines.push({
        step: last?.to.step ?? 0,
        at: last?.to.at ?? 0,
        rank: 3,
        label: keyText(window.key),
        note,
        paint: () => {},
      });
    }
  }
  for (const timer of data.timers) {
    const note = (): string => `timer of ${clock(timer.timestamp)} fires`;
    const paint: Line['paint'] = (canvas, column) => {
      canvas[column(timer.timestamp)] = '▲';
    };
    lines.push({ ...timer, rank: 2, label: keyText(timer.key), note, paint });
  }
  return lines.sort((a, b) => a.step - b.step || a.rank - b.rank);
}

/**
 * The figure for a terminal: time goes down, event time to the right; shaded is what the watermark has passed.
 *
 *     a  ● · · ·   1 at 1
 *     a  ░░░░░░░   watermark 30
 *     a  [═══6═══) [0, 10) fires on-time: 6
 */
export function timelineText(data: TimelineData): string {
  const axes = axesOf([data]);
  const [low, high] = axes.x;
  const clock = clockOf(axes.x);
  const column = (x: number): number => {
    const clamped = Math.min(high, Math.max(low, x));
    return Math.min(WIDTH - 1, Math.max(0, Math.floor(((clamped - low) / (high - low)) * WIDTH)));
  };
  const all = linesOf(data, axes.across, clock);
  const labels = Math.min(16, Math.max(0, ...[...new Set(all.map((line) => line.label))].map(displayWidth)));
  const pad = (text: string): string => {
    const short = [...text].slice(0, labels).join('');
    return short + ' '.repeat(Math.max(0, labels - displayWidth(short)));
  };
  const gap = Math.max(0, all.length - MOST_LINES);
  const head = gap > 0 ? Math.ceil((MOST_LINES * 2) / 3) : all.length;
  const lines = [summary(data)];
  let passed = -1;
  const drawn: string[] = [];
  for (const [i, line] of all.entries()) {
    const watermark = line.rank === 1 ? line.watermark : undefined;
    if (watermark !== undefined) passed = column(watermark);
    if (i >= head && i < head + gap) {
      if (i === head) drawn.push(`⋮ ${counted(gap, 'more line')}`);
      continue;
    }
    const canvas = Array.from({ length: WIDTH }, (_, at): string => (at <= passed ? '░' : ' '));
    if (watermark !== undefined && watermark !== Number.POSITIVE_INFINITY) canvas[passed] = '┃';
    line.paint(canvas, column);
    drawn.push(`${pad(line.label)} │${canvas.join('')}│ ${line.note()}`);
  }
  const start = clock(Math.round(low));
  const end = clock(Math.round(high));
  const ruler = `${pad('')}  ${start}${' '.repeat(Math.max(1, WIDTH - start.length - end.length))}${end}`;
  return [...lines, ruler, ...drawn].join('\n');
}
