import type { IntervalQualifier } from './literals.js';
import type { Identifier, Name } from './names.js';
import type { Node } from './span.js';

/** INT, DECIMAL(10, 2), TIMESTAMP(3), CHAR(3): the canonical word and its numbers. */
export interface SimpleType extends Node {
  readonly kind: 'simpleType';
  /** As Flink prints it: INTEGER is INT, DEC and NUMERIC are DECIMAL, `CHARACTER VARYING` is VARCHAR. */
  readonly name: string;
  readonly arguments: readonly number[];
  /** CHAR(3) CHARACTER SET x. */
  readonly characterSet?: Identifier;
}
/** `ARRAY<INT>`, `MULTISET<INT>` and the older `INT ARRAY`. */
export interface CollectionType extends Node {
  readonly kind: 'collectionType';
  readonly collection: 'ARRAY' | 'MULTISET';
  readonly element: DataType;
  /** Written as `INT ARRAY`. */
  readonly suffix: boolean;
}
export interface MapType extends Node {
  readonly kind: 'mapType';
  readonly key: DataType;
  readonly value: DataType;
}
export interface RowTypeField extends Node {
  readonly kind: 'rowField';
  readonly name: Identifier;
  readonly type: DataType;
  readonly comment?: string;
}
/** `ROW<a INT, b STRING 'what b is'>` or `ROW(a INT)`. */
export interface RowType extends Node {
  readonly kind: 'rowType';
  readonly fields: readonly RowTypeField[];
}
/** `RAW('class', 'serialiser')`. */
export interface RawType extends Node {
  readonly kind: 'rawType';
  readonly className: string;
  readonly serialiser: string;
}
/** A name that is no built-in type. */
export interface NamedType extends Node {
  readonly kind: 'namedType';
  readonly name: Name;
}
/** Only in `CAST(x AS INTERVAL DAY TO SECOND)`. */
export interface IntervalType extends Node {
  readonly kind: 'intervalType';
  readonly qualifier: IntervalQualifier;
}

export interface DataType extends Node {
  readonly kind: 'dataType';
  readonly type: SimpleType | CollectionType | MapType | RowType | RawType | NamedType | IntervalType;
  /** `INT NULL` is true, `INT NOT NULL` false; absent: nothing was written, which means nullable. */
  readonly nullable?: boolean;
}
