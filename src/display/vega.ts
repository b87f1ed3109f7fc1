import { createHash } from 'node:crypto';
import type { MimeBundle } from '../core/display.js';
import { textWidth } from '../core/text-width.js';
import type { KeptView } from './kept-view.js';

/** A Vega-Lite specification, version 5: plain data. */
export type VegaLiteSpec = { readonly [key: string]: unknown };

/** What JupyterLab, VS Code and others draw as a chart. It must be given as an object, and in version 5. */
export const VEGA_LITE = 'application/vnd.vegalite.v5+json';
const SCHEMA = 'https://vega.github.io/schema/vega-lite/v5.json';

/** A chart that is drawn: what Vega-Lite needs, and text. */
export interface Drawn {
  readonly spec: VegaLiteSpec;
  readonly line: string;
  /** The same as a picture, where that is made without Vega: with ground and ink of its own, or for a page of any colour. */
  svg?(ground: 'paper' | 'page'): string;
}

/** The packages that draw. Who has none of them must still be able to read our types. @internal */
export interface Drawing {
  readonly vega: typeof import('vega');
  readonly vegaLite: typeof import('vega-lite');
}

interface TextMetrics {
  width: unknown;
  readonly estimateWidth: unknown;
}

/** Without a canvas Vega takes each character for as wide as the widest, and leaves room that nothing fills. */
function measureText({ textMetrics }: { textMetrics?: TextMetrics }): void {
  if (textMetrics === undefined || textMetrics.width !== textMetrics.estimateWidth) return;
  textMetrics.width = ({ fontSize = 11, limit = 0 }: { fontSize?: number; limit?: number }, text: unknown): number => {
    const width = textWidth(String(text ?? '').trim()) * 0.58 * fontSize;
    return limit > 0 ? Math.min(limit, width) : width;
  };
}

let loading: Promise<Drawing | undefined> | undefined;

/** Optional packages: without them a chart is still drawn by whoever shows the notebook. */
function drawing(): Promise<Drawing | undefined> {
  loading ??= Promise.all([import('vega'), import('vega-lite')]).then(
    ([vega, vegaLite]) => {
      measureText(vega as { textMetrics?: TextMetrics });
      return { vega, vegaLite };
    },
    () => undefined,
  );
  return loading;
}

/** For pages that do not draw Vega-Lite themselves: dark ink on a ground of its own, so that it reads on any page. */
const ON_PAPER = { background: '#ffffff', padding: 8 };

const GREY = '#808080';
/** For a moment on a page of any colour: no ground, and ink that reads on white and on black. */
const ON_ANY_PAGE = {
  background: null,
  axis: { labelColor: GREY, titleColor: GREY, domainColor: GREY, tickColor: GREY, gridColor: GREY },
  title: { color: GREY, subtitleColor: GREY },
  legend: { labelColor: GREY, titleColor: GREY },
};

/** Whether a specification names data that somebody would have to fetch. */
function fetches(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if (Array.isArray(part)) return part.some(fetches);
  return Object.entries(part).some(([name, value]) =>
    name === 'values' ? false : name === 'url' ? typeof value === 'string' : fetches(value),
  );
}

/** Vega numbers its clips per process; here the same chart is the same text, and two charts in one page do not meet. */
function withOwnIds(svg: string): string {
  const hash = createHash('sha256')
    .update(svg.replace(/(?<=id="|url\(#)(?:clip|gradient_)\d+/g, ''))
    .digest('hex')
    .slice(0, 8);
  const ids = new Map<string, string>();
  return svg.replace(/(?<=id="|url\(#)(?:clip|gradient_)\d+/g, (id) => {
    const own = ids.get(id) ?? `${hash}-${ids.size}`;
    ids.set(id, own);
    return own;
  });
}

/** The packages, unless the chart needs data from elsewhere. */
async function drawingOf(spec: VegaLiteSpec): Promise<Drawing | undefined> {
  return fetches(spec) ? undefined : drawing();
}

/** @throws what Vega-Lite says against the specification */
async function svgOf(spec: VegaLiteSpec, config: VegaLiteSpec, { vega, vegaLite }: Drawing): Promise<string> {
  const quiet = vega.logger(vega.None);
  // A copy: Vega writes into the rows it draws.
  const own = JSON.parse(JSON.stringify({ ...(config.background === null ? {} : ON_PAPER), ...spec }));
  const compiled = vegaLite.compile(own, { config, logger: quiet as never }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logger: quiet });
  try {
    return withOwnIds(await view.toSVG());
  } finally {
    view.finalize();
  }
}

function vegaLiteBundle(spec: VegaLiteSpec, line: string): MimeBundle {
  return { [VEGA_LITE]: { $schema: SCHEMA, description: line.split('\n', 1)[0], ...spec }, 'text/plain': line };
}

/** A PNG of one pixel, to be seen through. */
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/**
 * A Vega-Lite object that gives way to another one soon. JupyterLab makes a PNG of each that it draws and then draws it once more,
 * while the first drawing stays in memory for good; it does neither where there is a PNG already.
 */
export function vegaLiteFrame(spec: VegaLiteSpec, line: string): MimeBundle {
  return { ...vegaLiteBundle(spec, line), 'image/png': DOT };
}

/**
 * A chart that changes, as one frame: an SVG costs the page nothing that can be measured; Vega-Lite where that cannot be made.
 *
 * @param kept what is known from the frame before
 */
export async function frameBundle({ spec, line, svg }: Drawn, kept: KeptView): Promise<MimeBundle> {
  if (svg !== undefined) return { 'image/svg+xml': svg('page'), 'text/plain': line };
  const loaded = await drawingOf(spec);
  if (loaded === undefined) return vegaLiteFrame(spec, line);
  const frame = await kept.draw(spec, ON_ANY_PAGE, loaded);
  const picture = frame === undefined ? await svgOf(spec, ON_ANY_PAGE, loaded) : withOwnIds(frame);
  return { 'image/svg+xml': picture, 'text/plain': line };
}

/** A chart as it stays: the specification, the same as SVG, and one line of text. Never HTML: it would win over both. */
export async function chartBundle({ spec, line, svg }: Drawn): Promise<MimeBundle> {
  const bundle = vegaLiteBundle(spec, line);
  if (svg !== undefined) return { ...bundle, 'image/svg+xml': svg('paper') };
  const loaded = await drawingOf(spec);
  return loaded === undefined ? bundle : { ...bundle, 'image/svg+xml': await svgOf(spec, {}, loaded) };
}
