import { NotImplementedError, ValidationError } from './errors.js';
import type { Statement } from './sql/ast/index.js';

/** What is said where a script ends before its statement set does. */
export const UNFINISHED_SET =
  'a statement set was begun and never ended: its INSERTs are not carried out. END; is missing';

/**
 * Between BEGIN STATEMENT SET and END only INSERTs may stand.
 *
 * @param open whether a set has begun
 * @throws ValidationError
 * @see Flink: INSERT Statement, Insert into multiple tables
 */
export function checkInSet(statement: Statement, sql: string, open: boolean): void {
  const site = { span: statement.span, sql };
  const { kind } = statement;
  if (!open) {
    if (kind !== 'endStatementSet') return;
    throw new ValidationError(
      "No Statement Set to submit. 'END' statement should be used after 'BEGIN STATEMENT SET'.",
      site,
    );
  }
  if (kind === 'insert' || kind === 'endStatementSet') return;
  if (kind === 'createTable' && statement.query !== undefined) {
    throw new NotImplementedError('CREATE TABLE AS in a statement set', {
      ...site,
      hint: 'create the table before, and INSERT INTO it in the set',
    });
  }
  throw new ValidationError(
    "Only 'INSERT/CREATE TABLE AS' statement is allowed in Statement Set or use 'END' statement to submit Statement Set.",
    { ...site, hint: 'put it before BEGIN STATEMENT SET, or after END' },
  );
}
