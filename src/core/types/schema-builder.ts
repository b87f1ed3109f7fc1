import type { Field, FieldTypes, LogicalType } from './logical.js';

/** A column as a table's description has it. */
export type DeclaredColumn = {
  readonly name: string;
  readonly comment?: string;
} & (
  | { readonly kind: 'physical'; readonly type: string }
  | { readonly kind: 'computed'; readonly expression: string }
  | { readonly kind: 'metadata'; readonly type: string; readonly key?: string; readonly virtual: boolean }
);

/** The columns of a table, with everything a CREATE TABLE can say of them. Plain data. */
export interface DeclaredSchema {
  readonly columns: readonly DeclaredColumn[];
  readonly watermark?: { readonly column: string; readonly expression: string };
  readonly primaryKey?: readonly string[];
}

/** A type, or its name in SQL: `type.bigint()`, `'BIGINT'`. */
type TypeOrName = LogicalType | string;

/**
 * Describes the columns of a table, for a `TableDescriptor`.
 *
 * @example
 *   Schema.newBuilder()
 *     .column('name', type.string())
 *     .column('ts', 'BIGINT')
 *     .columnByExpression('rowtime', 'TO_TIMESTAMP_LTZ(ts, 3)')
 *     .watermark('rowtime', "rowtime - INTERVAL '3' SECOND")
 *     .build();
 * @see Flink: `Schema.Builder`
 */
export class SchemaBuilder {
  private readonly columns: DeclaredColumn[] = [];
  private mark: DeclaredSchema['watermark'];
  private key: readonly string[] | undefined;

  /** A column that is in the records. */
  column(name: string, type: TypeOrName): this {
    return this.add({ kind: 'physical', name, type: String(type) });
  }

  /** Columns that are in the records: those of a schema. */
  fromSchema(schema: { readonly fields: readonly Field[] } | FieldTypes): this {
    const fields = (schema as { readonly fields?: readonly Field[] }).fields;
    const list = Array.isArray(fields)
      ? fields.map(({ name, type }: Field) => [name, type] as const)
      : Object.entries(schema as FieldTypes);
    for (const [name, type] of list) this.column(name, type as TypeOrName);
    return this;
  }

  /** A column that is computed. @param expression in SQL, over the columns that are not computed */
  columnByExpression(name: string, expression: string): this {
    return this.add({ kind: 'computed', name, expression });
  }

  /**
   * A column with what the connector knows besides: an offset, a file's name.
   *
   * @param key the connector's name for it; default: the column's
   * @param virtual read only
   */
  columnByMetadata(name: string, type: TypeOrName, key?: string | null, virtual = false): this {
    return this.add({ kind: 'metadata', name, type: String(type), virtual, ...(key ? { key } : {}) });
  }

  /** What the last column is for. */
  withComment(comment: string): this {
    const last = this.columns.pop();
    return last === undefined ? this : this.add({ ...last, comment });
  }

  /** The time column and its watermark. @param expression in SQL */
  watermark(column: string, expression: string): this {
    this.mark = { column, expression };
    return this;
  }

  /** The columns of the key. It is not enforced. */
  primaryKey(...columns: readonly (string | readonly string[])[]): this {
    this.key = columns.flat() as string[];
    return this;
  }

  build(): DeclaredSchema {
    const { mark, key } = this;
    return {
      columns: [...this.columns],
      ...(mark === undefined ? {} : { watermark: mark }),
      ...(key === undefined ? {} : { primaryKey: key }),
    };
  }

  private add(column: DeclaredColumn): this {
    this.columns.push(column);
    return this;
  }
}
