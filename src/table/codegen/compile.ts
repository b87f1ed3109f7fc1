import { type Row, rowClassOf, rowKind } from '../../core/rows/index.js';
import { lookupScalar } from '../functions/registry.js';
import { type PlanField, planSchema } from '../plan/field.js';
import type { Rex } from '../plan/rex.js';
import type { EvaluationContext } from './context.js';
import { Writer } from './writer.js';

function writerFor(input: readonly PlanField[], context: EvaluationContext): Writer {
  return new Writer([{ variable: 'row', fields: input }], context, lookupScalar);
}

/** Writes code over columns that lie in variables; see `useColumns`. */
export function columnsWriter(context: EvaluationContext): Writer {
  return new Writer([], context, lookupScalar);
}

/** The value of an expression for a row. */
export function compileExpression(
  rex: Rex,
  input: readonly PlanField[],
  context: EvaluationContext,
): (row: Row) => unknown {
  const writer = writerFor(input, context);
  writer.line(`return ${writer.expression(rex).value};`);
  return writer.compile(['row']);
}

/** Whether a condition holds for a row; UNKNOWN counts as false. */
export function compilePredicate(
  rex: Rex,
  input: readonly PlanField[],
  context: EvaluationContext,
): (row: Row) => boolean {
  const writer = writerFor(input, context);
  const { value, nullable } = writer.expression(rex);
  writer.line(`return ${value}${nullable ? ' === true' : ''};`);
  return writer.compile(['row']);
}

/** A condition over two rows: columns of the left come first. */
export function compileJoinPredicate(
  rex: Rex,
  left: readonly PlanField[],
  right: readonly PlanField[],
  context: EvaluationContext,
): (left: Row, right: Row) => boolean {
  const sources = [
    { variable: 'left', fields: left },
    { variable: 'right', fields: right },
  ];
  const writer = new Writer(sources, context, lookupScalar);
  const { value, nullable } = writer.expression(rex);
  writer.line(`return ${value}${nullable ? ' === true' : ''};`);
  return writer.compile(['left', 'right']);
}

function project(writer: Writer, expressions: readonly Rex[], output: readonly PlanField[], kind: string): void {
  // A column of processing time stays empty until it is read.
  const values = expressions.map((rex, i) => (output[i]?.time === 'proctime' ? 'null' : writer.expression(rex).value));
  writer.line(`const made = new Made(${values.join(', ')});`);
  writer.line(`if (${kind} !== 0) made[rowKind] = ${kind};`);
  writer.line('return made;');
}

/** A row of `output` for each row; the kind of the row is kept. */
export function compileProjection(
  expressions: readonly Rex[],
  input: readonly PlanField[],
  output: readonly PlanField[],
  context: EvaluationContext,
): (row: Row) => Row {
  return compileCalc(undefined, expressions, input, output, context) as (row: Row) => Row;
}

/** Filter and projection in one; `undefined` for what is filtered out. */
export function compileCalc(
  condition: Rex | undefined,
  expressions: readonly Rex[],
  input: readonly PlanField[],
  output: readonly PlanField[],
  context: EvaluationContext,
): (row: Row) => Row | undefined {
  const writer = writerFor(input, context);
  if (condition !== undefined) {
    const { value, nullable } = writer.expression(condition);
    writer.line(`if (${nullable ? `${value} !== true` : `!${value}`}) return undefined;`);
  }
  project(writer, expressions, output, 'row[rowKind]');
  return writer.compile(['row'], { rowKind, Made: rowClassOf(planSchema(output)) });
}
