import { StreambookError } from '../../../core/errors.js';
import type { Row } from '../../../core/rows/index.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import { WatermarkAssignerOperator } from '../../../engine/operators/table/watermark-assigner.js';
import { type WatermarkGenerator, type WatermarkOutput, WatermarkStrategy } from '../../../engine/time/watermarks.js';
import { compileExpression } from '../../codegen/index.js';
import { rexToString } from '../../expressions/index.js';
import { inputKinds, makeNode, type NodeKind, type PhysicalNode } from '../../physical/node.js';
import type { Rex } from '../../plan/rex.js';
import { rule } from '../rules.js';
import { durationSetting } from '../settings.js';
import { keysOfInput } from './support.js';

export interface WatermarkAssigner {
  readonly column: number;
  readonly watermark: Rex;
}

/**
 * Makes watermarks of an expression over each row. The row goes first, its watermark follows.
 *
 * @see Flink: `WatermarkAssignerOperator`
 */
export const WATERMARK_ASSIGNER: NodeKind<WatermarkAssigner> = {
  name: 'WatermarkAssigner',
  produces: inputKinds,
  requires: (_node, asked) => [asked],
  updates: 'forwards',
  upsertKeys: keysOfInput,
  describe: (node) => {
    const { column, watermark } = node.detail;
    return `rowtime=[${node.fields[column]?.name}], watermark=[${rexToString(watermark, node.fields)}]`;
  },
  translate: (node, [input], { evaluation, config }) => {
    const { column, watermark } = node.detail;
    const name = node.fields[column]?.name as string;
    const from = (node.inputs[0] as PhysicalNode).fields;
    const idleness = durationSetting(config, 'table.exec.source.idle-timeout');
    const stream = input as DataStream<Row>;
    const delayMs = constantDelay(watermark, column);
    if (delayMs !== undefined && idleness === 0 && stream.env.autoWatermarkInterval === 0) {
      return stream.transform(
        'WatermarkAssigner',
        () => new WatermarkAssignerOperator((row) => rowtimeOf(row, name), delayMs),
      );
    }
    const evaluate = compileExpression(watermark, from, evaluation) as (row: Row) => number | null;
    const strategy = WatermarkStrategy.forGenerator<Row>(
      () => new ExpressionWatermarks(evaluate),
    ).withTimestampAssigner((row) => rowtimeOf(row, name));
    return stream
      .assignTimestampsAndWatermarks(idleness > 0 ? strategy.withIdleness(idleness) : strategy)
      .name('WatermarkAssigner');
  },
};

/** How far the watermark stays behind the time itself, where that is always as much: `ts`, `ts - INTERVAL '3' SECOND`. */
function constantDelay(watermark: Rex, column: number): number | undefined {
  const isTime = (rex: Rex | undefined): boolean => rex?.kind === 'input' && rex.index === column;
  if (isTime(watermark)) return 0;
  if (watermark.kind !== 'call' || watermark.function !== '-' || !isTime(watermark.operands[0])) return undefined;
  const [, delay] = watermark.operands;
  return delay?.kind === 'literal' && delay.type.root === 'INTERVAL_DAY_TIME' ? Number(delay.value) : undefined;
}

function rowtimeOf(row: Row, name: string): number {
  const time = row[name];
  if (typeof time === 'number') return time;
  throw nullRowtime(name, '');
}

/** @param where the row's place in its file, if it is known: `a.csv, line 3, ` */
export function nullRowtime(name: string, where: string): StreambookError {
  return new StreambookError(
    'null-rowtime',
    'RowTime field should not be null, please convert it to a non-null long value.',
    {
      where: `${where}column \`${name}\``,
      hint: `leave such rows out before the watermark is made, or give the column a value: COALESCE(${name}, ...)`,
    },
  );
}

// A watermark that is NULL raises nothing. As on Flink, they begin at 0: none is put out before one is above that.
class ExpressionWatermarks implements WatermarkGenerator<Row> {
  private largest = 0;

  constructor(private readonly evaluate: (row: Row) => number | null) {}

  onEvent(row: Row): void {
    const watermark = this.evaluate(row);
    if (watermark !== null && watermark > this.largest) this.largest = watermark;
  }

  onPeriodicEmit(output: WatermarkOutput): void {
    if (this.largest > 0) output.emitWatermark(this.largest);
  }
}

export const WATERMARK_RULE = rule('watermark', (rel, input) =>
  makeNode(WATERMARK_ASSIGNER, rel.fields, [input(rel.input)], { column: rel.column, watermark: rel.watermark }),
);
