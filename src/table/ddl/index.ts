import type { BindContext } from '../binder/index.js';
import type { PlanField } from '../plan/field.js';
import type { Statement } from '../sql/ast/index.js';

/** What a statement that reads no data answers: rows as SHOW and DESCRIBE give them, or `OK`. */
export interface StatementResult {
  readonly fields: readonly PlanField[];
  readonly rows: readonly (readonly unknown[])[];
  /** Whether it is the `result: OK` of a statement that only does something. */
  readonly ok: boolean;
}

/** Settings that SET and RESET change. */
export interface SessionConfig {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  /** Without a key: all. */
  reset(key?: string): void;
  entries(): Iterable<readonly [string, string]>;
}

/**
 * Carries out CREATE, DROP, ALTER, USE, SHOW, DESCRIBE, SET and RESET. `undefined` for statements of other kinds
 * (queries, INSERT, EXPLAIN, CREATE TABLE AS).
 *
 * @throws ValidationError, NotImplementedError
 */
export const executeStatement: (
  statement: Statement,
  context: BindContext & { readonly config: SessionConfig },
) => StatementResult | undefined = () => {
  throw new Error('being written');
};
