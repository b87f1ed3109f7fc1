import type { PlanNode } from '../../engine/inspect/explain.js';
import type { PicturedMetrics, PicturedOperator } from '../../engine/inspect/job-picture.js';
import { escapeHtml } from '../html.js';
import { displayWidth } from '../table-text.js';
import { cut, joined, visible } from '../visible.js';
import { boxLines } from './figures.js';
import { type PlacedNode, placeNodes } from './graph-layout.js';

const WIDTH = 176;
const HEIGHT = 52;
const ACROSS = 66;
const DOWN = 20;
const MARGIN = 8;
const NAME_COLUMNS = 22;
/** More than these cannot be read as a picture. */
const MOST_NODES = 60;

/** Boxes bring their own ground and ink, so that the picture reads on any page. */
const FILLS = { source: '#2e7d56', operator: '#2f6fb3', sink: '#6b5aa8', busy: '#b3402f' } as const;
const LINES = '#858585';

/** As much as fits: a Chinese letter takes the room of two. */
function text(value: string, columns: number): string {
  const part = cut(value, columns);
  const whole = joined(visible(part.text, part.hidden === 0));
  if (part.hidden === 0 && displayWidth(whole) <= columns) return whole;
  let [kept, width] = ['', 0];
  for (const letter of whole) {
    width += displayWidth(letter);
    if (width > columns - 1) break;
    kept += letter;
  }
  return `${kept}…`;
}

function at({ column, row }: PlacedNode): { x: number; y: number } {
  return { x: MARGIN + column * (WIDTH + ACROSS), y: MARGIN + row * (HEIGHT + DOWN) };
}

function boxSvg(placed: PlacedNode, figures: PicturedOperator | undefined, last: boolean): string {
  const { node } = placed;
  const { x, y } = at(placed);
  const busy = (figures?.backPressured ?? 0) > 0.5;
  const fill = busy ? FILLS.busy : node.kind === 'source' ? FILLS.source : last ? FILLS.sink : FILLS.operator;
  const many = node.parallelism === 1 ? '' : ` ×${node.parallelism}`;
  const name = escapeHtml(text(node.name, NAME_COLUMNS - many.length) + many);
  const lines = (figures === undefined ? [] : boxLines(figures)).filter((line) => line !== '');
  const middle = x + WIDTH / 2;
  const top = y + HEIGHT / 2 + 4 - lines.length * 7;
  const label = `<text x="${middle}" y="${top}" font-weight="600" font-size="12" fill="#fff">${name}</text>`;
  const more = lines.map(
    (line, i) =>
      `<text x="${middle}" y="${top + 14 * (i + 1)}" font-size="10.5" fill="#e8eef5">${escapeHtml(line)}</text>`,
  );
  const says = `<title>${escapeHtml(`${text(node.name, 200)} (${text(node.uid, 80)})`)}</title>`;
  return `<g>${says}<rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="7" fill="${fill}"/>${label}${more.join('')}</g>`;
}

function edgeSvg(from: PlacedNode, to: PlacedNode, label: string): string {
  const a = at(from);
  const b = at(to);
  const [x1, y1, x2, y2] = [a.x + WIDTH, a.y + HEIGHT / 2, b.x - 6, b.y + HEIGHT / 2];
  const bend = Math.min(60, (x2 - x1) / 2);
  const path = `<path d="M${x1},${y1}C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}" fill="none" stroke="${LINES}" stroke-width="1.5"/>`;
  const tip = `<path d="M${x2 + 6},${y2}l-8,-4v8z" fill="${LINES}"/>`;
  if (label === '') return path + tip;
  const place = `x="${x1 + ACROSS / 2 - 3}" y="${y1 + (y2 - y1) * (ACROSS / 2 / Math.max(ACROSS, x2 - x1)) - 5}"`;
  return `${path}${tip}<text ${place} font-size="10" fill="${LINES}">${escapeHtml(text(label, 11))}</text>`;
}

/** A graph as SVG. Its colours stand on any ground, and its size depends on the graph alone, not on the figures. */
export function graphSvg(nodes: readonly PlanNode[], metrics: Pick<PicturedMetrics, 'operators'> | undefined): string {
  const shown = nodes.slice(0, MOST_NODES);
  const placed = placeNodes(shown);
  const byId = new Map(placed.map((one) => [one.node.id, one]));
  const read = new Set(shown.flatMap((node) => node.inputs.map((input) => input.from)));
  const figuresOf = new Map(metrics?.operators.map((figures) => [figures.uid, figures]) ?? []);
  const edges = placed.flatMap((to) =>
    to.node.inputs.map((input) => {
      const from = byId.get(input.from);
      const label = input.sideOutput ?? (input.ship === 'forward' ? '' : input.ship);
      return from === undefined ? '' : edgeSvg(from, to, label);
    }),
  );
  const boxes = placed.map((one) =>
    boxSvg(one, figuresOf.get(one.node.uid), !read.has(one.node.id) && one.node.kind !== 'source'),
  );
  let [columns, rows] = [1, 1];
  for (const { column, row } of placed) {
    columns = Math.max(columns, column + 1);
    rows = Math.max(rows, row + 1);
  }
  const width = 2 * MARGIN + columns * WIDTH + (columns - 1) * ACROSS;
  const hidden = nodes.length - shown.length;
  const below = hidden > 0 ? 18 : 0;
  const height = Math.ceil(2 * MARGIN + rows * HEIGHT + (rows - 1) * DOWN) + below;
  const more =
    hidden > 0
      ? `<text x="${width / 2}" y="${height - 8}" font-size="11" fill="${LINES}">${hidden} more operators</text>`
      : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui,-apple-system,Segoe UI,sans-serif" text-anchor="middle">${edges.join('')}${boxes.join('')}${more}</svg>`;
}

/** To this share of its size a graph may be made to fit. */
const SMALLEST = 0.7;

/**
 * An SVG as an image: in this form it survives in notebooks that are not trusted, too, and nothing in it can run.
 *
 * @param says what is read out in its place
 */
export function imageHtml(svg: string, says: string): string {
  const data = Buffer.from(svg).toString('base64');
  const [, width = '', height = ''] = /^<svg [^>]*?width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  // Its place is kept before it is there, so that nothing jumps when it changes. A long graph scrolls before its names get too small.
  const least = `min-width:${Math.round(Number(width) * SMALLEST)}px;`;
  return `<img alt="${escapeHtml(says)}" width="${width}" height="${height}" src="data:image/svg+xml;base64,${data}" style="max-width:100%;${least}height:auto;">`;
}
