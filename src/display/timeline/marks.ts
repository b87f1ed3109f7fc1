import { FATES, type Panel } from './panels.js';

/** Colours that read on white and on JupyterLab's dark grey. */
export const INK = {
  element: '#4a90d9',
  behind: '#e0a020',
  late: '#a877c9',
  dropped: '#e15759',
  window: '#7f9bb8',
  fired: '#45a35c',
  early: '#3aa8a4',
  watermark: '#f2762e',
} as const;

export const DOTS = {
  'on-time': { color: INK.element, shape: 'circle' },
  behind: { color: INK.behind, shape: 'diamond' },
  late: { color: INK.late, shape: 'triangle-down' },
  dropped: { color: INK.dropped, shape: 'cross' },
} as const;

export const BARS = { early: INK.early, 'on-time': INK.fired, late: INK.behind } as const;

const PANES = { early: 'fired early', 'on-time': 'fired on time', late: 'fired again, late' } as const;

interface LegendEntry {
  readonly text: string;
  readonly color: string;
  readonly shape: string;
}

function legendOf(panels: readonly Panel[]): LegendEntry[] {
  const entries: LegendEntry[] = [];
  const some = (found: (panel: Panel) => boolean): boolean => panels.some(found);
  for (const kind of ['on-time', 'behind', 'late', 'dropped'] as const) {
    if (some((panel) => panel.dots.some((dot) => dot.kind === kind)))
      entries.push({ text: FATES[kind], ...DOTS[kind] });
  }
  if (some((panel) => panel.line.length > 0))
    entries.push({ text: 'watermark', color: INK.watermark, shape: 'stroke' });
  for (const kind of ['early', 'on-time', 'late'] as const) {
    if (some((panel) => panel.bars.some((bar) => bar.kind === kind))) {
      entries.push({ text: PANES[kind], color: BARS[kind], shape: 'stroke' });
    }
  }
  const box = (kind: string, text: string, color: string): void => {
    if (some((panel) => panel.boxes.some((one) => one.kind === kind))) entries.push({ text, color, shape: 'square' });
  };
  box('fired', 'window', INK.element);
  box('merged', 'merged into a larger one', INK.late);
  box('open', 'not fired yet', INK.window);
  if (some((panel) => panel.timers.length > 0))
    entries.push({ text: 'timer fires', color: INK.fired, shape: 'triangle-up' });
  return entries;
}

/** Where an entry of the legend stands, in pixels. */
interface PlacedEntry extends LegendEntry {
  readonly px: number;
  readonly py: number;
}

/** What the marks of this figure mean, and only of this one: in rows of this width. */
export function placedLegend(panels: readonly Panel[], width: number): { entries: PlacedEntry[]; height: number } {
  let x = 6;
  let row = 0;
  const entries = legendOf(panels).map((entry) => {
    const own = 26 + entry.text.length * 5.6;
    if (x > 6 && x + own > width) {
      x = 6;
      row++;
    }
    const placed = { ...entry, px: x, py: 8 + row * 16 };
    x += own;
    return placed;
  });
  return { entries, height: 14 + row * 16 };
}

/** How large a dot is, as Vega counts it: about its area in pixels. */
export function dotSize(panel: Panel): number {
  return panel.dots.length > 400 ? 14 : panel.dots.length > 80 ? 34 : 62;
}
