import { ArgumentError } from '../core/errors.js';
import { type DeclaredColumn, type DeclaredSchema, type FieldTypes, Schema } from '../core/types/index.js';
import { quoteIdentifier } from './sql/index.js';

/** A format with its options. @see Flink: `FormatDescriptor` */
export class FormatDescriptor {
  /** @internal */
  readonly options: Record<string, string> = {};

  private constructor(readonly format: string) {}

  /** @param format `csv`, `json`, `raw` */
  static forFormat(format: string): FormatDescriptor {
    return new FormatDescriptor(format);
  }

  /** @param key without the format's name: `ignore-parse-errors` */
  option(key: string, value: string | number | boolean): this {
    this.options[key] = String(value);
    return this;
  }

  /** The descriptor itself; for programs that come from Flink. */
  build(): this {
    return this;
  }
}

/**
 * Describes a table without SQL: its connector, columns and options.
 *
 * @example
 *   const orders = TableDescriptor.forConnector('filesystem')
 *     .schema(Schema.newBuilder().column('name', type.string()).column('price', type.double()).build())
 *     .option('path', 'orders.csv')
 *     .format(FormatDescriptor.forFormat('csv').option('ignore-parse-errors', true).build())
 *     .build();
 *   t.createTemporaryTable('orders', orders);
 *   await t.from(orders).execute().print();
 * @see Flink: `TableDescriptor`
 */
export class TableDescriptor {
  private declared: DeclaredSchema | undefined;
  private readonly options: Record<string, string> = {};
  private partitions: readonly string[] = [];
  private text: string | undefined;

  private constructor(readonly connector: string) {
    this.options.connector = connector;
  }

  /** @param connector what `'connector' = '...'` names: `kafka`, `filesystem`, `datagen`, ... */
  static forConnector(connector: string): TableDescriptor {
    return new TableDescriptor(connector);
  }

  /** The columns: names and types, or what `Schema.newBuilder()` made. */
  schema(columns: DeclaredSchema | Schema | FieldTypes): this {
    this.declared = declaredOf(columns);
    return this;
  }

  /** An option of the connector, as in the WITH clause. */
  option(key: string, value: string | number | boolean): this {
    this.options[key] = String(value);
    return this;
  }

  /**
   * The format of the rows.
   *
   * @param formatOption the option that names it: `key.format`, `value.format`; default `format`
   */
  format(format: string | FormatDescriptor): this;
  format(formatOption: string, format: string | FormatDescriptor): this;
  format(first: string | FormatDescriptor, second?: string | FormatDescriptor): this {
    const option = second === undefined ? 'format' : String(first);
    const given = second ?? first;
    const { format, options } = typeof given === 'string' ? FormatDescriptor.forFormat(given) : given;
    if (!option.endsWith('format')) {
      throw new ArgumentError(`format('${option}', ...): not an option that names a format`, {
        hint: "format('value.format', 'json')",
      });
    }
    this.options[option] = format;
    const prefix = `${option.slice(0, -'format'.length)}${format}.`;
    for (const [key, value] of Object.entries(options)) this.options[prefix + key] = value;
    return this;
  }

  /** The columns whose values are folders: PARTITIONED BY. */
  partitionedBy(...columns: readonly string[]): this {
    this.partitions = columns;
    return this;
  }

  comment(comment: string): this {
    this.text = comment;
    return this;
  }

  /** The descriptor itself; for programs that come from Flink. */
  build(): this {
    return this;
  }

  /** @internal What stands behind the name in a CREATE TABLE. */
  clauses(): string {
    const { declared, text, partitions } = this;
    if (declared === undefined) {
      throw new ArgumentError(`TableDescriptor.forConnector('${this.connector}'): it has no columns`, {
        hint: '.schema({ name: type.string(), n: type.bigint() })',
      });
    }
    const { columns, watermark, primaryKey } = declared;
    const parts = columns.map(columnText);
    if (watermark !== undefined) {
      parts.push(`WATERMARK FOR ${quoteIdentifier(watermark.column)} AS ${watermark.expression}`);
    }
    if (primaryKey !== undefined)
      parts.push(`PRIMARY KEY (${primaryKey.map(quoteIdentifier).join(', ')}) NOT ENFORCED`);
    const options = Object.entries(this.options).map(([key, value]) => `${literal(key)} = ${literal(value)}`);
    return [
      `(\n  ${parts.join(',\n  ')}\n)`,
      ...(text === undefined ? [] : [`COMMENT ${literal(text)}`]),
      ...(partitions.length === 0 ? [] : [`PARTITIONED BY (${partitions.map(quoteIdentifier).join(', ')})`]),
      `WITH (\n  ${options.join(',\n  ')}\n)`,
    ].join('\n');
  }
}

/** A described table as a statement. */
export function createTableText(path: string, descriptor: TableDescriptor, what: 'TABLE' | 'TEMPORARY TABLE'): string {
  return `CREATE ${what} ${path.split('.').map(quoteIdentifier).join('.')} ${descriptor.clauses()}`;
}

function declaredOf(columns: DeclaredSchema | Schema | FieldTypes): DeclaredSchema {
  const { columns: declared } = columns as Partial<DeclaredSchema>;
  if (Array.isArray(declared)) return columns as DeclaredSchema;
  return Schema.newBuilder()
    .fromSchema(columns as Schema | FieldTypes)
    .build();
}

function columnText(column: DeclaredColumn): string {
  const comment = column.comment === undefined ? '' : ` COMMENT ${literal(column.comment)}`;
  const name = quoteIdentifier(column.name);
  switch (column.kind) {
    case 'physical':
      return `${name} ${column.type}${comment}`;
    case 'computed':
      return `${name} AS ${column.expression}${comment}`;
    case 'metadata': {
      const from = column.key === undefined ? '' : ` FROM ${literal(column.key)}`;
      return `${name} ${column.type} METADATA${from}${column.virtual ? ' VIRTUAL' : ''}${comment}`;
    }
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
