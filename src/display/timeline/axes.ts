import { ArgumentError } from '../../core/errors.js';
import type { Moment, TimelineData } from './data.js';

/** A stretch of an axis. */
export type Range = readonly [low: number, high: number];

/** How moments and event times become places in the figure. */
export interface Axes {
  /** Up: processing time, or the order of arrival where the clock hardly moved. */
  readonly up: 'time' | 'order';
  /** Across: event time; processing time, where elements have none. */
  readonly across: 'event' | 'processing';
  readonly x: Range;
  readonly y: Range;
}

/** What a reader may ask for. */
export interface AxesOptions {
  /**
   * Upwards: `'time'`, the processing time; `'order'`, one step per element. Default: time, unless most elements came in
   * the same millisecond as others.
   */
  readonly up?: 'time' | 'order';
  /** Only this stretch of the axis across: event times, epoch ms. Default: all there is. */
  readonly between?: readonly [from: number, to: number];
}

/** How far values reach. */
class Reach {
  private low = Number.POSITIVE_INFINITY;
  private high = Number.NEGATIVE_INFINITY;

  see(value: number): void {
    if (!Number.isFinite(value)) return;
    if (value < this.low) this.low = value;
    if (value > this.high) this.high = value;
  }

  get range(): Range | undefined {
    return this.low <= this.high ? [this.low, this.high] : undefined;
  }
}

/** Room at both ends, so that nothing sits on the frame. */
function padded([low, high]: Range, below: number, above = below): Range {
  const length = high - low;
  return [low - (length * below || 1), high + (length * above || 1)];
}

function spreadOut(data: TimelineData): boolean {
  const { elements } = data;
  const distinct = new Set(elements.map((element) => element.at)).size;
  return distinct >= 3 && distinct >= elements.length / 2;
}

export function heightOf(moment: Moment, up: Axes['up']): number {
  return up === 'time' ? moment.at : moment.step;
}

/** Where an element stands across. */
export function acrossOf(element: { readonly timestamp: number | undefined } & Moment, across: Axes['across']): number {
  return across === 'event' ? (element.timestamp ?? Number.NaN) : element.at;
}

/** What a stretch of event time has to do with. */
function part(data: TimelineData, [from, to]: Range): TimelineData {
  const windows = data.windows.filter(({ start, end }) => end > from && start < to);
  const elements = data.elements.filter(({ timestamp = from }) => timestamp >= from && timestamp <= to);
  const watermarks = data.watermarks.filter(({ watermark }) => watermark >= from && watermark <= to);
  const timers = data.timers.filter(({ timestamp }) => timestamp >= from && timestamp <= to);
  return { ...data, windows, elements, watermarks, timers };
}

/** The axes that fit all of the given figures, so that they can be compared. */
export function axesOf(whole: readonly TimelineData[], options: AxesOptions = {}): Axes {
  const { between } = options;
  if (between !== undefined && !(between[0] < between[1])) {
    throw new ArgumentError(`timeline: between ${between[0]} and ${between[1]} there is nothing`);
  }
  const up = options.up ?? (whole.every(spreadOut) ? 'time' : 'order');
  const all = between === undefined ? whole : whole.map((data) => part(data, between));
  const elements = all.flatMap((data) => data.elements);
  const timed = elements.length === 0 || elements.some((element) => element.timestamp !== undefined);
  const across = timed ? 'event' : 'processing';
  const [xs, ys, marks] = [new Reach(), new Reach(), new Reach()];
  for (const { elements, windows, watermarks, timers } of all) {
    for (const element of elements) {
      xs.see(acrossOf(element, across));
      ys.see(heightOf(element, up));
    }
    for (const { start, end, firings } of windows) {
      xs.see(start);
      xs.see(end);
      for (const moment of firings) ys.see(heightOf(moment, up));
    }
    for (const moment of watermarks) {
      marks.see(moment.watermark);
      ys.see(heightOf(moment, up));
    }
    for (const moment of timers) {
      xs.see(moment.timestamp);
      ys.see(heightOf(moment, up));
    }
  }
  return {
    up,
    across,
    x: between ?? padded(xs.range ?? marks.range ?? [0, 1], 0.02),
    // What the last firing put out stands above it.
    y: padded(ys.range ?? [0, 1], 0.08, 0.16),
  };
}
