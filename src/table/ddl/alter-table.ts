import { type CatalogTable, type ObjectPath, pathText, suggestion } from '../catalog/index.js';
import { NotImplementedError } from '../errors.js';
import type { Column } from '../sql/ast/columns.js';
import type { Identifier, Name } from '../sql/ast/names.js';
import type { AlterTable, AlterTableAction, TableChange } from '../sql/ast/statements.js';
import { type StatementContext, wrong } from './context.js';
import { optionsOf } from './create-table.js';
import { type DraftColumn, draftColumn, draftKey, draftOf, draftWatermark, type TableDraft } from './draft.js';
import { inFlinkOrder } from './option-order.js';
import { addPartition, dropPartition } from './partitions.js';
import { quotedExpression } from './quoted.js';
import { resolveTable } from './resolve.js';
import { DONE, type StatementResult } from './result.js';

/**
 * ALTER TABLE: the table as it is, changed, and resolved anew.
 *
 * @see Flink: ALTER Statements
 */
export function alterTable(statement: AlterTable, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  const parts = statement.name.parts.map(({ name }) => name);
  const path = catalog.path(parts, { span: statement.name.span, sql });
  const found = catalog.find(path);
  if (found === undefined || found.kind === 'view') {
    if (statement.ifExists && found === undefined) return DONE;
    if (found !== undefined)
      throw wrong(
        'ALTER TABLE for a view is not allowed',
        statement.name,
        context,
        'ALTER VIEW is what there is for views',
      );
    const names = catalog.objects(path[0], path[1]).map((object) => object.path[2]);
    throw wrong(
      `Table \`${path.join('`.`')}\` doesn't exist or is a temporary table.`,
      statement.name,
      context,
      suggestion(path[2], names, 'tables').hint,
    );
  }
  const { change } = statement;
  if (change.action === 'rename') return rename(found, change.to, context);
  if (change.action === 'addPartitions') {
    const { partitions, ifNotExists } = change;
    const into = { name: statement.name, ifNotExists };
    catalog.put(partitions.reduce((made, { spec }) => addPartition(made, spec, into, context), found));
    return DONE;
  }
  if (change.action === 'dropPartitions') {
    const from = { name: statement.name, ifExists: change.ifExists };
    catalog.put(change.partitions.reduce((made, spec) => dropPartition(made, spec, from, context), found));
    return DONE;
  }
  const draft = changed(draftOf(found), change, statement, context);
  const { partitions } = found;
  const made = resolveTable(draft, found.path, found.temporary, context, statement.name.span);
  catalog.put(partitions === undefined ? made : { ...made, partitions });
  return DONE;
}

function rename(table: CatalogTable, to: Name, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  const parts = to.parts.map(({ name }) => name);
  const path: ObjectPath =
    parts.length === 1
      ? [table.path[0], table.path[1], parts[0] as string]
      : catalog.path(parts, { span: to.span, sql });
  if (path[0] !== table.path[0])
    throw wrong(
      `The catalog name of the new table name '${pathText(path)}' must be the same as the origin catalog name '${table.path[0]}'.`,
      to,
      context,
    );
  if (catalog.find(path) !== undefined)
    throw wrong(`Table (or view) ${path[1]}.${path[2]} already exists in Catalog ${path[0]}.`, to, context);
  catalog.remove(table);
  catalog.put({ ...table, path });
  return DONE;
}

function changed(
  draft: TableDraft,
  change: Exclude<AlterTableAction, { action: 'rename' | 'addPartitions' | 'dropPartitions' }>,
  statement: AlterTable,
  context: StatementContext,
): TableDraft {
  switch (change.action) {
    case 'set':
      return {
        ...draft,
        options: inFlinkOrder({ ...draft.options, ...optionsOf(change.options, context) }, sizeOf(draft.options)),
      };
    case 'reset': {
      if (change.keys.length === 0) throw wrong('ALTER TABLE RESET does not support empty key', statement, context);
      if (change.keys.includes('connector')) {
        throw wrong(`ALTER TABLE RESET does not support changing 'connector'`, statement, context);
      }
      const options = Object.fromEntries(Object.entries(draft.options).filter(([key]) => !change.keys.includes(key)));
      return { ...draft, options: inFlinkOrder(options, sizeOf(draft.options)) };
    }
    case 'renameColumn':
      return renamedColumn(draft, change.from, change.to, context);
    case 'add':
    case 'modify':
      onceEach(change.changes, context);
      return change.changes.reduce((made, one) => applied(made, one, change.action, context), draft);
    case 'dropColumns':
      return change.columns.reduce((made, name) => withoutColumn(made, name, change.columns, context), draft);
    case 'dropPrimaryKey':
    case 'dropConstraint': {
      const { primaryKey, ...rest } = draft;
      if (primaryKey === undefined)
        throw wrong(
          'Failed to execute ALTER TABLE statement.\nThe base table does not define any primary key.',
          statement,
          context,
        );
      if (change.action === 'dropConstraint' && change.name.name !== primaryKey.name) {
        throw wrong(
          `Failed to execute ALTER TABLE statement.\nThe base table does not define a primary key constraint named '${change.name.name}'. Available constraint name: ['${primaryKey.name}'].`,
          change.name,
          context,
        );
      }
      return rest;
    }
    case 'dropWatermark': {
      const { watermark, ...rest } = draft;
      if (watermark === undefined)
        throw wrong(
          'Failed to execute ALTER TABLE statement.\nThe base table does not define any watermark strategy.',
          statement,
          context,
        );
      return rest;
    }
    case 'dropDistribution': {
      const { distribution, ...rest } = draft;
      if (distribution === undefined)
        throw wrong(
          'Failed to execute ALTER TABLE statement.\nTable does not have a distribution to drop.',
          statement,
          context,
        );
      return rest;
    }
    case 'compact':
      throw new NotImplementedError('ALTER TABLE ... COMPACT', { span: statement.span, sql: context.sql });
  }
}

/** @throws ValidationError for a column that is named twice */
function onceEach(changes: readonly TableChange[], context: StatementContext): void {
  const seen = new Set<string>();
  for (const change of changes) {
    if (change.kind !== 'columnChange') continue;
    const { name } = change.column.name.parts[0] as Identifier;
    if (seen.has(name)) {
      throw wrong(
        `Failed to execute ALTER TABLE statement.\nEncounter duplicate column \`${name}\`.`,
        change.column.name,
        context,
      );
    }
    seen.add(name);
  }
}

const sizeOf = (options: TableDraft['options']): number => Object.keys(options).length;

function applied(
  draft: TableDraft,
  change: TableChange,
  action: 'add' | 'modify',
  context: StatementContext,
): TableDraft {
  const adding = action === 'add';
  const clash = (what: string, hint: string) =>
    wrong(`Failed to execute ALTER TABLE statement.\n${what}`, change, context, hint);
  switch (change.kind) {
    case 'constraint': {
      if (adding && draft.primaryKey !== undefined) {
        throw clash(
          `The base table has already defined the primary key constraint [${draft.primaryKey.columns.map((name) => `\`${name}\``).join(', ')}]. You might want to drop it before adding a new one.`,
          'ALTER TABLE ... MODIFY changes it',
        );
      }
      if (!adding && draft.primaryKey === undefined) {
        throw clash(
          'The base table does not define any primary key constraint. You might want to add a new one.',
          'ALTER TABLE ... ADD adds it',
        );
      }
      return { ...draft, primaryKey: draftKey(change, undefined, context) };
    }
    case 'watermark': {
      if (adding && draft.watermark !== undefined) {
        throw clash(
          `The base table has already defined the watermark strategy \`${draft.watermark.column}\`. You might want to drop it before adding a new one.`,
          'ALTER TABLE ... MODIFY changes it',
        );
      }
      if (!adding && draft.watermark === undefined) {
        throw clash(
          'The base table does not define any watermark. You might want to add a new one.',
          'ALTER TABLE ... ADD adds it',
        );
      }
      const { name } = change.column.parts[0] as Identifier;
      const names = draft.columns.map((column) => column.name);
      if (!names.includes(name)) {
        throw clash(
          `Invalid column name '${name}' for rowtime attribute in watermark declaration. Available columns are: [${names.join(', ')}]`,
          'WATERMARK FOR takes a column of the table',
        );
      }
      return { ...draft, watermark: draftWatermark(change, context) };
    }
    case 'distribution':
      if (adding && draft.distribution !== undefined) {
        throw clash(
          'The base table has already defined a distribution. You can modify it or drop it before adding a new one.',
          'ALTER TABLE ... MODIFY changes it',
        );
      }
      return {
        ...draft,
        distribution: {
          ...(change.algorithm === undefined ? {} : { algorithm: change.algorithm }),
          columns: change.columns.map(({ name }) => name),
          ...(change.buckets === undefined ? {} : { buckets: change.buckets }),
        },
      };
    case 'columnChange':
      return withColumn(draft, change, adding, context);
  }
}

function withColumn(
  draft: TableDraft,
  change: Extract<TableChange, { kind: 'columnChange' }>,
  adding: boolean,
  context: StatementContext,
): TableDraft {
  const written = draftColumn(change.column, context);
  const at = draft.columns.findIndex(({ name }) => name === written.name);
  const before = draft.columns[at]?.comment;
  const made = before === undefined || written.comment !== undefined ? written : { ...written, comment: before };
  if (adding && at >= 0) {
    throw wrong(
      `Failed to execute ALTER TABLE statement.\nTry to add a column \`${made.name}\` which already exists in the table.`,
      change.column.name,
      context,
    );
  }
  if (!adding && at < 0) throw noColumn('modify', made.name, change.column.name, draft, context);
  const others = draft.columns.filter(({ name }) => name !== made.name);
  let place = adding ? others.length : at;
  if (change.first === true) place = 0;
  if (change.after !== undefined) {
    const { name } = change.after.parts[0] as Identifier;
    const before = others.findIndex((column) => column.name === name);
    if (before < 0) {
      throw wrong(
        `Failed to execute ALTER TABLE statement.\nReferenced column \`${name}\` by 'AFTER' does not exist in the table.`,
        change.after,
        context,
        suggestion(
          name,
          others.map((column) => column.name),
          'columns',
        ).hint,
      );
    }
    place = before + 1;
  }
  const columns = [...others.slice(0, place), made, ...others.slice(place)];
  const key = keyOf(change.column, made, context);
  return { ...draft, columns, ...(key === undefined ? {} : { primaryKey: key }) };
}

function keyOf(column: Column, made: DraftColumn, context: StatementContext) {
  if (column.kind !== 'physicalColumn' || column.constraint === undefined) return undefined;
  return draftKey(column.constraint, [made.name], context);
}

function noColumn(verb: string, name: string, node: Name, draft: TableDraft, context: StatementContext): Error {
  return wrong(
    `Failed to execute ALTER TABLE statement.\n${verb === 'modify' ? `Try to modify a column \`${name}\` which does not exist in the table.` : `The column \`${name}\` does not exist in the base table.`}`,
    node,
    context,
    suggestion(
      name,
      draft.columns.map((column) => column.name),
      'columns',
    ).hint,
  );
}

/** What else of the table names a column. */
function usesOf(draft: TableDraft, name: string, leavingOut: readonly string[]): string | undefined {
  const named = new RegExp(`\`${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\``);
  const computed = draft.columns.find(
    (column) =>
      column.kind === 'computed' &&
      column.name !== name &&
      !leavingOut.includes(column.name) &&
      named.test(quotedExpression(column.expression)),
  );
  if (computed !== undefined) return `The column \`${name}\` is referenced by computed column \`${computed.name}\`.`;
  if (draft.primaryKey?.columns.includes(name) === true) return `The column \`${name}\` is used as the primary key.`;
  if (draft.partitionedBy.includes(name)) return `The column \`${name}\` is used as the partition keys.`;
  const { watermark } = draft;
  if (watermark !== undefined && (watermark.column === name || named.test(quotedExpression(watermark.expression)))) {
    return `The column \`${name}\` is referenced by watermark expression.`;
  }
  return undefined;
}

function withoutColumn(draft: TableDraft, name: Name, all: readonly Name[], context: StatementContext): TableDraft {
  const { name: column } = name.parts[0] as Identifier;
  if (!draft.columns.some((one) => one.name === column)) throw noColumn('drop', column, name, draft, context);
  const together = all.map((one) => (one.parts[0] as Identifier).name);
  const use = usesOf(draft, column, together);
  if (use !== undefined) throw wrong(`Failed to execute ALTER TABLE statement.\n${use}`, name, context);
  return { ...draft, columns: draft.columns.filter((one) => one.name !== column) };
}

function renamedColumn(draft: TableDraft, from: Name, to: Name, context: StatementContext): TableDraft {
  const before = (from.parts[0] as Identifier).name;
  const after = (to.parts[0] as Identifier).name;
  if (!draft.columns.some((column) => column.name === before)) throw noColumn('rename', before, from, draft, context);
  if (draft.columns.some((column) => column.name === after)) {
    throw wrong(
      `Failed to execute ALTER TABLE statement.\nThe column \`${after}\` already existed in table schema.`,
      to,
      context,
    );
  }
  if (draft.partitionedBy.includes(before))
    throw wrong(
      `Failed to execute ALTER TABLE statement.\nThe column \`${before}\` is used as the partition keys.`,
      from,
      context,
    );
  const use = usesOf({ ...draft, partitionedBy: [] }, before, []);
  if (use?.includes('computed') === true)
    throw wrong(`Failed to execute ALTER TABLE statement.\n${use}`, from, context);
  if (use?.includes('watermark') === true)
    throw wrong(`Failed to execute ALTER TABLE statement.\n${use}`, from, context);
  const same = (name: string) => (name === before ? after : name);
  const { primaryKey } = draft;
  return {
    ...draft,
    columns: draft.columns.map((column) => ({ ...column, name: same(column.name) })),
    partitionedBy: draft.partitionedBy.map(same),
    ...(primaryKey === undefined ? {} : { primaryKey: { ...primaryKey, columns: primaryKey.columns.map(same) } }),
  };
}
