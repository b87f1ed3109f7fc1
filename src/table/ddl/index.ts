import type { Statement } from '../sql/ast/index.js';
import { alterCatalog, alterDatabase, alterFunction, alterView } from './alter-others.js';
import { alterTable } from './alter-table.js';
import type { StatementContext } from './context.js';
import { createCatalog, createDatabase, createFunction } from './create-others.js';
import { createTable } from './create-table.js';
import { createView } from './create-view.js';
import { describe } from './describe.js';
import { drop } from './drop.js';
import type { StatementResult } from './result.js';
import { reset, set, use } from './session.js';
import { show } from './show.js';
import { showCreate } from './show-create.js';

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
    case 'createDatabase':
      return createDatabase(statement, context);
    case 'createCatalog':
      return createCatalog(statement, context);
    case 'createFunction':
      return createFunction(statement, context);
    case 'drop':
      return drop(statement, context);
    case 'alterTable':
      return alterTable(statement, context);
    case 'alterView':
      return alterView(statement, context);
    case 'alterDatabase':
      return alterDatabase(statement, context);
    case 'alterCatalog':
      return alterCatalog(statement, context);
    case 'alterFunction':
      return alterFunction(statement, context);
    case 'show':
      return show(statement, context);
    case 'showCreate':
      return showCreate(statement, context);
    case 'describe':
      return describe(statement, context);
    case 'use':
      return use(statement, context);
    case 'set':
      return set(statement, context);
    case 'reset':
      return reset(statement, context);
    default:
      return undefined;
  }
}
