import { ArgumentError, StreambookError } from '../errors.js';
import type { AnyType, Field, FieldTypes } from './logical.js';
import { fieldsOf, type } from './make.js';
import { sameType, typeText } from './print.js';
import { SchemaBuilder } from './schema-builder.js';

/** Raised when a column is named that a schema does not have. */
export class UnknownColumnError extends StreambookError {
  /** @param meant the column whose name is like it */
  constructor(name: string, columns: readonly string[], where?: string, meant?: string) {
    super('unknown-column', `no column \`${name}\``, {
      hint: `${meant === undefined ? '' : `did you mean \`${meant}\`? `}columns: ${columns.join(', ')}`,
      ...(where === undefined ? {} : { where }),
    });
  }
}

/**
 * Columns in order: a name and a type each. Immutable.
 *
 * @example
 *   const s = schemaOf({ name: type.string(), amount: type.bigint().notNull() });
 *   s.indexOf('amount'); // 1
 *   String(s);           // (`name` STRING, `amount` BIGINT NOT NULL)
 */
export class Schema<F extends FieldTypes = FieldTypes> {
  readonly fields: readonly Field[];
  readonly names: readonly string[];
  /** Never present: carries the columns' types for the compiler. */
  declare readonly fieldTypes?: F;
  readonly #positions: ReadonlyMap<string, number>;
  #text: string | undefined;

  constructor(fields: F | readonly Field[]) {
    this.fields = fieldsOf(fields as FieldTypes);
    this.names = Object.freeze(this.fields.map((field) => field.name));
    this.#positions = new Map(this.names.map((name, i) => [name, i]));
  }

  /** Describes a table's columns, with computed ones, metadata, a watermark and a key: for a `TableDescriptor`. */
  static newBuilder(): SchemaBuilder {
    return new SchemaBuilder();
  }

  get length(): number {
    return this.fields.length;
  }

  /** The position of a column, from 0; -1 when there is none. */
  indexOf(name: string): number {
    return this.#positions.get(name) ?? -1;
  }

  /** The column of that name. Throws `UnknownColumnError`. */
  field(name: string): Field {
    const index = this.#positions.get(name);
    if (index === undefined) throw new UnknownColumnError(name, this.names);
    return this.fields[index] as Field;
  }

  /** The type of a column. Throws `UnknownColumnError`. */
  typeOf(name: string): AnyType {
    return this.field(name).type;
  }

  /** The schema of these columns only, in the order given. */
  project(names: readonly string[]): Schema {
    return new Schema(names.map((name) => this.field(name)));
  }

  /** The same names with the same types, in the same order. */
  equals(other: Schema): boolean {
    return (
      this === other ||
      (this.length === other.length &&
        this.fields.every((field, i) => {
          const its = other.fields[i] as Field;
          return field.name === its.name && sameType(field.type, its.type);
        }))
    );
  }

  /** As a ROW type. */
  toRowType(): AnyType {
    return type.row(this.fields).notNull() as AnyType;
  }

  /** The text `parseSchema` reads back. */
  toString(): string {
    this.#text ??= `(${typeText(type.row(this.fields) as AnyType).slice(4, -1)})`;
    return this.#text;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** A schema from an object of types (or a list of fields, or a schema, which is returned as it is). */
export function schemaOf<F extends FieldTypes>(fields: F | readonly Field[] | Schema<F>): Schema<F> {
  if (typeof fields !== 'object' || fields === null) {
    throw new ArgumentError(`the schema is ${String(fields)}`, { hint: '{ id: type.bigint(), name: type.string() }' });
  }
  return fields instanceof Schema ? fields : new Schema<F>(fields as F);
}
