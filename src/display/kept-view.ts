import type { Spec, View } from 'vega';
import type { Drawing, VegaLiteSpec } from './vega.js';

/** What changes from frame to frame: rows, the text above them, and the stretch of an axis that moves on. */
interface Changing {
  readonly rows: readonly object[];
  readonly text: unknown;
  readonly subtitle: unknown;
  readonly domain: readonly [number, number] | undefined;
}

interface Split {
  readonly spec: VegaLiteSpec;
  /** Of everything that does not change: the same text, the same drawing with other rows. */
  readonly shape: string;
  readonly changing: Changing;
}

function objectIn(of: unknown, name: string): VegaLiteSpec | undefined {
  const value = (of as VegaLiteSpec | undefined)?.[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as VegaLiteSpec) : undefined;
}

/** @returns `undefined` where it is not one plain view of rows that are given with it */
function split(spec: VegaLiteSpec): Split | undefined {
  const { data, title, encoding: all, ...rest } = spec;
  const rows = (data as { values?: unknown } | undefined)?.values;
  if (!Array.isArray(rows) || objectIn(spec, 'encoding') === undefined || 'params' in spec || 'transform' in spec) {
    return undefined;
  }
  // Nobody points at a frame.
  const { tooltip: _, ...encoding } = all as VegaLiteSpec;
  const scale = objectIn(encoding.x, 'scale');
  const { domain, ...otherScale } = scale ?? {};
  const moves = Array.isArray(domain) && domain.length === 2 && domain.every(Number.isFinite);
  const { text, subtitle, ...otherTitle } =
    typeof title === 'string' ? { text: title, subtitle: undefined } : ((title ?? {}) as VegaLiteSpec);
  const shape = JSON.stringify([
    rest,
    moves ? { ...encoding, x: { ...objectIn(encoding, 'x'), scale: otherScale } } : encoding,
    { ...otherTitle, text: text !== undefined, subtitle: subtitle !== undefined },
    moves,
  ]);
  const changing = { rows, text, subtitle, domain: moves ? ([domain[0], domain[1]] as const) : undefined };
  return { spec: { ...rest, ...(title !== undefined && { title }), data: { values: [] }, encoding }, shape, changing };
}

const TEXT = 'frame_text';
const SUBTITLE = 'frame_subtitle';
const DOMAIN = 'frame_domain';

interface Compiled {
  data?: { name: string; values?: unknown }[];
  signals?: object[];
  title?: object | string;
  scales?: { name: string; domain?: unknown }[];
}

/** The drawing with what changes as signals of its own, and the name of its rows. */
function withSignals(compiled: Compiled, { text, subtitle, domain }: Changing): string | undefined {
  const source = compiled.data?.find((one) => Array.isArray(one.values));
  const x = compiled.scales?.find((one) => one.name === 'x');
  if (source === undefined || (domain !== undefined && x === undefined)) return undefined;
  const signals = [...(compiled.signals ?? [])];
  const title: Record<string, unknown> = typeof compiled.title === 'object' ? { ...compiled.title } : {};
  if (text !== undefined) {
    title.text = { signal: TEXT };
    signals.push({ name: TEXT, value: text });
  }
  if (subtitle !== undefined) {
    title.subtitle = { signal: SUBTITLE };
    signals.push({ name: SUBTITLE, value: subtitle });
  }
  if (domain !== undefined && x !== undefined) {
    // Vega-Lite has looked whether the first stretch holds zero; the next one may not.
    Object.assign(x, { domain: { signal: DOMAIN }, zero: false });
    signals.push({ name: DOMAIN, value: domain });
  }
  if (text !== undefined) compiled.title = title;
  compiled.signals = signals;
  return source.name;
}

/**
 * A drawing that is kept from frame to frame. Most of what a frame costs is finding out how to draw it; where only rows,
 * the title and a moving stretch differ from the frame before, that is known already.
 */
export class KeptView {
  private kept: { readonly shape: string; readonly view: View; readonly rows: string } | undefined;

  /** @returns `undefined` where a specification has to be drawn from its beginning @internal */
  async draw(spec: VegaLiteSpec, config: VegaLiteSpec, { vega, vegaLite }: Drawing): Promise<string | undefined> {
    const parts = split(spec);
    if (parts === undefined) return undefined;
    const { changing, shape } = parts;
    if (this.kept?.shape !== shape) {
      this.close();
      const logger = vega.logger(vega.None);
      const own = JSON.parse(JSON.stringify(parts.spec));
      const compiled = vegaLite.compile(own, { config, logger: logger as never }).spec;
      const rows = withSignals(compiled as Compiled, changing);
      if (rows === undefined) return undefined;
      this.kept = { shape, rows, view: new vega.View(vega.parse(compiled as Spec), { renderer: 'none', logger }) };
    }
    const { view, rows } = this.kept;
    if (changing.text !== undefined) view.signal(TEXT, changing.text);
    if (changing.subtitle !== undefined) view.signal(SUBTITLE, changing.subtitle);
    if (changing.domain !== undefined) view.signal(DOMAIN, changing.domain);
    // Copies: Vega writes into the rows it draws.
    view.data(
      rows,
      changing.rows.map((row) => ({ ...row })),
    );
    // Labels that got wider want room again.
    return view.resize().toSVG();
  }

  close(): void {
    this.kept?.view.finalize();
    this.kept = undefined;
  }
}
