import type { AnyType } from '../../core/types/index.js';
import { type CatalogObject, pathText, type TableColumn } from '../catalog/index.js';
import { NotImplementedError } from '../errors.js';
import type { PlanField, TimeAttribute } from '../plan/field.js';
import type { Describe } from '../sql/ast/statements.js';
import { quoteText } from '../sql/unparse/index.js';
import { type StatementContext, wrong } from './context.js';
import { answer, type StatementResult } from './result.js';

/** What DESCRIBE tells of each column; where columns have comments, those too. */
const DESCRIBE_COLUMNS: readonly string[] = ['name', 'type', 'null?', 'key', 'extras', 'watermark'];

/**
 * DESCRIBE of a table, a view, a database or a catalog.
 *
 * @see Flink: DESCRIBE Statements
 */
export function describe(statement: Describe, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  const site = { span: statement.name.span, sql };
  const parts = statement.name.parts.map(({ name }) => name);
  switch (statement.object) {
    case 'CATALOG': {
      const [name] = parts as [string];
      const { options, comment } = catalog.entry(name, site);
      const { type = 'generic_in_memory', ...others } = options;
      const more = Object.entries(others).map(([key, value]) => [`option:${key}`, value]);
      return answer(
        ['info name', 'info value'],
        [['name', name], ['type', type], ['comment', comment ?? ''], ...(statement.extended ? more : [])],
      );
    }
    case 'DATABASE':
    case 'SCHEMA': {
      const [home, name] = (parts.length === 1 ? [catalog.currentCatalog, parts[0]] : parts) as [string, string];
      const { comment, options } = catalog.database(home, name, site);
      const more = Object.entries(options).map(([key, value]) => [key, value]);
      return answer(
        ['info name', 'info value'],
        [['name', name], ['comment', comment ?? ''], ...(statement.extended ? more : [])],
      );
    }
    case 'MODEL':
      throw new NotImplementedError('DESCRIBE MODEL', site);
    default:
  }
  const path = catalog.path(parts, site);
  const found = catalog.find(path);
  if (found === undefined) {
    throw wrong(
      `Tables or views with the identifier '${pathText(path)}' doesn't exist`,
      statement.name,
      context,
      catalog.otherTables(path).hint,
    );
  }
  if (statement.column !== undefined) throw new NotImplementedError('DESCRIBE of one column', site);
  return columnsAnswer(describeRows(found));
}

/** Rows of `describeRows` as an answer: with comments where there are any. */
export function columnsAnswer(rows: readonly (readonly (string | boolean | null)[])[]): StatementResult {
  const comments = rows.some((row) => row[DESCRIBE_COLUMNS.length] !== null);
  const names = comments ? [...DESCRIBE_COLUMNS, 'comment'] : DESCRIBE_COLUMNS;
  return answer(
    names,
    rows.map((row) => row.slice(0, names.length)),
  );
}

/** A row a column, the comment last. */
export function describeRows(object: CatalogObject): (string | boolean | null)[][] {
  const key = object.kind === 'table' ? object.primaryKey : undefined;
  const watermark = object.kind === 'table' ? object.watermark : undefined;
  return object.fields.map((field, i) => {
    const column = object.kind === 'table' ? object.columns[i] : undefined;
    return [
      field.name,
      typeText(field, object.kind === 'view' ? (object.times?.[i] ?? field.time) : field.time),
      field.type.nullability === 'nullable',
      key?.columns.includes(field.name) === true ? `PRI(${key.columns.join(', ')})` : null,
      column === undefined ? null : extras(column),
      watermark?.column === field.name ? watermark.text : null,
      column?.comment ?? null,
    ];
  });
}

function typeText({ type }: PlanField, time: TimeAttribute | undefined): string {
  const text = String(type.nullable() as AnyType);
  return time === undefined ? text : `${text} *${time.toUpperCase()}*`;
}

function extras(column: TableColumn): string | null {
  if (column.kind === 'physical') return null;
  if (column.kind === 'computed') return `AS ${column.text}`;
  return `METADATA${column.named ? ` FROM ${quoteText(column.key)}` : ''}${column.virtual ? ' VIRTUAL' : ''}`;
}
