import { setDisplayPort } from '../core/display.js';
import { setLastValueView } from '../core/last-value.js';
import { lastValueBundle } from './last-value.js';
import { open } from './open.js';
import { progress } from './progress.js';
import { type ShowOptions, show } from './show.js';
import { table } from './table.js';

export { type AlertOptions, type Alerts, alerts, beep } from './alerts.js';
export type { Aggregate, BarOptions } from './chart/bar.js';
export { Chart, chart } from './chart/chart.js';
export type { ChartOptions } from './chart/frame.js';
export type { HeatmapOptions } from './chart/heatmap.js';
export type { HistogramOptions } from './chart/histogram.js';
export type { LineOptions } from './chart/line.js';
export type { PointOptions } from './chart/point.js';
export { graph } from './job/graph.js';
export { WhyView, why } from './job/why-card.js';
export type {
  Fate,
  TimelineData,
  TimelineElement,
  TimelineFiring,
  TimelineTimer,
  TimelineWatermark,
  TimelineWindow,
} from './timeline/data.js';
export { type CompareOptions, Timeline, type TimelineOptions, timeline } from './timeline/timeline.js';
export type { VegaLiteSpec } from './vega.js';
export { View } from './view.js';
export { type ShowOptions, show };

/** Lets everything below show itself: as HTML in a notebook, as text in a terminal. */
export function fillDisplayPort(): void {
  setDisplayPort({ open, table, progress, show: async (data) => show(data) });
  setLastValueView(lastValueBundle);
}
