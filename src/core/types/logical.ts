/** The kinds of type there are, by Flink's short names. */
export type TypeRoot =
  | 'CHAR'
  | 'VARCHAR'
  | 'BOOLEAN'
  | 'BINARY'
  | 'VARBINARY'
  | 'DECIMAL'
  | 'TINYINT'
  | 'SMALLINT'
  | 'INT'
  | 'BIGINT'
  | 'FLOAT'
  | 'DOUBLE'
  | 'DATE'
  | 'TIME'
  | 'TIMESTAMP'
  | 'TIMESTAMP_LTZ'
  | 'INTERVAL_YEAR_MONTH'
  | 'INTERVAL_DAY_TIME'
  | 'ARRAY'
  | 'MULTISET'
  | 'MAP'
  | 'ROW'
  | 'STRUCTURED'
  | 'RAW'
  | 'NULL';

/**
 * Whether a column may hold NULL. A literal tag and not a union with `null`: notebook cells are compiled without
 * `strictNullChecks`, where such a union would vanish.
 */
export type Nullability = 'nullable' | 'not null';

/** What every type is: plain, frozen data, made by the constructors of `type` and compared with `sameType`. */
export interface TypeBase<Root extends TypeRoot = TypeRoot, N extends Nullability = Nullability> {
  readonly root: Root;
  readonly nullability: N;
  /** The same type, refusing NULL. */
  notNull(): LogicalType<Root, 'not null'>;
  /** The same type, allowing NULL. */
  nullable(): LogicalType<Root, 'nullable'>;
  /** As Flink writes it: `BIGINT NOT NULL`, ``ROW<`a` INT>``. */
  toString(): string;
}

/** CHAR, VARCHAR, BINARY, VARBINARY: `length` in code points or bytes; 2147483647 is no limit (STRING, BYTES). */
export interface LengthFacet {
  readonly length: number;
}
/** TIME, TIMESTAMP, TIMESTAMP_LTZ: `precision` is the number of fraction digits of the second, 0 to 9. */
export interface PrecisionFacet {
  readonly precision: number;
}
/** DECIMAL: `precision` digits in all (1 to 38), `scale` of them after the point. */
export interface DecimalFacet extends PrecisionFacet {
  readonly scale: number;
}
/** Intervals: as written in SQL, `YEAR(2) TO MONTH` or `DAY(2) TO SECOND(6)`. */
export interface IntervalFacet {
  readonly resolution: string;
}
/** ARRAY, MULTISET. */
export interface ElementFacet {
  readonly element: AnyType;
}
/** MAP. */
export interface MapFacet {
  readonly key: AnyType;
  readonly value: AnyType;
}
/** One field of a ROW, or one column of a schema. */
export interface Field<Name extends string = string, T extends AnyType = AnyType> {
  readonly name: Name;
  readonly type: T;
  readonly description?: string;
}
/** ROW. */
export interface RowFacet {
  readonly fields: readonly Field[];
}
/** STRUCTURED: a ROW with the name of a class. */
export interface StructuredFacet extends RowFacet {
  readonly className: string;
}
/** RAW: a value the type system does not look into; `serialiser` names how it is stored. */
export interface RawFacet {
  readonly className: string;
  readonly serialiser: string;
}

/** What a kind of type carries besides its root. */
export interface Facets {
  CHAR: LengthFacet;
  VARCHAR: LengthFacet;
  BINARY: LengthFacet;
  VARBINARY: LengthFacet;
  DECIMAL: DecimalFacet;
  TIME: PrecisionFacet;
  TIMESTAMP: PrecisionFacet;
  TIMESTAMP_LTZ: PrecisionFacet;
  INTERVAL_YEAR_MONTH: IntervalFacet;
  INTERVAL_DAY_TIME: IntervalFacet;
  ARRAY: ElementFacet;
  MULTISET: ElementFacet;
  MAP: MapFacet;
  ROW: RowFacet;
  STRUCTURED: StructuredFacet;
  RAW: RawFacet;
}

type FacetOf<Root extends TypeRoot> = Root extends keyof Facets ? Facets[Root] : unknown;

/** A type of the given kind. */
export type LogicalType<Root extends TypeRoot = TypeRoot, N extends Nullability = Nullability> = TypeBase<Root, N> &
  FacetOf<Root>;

/** Any type, as a union that `switch (type.root)` takes apart. */
export type AnyType = { [Root in TypeRoot]: LogicalType<Root> }[TypeRoot];

/** The length that stands for "no limit": `STRING` is `VARCHAR(2147483647)`. */
export const MAX_LENGTH = 2147483647;

/** An ARRAY that remembers the type of its elements. */
export interface ArrayType<E extends AnyType = AnyType, N extends Nullability = Nullability>
  extends TypeBase<'ARRAY', N> {
  readonly element: E;
  notNull(): ArrayType<E, 'not null'>;
  nullable(): ArrayType<E, 'nullable'>;
}
/** A MULTISET: a bag of elements with their counts. */
export interface MultisetType<E extends AnyType = AnyType, N extends Nullability = Nullability>
  extends TypeBase<'MULTISET', N> {
  readonly element: E;
  notNull(): MultisetType<E, 'not null'>;
  nullable(): MultisetType<E, 'nullable'>;
}
/** A MAP that remembers its types. */
export interface MapType<K extends AnyType = AnyType, V extends AnyType = AnyType, N extends Nullability = Nullability>
  extends TypeBase<'MAP', N> {
  readonly key: K;
  readonly value: V;
  notNull(): MapType<K, V, 'not null'>;
  nullable(): MapType<K, V, 'nullable'>;
}
/** Names and types of columns, as `type.row({...})` and schemas take them. */
export type FieldTypes = { readonly [name: string]: AnyType };
/** A ROW that remembers its fields. */
export interface RowType<F extends FieldTypes = FieldTypes, N extends Nullability = Nullability>
  extends TypeBase<'ROW', N> {
  readonly fields: readonly Field[];
  /** Never present: carries the fields' types for the compiler. */
  readonly fieldTypes?: F;
  notNull(): RowType<F, 'not null'>;
  nullable(): RowType<F, 'nullable'>;
}
