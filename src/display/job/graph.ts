import type { MimeBundle } from '../../core/display.js';
import { ArgumentError } from '../../core/errors.js';
import type { Plan } from '../../engine/inspect/explain.js';
import type { JobMetrics } from '../../engine/inspect/job-metrics.js';
import { counted } from '../cell.js';
import { StillView, type View } from '../view.js';
import { boxLines } from './figures.js';
import { graphSvg, imageHtml } from './graph-svg.js';

/** A graph of operators as a picture, and as text: a line per operator. */
export function graphBundle(plan: Plan, metrics?: JobMetrics): MimeBundle {
  const svg = graphSvg(plan.nodes, metrics);
  const text = graphText(plan, metrics);
  const html = `<div style="overflow-x:auto;margin:.25em 0 .5em;">${imageHtml(svg, text)}</div>`;
  return { 'text/html': html, 'image/svg+xml': svg, 'text/plain': text };
}

function graphText(plan: Plan, metrics: JobMetrics | undefined): string {
  const figures = new Map(metrics?.operators.map((one) => [one.uid, one]) ?? []);
  const lines = plan.toString().split('\n');
  return plan.nodes
    .map((node, i) => {
      const own = figures.get(node.uid);
      const said = own === undefined ? '' : `  ${boxLines(own).filter(Boolean).join(', ')}`;
      return `${lines[i]}${said}`;
    })
    .join('\n');
}

/** What has a plan: a stream, a job, and a plan itself. */
interface Planned {
  explain(): Plan;
}

function isPlanned(of: object): of is Planned {
  return typeof (of as Partial<Planned>).explain === 'function';
}

/**
 * The graph of a stream or a job: sources, operators, sinks, and how elements are spread between them; of a job also
 * how many went in and out, rates, state and what was lost.
 *
 * @param of a job, a stream, or what `explain()` returns
 * @example
 *   await graph(streamEnv().fromElements('to be', 'or not').flatMap((text) => text.split(' ')).keyBy((word) => word));
 */
export function graph(of: Plan | { explain(): Plan; metrics?(): JobMetrics }): View {
  const plan = isPlanned(of) ? of.explain() : of;
  if (!Array.isArray(plan?.nodes)) {
    throw new ArgumentError('graph: this has no graph', {
      hint: 'give it a stream, a job, or what `explain()` returns',
    });
  }
  const metrics = (of as { metrics?(): JobMetrics }).metrics?.();
  return new StillView(`a graph of ${counted(plan.nodes.length, 'operator')}`, () => graphBundle(plan, metrics));
}
