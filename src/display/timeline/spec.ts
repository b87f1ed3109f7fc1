import { timeFormat } from '../chart/frame.js';
import type { VegaLiteSpec } from '../vega.js';
import type { Axes } from './axes.js';
import { BARS, DOTS, dotSize, INK, placedLegend } from './marks.js';
import { type Figure, isMoment, noDelayOf, type Panel, type Room } from './panels.js';

interface Layer extends VegaLiteSpec {
  readonly mark: unknown;
}

const TIP = { field: 'says', type: 'nominal', title: ' ' };
/** Text on the ground that the page's theme gives the figure (JupyterLab makes it dark grey in the dark), or on none. */
const INK_ON_GROUND = "!isValid(background) ? '#808080' : luminance(background) < 0.3 ? '#eeeeee' : '#222222'";
const PAGE_TEXT = { type: 'text', color: { expr: INK_ON_GROUND } };

function axis(name: 'x' | 'y', axes: Axes, title: string | null, labels: boolean, room: Room): VegaLiteSpec {
  const range = axes[name];
  const time = isMoment(name, axes);
  return {
    field: name,
    type: time ? 'temporal' : 'quantitative',
    title,
    scale: { domain: range, nice: false, zero: false, ...(time && { type: 'utc' }) },
    axis: {
      labels: labels && !(name === 'y' && axes.up === 'order'),
      ticks: labels && !(name === 'y' && axes.up === 'order'),
      domain: false,
      grid: name === 'x',
      ...(time && { format: timeFormat(range[1] - range[0]), labelOverlap: 'greedy', labelSeparation: 8 }),
      ...(name === 'x' && { tickCount: Math.max(3, Math.floor(room.width / 75)) }),
      ...(name === 'y' && { minExtent: 42, maxExtent: 42, tickCount: 4 }),
    },
  };
}

function layersOf(panel: Panel, axes: Axes, title: { x: string | null; y: string | null }, room: Room): Layer[] {
  const x = axis('x', axes, title.x, title.x !== null, room);
  const y = axis('y', axes, title.y, true, room);
  const bare = { x: { field: 'x', type: x.type }, y: { field: 'y', type: y.type } };
  const layers: Layer[] = [];
  const add = (values: readonly unknown[], mark: object, encoding: object): void => {
    if (values.length > 0) layers.push({ data: { values }, mark, encoding });
  };

  // The first layer is always there, and brings the axes.
  layers.push({
    data: { values: panel.past },
    mark: { type: 'rect', color: INK.watermark, opacity: 0.09, clip: true, strokeWidth: 0 },
    encoding: { x, x2: { field: 'x2' }, y, y2: { field: 'y2' } },
  });
  add(
    noDelayOf(axes).map((at) => ({ x: at, y: at, says: 'no delay: seen at the moment it happened' })),
    { type: 'line', color: '#888888', strokeWidth: 1, strokeDash: [2, 3] },
    { ...bare, tooltip: TIP },
  );
  const boxes = (kind: string, mark: object): void =>
    add(
      panel.boxes.filter((box) => box.kind === kind),
      { type: 'rect', clip: true, cornerRadius: 3, strokeWidth: 1, ...mark },
      { ...bare, x2: { field: 'x2' }, y2: { field: 'y2' }, tooltip: TIP },
    );
  boxes('fired', { color: INK.element, fillOpacity: 0.14, stroke: INK.element, strokeOpacity: 0.75 });
  boxes('merged', { color: INK.late, fillOpacity: 0.1, stroke: INK.late, strokeOpacity: 0.7, strokeDash: [2, 2] });
  boxes('open', { color: INK.window, fillOpacity: 0.1, stroke: INK.window, strokeOpacity: 0.9, strokeDash: [5, 4] });
  add(
    panel.line.map((corner, i) => ({ ...corner, i })),
    { type: 'line', color: INK.watermark, strokeWidth: 2, clip: true, interpolate: 'linear' },
    { ...bare, order: { field: 'i' } },
  );
  for (const kind of ['early', 'on-time', 'late'] as const) {
    add(
      panel.bars.filter((bar) => bar.kind === kind),
      { type: 'rule', color: BARS[kind], strokeWidth: 4, strokeCap: 'round', clip: true },
      { ...bare, x2: { field: 'x2' }, tooltip: TIP },
    );
  }
  add(
    panel.timers,
    { type: 'point', shape: 'triangle-up', filled: true, size: 70, color: INK.fired },
    { ...bare, tooltip: TIP },
  );
  const size = dotSize(panel);
  for (const [kind, { color, shape }] of Object.entries(DOTS)) {
    // A cross is drawn, not filled: it must be seen among many.
    const drawn = shape === 'cross' ? { angle: 45, size: size + 10 } : { size };
    add(
      panel.dots.filter((dot) => dot.kind === kind),
      { type: 'point', shape, filled: true, color, opacity: 1, clip: true, ...drawn },
      { ...bare, tooltip: TIP },
    );
  }
  add(panel.dotLabels, { ...PAGE_TEXT, dx: 7, align: 'left', fontSize: 10 }, { ...bare, text: { field: 'text' } });
  add(
    panel.barLabels,
    { ...PAGE_TEXT, dy: -9, fontSize: 11, fontWeight: 'bold', limit: room.width },
    { ...bare, text: { field: 'text' } },
  );
  return layers;
}

function legendSpec(panels: readonly Panel[], width: number): VegaLiteSpec {
  const { entries, height } = placedLegend(panels, width);
  const values = entries.map((entry) => ({
    ...entry,
    box: entry.shape === 'square' ? 0.25 : 1,
    line: entry.shape === 'stroke' ? 3 : entry.shape === 'square' ? 2 : 0,
    // As it is drawn among the elements.
    turned: entry.shape === 'cross' ? 45 : 0,
  }));
  const place = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null });
  return {
    width,
    height,
    view: { stroke: null },
    data: { values },
    layer: [
      {
        mark: { type: 'point', filled: true, size: 62, opacity: 1 },
        encoding: {
          x: place('px'),
          y: place('py'),
          shape: { field: 'shape', type: 'nominal', scale: null },
          color: { field: 'color', type: 'nominal', scale: null },
          stroke: { field: 'color', type: 'nominal', scale: null },
          fillOpacity: { field: 'box', type: 'quantitative', scale: null },
          strokeWidth: { field: 'line', type: 'quantitative', scale: null },
          angle: { field: 'turned', type: 'quantitative', scale: null },
        },
      },
      {
        mark: { ...PAGE_TEXT, align: 'left', dx: 9, fontSize: 11 },
        encoding: { x: place('px'), y: place('py'), text: { field: 'text' } },
      },
    ],
  };
}

/** One figure: the legend, and a panel per key over a common event time. */
export function figureSpec({ panels, notes, axes, room, title, across, up }: Figure): VegaLiteSpec {
  return {
    title: {
      text: title,
      anchor: 'start',
      fontSize: 13,
      ...(notes.length > 0 && { subtitle: notes.join('; '), subtitleFontStyle: 'italic' }),
    },
    spacing: 8,
    vconcat: [
      legendSpec(panels, room.width),
      ...panels.map((panel, i) => ({
        width: room.width,
        height: room.panel,
        ...(panel.title !== '' && {
          title: { text: panel.title, anchor: 'start', fontSize: 11, fontWeight: 'bold', offset: 4 },
        }),
        layer: layersOf(panel, axes, { x: i === panels.length - 1 ? across : null, y: up }, room),
      })),
    ],
  };
}

/** What all figures have in common. */
export const FIGURE_CONFIG: VegaLiteSpec = {
  // A description says it; one per mark would be most of the file.
  aria: false,
  view: { stroke: '#888', strokeOpacity: 0.35 },
  axis: { gridOpacity: 0.2, titleFontWeight: 'normal', labelFontSize: 10 },
  concat: { spacing: 10 },
};
