import { type AnyType, quoteName } from '../../core/types/index.js';
import { type CatalogTable, type CatalogView, pathText, type TableColumn } from '../catalog/index.js';
import { NotImplementedError } from '../errors.js';
import type { ShowCreate } from '../sql/ast/statements.js';
import { quoteText } from '../sql/unparse/index.js';
import { type StatementContext, wrong } from './context.js';
import { inFlinkOrder } from './option-order.js';
import { answer, type StatementResult } from './result.js';

/** SHOW CREATE TABLE, VIEW and CATALOG: a statement that makes it again. */
export function showCreate(statement: ShowCreate, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  const site = { span: statement.name.span, sql };
  const parts = statement.name.parts.map(({ name }) => name);
  if (statement.object === 'CATALOG') {
    const { options, comment } = catalog.entry(parts[0] as string, site);
    const note = comment === undefined ? '' : ` COMMENT ${quoteText(comment)}`;
    return answer(
      ['result'],
      [[`CREATE CATALOG ${quoteName(parts[0] as string)}${note} WITH (\n${optionLines(inFlinkOrder(options))}\n)\n`]],
    );
  }
  if (statement.object === 'MODEL') throw new NotImplementedError('SHOW CREATE MODEL', site);
  const path = catalog.path(parts, site);
  const found = catalog.find(path);
  const kind = statement.object === 'TABLE' ? 'table' : 'view';
  if (found === undefined) {
    throw wrong(
      `Could not execute SHOW CREATE ${statement.object}. ${kind === 'table' ? 'Table' : 'View'} with identifier ${path.map(quoteName).join('.')} does not exist.`,
      statement.name,
      context,
      catalog.otherTables(path).hint,
    );
  }
  if (found.kind !== kind) {
    throw wrong(
      `SHOW CREATE ${statement.object} is only supported for ${kind}s, but ${path.map(quoteName).join('.')} is a ${found.kind}. Please use SHOW CREATE ${found.kind.toUpperCase()} instead.`,
      statement.name,
      context,
    );
  }
  return answer(['result'], [[found.kind === 'table' ? createTableText(found) : createViewText(found)]]);
}

/** A statement that makes the table again. */
export function createTableText(table: CatalogTable): string {
  const { watermark, primaryKey } = table;
  const lines = table.columns.map(columnLine);
  if (watermark !== undefined) lines.push(`WATERMARK FOR ${quoteName(watermark.column)} AS ${watermark.text}`);
  if (primaryKey !== undefined) {
    lines.push(
      `CONSTRAINT ${quoteName(primaryKey.name)} PRIMARY KEY (${primaryKey.columns.map(quoteName).join(', ')}) NOT ENFORCED`,
    );
  }
  const head = `CREATE ${table.temporary ? 'TEMPORARY ' : ''}TABLE ${table.path.map(quoteName).join('.')} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`;
  const { distribution } = table;
  const parts = [`${head} `];
  if (table.comment !== undefined && table.comment !== '') parts.push(`COMMENT ${quoteText(table.comment)}\n`);
  if (distribution !== undefined) {
    const { algorithm, columns, buckets } = distribution;
    const by = columns.length === 0 ? '' : ` BY ${algorithm ?? ''}(${columns.map(quoteName).join(', ')})`;
    parts.push(`DISTRIBUTED${by}${buckets === undefined ? '' : ` INTO ${buckets} BUCKETS`}\n`);
  }
  if (table.partitionedBy.length > 0) parts.push(`PARTITIONED BY (${table.partitionedBy.map(quoteName).join(', ')})\n`);
  if (Object.keys(table.options).length > 0) parts.push(`WITH (\n${optionLines(table.options)}\n)\n`);
  return parts.join('');
}

function optionLines(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([key, value]) => `  ${quoteText(key)} = ${quoteText(value)}`)
    .join(',\n');
}

function columnLine(column: TableColumn): string {
  const comment = column.comment === undefined ? '' : ` COMMENT ${quoteText(column.comment)}`;
  const name = quoteName(column.name);
  switch (column.kind) {
    case 'physical':
      return `${name} ${typeText(column.type)}${comment}`;
    case 'computed':
      return `${name} AS ${column.text}${comment}`;
    case 'metadata':
      return `${name} ${typeText(column.type)} METADATA${column.named ? ` FROM ${quoteText(column.key)}` : ''}${column.virtual ? ' VIRTUAL' : ''}${comment}`;
  }
}

/** A type as Flink serialises it: STRING is VARCHAR(2147483647). */
function typeText(type: AnyType): string {
  return String(type)
    .replace(/\bSTRING\b/g, 'VARCHAR(2147483647)')
    .replace(/\bBYTES\b/g, 'VARBINARY(2147483647)')
    .replace(/\bTIMESTAMP_LTZ\((\d)\)/g, 'TIMESTAMP($1) WITH LOCAL TIME ZONE');
}

function createViewText(view: CatalogView): string {
  const { definition } = view;
  if ('rel' in definition) {
    throw new NotImplementedError(`SHOW CREATE VIEW of ${pathText(view.path)}, which a program made`);
  }
  const columns = view.fields.map(({ name }) => quoteName(name)).join(', ');
  const comment = view.comment === undefined ? '' : ` COMMENT ${quoteText(view.comment)}\n`;
  return `CREATE ${view.temporary ? 'TEMPORARY ' : ''}VIEW ${view.path.map(quoteName).join('.')}(${columns}) as\n${definition.expanded}${comment}`;
}
