import type { MimeBundle } from '../../core/display.js';
import { ArgumentError, messageOf } from '../../core/errors.js';
import type { CellHandle } from '../../core/kernel.js';
import { Fold } from '../../core/rows/index.js';
import { compact } from '../compact.js';
import { sourceOf } from '../infer.js';
import { isExecutable } from '../result-view.js';
import { chartBundle, type Drawn, type VegaLiteSpec } from '../vega.js';
import { View } from '../view.js';
import { type BarOptions, barChart } from './bar.js';
import { ChartData } from './columns.js';
import { type ChartOptions, frameOf } from './frame.js';
import { type HeatmapOptions, heatmapChart } from './heatmap.js';
import { type HistogramOptions, histogramChart } from './histogram.js';
import { type LineOptions, lineChart } from './line.js';
import { drawLive } from './live.js';
import { pickChart } from './pick.js';
import { type PointOptions, pointChart } from './point.js';
import { isAsync, isTabular, rowsOf } from './source.js';

type Draw = (data: ChartData) => Drawn;

/**
 * A chart that is not drawn yet: `await` it, `show()` it, or let it be the last value of a cell. Made by {@link chart}.
 */
export class Chart extends View {
  private drawn: Promise<Drawn> | undefined;

  /** @internal Use `chart(data)`. */
  constructor(
    private readonly data: unknown,
    private readonly how: Draw,
    /** What `chart(data, options)` was told; each kind of chart may say otherwise. */
    private readonly common: ChartOptions = {},
  ) {
    super();
  }

  private as<O extends ChartOptions>(options: O, how: (data: ChartData, options: O) => Drawn): Chart {
    const all = { ...this.common, ...options };
    return new Chart(this.data, (data) => how(data, all), this.common);
  }

  /**
   * A line over `x`.
   *
   * @param y an amount, or several: a line for each
   */
  line(x: string, y: string | readonly string[], options: LineOptions = {}): Chart {
    const ys = typeof y === 'string' ? [y] : y;
    return this.as(options, (data, all) => lineChart(data, x, ys, all));
  }

  /** A bar for each value of `x`; without `y`, of how many rows there are. */
  bar(x: string, y?: string, options: BarOptions = {}): Chart {
    return this.as(options, (data, all) => barChart(data, x, y, all));
  }

  /** A point per row. */
  point(x: string, y: string, options: PointOptions = {}): Chart {
    return this.as(options, (data, all) => pointChart(data, x, y, all));
  }

  /** How often values of `x` fall into each step of their range. */
  histogram(x: string, options: HistogramOptions = {}): Chart {
    return this.as(options, (data, all) => histogramChart(data, x, all));
  }

  /** `x` against `y`, as colours: how many rows, or the mean of `options.value`. */
  heatmap(x: string, y: string, options: HeatmapOptions = {}): Chart {
    return this.as(options, (data, all) => heatmapChart(data, x, y, all));
  }

  /**
   * Any Vega-Lite specification (version 5) over these rows: its fields are the columns. Moments are epoch ms, names are
   * text; the first 5,000 rows.
   *
   * @example
   *   await chart(rows).vegaLite({ mark: 'tick', encoding: { x: { field: 'price', type: 'quantitative' } } });
   */
  vegaLite(spec: VegaLiteSpec): Chart {
    return this.as({}, (data, all) => ownSpec(data, spec, all));
  }

  /** The Vega-Lite specification, as plain data. */
  async spec(): Promise<VegaLiteSpec> {
    return (await this.whole()).spec;
  }

  override async bundle(): Promise<MimeBundle> {
    const drawn = await this.whole();
    try {
      return await chartBundle(drawn);
    } catch (error) {
      throw new ArgumentError(`chart: Vega-Lite does not take this specification: ${messageOf(error)}`, {
        hint: 'see https://vega.github.io/vega-lite/docs/spec.html',
        cause: error,
      });
    }
  }

  override toString(): string {
    return `a chart of ${compact(this.data, 60).text}; await it to see it`;
  }

  override async showIn(cell: CellHandle | undefined): Promise<void> {
    const data = executed(this.data);
    if (isAsync(data) && !isTabular(data)) await drawLive(data, this.how, cell);
    else await super.showIn(cell);
  }

  private whole(): Promise<Drawn> {
    this.drawn ??= (async () => {
      const data = executed(await this.data);
      if (isTabular(data)) return this.how(new ChartData(rowsOf(await data.toTable())));
      if (!isAsync(data)) return this.how(new ChartData(rowsOf(data)));
      const rows = new Fold<unknown>(MOST_ROWS);
      for await (const row of data) rows.add(row);
      return this.how(new ChartData(sourceOf(rows.rows())));
    })();
    return this.drawn;
  }
}

/** A table computes its rows when it is asked to; each chart asks anew. */
function executed(data: unknown): unknown {
  return typeof data === 'object' && data !== null && isExecutable(data) ? data.execute() : data;
}

const MOST_ROWS = 1_000_000;
const MOST_SPEC_ROWS = 5000;

function ownSpec(data: ChartData, spec: VegaLiteSpec, options: ChartOptions): Drawn {
  const columns = data.all();
  const count = Math.min(data.count, MOST_SPEC_ROWS);
  const values = Array.from({ length: count }, (_, i) =>
    Object.fromEntries(columns.map((column) => [column.name, column.values[i] ?? null])),
  );
  const note = data.count > count ? [`the first ${count} of ${data.count} rows`] : [];
  return { spec: { ...frameOf(options, note), data: { values }, ...spec }, line: lineOf(spec, data.count) };
}

function lineOf(spec: VegaLiteSpec, rows?: number): string {
  const { mark } = spec;
  const type = typeof mark === 'object' && mark !== null ? (mark as { type?: unknown }).type : mark;
  const what = typeof type === 'string' ? `Vega-Lite chart (${type})` : 'Vega-Lite chart';
  return rows === undefined ? what : `${what}, ${rows} rows`;
}

const VIEWS = ['mark', 'layer', 'facet', 'hconcat', 'vconcat', 'concat', 'repeat'];

function isSpec(data: unknown): data is VegaLiteSpec {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  const own = Object.getPrototypeOf(data);
  return (
    (own === Object.prototype || own === null) &&
    VIEWS.some((name) => name in data) &&
    ('data' in data || '$schema' in data)
  );
}

/**
 * A chart of rows, in a notebook as Vega-Lite and SVG, in a terminal as a line of text.
 *
 * `data` is an array of objects or arrays, a `Map`, any iterable, an arquero table, a danfojs frame, what has a
 * `toTable()` method, a promise of these; a table or the result of a query; a job
 * (its operators) or a topic's description (its partitions); a running stream or any other asynchronous sequence, which is drawn while it
 * comes in; or a whole Vega-Lite specification (version 5) with its data.
 *
 * Without a further word the chart is the one that fits: over a time, a line; of names and amounts, bars; of two amounts,
 * points; of one, a histogram; of names alone, how often there is each. `.line`, `.bar`, `.point`, `.histogram`,
 * `.heatmap` and `.vegaLite` say which; they take the same options, and theirs go before these.
 *
 * Moments are drawn in UTC. Rows without a value are left out; too many marks are thinned out, summed up or sampled; all
 * of this is said in the subtitle. Numbers beyond 2^53 are rounded.
 *
 * @throws ArgumentError for a column there is not; when it is drawn
 * @example
 *   await chart([{ word: 'whale', n: 1226 }, { word: 'sea', n: 455 }]);
 *   await chart(trades).line('time', 'price', { by: 'name', title: 'Prices' });
 *   await chart(stream).line('time', 'price', { horizon: seconds(30) });
 */
export function chart(data: unknown, options: ChartOptions = {}): Chart {
  if (isSpec(data)) {
    const spec = data;
    return new Chart([], () => ({ spec: versionFive(spec), line: lineOf(spec) }));
  }
  return new Chart(data, (rows) => pickChart(rows, options), options);
}

/** JupyterLab draws version 5 only; a specification that says another one is nearly always right in 5, too. */
function versionFive(spec: VegaLiteSpec): VegaLiteSpec {
  const { $schema: _, ...rest } = spec;
  return rest;
}
