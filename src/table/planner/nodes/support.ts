import { columnAccess, type Row } from '../../../core/rows/index.js';
import type { AnyType } from '../../../core/types/index.js';
import { transformTwo } from '../../../datastream/connected-streams.js';
import type { DataStream } from '../../../datastream/data-stream.js';
import type { StreamOperator } from '../../../engine/operator.js';
import { compileKey } from '../../codegen/index.js';
import { ValidationError } from '../../errors.js';
import type { Key, PhysicalNode, WindowProperties } from '../../physical/node.js';
import type { PlanField } from '../../plan/field.js';
import type { Rex, SortKey } from '../../plan/rex.js';

/** Puts an operator behind a stream, grouped by columns; by none: all rows are one group, in one subtask. */
export function keyed(
  stream: DataStream<Row>,
  input: readonly PlanField[],
  columns: Key,
  name: string,
  create: () => StreamOperator<Row>,
): DataStream<Row> {
  const made = grouped(stream, input, columns).transform(name, create);
  return columns.length === 0 ? made.setParallelism(1) : made;
}

/** Puts an operator behind two streams, grouped by columns that belong together. */
export function keyedTwo(
  left: { readonly stream: DataStream<Row>; readonly fields: readonly PlanField[]; readonly columns: Key },
  right: { readonly stream: DataStream<Row>; readonly fields: readonly PlanField[]; readonly columns: Key },
  name: string,
  create: () => StreamOperator<Row>,
): DataStream<Row> {
  const made = transformTwo<Row>(
    grouped(left.stream, left.fields, left.columns) as never,
    grouped(right.stream, right.fields, right.columns) as never,
    name,
    create,
  );
  return left.columns.length === 0 ? made.setParallelism(1) : made;
}

const EVERYTHING = (): string => '';

function grouped(stream: DataStream<Row>, input: readonly PlanField[], columns: Key): DataStream<Row> {
  const select = columns.length === 0 ? EVERYTHING : (textKey(columns, input) ?? compileKey(columns, input));
  const keyed = stream.keyBy(select as (row: Row) => unknown);
  keyed.nullKeys = true;
  return keyed;
}

/** A single column of text is the key as it is. */
function textKey(columns: Key, input: readonly PlanField[]): ((row: Row) => unknown) | undefined {
  const field = columns.length === 1 ? input[columns[0] as number] : undefined;
  if (field?.type.root !== 'VARCHAR' && field?.type.root !== 'CHAR') return undefined;
  return new Function(`'use strict'; return (row) => ${columnAccess('row', field.name)};`)() as (row: Row) => unknown;
}

/** For each column of a projection's result the column of the input it repeats, or -1. */
export function repeated(expressions: readonly Rex[]): number[] {
  return expressions.map((one) => (one.kind === 'input' ? one.index : -1));
}

/** Where the keys are after columns were chosen; a key that lost a column is none any more. */
export function mapKeys(keys: readonly Key[], columns: readonly number[]): Key[] {
  const made: Key[] = [];
  for (const key of keys) {
    const mapped = key.map((column) => columns.indexOf(column));
    if (!mapped.includes(-1)) made.push(mapped);
  }
  return made;
}

/** Where the windows' columns are after columns were chosen. */
export function mapWindow(
  window: WindowProperties | undefined,
  columns: readonly number[],
): WindowProperties | undefined {
  if (window === undefined) return undefined;
  const places = (of: readonly number[]): number[] => columns.flatMap((column, i) => (of.includes(column) ? [i] : []));
  const made = { ...window, start: places(window.start), end: places(window.end), time: places(window.time) };
  return made.start.length + made.end.length + made.time.length === 0 ? undefined : made;
}

/**
 * Refuses to order rows by what has no order.
 *
 * @throws ValidationError in Flink's words
 */
export function requireOrderable(keys: readonly SortKey[], fields: readonly PlanField[]): void {
  for (const { index } of keys) {
    const found = withoutOrder(fields[index]?.type);
    if (found === undefined) continue;
    throw new ValidationError(
      `Type(${found}) is not an orderable data type, it is not supported as a ORDER_BY/GROUP_BY/JOIN_EQUAL field.`,
      {
        hint: `\`${fields[index]?.name}\` holds maps: order by what is in them, as map['key'], or by CARDINALITY(map)`,
      },
    );
  }
}

function withoutOrder(type: AnyType | undefined): AnyType | undefined {
  switch (type?.root) {
    case 'MAP':
    case 'MULTISET':
      return type;
    case 'ARRAY':
      return withoutOrder(type.element);
    case 'ROW':
    case 'STRUCTURED':
      return type.fields.map((field) => withoutOrder(field.type)).find((found) => found !== undefined);
    default:
      return undefined;
  }
}

/** `a, b`, for plans. */
export function names(fields: readonly { readonly name: string }[], columns?: readonly number[]): string {
  return (columns === undefined ? fields : columns.map((i) => fields[i] as { readonly name: string }))
    .map((field) => field.name)
    .join(', ');
}

/** What every stateless step with one input says of keys: the same as below. */
export function keysOfInput(node: { readonly inputs: readonly PhysicalNode[] }): readonly Key[] {
  return node.inputs[0]?.upsertKeys ?? [];
}
