import { type Row, RowKind, rowKind } from '../../core/rows/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import { compileExpression } from '../codegen/index.js';
import { mapInputs, rexToString } from '../expressions/index.js';
import type { TranslateContext } from '../physical/context.js';
import type { PhysicalNode } from '../physical/node.js';
import { inputRef, type Rex } from '../plan/rex.js';
import { CALC, type Calc } from './nodes/calc.js';
import { CHANGELOG_NORMALIZE } from './nodes/changelog-normalize.js';
import { TABLE_SCAN, type TableScan } from './nodes/scan.js';
import { nullRowtime, WATERMARK_ASSIGNER, type WatermarkAssigner } from './nodes/watermark.js';
import { durationSetting } from './settings.js';

/** What a source makes watermarks of: expressions over the columns it reads. */
interface Timing {
  readonly column: string;
  readonly time: Rex;
  readonly watermark: Rex;
}

/** The watermarks of a plan that are made by sources. */
export interface TimedScans {
  /** What each of these scans makes them of. */
  readonly timings: ReadonlyMap<PhysicalNode, Timing>;
  /** The nodes that have nothing to do any more. */
  readonly done: ReadonlySet<PhysicalNode>;
}

/**
 * Finds watermarks above tables whose source can make them out of the rows it reads, for each of its parts: Kafka's
 * partitions each have their own then, and the slowest decides. Projections in between (a computed time) are evaluated for
 * the watermark, and stay where they are for the rows; so does what gives changes by key their old versions back.
 *
 * @see Flink: `PushWatermarkIntoTableSourceScanAcrossCalcRule`; Kafka SQL Connector, Source Per-Partition Watermarks
 */
export function timedScans(plans: readonly PhysicalNode[]): TimedScans {
  const timings = new Map<PhysicalNode, Timing>();
  const done = new Set<PhysicalNode>();
  const seen = new Set<PhysicalNode>();
  const visit = (node: PhysicalNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    node.inputs.forEach(visit);
    const found = (node.kind as unknown) === WATERMARK_ASSIGNER ? belowWatermark(node) : undefined;
    if (found === undefined) return;
    const { scan, timing } = found;
    // A table that is read once for several steps has one watermark: the one it was declared with.
    const before = timings.get(scan);
    if (before !== undefined && textOf(before, scan) !== textOf(timing, scan)) return;
    timings.set(scan, timing);
    done.add(node);
  };
  plans.forEach(visit);
  return { timings, done };
}

function textOf({ time, watermark }: Timing, scan: PhysicalNode): string {
  return `${rexToString(time, scan.fields)} | ${rexToString(watermark, scan.fields)}`;
}

function belowWatermark(node: PhysicalNode): { readonly scan: PhysicalNode; readonly timing: Timing } | undefined {
  const { column, watermark } = node.detail as WatermarkAssigner;
  let below = node.inputs[0] as PhysicalNode;
  const type = below.fields[column]?.type;
  if (type === undefined) return undefined;
  let timing: Timing = { column: node.fields[column]?.name as string, time: inputRef(column, type), watermark };
  while ((below.kind as unknown) !== TABLE_SCAN) {
    if ((below.kind as unknown) === CALC) {
      const { expressions, condition } = below.detail as Calc;
      if (condition !== undefined) return undefined;
      const over = (rex: Rex): Rex => mapInputs(rex, (i) => expressions[i] as Rex);
      timing = { ...timing, time: over(timing.time), watermark: over(timing.watermark) };
    } else if ((below.kind as unknown) !== CHANGELOG_NORMALIZE) return undefined;
    below = below.inputs[0] as PhysicalNode;
  }
  return (below.detail as TableScan).source.streamTimed === undefined ? undefined : { scan: below, timing };
}

/** Reads a table whose source makes the watermarks. */
export function timedScan(
  scan: PhysicalNode,
  { column, time, watermark }: Timing,
  context: TranslateContext,
): DataStream<Row> | undefined {
  const evaluate = (rex: Rex): ((row: Row) => unknown) => compileExpression(rex, scan.fields, context.evaluation);
  const timeOf = evaluate(time);
  return (scan.detail as TableScan).source.streamTimed?.(context.env, scan.fields, {
    timestampOf: (row) => {
      const found = timeOf(row);
      if (typeof found === 'number') return found;
      // Of a row that was deleted only the key is known.
      if (row[rowKind] === RowKind.DELETE) return undefined;
      throw nullRowtime(column, '');
    },
    watermarkOf: evaluate(watermark) as (row: Row) => number | null,
    idlenessMs: durationSetting(context.config, 'table.exec.source.idle-timeout'),
  });
}
