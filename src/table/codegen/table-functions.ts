import { classOfRow, type Row } from '../../core/rows/index.js';
import type { AnyType } from '../../core/types/index.js';
import { NotImplementedError } from '../errors.js';
import { lookupScalar } from '../functions/registry.js';
import type { PlanField } from '../plan/field.js';
import type { Rex } from '../plan/rex.js';
import type { EvaluationContext } from './context.js';
import { Writer } from './writer.js';

type Values = readonly unknown[];

/** The rows a table function (or UNNEST) gives for a row: lists of values. `input` is the correlated row. */
export function compileTableFunction(
  scan: { readonly function: string; readonly operands: readonly Rex[]; readonly ordinality?: boolean },
  input: readonly PlanField[],
  context: EvaluationContext,
): (row: Row) => Iterable<Values> {
  const source = { variable: 'row', fields: input };
  const writer = new Writer([source], context, lookupScalar, source);
  const operands = scan.operands.map((rex) => writer.expression(rex).value);
  const call = writer.constant(rowsOf(scan, context));
  writer.line(`return ${call}(${operands.join(', ')});`);
  const made = writer.compile<(row: Row) => Iterable<Values>>(['row']);
  return scan.ordinality === true ? (row) => numbered(made(row)) : made;
}

function* numbered(rows: Iterable<Values>): Iterable<Values> {
  let position = 0;
  for (const row of rows) yield [...row, ++position];
}

function rowsOf(
  scan: { readonly function: string; readonly operands: readonly Rex[] },
  context: EvaluationContext,
): (...operands: never[]) => Iterable<Values> {
  if (scan.function.toUpperCase() === 'UNNEST') return unnest((scan.operands[0] as Rex).type);
  const found = context.functions?.resolve(scan.function);
  if (found?.kind !== 'table') throw new NotImplementedError(`the table function ${scan.function}`);
  return (...operands) => found.evaluate(...operands);
}

const NONE: readonly Values[] = [];

/** A collection's elements as rows: of a ROW its fields, of a map key and value, of a multiset as often as it is in it. */
function unnest(type: AnyType): (value: never) => Iterable<Values> {
  if (type.root === 'MAP') return (value: Map<unknown, unknown> | null) => (value === null ? NONE : value.entries());
  const element = type.root === 'ARRAY' || type.root === 'MULTISET' ? type.element : type;
  const row = element.root === 'ROW' || element.root === 'STRUCTURED';
  const spread = (value: unknown): Values =>
    row ? (classOfRow(value as object)?.values(value as never) ?? []) : [value];
  if (type.root === 'MULTISET') {
    return function* (value: Map<unknown, number> | null) {
      for (const [key, count] of value ?? []) {
        if (row && key === null) continue;
        for (let i = 0; i < count; i++) yield spread(key);
      }
    };
  }
  // A row that is NULL itself gives none; a plain NULL does.
  if (row) return (value: unknown[] | null) => ((value ?? []) as unknown[]).filter((one) => one !== null).map(spread);
  return (value: unknown[] | null) => (value === null ? NONE : value.map(spread));
}
