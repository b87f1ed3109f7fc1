import type { Expression } from './expressions.js';
import type { Literal } from './literals.js';
import type { Identifier, Name } from './names.js';
import type { Node, Span } from './span.js';
import type { DataType } from './types.js';

/** `'key' = 'value'`. */
export interface Property extends Node {
  readonly kind: 'property';
  readonly key: string;
  readonly value: string;
}
/** `PRIMARY KEY (a, b) NOT ENFORCED`; `columns` is absent where it follows a column. */
export interface Constraint extends Node {
  readonly kind: 'constraint';
  readonly name?: Identifier;
  readonly type: 'PRIMARY KEY' | 'UNIQUE';
  readonly columns?: readonly Identifier[];
  /** Absent: nothing was written, which Flink refuses when it plans. */
  readonly enforced?: boolean;
}
interface Commented {
  readonly comment?: string;
}
export interface PhysicalColumn extends Node, Commented {
  readonly kind: 'physicalColumn';
  /** More than one part only in ALTER TABLE, where it means a field of a row. */
  readonly name: Name;
  readonly type: DataType;
  readonly constraint?: Constraint;
}
export interface MetadataColumn extends Node, Commented {
  readonly kind: 'metadataColumn';
  readonly name: Name;
  readonly type: DataType;
  readonly from?: string;
  readonly virtual: boolean;
}
export interface ComputedColumn extends Node, Commented {
  readonly kind: 'computedColumn';
  readonly name: Name;
  readonly expression: Expression;
}
export type Column = PhysicalColumn | MetadataColumn | ComputedColumn;

export interface Watermark extends Node {
  readonly kind: 'watermark';
  readonly column: Name;
  readonly expression: Expression;
}
export interface Distribution extends Node {
  readonly kind: 'distribution';
  readonly algorithm?: 'HASH' | 'RANGE';
  readonly columns: readonly Identifier[];
  readonly buckets?: string;
}
export interface LikeOption extends Node {
  readonly kind: 'likeOption';
  readonly strategy: 'INCLUDING' | 'EXCLUDING' | 'OVERWRITING';
  readonly feature:
    | 'ALL'
    | 'CONSTRAINTS'
    | 'DISTRIBUTION'
    | 'GENERATED'
    | 'METADATA'
    | 'OPTIONS'
    | 'PARTITIONS'
    | 'WATERMARKS';
}
export interface TableLike extends Node {
  readonly kind: 'tableLike';
  readonly table: Name;
  readonly options: readonly LikeOption[];
}
/** `(a = 1, b)`: one part of a partition. */
export interface PartitionValue {
  readonly name: Identifier;
  readonly value?: Literal;
  readonly span: Span;
}
export type PartitionSpec = readonly PartitionValue[];

/** What may stand between the parentheses of CREATE TABLE. */
export interface TableElements {
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly watermark?: Watermark;
}
