/**
 * What a row of a changelog means: inserted, the old and the new version of an update, deleted. Values as in Flink's
 * `RowKind`.
 *
 * @see Flink: Dynamic Tables
 */
export const RowKind = {
  INSERT: 0,
  UPDATE_BEFORE: 1,
  UPDATE_AFTER: 2,
  DELETE: 3,
} as const;
export type RowKind = (typeof RowKind)[keyof typeof RowKind];

const TEXTS = ['+I', '-U', '+U', '-D'] as const;

/** `+I`, `-U`, `+U` or `-D`. */
export function rowKindText(kind: RowKind): string {
  return TEXTS[kind];
}

/** The kind with that short text; `undefined` for anything else. */
export function parseRowKind(text: string): RowKind | undefined {
  const at = (TEXTS as readonly string[]).indexOf(text);
  return at < 0 ? undefined : (at as RowKind);
}

/** Whether the row adds to a table (and does not take away): `+I` or `+U`. */
export function isAddition(kind: RowKind): boolean {
  return (kind & 1) === 0;
}
