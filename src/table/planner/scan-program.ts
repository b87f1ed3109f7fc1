import { rowClassOf } from '../../core/rows/index.js';
import type { ColumnCode, ProgramCode, RowProgram } from '../../formats/index.js';
import { columnsWriter, type EvaluationContext, type Writer } from '../codegen/index.js';
import { inputsOf } from '../expressions/index.js';
import type { Code } from '../functions/definition.js';
import { type PlanField, planSchema } from '../plan/field.js';
import type { Rex } from '../plan/rex.js';
import { nullRowtime } from './nodes/watermark.js';

/** A step of a plan that a reader carries out. */
export type ScanStep =
  | { readonly kind: 'calc'; readonly expressions: readonly Rex[]; readonly condition?: Rex }
  | { readonly kind: 'watermark'; readonly column: number; readonly watermark: Rex; readonly name: string };

/**
 * Steps above a table as one program for its reader.
 *
 * @param output the last step's columns
 */
export function scanProgram(
  steps: readonly ScanStep[],
  output: readonly PlanField[],
  evaluation: EvaluationContext,
): RowProgram {
  const rowtime = steps.flatMap((step) => (step.kind === 'watermark' ? [step.name] : [])).join();
  return {
    steps: steps.map((step) => (step.kind === 'calc' ? 'Calc' : 'WatermarkAssigner')),
    rowClass: rowClassOf(planSchema(output)),
    write: (columns) => write(columns, steps, evaluation),
    nullTime: (where) => nullRowtime(rowtime, `${where}, `),
  };
}

/** The columns after some of the steps. Each is computed when it is asked for, once. */
class Level {
  private readonly codes: (Code | undefined)[];

  constructor(
    private readonly writer: Writer,
    private readonly below: Level | undefined,
    private readonly expressions: readonly Rex[],
    given: readonly ColumnCode[] = [],
    private readonly onRead?: (column: number) => void,
  ) {
    this.codes = [...given];
  }

  column(index: number): Code {
    this.onRead?.(index);
    let code = this.codes[index];
    if (code === undefined) {
      code = (this.below as Level).value(this.expressions[index] as Rex);
      this.codes[index] = code;
    }
    return code;
  }

  all(): Code[] {
    const width = this.below === undefined ? this.codes.length : this.expressions.length;
    return Array.from({ length: width }, (_, i) => this.column(i));
  }

  /** An expression over these columns. They are computed before it: within it may be branches. */
  value(rex: Rex): Code {
    for (const index of inputsOf(rex)) this.column(index);
    this.writer.useColumns(this.codes);
    return this.writer.expression(rex);
  }
}

function write(columns: readonly ColumnCode[], steps: readonly ScanStep[], evaluation: EvaluationContext): ProgramCode {
  const writer = columnsWriter(evaluation);
  const read = new Set<number>();
  let level = new Level(writer, undefined, [], columns, (index) => read.add(index));
  let time: Code | undefined;
  let watermark: Code | undefined;
  const conditions: string[] = [];
  for (const step of steps) {
    if (step.kind === 'watermark') {
      time = level.column(step.column);
      watermark = level.value(step.watermark);
      continue;
    }
    if (step.condition !== undefined) {
      const { value, nullable } = level.value(step.condition);
      conditions.push(nullable ? `${value} === true` : value);
    }
    level = new Level(writer, level, step.expressions);
  }
  const tested = new Set(read);
  const test = writer.takeLines();
  const values = level.all().map(({ value }) => value);
  return {
    tested,
    test,
    keep: conditions.length === 0 ? 'true' : conditions.join(' && '),
    ...(time === undefined ? {} : { time }),
    ...(watermark === undefined ? {} : { watermark }),
    make: writer.takeLines(),
    values,
    constants: writer.constants,
  };
}
