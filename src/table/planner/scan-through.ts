import type { Row } from '../../core/rows/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import type { TranslateContext } from '../physical/context.js';
import type { PhysicalNode } from '../physical/node.js';
import { cannotThrow } from './cannot-throw.js';
import { CALC, type Calc } from './nodes/calc.js';
import { TABLE_SCAN, type TableScan } from './nodes/scan.js';
import { WATERMARK_ASSIGNER, type WatermarkAssigner } from './nodes/watermark.js';
import { type ScanStep, type ScanWindows, scanProgram } from './scan-program.js';
import { durationSetting } from './settings.js';

/**
 * A chain of filters, projections and a watermark right above a table, carried out by the table's reader: a row that is
 * filtered out is never made, and of the others there is one and not one for each step. The plan, and what `explain` shows
 * of it, stays as it is.
 *
 * Only what cannot fail goes there, so that an error still names the step and the row that it comes from.
 *
 * @param shared nodes that somebody else reads too
 * @param windows those that the rows go into, and nowhere else
 */
export function scanThrough(
  node: PhysicalNode,
  shared: ReadonlySet<PhysicalNode>,
  context: TranslateContext,
  windows?: ScanWindows,
): DataStream<Row> | undefined {
  // A trace is there to show each step.
  if (context.env.traces) return undefined;
  const nodes: PhysicalNode[] = [];
  let at = node;
  while ((at.kind as unknown) !== TABLE_SCAN) {
    const [below] = at.inputs;
    if (below === undefined || at.inputs.length > 1 || (nodes.length > 0 && shared.has(at))) return undefined;
    nodes.unshift(at);
    at = below;
  }
  if (nodes.length === 0 || shared.has(at)) return undefined;
  const { source } = at.detail as TableScan;
  if (source.streamThrough === undefined) return undefined;
  const steps = nodes.map((one) => stepOf(one, context));
  if (!fits(steps)) return undefined;
  const program = scanProgram(steps, node.fields, context.evaluation, windows);
  return source.streamThrough(context.env, at.fields, program);
}

function stepOf(node: PhysicalNode, { env, config }: TranslateContext): ScanStep | undefined {
  if (node.fields.some((field) => field.time === 'proctime')) return undefined;
  if ((node.kind as unknown) === CALC) {
    const { expressions, condition } = node.detail as Calc;
    if (![...expressions, ...(condition === undefined ? [] : [condition])].every(cannotThrow)) return undefined;
    return { kind: 'calc', expressions, ...(condition === undefined ? {} : { condition }) };
  }
  if ((node.kind as unknown) !== WATERMARK_ASSIGNER) return undefined;
  // Idleness and watermarks at intervals are matters of the clock, and none of the rows'.
  if (env.autoWatermarkInterval > 0 || durationSetting(config, 'table.exec.source.idle-timeout') > 0) return undefined;
  const { column, watermark } = node.detail as WatermarkAssigner;
  const { name = '', type } = node.fields[column] ?? {};
  const compact = type?.root === 'TIMESTAMP' || type?.root === 'TIMESTAMP_LTZ' ? type.precision <= 3 : false;
  return compact && cannotThrow(watermark) ? { kind: 'watermark', column, watermark, name } : undefined;
}

/** Every row that there is raises the watermark: none may be filtered out before. */
function fits(steps: readonly (ScanStep | undefined)[]): steps is readonly ScanStep[] {
  let filtered = false;
  let timed = false;
  for (const step of steps) {
    if (step === undefined) return false;
    if (step.kind === 'watermark') {
      if (filtered || timed) return false;
      timed = true;
    } else if (step.condition !== undefined) filtered = true;
  }
  return true;
}
