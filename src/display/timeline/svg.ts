import { textWidth } from '../../core/text-width.js';
import { escapeHtml } from '../html.js';
import { joined, visible } from '../visible.js';
import { BARS, DOTS, dotSize, INK, placedLegend } from './marks.js';
import { type Figure, isMoment, noDelayOf, type Panel } from './panels.js';
import { type Tick, ticksOf } from './ticks.js';

/** What a picture stands on: white of its own, or a page whose colours nobody knows. */
export type Ground = 'paper' | 'page';

const INKS = {
  paper: { text: '#222222', quiet: '#222222', frame: '#888888' },
  page: { text: '#808080', quiet: '#808080', frame: '#888888' },
} as const;

/** Room for the labels of the axis that goes up. */
const LEFT = 58;
const RIGHT = 14;
const GAP = 8;
const PANEL_TITLE = 18;
const X_AXIS = 36;
const BETWEEN = 24;

type Toward = (x: number, y: number) => readonly [x: number, y: number];

/** A tenth of a pixel is more than anybody sees. */
function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function textSvg(x: number, y: number, text: string, more: string): string {
  return `<text x="${px(x)}" y="${px(y)}" ${more}>${escapeHtml(joined(visible(text)))}</text>`;
}

const OUTLINES: Readonly<Record<string, readonly (readonly [x: number, y: number])[]>> = {
  diamond: [
    [-1, 0],
    [0, -1],
    [1, 0],
    [0, 1],
  ],
  'triangle-down': [
    [0, 0.87],
    [-1, -0.87],
    [1, -0.87],
  ],
  'triangle-up': [
    [0, -0.87],
    [-1, 0.87],
    [1, 0.87],
  ],
  square: [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ],
  stroke: [
    [-1, 0],
    [1, 0],
  ],
};

/** The outline of a dot around the place where a path stands. */
function dotPath(shape: string, x: number, y: number, size: number): string {
  const half = Math.sqrt(size) / 2;
  if (shape === 'circle') {
    const r = px(Math.sqrt(size / Math.PI));
    return `M${px(x)},${px(y)}m-${r},0a${r},${r} 0 1,0 ${px(2 * Number(r))},0a${r},${r} 0 1,0 ${px(-2 * Number(r))},0`;
  }
  const outline = OUTLINES[shape] ?? OUTLINES.stroke ?? [];
  const corners = outline.map(([dx, dy]) => `${px(x + dx * half)},${px(y + dy * half)}`).join('L');
  return `M${corners}${outline.length > 2 ? 'Z' : ''}`;
}

/** A cross is drawn, not filled: it must be seen among many. */
function crossPath(x: number, y: number, size: number): string {
  const half = Math.sqrt(size) / 2.6;
  const [left, right, top, bottom] = [px(x - half), px(x + half), px(y - half), px(y + half)];
  return `M${left},${top}L${right},${bottom}M${left},${bottom}L${right},${top}`;
}

function dotsSvg(panel: Panel, toward: Toward): string {
  const size = dotSize(panel);
  return Object.entries(DOTS)
    .map(([kind, { color, shape }]) => {
      const cross = shape === 'cross';
      let path = '';
      for (const dot of panel.dots) {
        if (dot.kind !== kind) continue;
        const [x, y] = toward(dot.x, dot.y);
        path += cross ? crossPath(x, y, size + 10) : dotPath(shape, x, y, size);
      }
      if (path === '') return '';
      return cross ? `<path d="${path}" stroke="${color}" stroke-width="2.5"/>` : `<path d="${path}" fill="${color}"/>`;
    })
    .join('');
}

const BOXES: Readonly<Record<Panel['boxes'][number]['kind'], string>> = {
  fired: `fill="${INK.element}" fill-opacity=".14" stroke="${INK.element}" stroke-opacity=".75"`,
  merged: `fill="${INK.late}" fill-opacity=".1" stroke="${INK.late}" stroke-opacity=".7" stroke-dasharray="2,2"`,
  open: `fill="${INK.window}" fill-opacity=".1" stroke="${INK.window}" stroke-opacity=".9" stroke-dasharray="5,4"`,
};

function boxesSvg(panel: Panel, toward: Toward): string {
  return Object.entries(BOXES)
    .map(([kind, paint]) => {
      const boxes = panel.boxes.filter((box) => box.kind === kind);
      if (boxes.length === 0) return '';
      const rects = boxes.map((box) => {
        const [x, bottom] = toward(box.x, box.y);
        const [x2, top] = toward(box.x2, box.y2);
        return `<rect x="${px(x)}" y="${px(top)}" width="${px(x2 - x)}" height="${px(bottom - top)}" rx="3"/>`;
      });
      return `<g ${paint}>${rects.join('')}</g>`;
    })
    .join('');
}

function barsSvg(panel: Panel, toward: Toward): string {
  return Object.entries(BARS)
    .map(([kind, color]) => {
      const path = panel.bars
        .filter((bar) => bar.kind === kind)
        .map((bar) => {
          const [x, y] = toward(bar.x, bar.y);
          return `M${px(x)},${px(y)}H${px(toward(bar.x2, bar.y)[0])}`;
        })
        .join('');
      return path === '' ? '' : `<path d="${path}" stroke="${color}" stroke-width="4" stroke-linecap="round"/>`;
    })
    .join('');
}

function watermarkSvg(panel: Panel, toward: Toward): string {
  const line = panel.line.map((corner) => toward(corner.x, corner.y).map(px).join()).join('L');
  return line === '' ? '' : `<path d="M${line}" stroke="${INK.watermark}" stroke-width="2"/>`;
}

function pastSvg(panel: Panel, toward: Toward): string {
  const path = panel.past.map(({ x, x2, y, y2 }) => {
    const [left, bottom] = toward(x, y);
    const [right, top] = toward(x2, y2);
    return `M${px(left)},${px(bottom)}H${px(right)}V${px(top)}H${px(left)}Z`;
  });
  return path.length === 0 ? '' : `<path d="${path.join('')}" fill="${INK.watermark}" fill-opacity=".09"/>`;
}

/** A label that would stand in the one before it is left out. */
function apart(ticks: readonly Tick[], place: (at: number) => number): Tick[] {
  let free = Number.NEGATIVE_INFINITY;
  return ticks.filter(({ at, label }) => {
    const half = (textWidth(label) * 5.6) / 2;
    if (place(at) - half < free) return false;
    free = place(at) + half + 8;
    return true;
  });
}

function panelSvg(panel: Panel, figure: Figure, top: number, last: boolean, ink: (typeof INKS)[Ground]): string {
  const { axes, room } = figure;
  const { x: xs, y: ys } = axes;
  const toward: Toward = (x, y) => [
    ((x - xs[0]) / (xs[1] - xs[0])) * room.width,
    (1 - (y - ys[0]) / (ys[1] - ys[0])) * room.panel,
  ];
  const across = ticksOf(xs, Math.max(3, Math.floor(room.width / 75)), isMoment('x', axes));
  const grid = across.map(({ at }) => `M${px(toward(at, ys[0])[0])},0V${room.panel}`).join('');
  const diagonal = noDelayOf(axes)
    .map((at) => toward(at, at).map(px).join())
    .join('L');
  const timers = panel.timers.map(({ x, y }) => dotPath('triangle-up', ...toward(x, y), 70)).join('');
  const marks = [
    `<path d="${grid}" stroke="#888888" stroke-opacity=".2"/>`,
    pastSvg(panel, toward),
    diagonal === '' ? '' : `<path d="M${diagonal}" stroke="#888888" stroke-dasharray="2,3"/>`,
    boxesSvg(panel, toward),
    watermarkSvg(panel, toward),
    barsSvg(panel, toward),
    timers === '' ? '' : `<path d="${timers}" fill="${INK.fired}"/>`,
    dotsSvg(panel, toward),
  ];
  const clipped = `<svg width="${room.width}" height="${room.panel}" overflow="hidden">${marks.join('')}</svg>`;
  const frame = `<rect width="${room.width}" height="${room.panel}" stroke="${ink.frame}" stroke-opacity=".35"/>`;
  const dotLabels = panel.dotLabels.map((label) => {
    const [x, y] = toward(label.x, label.y);
    return textSvg(x + 7, y + 3, label.text, 'font-size="10"');
  });
  const barLabels = panel.barLabels.map((label) => {
    const [x, y] = toward(label.x, label.y);
    return textSvg(x, y - 5.5, label.text, 'text-anchor="middle" font-weight="bold"');
  });
  const texts = [...dotLabels, ...barLabels];
  if (panel.title !== '') texts.push(textSvg(-LEFT + 8, -5, panel.title, 'font-weight="bold"'));
  return `<g transform="translate(${LEFT},${top})">${clipped}${frame}<g fill="${ink.text}">${texts.join('')}</g>${axesSvg(figure, across, toward, last, ink.quiet)}</g>`;
}

function axesSvg(
  { axes, room, up, across }: Figure,
  xTicks: readonly Tick[],
  to: Toward,
  last: boolean,
  ink: string,
): string {
  const { panel, width } = room;
  const parts = [
    `<text transform="translate(${-LEFT + 14},${panel / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(up)}</text>`,
  ];
  if (axes.up === 'time') {
    const labels = ticksOf(axes.y, 4, isMoment('y', axes)).map(({ at, label }) =>
      textSvg(-5, to(0, at)[1] + 3.5, label, 'text-anchor="end" font-size="10"'),
    );
    parts.push(...labels);
  }
  if (last) {
    const place = (at: number): number => to(at, axes.y[0])[0];
    for (const { at, label } of apart(xTicks, place)) {
      parts.push(textSvg(place(at), panel + 14, label, 'text-anchor="middle" font-size="10"'));
    }
    parts.push(textSvg(width / 2, panel + 30, across, 'text-anchor="middle"'));
  }
  return `<g fill="${ink}">${parts.join('')}</g>`;
}

function legendSvg({ panels, room }: Figure, top: number): { svg: string; height: number } {
  const { entries, height } = placedLegend(panels, room.width);
  const marks = entries.map(({ text, color, shape, px: x, py: y }) => {
    const cross = shape === 'cross';
    const d = cross ? crossPath(x, y, 62) : dotPath(shape, x, y, 62);
    const paint =
      cross || shape === 'stroke' || shape === 'square'
        ? `stroke="${color}" stroke-width="${cross ? 2.5 : shape === 'square' ? 2 : 3}"${shape === 'square' ? ` fill="${color}" fill-opacity=".25"` : ''}`
        : `fill="${color}"`;
    return `<path d="${d}" ${paint}/>${textSvg(x + 9, y + 3.5, text, '')}`;
  });
  return { svg: `<g transform="translate(${LEFT},${top})">${marks.join('')}</g>`, height };
}

/** One figure with its height, from the top of the picture. */
function figureSvg(figure: Figure, ink: (typeof INKS)[Ground]): { svg: string; width: number; height: number } {
  const { panels, room, title, notes } = figure;
  let top = 22;
  const parts = [textSvg(8, top - 4, title, 'font-size="13" font-weight="bold"')];
  if (notes.length > 0) {
    top += 15;
    parts.push(textSvg(8, top - 4, notes.join('; '), 'font-style="italic"'));
  }
  const legend = legendSvg(figure, top);
  parts.push(legend.svg);
  top += legend.height + GAP;
  const drawn = panels.map((panel, i) => {
    top += panel.title === '' ? 4 : PANEL_TITLE;
    const svg = panelSvg(panel, figure, top, i === panels.length - 1, ink);
    top += room.panel + GAP;
    return svg;
  });
  const said = Math.max(...[title, ...notes].map((text, i) => textWidth(text) * (i === 0 ? 7.6 : 5.8)));
  return {
    svg: `<g fill="${ink.text}">${parts.join('')}</g>${drawn.join('')}`,
    width: Math.ceil(Math.max(LEFT + room.width + RIGHT, Math.min(said + 16, 1.5 * room.width))),
    height: top + X_AXIS - GAP,
  };
}

/** The figures side by side as a picture that asks for nothing: what stays where nobody draws Vega-Lite. */
export function figuresSvg(figures: readonly Figure[], ground: Ground): string {
  const ink = INKS[ground];
  let left = 0;
  let height = 0;
  const parts = figures.map((figure) => {
    const one = figureSvg(figure, ink);
    const placed = left === 0 ? one.svg : `<g transform="translate(${left},0)">${one.svg}</g>`;
    left += one.width + BETWEEN;
    height = Math.max(height, one.height);
    return placed;
  });
  const width = left - BETWEEN;
  const paper = ground === 'paper' ? `<rect width="${width}" height="${height}" fill="#ffffff"/>` : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" fill="none">${paper}${parts.join('')}</svg>`;
}
