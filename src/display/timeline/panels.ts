import { textWidth } from '../../core/text-width.js';
import { counted, grouped } from '../cell.js';
import { type Axes, acrossOf, heightOf } from './axes.js';
import type { Fate, TimelineData, TimelineFiring } from './data.js';
import { clockOf, keyLabel, labelOf, resultLabel } from './label.js';

/** How much room a figure has, in pixels. */
export interface Room {
  readonly width: number;
  readonly panel: number;
}

/** What a label is made of; default: the value without its key and times. */
export interface LabelOptions {
  /** The text beside an element. */
  readonly label?: (value: never) => unknown;
  /** The text over a window that fired, of one result. */
  readonly result?: (result: never) => unknown;
}

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export interface Dot extends Placed {
  readonly kind: Fate;
  readonly says: string;
}

export interface Box {
  readonly x: number;
  readonly x2: number;
  readonly y: number;
  readonly y2: number;
  readonly kind: 'fired' | 'open' | 'merged';
  readonly says: string;
}

export interface Bar extends Placed {
  readonly x2: number;
  readonly kind: TimelineFiring['pane'];
  readonly says: string;
}

/** One key's part of the figure: everything in data units, what cannot be told apart drawn once. */
export interface Panel {
  readonly title: string;
  readonly dots: readonly Dot[];
  readonly dotLabels: readonly Placed[];
  readonly boxes: readonly Box[];
  readonly bars: readonly Bar[];
  readonly barLabels: readonly Placed[];
  /** The watermark's corners. */
  readonly line: readonly { readonly x: number; readonly y: number }[];
  /** What it has passed. */
  readonly past: readonly { readonly x: number; readonly x2: number; readonly y: number; readonly y2: number }[];
  readonly timers: readonly (Placed & { readonly says: string })[];
}

export interface Panels {
  readonly panels: readonly Panel[];
  /** What is not drawn, in words. */
  readonly notes: readonly string[];
}

/** All that is drawn of one time-line. */
export interface Figure extends Panels {
  readonly axes: Axes;
  readonly room: Room;
  readonly title: string;
  /** What the axes are, in words. */
  readonly across: string;
  readonly up: string;
}

const EMPTY: Panel = {
  title: '',
  dots: [],
  dotLabels: [],
  boxes: [],
  bars: [],
  barLabels: [],
  line: [],
  past: [],
  timers: [],
};

/** A figure has a panel, also of nothing. */
export function figureOf({ panels, notes }: Panels, axes: Axes, room: Room, title: string): Figure {
  return {
    panels: panels.length === 0 ? [EMPTY] : panels,
    notes,
    axes,
    room,
    title,
    across: axes.across === 'event' ? 'event time' : 'processing time (the elements have no event time)',
    up: axes.up === 'time' ? 'processing time ↑' : 'order of arrival ↑',
  };
}

/** Whether an axis counts milliseconds since 1970, and not the small numbers of lessons. */
export function isMoment(name: 'x' | 'y', axes: Axes): boolean {
  return (name === 'x' || axes.up === 'time') && Math.abs(axes[name][0]) > 100_000_000_000;
}

/** Between these moments an element may be seen when it happened: the figure's diagonal. */
export function noDelayOf({ up, across, x, y }: Axes): readonly number[] {
  const [from, to] = [Math.max(x[0], y[0]), Math.min(x[1], y[1])];
  return up === 'time' && across === 'event' && to > from ? [from, to] : [];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const MOST_KEYS = 6;
const MOST_BOXES = 200;
/** Marks closer than this cannot be told apart. */
const SPOT = 3;
const CHARACTER = 6;

/** Keeps labels that have room, first come first served. */
class Labels {
  private readonly taken: { x: number; y: number; width: number }[] = [];

  constructor(private readonly toPixels: (x: number, y: number) => readonly [number, number]) {}

  place(label: Placed, most: number): boolean {
    if (label.text === '' || this.taken.length >= most) return false;
    const [x, y] = this.toPixels(label.x, label.y);
    const width = textWidth(label.text) * CHARACTER + 6;
    for (const one of this.taken) {
      if (Math.abs(one.y - y) < 11 && Math.abs(one.x - x) < (one.width + width) / 2) return false;
    }
    this.taken.push({ x, y, width });
    return true;
  }
}

/** What belongs to each key, by the key's label. */
function byKey<T extends { readonly key: unknown }>(all: readonly T[]): Map<string, T[]> {
  const labels = new Map<unknown, string>();
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const label = labels.get(one.key) ?? keyLabel(one.key);
    labels.set(one.key, label);
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [one]);
    else group.push(one);
  }
  return groups;
}

/** The busiest keys, in order of appearance. */
function chosenKeys(data: TimelineData, asked: readonly unknown[] | undefined, notes: string[]): number[] {
  const all = data.keys.map((_, i) => i);
  if (asked !== undefined) return all.filter((i) => asked.some((key) => keyLabel(key) === keyLabel(data.keys[i])));
  if (all.length <= MOST_KEYS) return all;
  const groups = byKey(data.elements);
  const count = (place: number): number => groups.get(keyLabel(data.keys[place]))?.length ?? 0;
  const busy = all
    .sort((a, b) => count(b) - count(a))
    .slice(0, MOST_KEYS)
    .sort((a, b) => a - b);
  notes.push(`${busy.length} of ${counted(data.keys.length, 'key')}`);
  return busy;
}

/** Lays a time-line out: a panel per key, marks at the same spot drawn once, labels where there is room. */
export function panelsOf(
  data: TimelineData,
  axes: Axes,
  room: Room,
  options: LabelOptions & { readonly keys?: readonly unknown[] | undefined },
): Panels {
  const notes: string[] = [];
  const chosen = chosenKeys(data, options.keys, notes);
  if (data.forgotten > 0) notes.push(`the first ${counted(data.forgotten, 'event')} were not kept`);
  if (data.others.length > 0) notes.push(`windows also in ${data.others.map((name) => `\`${name}\``).join(', ')}`);
  const groups = {
    elements: byKey(data.elements),
    windows: byKey(data.windows),
    timers: byKey(data.timers),
  };
  const panels = chosen.map((place) => {
    const label = keyLabel(data.keys[place]);
    const own = {
      ...data,
      elements: groups.elements.get(label) ?? [],
      windows: groups.windows.get(label) ?? [],
      timers: groups.timers.get(label) ?? [],
    };
    return panelOf(own, place, axes, room, options, notes);
  });
  return { panels, notes: [...new Set(notes)] };
}

/** @param data what belongs to this key, and the watermarks of all */
function panelOf(
  data: TimelineData,
  place: number,
  axes: Axes,
  room: Room,
  options: LabelOptions,
  notes: string[],
): Panel {
  const key = data.keys[place];
  const own = keyLabel(key);
  const { up, across, x: xs, y: ys } = axes;
  const clock = clockOf(xs);
  const span = ({ start, end }: Span): string => `${clock(start)}, ${clock(end)}`;
  const toPixels = (x: number, y: number): readonly [number, number] => [
    ((x - xs[0]) / (xs[1] - xs[0])) * room.width,
    (1 - (y - ys[0]) / (ys[1] - ys[0])) * room.panel,
  ];
  const labels = new Labels(toPixels);

  let windows = data.windows.filter(({ start, end }) => end > xs[0] && start < xs[1]);
  if (windows.length > MOST_BOXES) {
    notes.push(`the last ${grouped(MOST_BOXES)} of ${counted(windows.length, 'window')} of a key`);
    windows = windows.slice(-MOST_BOXES);
  }
  const boxes: Box[] = [];
  const bars: Bar[] = [];
  for (const window of windows) {
    const kind = window.mergedInto !== undefined ? 'merged' : window.firings.length > 0 ? 'fired' : 'open';
    const into = window.mergedInto === undefined ? '' : `, merged into [${span(window.mergedInto)})`;
    const says = `window [${span(window)}), ${counted(window.elements, 'element')}${into}${kind === 'open' ? ', not fired' : ''}`;
    for (const { from, to, start, end } of window.stretches) {
      boxes.push({ x: start, x2: end, y: heightOf(from, up), y2: heightOf(to, up), kind, says });
    }
    for (const firing of window.firings) {
      const known = { key, times: [window.start, window.end, window.end - 1], within: window };
      const [first] = firing.results;
      const text =
        options.result !== undefined && firing.results.length === 1
          ? labelOf(options.result(first as never), { key: undefined, times: [] })
          : resultLabel(firing.results, known);
      const what = `[${span(window)}) fires ${firing.pane}, watermark ${clock(firing.watermark)}: ${text}`;
      bars.push({ x: window.start, x2: window.end, y: heightOf(firing, up), kind: firing.pane, text, says: what });
    }
  }
  const barLabels = bars
    .map(({ x, x2, y, text }) => ({ x: (x + x2) / 2, y, text }))
    .filter((label) => labels.place(label, 40));

  const dots: Dot[] = [];
  const spots = new Set<string>();
  const { elements } = data;
  for (const element of elements) {
    const x = acrossOf(element, across);
    if (!(x >= xs[0] && x <= xs[1])) continue;
    const y = heightOf(element, up);
    const [px, py] = toPixels(x, y);
    const spot = `${element.fate} ${Math.round(px / SPOT)} ${Math.round(py / SPOT)}`;
    if (spots.has(spot)) continue;
    spots.add(spot);
    const text =
      options.label === undefined
        ? labelOf(element.value, { key, times: element.timestamp === undefined ? [] : [element.timestamp] }, 12)
        : labelOf(options.label(element.value as never), { key: undefined, times: [] }, 12);
    const watermark = clock(element.watermark);
    dots.push({ x, y, kind: element.fate, text, says: `${text}: ${FATES[element.fate]}, watermark ${watermark}` });
  }
  const untimed = elements.filter((element) => !Number.isFinite(acrossOf(element, across))).length;
  if (untimed > 0) notes.push(`${counted(untimed, 'element')} without event time left out`);
  // A label beside a dot that lies on a firing's line would be struck through: it stands above the line.
  const onLine = ({ x, y }: Dot): boolean =>
    bars.some((bar) => x >= bar.x && x <= bar.x2 && Math.abs(toPixels(x, bar.y)[1] - toPixels(x, y)[1]) < 5);
  const raised = (10 / room.panel) * (ys[1] - ys[0]);
  const dotLabels = dots
    .map((dot) => ({ x: dot.x, y: onLine(dot) ? dot.y + raised : dot.y, text: dot.text }))
    .filter((label) => dots.length <= 60 && labels.place(label, 60));
  const line = lineOf(data, data.subtasks[place] ?? 0, axes, room);
  const timers = data.timers.map((timer) => ({
    x: timer.timestamp,
    y: heightOf(timer, up),
    text: '',
    says: `timer of ${clock(timer.timestamp)} fires`,
  }));
  return {
    title: key === undefined ? '' : `key ${own}`,
    dots,
    dotLabels,
    boxes,
    bars,
    barLabels,
    line,
    past: pastOf(line, axes),
    timers,
  };
}

export const FATES: Readonly<Record<Fate, string>> = {
  'on-time': 'before the watermark',
  behind: 'behind the watermark, taken',
  late: 'late, to the side output',
  dropped: 'late, dropped',
};

/** The watermark as a staircase: it stands, and then jumps. */
function lineOf(data: TimelineData, subtask: number, axes: Axes, room: Room): { x: number; y: number }[] {
  const [low, high] = axes.x;
  const least = (axes.y[1] - axes.y[0]) / room.panel;
  const corners: { x: number; y: number }[] = [];
  let before: number | undefined;
  for (const moment of data.watermarks) {
    if (moment.subtask !== subtask) continue;
    const x = Math.min(high, Math.max(low, moment.watermark));
    const y = heightOf(moment, axes.up);
    const last = corners.at(-1);
    // Steps lower than a pixel are drawn as one.
    if (last !== undefined && corners.length > 2 && y - last.y < least) {
      corners[corners.length - 1] = { x, y: last.y };
      before = x;
      continue;
    }
    corners.push({ x: before ?? low, y }, { x, y });
    before = x;
  }
  if (before !== undefined) corners.push({ x: before, y: axes.y[1] });
  return corners;
}

/** What lies to the left of the staircase, step by step. */
function pastOf(line: readonly { x: number; y: number }[], axes: Axes): Panel['past'] {
  const past: { x: number; x2: number; y: number; y2: number }[] = [];
  for (const [i, corner] of line.entries()) {
    const next = line[i + 1];
    if (next !== undefined && next.y > corner.y) past.push({ x: axes.x[0], x2: corner.x, y: corner.y, y2: next.y });
  }
  return past;
}
