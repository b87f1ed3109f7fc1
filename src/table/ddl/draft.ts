import type { AnyType } from '../../core/types/index.js';
import type { CatalogTable, TableColumn } from '../catalog/index.js';
import { columnTypeOfAst } from '../expressions/index.js';
import type { Column, Constraint, TableElements } from '../sql/ast/columns.js';
import type { Expression, Identifier, Span } from '../sql/ast/index.js';
import { parseExpression } from '../sql/parse.js';
import { type StatementContext, wrong } from './context.js';

/** An expression, and the text that it was parsed from. */
export interface WrittenExpression {
  readonly expression: Expression;
  readonly sql: string;
}
export type DraftColumn =
  | { readonly kind: 'physical'; readonly name: string; readonly type: AnyType; readonly comment?: string }
  | {
      readonly kind: 'metadata';
      readonly name: string;
      readonly type: AnyType;
      readonly key: string;
      readonly named: boolean;
      readonly virtual: boolean;
      readonly comment?: string;
    }
  | ({ readonly kind: 'computed'; readonly name: string; readonly comment?: string } & WrittenExpression);

/** A table before its expressions are resolved: what CREATE TABLE says, what LIKE brings, what ALTER changes. */
export interface TableDraft {
  readonly columns: readonly DraftColumn[];
  readonly watermark?: { readonly column: string; readonly span?: Span } & WrittenExpression;
  readonly primaryKey?: {
    readonly name: string;
    readonly columns: readonly string[];
    readonly span?: Span;
    /** Where each column is named. */
    readonly places?: readonly Span[];
  };
  readonly partitionedBy: readonly string[];
  readonly distribution?: CatalogTable['distribution'];
  readonly options: Readonly<Record<string, string>>;
  readonly comment?: string;
}

/** The draft of a table that exists. */
export function draftOf(table: CatalogTable): TableDraft {
  const { columns, watermark, primaryKey, partitionedBy, distribution, options, comment } = table;
  return {
    columns: columns.map(draftColumnOf),
    ...(watermark === undefined ? {} : { watermark: { column: watermark.column, ...written(watermark.text) } }),
    ...(primaryKey === undefined ? {} : { primaryKey }),
    partitionedBy,
    ...(distribution === undefined ? {} : { distribution }),
    options,
    ...(comment === undefined ? {} : { comment }),
  };
}

function written(text: string): WrittenExpression {
  return { expression: parseExpression(text), sql: text };
}

function draftColumnOf(column: TableColumn): DraftColumn {
  if (column.kind !== 'computed') return column;
  const { name, comment, text } = column;
  return { kind: 'computed', name, ...(comment === undefined ? {} : { comment }), ...written(text) };
}

/** A column as it is written. */
export function draftColumn(column: Column, context: StatementContext): DraftColumn {
  const { sql } = context;
  const [first, ...more] = column.name.parts as readonly [Identifier, ...Identifier[]];
  if (more.length > 0) throw wrong('a field of a row cannot be a column of a table', column.name, context);
  const base = { name: first.name, ...(column.comment === undefined ? {} : { comment: column.comment }) };
  switch (column.kind) {
    case 'physicalColumn':
      return { kind: 'physical', ...base, type: columnTypeOfAst(column.type, sql) };
    case 'metadataColumn':
      return {
        kind: 'metadata',
        ...base,
        type: columnTypeOfAst(column.type, sql),
        key: column.from ?? first.name,
        named: column.from !== undefined,
        virtual: column.virtual,
      };
    case 'computedColumn':
      return { kind: 'computed', ...base, expression: column.expression, sql };
  }
}

/** The elements between the parentheses of CREATE TABLE. */
export function draftElements(
  elements: TableElements,
  context: StatementContext,
): Pick<TableDraft, 'columns' | 'watermark' | 'primaryKey'> {
  const columns = elements.columns.map((column) => draftColumn(column, context));
  const keys = [
    ...elements.columns.flatMap((column, i) =>
      column.kind === 'physicalColumn' && column.constraint !== undefined
        ? [draftKey(column.constraint, [(columns[i] as DraftColumn).name], context)]
        : [],
    ),
    ...elements.constraints.map((constraint) => draftKey(constraint, undefined, context)),
  ];
  if (keys.length > 1) {
    throw wrong(
      'Duplicate primary key definition',
      keys[1] as { span: Span },
      context,
      'one PRIMARY KEY (a, b) names all its columns',
    );
  }
  const { watermark } = elements;
  const [key] = keys;
  return {
    columns,
    ...(watermark === undefined ? {} : { watermark: draftWatermark(watermark, context) }),
    ...(key === undefined ? {} : { primaryKey: key }),
  };
}

export function draftWatermark(
  { column, expression }: NonNullable<TableElements['watermark']>,
  { sql }: StatementContext,
): NonNullable<TableDraft['watermark']> {
  return { column: column.parts.map(({ name }) => name).join('.'), span: column.span, expression, sql };
}

/** A PRIMARY KEY. @throws ValidationError for what Flink refuses about it */
export function draftKey(
  constraint: Constraint,
  ofColumn: readonly string[] | undefined,
  context: StatementContext,
): NonNullable<TableDraft['primaryKey']> & { readonly span: Span } {
  if (constraint.type === 'UNIQUE') throw wrong('UNIQUE constraint is not supported yet', constraint, context);
  if (constraint.enforced !== false) {
    throw wrong(
      "Flink doesn't support ENFORCED mode for PRIMARY KEY constraint. ENFORCED/NOT ENFORCED controls if the constraint checks are performed on the incoming/outgoing data. Flink does not own the data therefore the only supported mode is the NOT ENFORCED mode",
      constraint,
      context,
      'write PRIMARY KEY (...) NOT ENFORCED',
    );
  }
  const columns = ofColumn ?? (constraint.columns ?? []).map(({ name }) => name);
  const places = ofColumn === undefined ? (constraint.columns ?? []).map(({ span }) => span) : undefined;
  const name = constraint.name?.name ?? `PK_${columns.join('_')}`;
  return { name, columns, span: constraint.span, ...(places === undefined ? {} : { places }) };
}
