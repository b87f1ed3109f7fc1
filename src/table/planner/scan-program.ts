import { rowClassOf } from '../../core/rows/index.js';
import type { ColumnCode, ProgramCode, RowProgram, TimeGrid } from '../../formats/index.js';
import type { AddCode } from '../aggregates/index.js';
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

/** Windows above the steps. */
export interface ScanWindows {
  /** No two of its stretches are in a window in part. */
  readonly grid: TimeGrid;
  /** How rows are added up; absent: they come one by one. */
  readonly parts?: {
    /** Groups, the time, the accumulators. */
    readonly fields: readonly PlanField[];
    readonly groups: readonly number[];
    /** @param columns those of the last step: expressions */
    add(columns: readonly string[]): AddCode;
  };
}

/**
 * Steps above a table as one program for its reader.
 *
 * @param output the last step's columns
 */
export function scanProgram(
  steps: readonly ScanStep[],
  output: readonly PlanField[],
  evaluation: EvaluationContext,
  windows?: ScanWindows,
): RowProgram {
  const parts = windows?.parts;
  const rowtime = steps.flatMap((step) => (step.kind === 'watermark' ? [step.name] : [])).join();
  return {
    steps: [
      ...steps.map((step) => (step.kind === 'calc' ? 'Calc' : 'WatermarkAssigner')),
      ...(parts === undefined ? [] : ['LocalWindowAggregate']),
    ],
    rowClass: rowClassOf(planSchema(parts?.fields ?? output)),
    write: (columns) => {
      const code = write(columns, steps, evaluation);
      if (windows === undefined) return code;
      return parts === undefined ? { ...code, grid: windows.grid } : inParts(code, windows.grid, parts);
    },
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

function inParts(code: ProgramCode, grid: TimeGrid, parts: NonNullable<ScanWindows['parts']>): ProgramCode {
  const { slots, add, constants } = parts.add(code.values);
  const keys = parts.groups.map((group, i) => ({
    column: (parts.fields[i] as PlanField).name,
    value: code.values[group] as string,
  }));
  const time = (parts.fields[keys.length] as PlanField).name;
  return {
    ...code,
    grid,
    combine: { keys, time, add },
    values: [...keys.map(({ value }) => value), 'since', ...slots.values()],
    constants: new Map([...code.constants, ...constants]),
  };
}
