import type { FieldTypes } from '../types/logical.js';
import { type Schema, schemaOf } from '../types/schema.js';
import { RowKind } from './row-kind.js';

/**
 * Under this symbol every row carries its kind: `row[rowKind]`. It is no property that shows, so rows print, compare
 * and iterate as their columns alone.
 */
export const rowKind: unique symbol = Symbol.for('streambook.rowKind') as never;

/** A row: the columns as own properties, in the order of the schema, and the kind under a symbol. */
export type Row = { [column: string]: unknown; [rowKind]: RowKind };

/** The class of all rows of one schema: one hidden class in V8, so that code that reads rows stays fast. */
export interface RowClass<R extends object = Row> {
  /** Positional: one argument per column. Makes an insert. */
  new (...values: never[]): R;
  readonly schema: Schema;
  /** From an array of values, in the order of the columns. */
  of(values: readonly unknown[]): R;
  /** The values of a row, in the order of the columns. */
  values(row: R): unknown[];
  /** The same values as a new row, with another kind. */
  copy(row: R, kind?: RowKind): R;
}

const classes = new Map<string, RowClass>();

/**
 * The class for rows of this schema; the same schema always gives the same class. Column names may be anything, also
 * `constructor` and `__proto__`. (Names that look like array indexes, such as `0`, are the one case where
 * `Object.keys` follows JavaScript's order and not the schema's.)
 *
 * @example
 *   const Tx = rowClassOf({ name: type.string(), amount: type.bigint() });
 *   Tx.of(['Ann', 5]); // Row { name: 'Ann', amount: 5 }
 */
export function rowClassOf(fields: Schema | FieldTypes): RowClass {
  const schema = schemaOf(fields as FieldTypes);
  const key = schema.toString();
  let made = classes.get(key);
  if (made === undefined) {
    made = generate(schema);
    classes.set(key, made);
  }
  return made;
}

/** An expression that reads a column in generated code: `row["amount"]`. Safe for every name. */
export function columnAccess(row: string, name: string): string {
  return `${row}[${JSON.stringify(name)}]`;
}

function generate(schema: Schema): RowClass {
  const { names } = schema;
  const parameters = names.map((_, i) => `c${i}`);
  const sets = names.map((name, i) =>
    // Assigning to __proto__ would change the prototype, so it is defined.
    name === '__proto__'
      ? `Object.defineProperty(this, '__proto__', { value: c${i}, writable: true, enumerable: true, configurable: true });`
      : `${columnAccess('this', name)} = c${i};`,
  );
  const reads = names.map((name) => columnAccess('row', name)).join(', ');
  const text = `'use strict';
return class Row {
  #kind = 0;
  constructor(${parameters.join(', ')}) {
    ${sets.join('\n    ')}
  }
  get [rowKind]() { return this.#kind; }
  set [rowKind](kind) { this.#kind = kind; }
  static of(v) { return new Row(${names.map((_, i) => `v[${i}]`).join(', ')}); }
  static values(row) { return [${reads}]; }
  static copy(row, kind = row[rowKind]) {
    const made = new Row(${reads});
    if (kind !== 0) made.#kind = kind;
    return made;
  }
};`;
  const made = new Function('rowKind', text)(rowKind) as RowClass;
  Object.defineProperty(made, 'schema', { value: schema });
  rowPrototypes.set((made as unknown as { prototype: object }).prototype, made);
  return made;
}

const rowPrototypes = new WeakMap<object, RowClass>();

/** The class of a row; `undefined` for anything that is no row. Does not trust columns called `constructor`. */
export function classOfRow(value: object): RowClass | undefined {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null ? undefined : rowPrototypes.get(prototype);
}

/** Whether `value` is a row of exactly this class. */
export function isRowOf(value: object, rowClass: RowClass): value is Row {
  return Object.getPrototypeOf(value) === (rowClass as unknown as { prototype: object }).prototype;
}

/** The kind of anything: rows carry one, everything else counts as an insert. */
export function kindOf(value: object): RowKind {
  return (value as Partial<Row>)[rowKind] ?? RowKind.INSERT;
}
