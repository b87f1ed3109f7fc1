import { type AnyType, type as types } from '../../core/types/index.js';
import type { PlanField } from '../plan/field.js';

/** What a statement that reads no data answers: rows as SHOW and DESCRIBE give them, or `OK`. */
export interface StatementResult {
  readonly fields: readonly PlanField[];
  readonly rows: readonly (readonly unknown[])[];
  /** Whether it is the `result: OK` of a statement that only does something. */
  readonly ok: boolean;
}

const STRING = types.string() as AnyType;

/** `OK`. */
export const DONE: StatementResult = { fields: [{ name: 'result', type: STRING }], rows: [['OK']], ok: true };

/** Rows of texts; a column whose name ends in `?` is BOOLEAN. */
export function answer(names: readonly string[], rows: readonly (readonly unknown[])[]): StatementResult {
  const fields = names.map((name): PlanField => {
    const yesNo = name.endsWith('?');
    return { name: yesNo ? name.slice(0, -1) : name, type: yesNo ? (types.boolean() as AnyType) : STRING };
  });
  return { fields, rows, ok: false };
}
