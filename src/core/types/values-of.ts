import type { Timestamp } from '../values/timestamp.js';
import type {
  AnyType,
  ArrayType,
  FieldTypes,
  MapType,
  MultisetType,
  RowType,
  StructuredFacet,
  TypeRoot,
} from './logical.js';

/** What a cell gets for a value of each kind of type. NULL is `null`, whatever the type. */
export interface CellValues {
  CHAR: string;
  VARCHAR: string;
  BOOLEAN: boolean;
  BINARY: Uint8Array;
  VARBINARY: Uint8Array;
  /** Exact text, with all digits of the scale: `'12.50'`. */
  DECIMAL: string;
  TINYINT: number;
  SMALLINT: number;
  INT: number;
  BIGINT: number;
  FLOAT: number;
  DOUBLE: number;
  /** `'2024-05-01'`. */
  DATE: string;
  /** `'12:30:00'`. */
  TIME: string;
  TIMESTAMP: Timestamp;
  TIMESTAMP_LTZ: Timestamp;
  /** Months. */
  INTERVAL_YEAR_MONTH: number;
  /** Milliseconds. */
  INTERVAL_DAY_TIME: number;
  ARRAY: unknown[];
  MULTISET: Map<unknown, number>;
  MAP: Map<unknown, unknown>;
  ROW: object;
  STRUCTURED: object;
  RAW: unknown;
  NULL: null;
}

/** The TypeScript type of a cell's value of type `T`. */
export type ValueOf<T> =
  T extends ArrayType<infer E>
    ? ValueOf<E>[]
    : T extends MultisetType<infer E>
      ? Map<ValueOf<E>, number>
      : T extends MapType<infer K, infer V>
        ? Map<ValueOf<K>, ValueOf<V>>
        : T extends RowType<infer F>
          ? RowOf<F>
          : T extends { readonly root: 'STRUCTURED' } & StructuredFacet
            ? object
            : T extends { readonly root: infer R extends TypeRoot }
              ? CellValues[R]
              : unknown;

/** The TypeScript type of a row with the given columns. */
export type RowOf<F extends FieldTypes> = { [Name in keyof F]: F[Name] extends AnyType ? ValueOf<F[Name]> : unknown };
