import type { AnyType } from '../../core/types/index.js';
import { bindExpression } from '../binder/index.js';
import {
  type CatalogTable,
  type ObjectPath,
  scanFieldsOf,
  suggestion,
  type TableColumn,
  type TableWatermark,
} from '../catalog/index.js';
import { ValidationError } from '../errors.js';
import type { PlanField } from '../plan/field.js';
import type { Span } from '../sql/ast/span.js';
import type { StatementContext } from './context.js';
import type { DraftColumn, TableDraft } from './draft.js';
import { quotedExpression } from './quoted.js';

/** Resolves a draft: types of computed columns, the watermark, the key. @throws ValidationError in Flink's words */
export function resolveTable(
  draft: TableDraft,
  path: ObjectPath,
  temporary: boolean,
  context: StatementContext,
  span: Span,
): CatalogTable {
  const fail = (message: string, hint?: string, at = span): ValidationError =>
    new ValidationError(message, { span: at, sql: context.sql, ...(hint === undefined ? {} : { hint }) });
  const names = draft.columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw fail(twiceText(draft.columns.filter(({ name }) => name === twice)));
  const { primaryKey } = draft;
  const keyed = draft.columns.map((column): DraftColumn => {
    if (column.kind !== 'physical' || primaryKey?.columns.includes(column.name) !== true) return column;
    return { ...column, type: column.type.notNull() as AnyType };
  });
  for (const [i, name] of (primaryKey?.columns ?? []).entries()) {
    const column = keyed.find((one) => one.name === name);
    const place = primaryKey?.places?.[i] ?? primaryKey?.span;
    if (column === undefined) {
      throw fail(
        `Primary key column '${name}' is not defined in the schema${place === undefined ? '' : ` at line ${place.line}, column ${place.column}`}`,
        suggestion(name, names, 'columns').hint,
        place,
      );
    }
    if (column.kind !== 'physical') {
      throw fail(
        `Could not create a PRIMARY KEY with column '${name}'${place === undefined ? '' : ` at line ${place.line}, column ${place.column}`}.\nA PRIMARY KEY constraint must be declared on physical columns.`,
        undefined,
        place,
      );
    }
  }
  const columns = resolveColumns(keyed, context);
  for (const name of draft.partitionedBy) {
    if (columns.some((column) => column.name === name)) continue;
    throw fail(
      `Partition column '${name}' not defined in the table schema. Available columns: [${names.map((one) => `'${one}'`).join(', ')}]`,
    );
  }
  const plain = columns.map(({ name, type }): PlanField => ({ name, type }));
  const watermark = draft.watermark === undefined ? undefined : resolveWatermark(draft.watermark, plain, context);
  const fields = columns.map((column): PlanField => {
    const { name, type } = column;
    if (watermark?.column === name) return { name, type, time: 'rowtime' };
    const proctime =
      column.kind === 'computed' && column.expression.kind === 'call' && column.expression.function === 'PROCTIME';
    return proctime ? { name, type, time: 'proctime' } : { name, type };
  });
  return {
    kind: 'table',
    path,
    temporary,
    columns,
    ...(watermark === undefined ? {} : { watermark }),
    ...(primaryKey === undefined ? {} : { primaryKey: { name: primaryKey.name, columns: primaryKey.columns } }),
    partitionedBy: draft.partitionedBy,
    ...(draft.distribution === undefined ? {} : { distribution: draft.distribution }),
    options: draft.options,
    ...(draft.comment === undefined ? {} : { comment: draft.comment }),
    fields,
  };
}

function twiceText(columns: readonly DraftColumn[]): string {
  const name = columns[0]?.name;
  const kinds = new Set(columns.map(({ kind }) => kind));
  const usual = `A column named '${name}' already exists in the table.`;
  if (kinds.size === 1)
    return kinds.has('physical') ? `A regular Column named '${name}' already exists in the table.` : usual;
  if (!kinds.has('computed')) return `${usual} Duplicate columns exist in the metadata column and regular column. `;
  return `${usual} Duplicate columns exist in the compute column and ${kinds.has('metadata') ? 'metadata' : 'regular'} column. `;
}

function resolveColumns(columns: readonly DraftColumn[], context: StatementContext): TableColumn[] {
  const stored = columns.filter((column) => column.kind !== 'computed') as TableColumn[];
  const fields = scanFieldsOf(stored);
  return columns.map((column): TableColumn => {
    if (column.kind !== 'computed') return column;
    const { name, comment, expression, sql } = column;
    const rex = bindExpression(expression, fields, { ...context, sql });
    return {
      kind: 'computed',
      name,
      type: rex.type,
      expression: rex,
      text: quotedExpression(expression),
      ...(comment === undefined ? {} : { comment }),
    };
  });
}

const SUPPORTED =
  "The field must be of type TIMESTAMP(p) or TIMESTAMP_LTZ(p), the supported precision 'p' is from 0 to 3";

function resolveWatermark(
  { column, span, expression, sql }: NonNullable<TableDraft['watermark']>,
  fields: readonly PlanField[],
  context: StatementContext,
): TableWatermark {
  const fail = (message: string, hint?: string): ValidationError =>
    new ValidationError(message, {
      ...(span === undefined ? {} : { span, sql: context.sql }),
      ...(hint === undefined ? {} : { hint }),
    });
  const field = fields.find(({ name }) => name === column);
  if (field === undefined) {
    const names = fields.map(({ name }) => name);
    if (column.includes('.')) {
      throw fail(
        `Invalid column name '${column}' for rowtime attribute in watermark declaration: nested fields are not supported`,
      );
    }
    throw fail(
      `The rowtime attribute field '${column}' is not defined in the table schema${span === undefined ? '' : `, at line ${span.line}, column ${span.column}`}\nAvailable fields: [${names.map((name) => `'${name}'`).join(', ')}]`,
      suggestion(column, names, 'columns').hint,
    );
  }
  if (!isTime(field.type)) {
    throw fail(
      `Invalid data type of time field for watermark definition. ${SUPPORTED}, but the time field type is ${field.type}`,
      timeHint(field),
    );
  }
  const rex = bindExpression(expression, fields, { ...context, sql });
  if (!isTime(rex.type)) {
    throw fail(
      `Invalid data type of expression for watermark definition. ${SUPPORTED}, but the watermark expression type is ${rex.type}`,
    );
  }
  if (rex.type.root !== field.type.root) {
    throw fail(
      `The watermark declaration's output data type '${rex.type}' is different from the time field's data type '${field.type}'.`,
    );
  }
  return { column, expression: rex, text: quotedExpression(expression) };
}

function isTime(type: AnyType): boolean {
  return (type.root === 'TIMESTAMP' || type.root === 'TIMESTAMP_LTZ') && type.precision <= 3;
}

function timeHint({ name, type }: PlanField): string {
  switch (type.root) {
    case 'BIGINT':
      return `make a column of it: ${name}_time AS TO_TIMESTAMP_LTZ(${name}, 3), WATERMARK FOR ${name}_time AS ...`;
    case 'CHAR':
    case 'VARCHAR':
      return `make a column of it: ${name}_time AS TO_TIMESTAMP(${name}), WATERMARK FOR ${name}_time AS ...`;
    default:
      return `declare it as ${type.root === 'TIMESTAMP_LTZ' ? 'TIMESTAMP_LTZ' : 'TIMESTAMP'}(3)`;
  }
}
