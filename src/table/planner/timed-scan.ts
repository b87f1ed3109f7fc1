import type { Row } from '../../core/rows/index.js';
import type { DataStream } from '../../datastream/data-stream.js';
import { compileExpression } from '../codegen/index.js';
import { mapInputs } from '../expressions/index.js';
import type { TranslateContext } from '../physical/context.js';
import type { PhysicalNode } from '../physical/node.js';
import type { Rex } from '../plan/rex.js';
import { CALC, type Calc } from './nodes/calc.js';
import { TABLE_SCAN, type TableScan } from './nodes/scan.js';
import { nullRowtime, WATERMARK_ASSIGNER, type WatermarkAssigner } from './nodes/watermark.js';
import { durationSetting } from './settings.js';

/**
 * A watermark above a table whose source can make it out of the rows it reads, for each of its parts: Kafka's partitions
 * each have their own then, and the slowest decides. Projections in between (a computed time) are evaluated for the
 * watermark, and stay where they are for the rows.
 *
 * @param shared nodes that somebody else reads too
 * @see Flink: `PushWatermarkIntoTableSourceScanAcrossCalcRule`; Kafka SQL Connector, Source Per-Partition Watermarks
 */
export function timedScan(
  node: PhysicalNode,
  shared: ReadonlySet<PhysicalNode>,
  context: TranslateContext,
): DataStream<Row> | undefined {
  if ((node.kind as unknown) !== WATERMARK_ASSIGNER) return undefined;
  const calcs: PhysicalNode<Calc>[] = [];
  let below = node.inputs[0] as PhysicalNode;
  while ((below.kind as unknown) === CALC && !shared.has(below)) {
    const calc = below as PhysicalNode<Calc>;
    if (calc.detail.condition !== undefined) return undefined;
    calcs.unshift(calc);
    below = calc.inputs[0] as PhysicalNode;
  }
  if ((below.kind as unknown) !== TABLE_SCAN || shared.has(below)) return undefined;
  const { source } = below.detail as TableScan;
  if (source.streamTimed === undefined) return undefined;
  const { column, watermark } = node.detail as WatermarkAssigner;
  const overScan = (rex: Rex): Rex =>
    calcs.reduceRight((made, { detail }) => mapInputs(made, (i) => detail.expressions[i] as Rex), rex);
  const name = node.fields[column]?.name as string;
  const type = (node.inputs[0] as PhysicalNode).fields[column]?.type;
  if (type === undefined) return undefined;
  const evaluate = (rex: Rex): ((row: Row) => unknown) =>
    compileExpression(overScan(rex), below.fields, context.evaluation);
  const timeOf = evaluate({ kind: 'input', index: column, type });
  const stream = source.streamTimed(context.env, below.fields, {
    timestampOf: (row) => {
      const time = timeOf(row);
      if (typeof time === 'number') return time;
      throw nullRowtime(name, '');
    },
    watermarkOf: evaluate(watermark) as (row: Row) => number | null,
    idlenessMs: durationSetting(context.config, 'table.exec.source.idle-timeout'),
  });
  return calcs.reduce((made, calc) => calc.kind.translate(calc, [made], context), stream);
}
