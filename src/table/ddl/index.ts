import type { Statement } from '../sql/ast/index.js';
import type { StatementContext } from './context.js';
import { createTable } from './create-table.js';
import { createView } from './create-view.js';
import type { StatementResult } from './result.js';

export type { SessionConfig, StatementContext } from './context.js';
export type { StatementResult } from './result.js';

/**
 * Carries out CREATE, DROP, ALTER, USE, SHOW, DESCRIBE, SET and RESET. `undefined` for statements of other kinds
 * (queries, INSERT, EXPLAIN, CREATE TABLE AS).
 *
 * @throws ValidationError, NotImplementedError
 */
export function executeStatement(statement: Statement, context: StatementContext): StatementResult | undefined {
  switch (statement.kind) {
    case 'createTable':
      return statement.query === undefined ? createTable(statement, context) : undefined;
    case 'createView':
      return createView(statement, context);
    default:
      return undefined;
  }
}
