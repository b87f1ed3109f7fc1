import type { Row } from '../../core/rows/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import type { TranslateContext } from '../physical/context.js';
import type { PhysicalNode } from '../physical/node.js';
import { reuseSubplans } from '../physical/reuse.js';
import { aggregateThrough } from './aggregate-through.js';
import { scanThrough } from './scan-through.js';
import { timedScan, timedScans } from './timed-scan.js';

/** Writes a plan down as operators. */
export function translate(node: PhysicalNode, context: TranslateContext): DataStream<Row> {
  return translateAll([node], context)[0] as DataStream<Row>;
}

/** Writes several plans down. What they have in common (a table that they all read) is there once. */
export function translateAll(nodes: readonly PhysicalNode[], context: TranslateContext): DataStream<Row>[] {
  const plans = reuseSubplans(nodes);
  const shared = sharedNodes(plans);
  const { timings, done } = timedScans(plans);
  const made = new Map<PhysicalNode, DataStream<Row>>();
  const visit = (one: PhysicalNode): DataStream<Row> => {
    let stream = made.get(one);
    if (stream === undefined) {
      stream = scanThrough(one, shared, context) ?? aggregateThrough(one, shared, context) ?? write(one);
      if (shared.has(one)) stream.nearestFirst();
      made.set(one, stream);
    }
    return stream;
  };
  const write = (one: PhysicalNode): DataStream<Row> => {
    if (done.has(one)) return visit(one.inputs[0] as PhysicalNode);
    const timing = timings.get(one);
    const timed = timing === undefined ? undefined : timedScan(one, timing, context);
    return timed ?? one.kind.translate(one, one.inputs.map(visit), context);
  };
  return plans.map(visit);
}

/** The nodes that more than one reads. */
function sharedNodes(plans: readonly PhysicalNode[]): Set<PhysicalNode> {
  const seen = new Set<PhysicalNode>();
  const shared = new Set<PhysicalNode>();
  const visit = (node: PhysicalNode): void => {
    if (seen.has(node)) {
      shared.add(node);
      return;
    }
    seen.add(node);
    node.inputs.forEach(visit);
  };
  plans.forEach(visit);
  return shared;
}
