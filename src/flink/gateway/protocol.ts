/**
 * What the SQL Gateway sends (REST v3), as it was measured: the published OpenAPI description is wrong about results.
 *
 * @see Flink: SQL Gateway, REST Endpoint
 */

/** The type of a column, as JSON. */
export interface WireType {
  readonly type: string;
  readonly nullable: boolean;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly fractionalPrecision?: number;
  readonly resolution?: string;
  readonly elementType?: WireType;
  readonly keyType?: WireType;
  readonly valueType?: WireType;
  readonly fields?: readonly { readonly name: string; readonly fieldType: WireType }[];
  readonly class?: string;
}

export interface WireColumn {
  readonly name: string;
  readonly logicalType: WireType;
}

export type WireKind = 'INSERT' | 'UPDATE_BEFORE' | 'UPDATE_AFTER' | 'DELETE';

export interface WireRow {
  readonly kind: WireKind;
  readonly fields: readonly unknown[];
}

/** One page of a result. */
export interface WirePage {
  readonly resultType: 'NOT_READY' | 'PAYLOAD' | 'EOS';
  readonly isQueryResult?: boolean;
  /** In every page once there is a job. */
  readonly jobID?: string;
  readonly resultKind?: 'SUCCESS' | 'SUCCESS_WITH_CONTENT';
  readonly results?: { readonly columns: readonly WireColumn[]; readonly data: readonly WireRow[] };
  /** A path; absent at the end. */
  readonly nextResultUri?: string;
}
