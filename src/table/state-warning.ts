import type { DataStream } from '../datastream/data-stream.js';
import { graphOf } from '../engine/graph/graph.js';
import { unboundedStateWarnings } from './explain/physical.js';
import type { PhysicalNode } from './physical/node.js';

/**
 * Says on standard error, before a job starts, what it will keep for ever; only where its input never ends, for otherwise
 * the end of the input is the end of it.
 */
export function warnOfUnboundedState(
  plan: PhysicalNode,
  stream: DataStream<never> | DataStream<object>,
  stateTtlMs: number,
): void {
  const warnings = unboundedStateWarnings(plan, stateTtlMs);
  if (warnings.length === 0) return;
  const { nodes } = graphOf(stream.edges({ kind: 'forward' }).map(({ from }) => from));
  if (!nodes.some(({ source }) => source?.bounded === false)) return;
  for (const warning of warnings) console.warn(`[state] ${warning}`);
}
