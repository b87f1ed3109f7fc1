import type { NumberKind } from '../engine/functions/fields.js';

/** The names of the fields of `T` that hold numbers; for tuples (arrays), positions. */
export type NumericField<T> = T extends readonly unknown[]
  ? number
  : { [K in keyof T]-?: T[K] extends number | bigint | null | undefined ? K : never }[keyof T] & (string | number);

/** The names of the fields of `T`; for tuples (arrays), positions. */
export type Field<T> = T extends readonly unknown[] ? number : keyof T & (string | number);

/** What a stream's elements are made of, where JavaScript's own types do not say enough. */
export interface TypeInformation {
  readonly kind: 'BASIC' | 'TUPLE' | 'ROW';
  /** The name of a basic type. */
  readonly name?: string;
  /** The types of a row's fields or a tuple's positions. */
  readonly fields?: Readonly<Record<string | number, TypeInformation>>;
}

const basic = (name: string): TypeInformation => ({ kind: 'BASIC', name });

/**
 * Types for `stream.returns(...)`. They matter for arithmetic: a field of type `Types.INT` wraps at 32 bits as Java's
 * does, `Types.LONG` at 64; without a type, numbers are JavaScript's.
 *
 * @example
 *   stream.returns(Types.ROW({ name: Types.STRING, n: Types.INT })).keyBy('name').sum('n');
 * @see Flink: `org.apache.flink.api.common.typeinfo.Types`
 */
export const Types = {
  STRING: basic('STRING'),
  BOOLEAN: basic('BOOLEAN'),
  INT: basic('INT'),
  LONG: basic('LONG'),
  DOUBLE: basic('DOUBLE'),
  /** Types by position. */
  TUPLE: (...types: TypeInformation[]): TypeInformation => ({
    kind: 'TUPLE',
    fields: Object.fromEntries(types.entries()),
  }),
  /** Types by field name. */
  ROW: (fields: Readonly<Record<string, TypeInformation>>): TypeInformation => ({ kind: 'ROW', fields }),
};

/** The arithmetic of a field. */
export function numberKindOf(type: TypeInformation | undefined, field: string | number): NumberKind {
  const name = type?.fields?.[field]?.name;
  return name === 'INT' || name === 'LONG' || name === 'DOUBLE' ? name : undefined;
}
