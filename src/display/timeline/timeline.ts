import type { MimeBundle } from '../../core/display.js';
import { ArgumentError } from '../../core/errors.js';
import type { CellHandle } from '../../core/kernel.js';
import { trackRunning } from '../../core/running.js';
import { type TraceEvent, TraceLog } from '../../engine/inspect/trace.js';
import { ChangingChart } from '../changing-chart.js';
import { chartBundle, type Drawn, type VegaLiteSpec } from '../vega.js';
import { View } from '../view.js';
import { type AxesOptions, axesOf } from './axes.js';
import type { TimelineData } from './data.js';
import { keyLabel } from './label.js';
import { type Figure, figureOf, type LabelOptions, panelsOf, type Room } from './panels.js';
import { readTrace } from './read.js';
import { FIGURE_CONFIG, figureSpec } from './spec.js';
import { figuresSvg } from './svg.js';
import { summary, timelineText } from './text.js';

/** What a time-line shows. */
export interface TimelineOptions extends AxesOptions, LabelOptions {
  /** The operator's name. Default: the first one with windows, or else the last one with keys and timestamps. */
  readonly operator?: string;
  /** Only these keys. Default: the six with most elements. */
  readonly keys?: readonly unknown[];
  /** A line above it. Default: the operator's name. */
  readonly title?: string;
  /** Of each key's panel, in pixels. Default 640. */
  readonly width?: number;
  /** Of each key's panel, in pixels. Default: 300 for one key, less for several. */
  readonly height?: number;
}

/** What has a trace: a job started with `streamEnv({ trace: true })`. */
export interface TracedJob {
  readonly trace: TraceLog | undefined;
  readonly status: string;
  wait(): Promise<unknown>;
}

type Traced = TracedJob | TraceLog | readonly TraceEvent[];

/** A full figure takes JupyterLab longer than a frame. */
const REDRAW_EVERY_MS = 500;

function isJob(of: Traced): of is TracedJob {
  return 'wait' in of && typeof of.wait === 'function';
}

function dataOf(of: Traced | undefined, operator: string | undefined): TimelineData {
  if (of === undefined || of === null) {
    throw new ArgumentError('timeline: there is no job', {
      hint: "a query's job is there once its rows were asked for: await result.collect(); await timeline(result.job)",
    });
  }
  const trace = isJob(of) ? of.trace : of;
  if (trace === undefined) {
    throw new ArgumentError('timeline: the job keeps no trace', { hint: 'start it with `streamEnv({ trace: true })`' });
  }
  return trace instanceof TraceLog
    ? readTrace(trace.events, operator, trace.forgotten)
    : readTrace(trace as readonly TraceEvent[], operator);
}

function roomOf(keys: number, options: TimelineOptions, width: number): Room {
  const panel = options.height ?? (keys <= 1 ? 300 : keys <= 3 ? 190 : 140);
  for (const [name, value] of Object.entries({ width: options.width ?? width, height: panel })) {
    if (!(value >= 50 && value <= 5000))
      throw new ArgumentError(`timeline: ${name} is ${value}, not 50 to 5000 pixels`);
  }
  return { width: options.width ?? width, panel };
}

/**
 * A time-line that is not drawn yet: `await` it, `show()` it, or let it be the last value of a cell. Made by
 * {@link timeline}.
 */
export class Timeline extends View {
  /** @internal Use `timeline(job)`. */
  constructor(
    private readonly of: readonly Traced[],
    private readonly options: readonly TimelineOptions[],
  ) {
    super();
  }

  /** What the figure shows, as plain data: elements and their fate, windows, firings, watermarks. Of a comparison: the first. */
  data(): TimelineData {
    return this.all()[0] as TimelineData;
  }

  /** The figure for a terminal. */
  text(): string {
    return this.textOf(this.all());
  }

  /** The Vega-Lite specification. */
  spec(): VegaLiteSpec {
    const all = this.all();
    return specOf(this.figuresOf(all), all);
  }

  override async bundle(): Promise<MimeBundle> {
    const all = this.all();
    return chartBundle(this.drawn(all, this.textOf(all)));
  }

  override toString(): string {
    return this.all().map(summary).join('; ');
  }

  /** A running job is followed to its end; Interrupt ends the following, not the job. */
  override async showIn(cell: CellHandle | undefined): Promise<void> {
    const running = this.of.filter(isJob).filter((job) => job.status === 'running' || job.status === 'created');
    if (running.length === 0) return super.showIn(cell);
    let told = '';
    const drawn = (): Drawn => {
      const all = this.all();
      told = all.map(summary).join('; ');
      return this.drawn(all, told);
    };
    const chart = await ChangingChart.open(drawn(), cell);
    const timer = setInterval(() => {
      if (this.toString() !== told) chart.update(drawn);
    }, REDRAW_EVERY_MS);
    let stop: () => void = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const untrack = trackRunning({ what: 'timeline', stop });
    try {
      await Promise.race([stopped, Promise.allSettled(running.map((job) => job.wait()))]);
    } finally {
      clearInterval(timer);
      untrack();
      const all = this.all();
      await chart.end(this.drawn(all, this.textOf(all)));
    }
  }

  private all(): TimelineData[] {
    return this.of.map((one, i) => dataOf(one, this.options[i]?.operator));
  }

  private textOf(all: readonly TimelineData[]): string {
    return all
      .map((data, i) => {
        const title = this.options[i]?.title;
        return title === undefined ? timelineText(data) : `${keyLabel(title)}\n${timelineText(data)}`;
      })
      .join('\n\n');
  }

  private drawn(all: readonly TimelineData[], line: string): Drawn {
    const figures = this.figuresOf(all);
    return { spec: specOf(figures, all), line, svg: (ground) => figuresSvg(figures, ground) };
  }

  private figuresOf(all: readonly TimelineData[]): Figure[] {
    const [first = {}] = this.options;
    const axes = axesOf(all, first);
    const most = Math.max(...all.map((data) => first.keys?.length ?? data.keys.length));
    const room = roomOf(most, first, all.length === 1 ? 640 : 350);
    return all.map((data, i) => {
      const options = this.options[i] ?? first;
      return figureOf(panelsOf(data, axes, room, options), axes, room, titleOf(data, options.title));
    });
  }
}

function specOf(figures: readonly Figure[], all: readonly TimelineData[]): VegaLiteSpec {
  const specs = figures.map(figureSpec);
  const [only] = specs;
  const common = { description: all.map(summary).join('; '), config: FIGURE_CONFIG };
  return specs.length === 1 ? { ...only, ...common } : { hconcat: specs, ...common, spacing: 24 };
}

function titleOf(data: TimelineData, title: string | undefined): string {
  return title === undefined
    ? summary(data)
        .replace(/^time-line of `(.*?)`: /s, '$1: ')
        .replace(/^time-line of nothing$/, 'nothing happened')
    : keyLabel(title);
}

/**
 * The time-line of a job: event time to the right, processing time upwards, a panel per key. Dots are elements, boxes are
 * windows from their first element to their last firing, with what they fired on top; the line is the watermark, and what
 * lies in its shade is past. Elements that came behind the watermark, too late or for nothing look different, and
 * sessions are seen merging. Where the clock hardly moved while the job ran, upwards goes the order of arrival.
 *
 * A job that still runs is drawn while it goes on. The job needs `streamEnv({ trace: true })`.
 *
 * @param of a job, its trace, or an array of trace events
 * @throws ArgumentError for a job without a trace, or an operator that is not in it
 * @example
 *   const env = streamEnv({ trace: true });
 *   env.fromElements({ name: 'a', time: 1 }, { name: 'a', time: 12 })
 *     .assignTimestampsAndWatermarks(boundedOutOfOrderness(0, (e) => e.time))
 *     .keyBy('name').window(TumblingEventTimeWindows.of(10)).sum('time').print();
 *   await timeline(await env.executeAsync());
 * @see Flink: Timely Stream Processing
 */
export function timeline(of: Traced, options: TimelineOptions = {}): Timeline {
  return new Timeline([of], [options]);
}

/** What a comparison shows. */
export interface CompareOptions extends Omit<TimelineOptions, 'operator' | 'title'> {
  /** A line above each. Default: the operators' names. */
  readonly titles?: readonly [string, string];
  /** The operators' names. */
  readonly operators?: readonly [string, string];
}

/**
 * Two time-lines side by side, over the same event time: two delays of the watermark, two kinds of windows.
 *
 * @example
 *   await timeline.compare(strict, patient, { titles: ['no delay', '5 s of delay'] });
 */
timeline.compare = (a: Traced, b: Traced, options: CompareOptions = {}): Timeline => {
  const { titles, operators, ...common } = options;
  const one = (i: 0 | 1): TimelineOptions => ({
    ...common,
    ...(titles !== undefined && { title: titles[i] }),
    ...(operators !== undefined && { operator: operators[i] }),
  });
  return new Timeline([a, b], [one(0), one(1)]);
};
