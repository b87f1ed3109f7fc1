import { NotImplementedError } from '../errors.js';
import type { Identifier } from '../sql/ast/names.js';
import type { ResetOption, SetOption, Use } from '../sql/ast/session.js';
import { type StatementContext, wrong } from './context.js';
import { answer, DONE, type StatementResult } from './result.js';

/** USE, USE CATALOG. */
export function use(statement: Use, context: StatementContext): StatementResult {
  const { catalog, sql } = context;
  const [name] = statement.names;
  if (name === undefined) throw new NotImplementedError('USE MODULES', { span: statement.span, sql });
  if (statement.what === 'MODULES') return useModules(statement, context);
  const site = { span: name.span, sql };
  const parts = name.parts as readonly Identifier[];
  if (statement.what === 'CATALOG') catalog.useCatalog((parts[0] as Identifier).name, site);
  else if (parts.length === 1) catalog.useDatabase(catalog.currentCatalog, (parts[0] as Identifier).name, site);
  else catalog.useDatabase((parts[0] as Identifier).name, (parts[1] as Identifier).name, site);
  return DONE;
}

/** There is one module, and it is always loaded. */
function useModules({ names }: Use, context: StatementContext): StatementResult {
  const parts = names.map((name) => ({ name: (name.parts[0] as Identifier).name, span: name.span }));
  for (const [i, part] of parts.entries()) {
    if (part.name !== 'core') {
      throw wrong(`No module with name '${part.name}' exists`, part, context, 'modules: core');
    }
    if (i > 0) throw wrong("Module 'core' appears more than once", part, context);
  }
  return DONE;
}

/** SET: one setting, or what is set. */
export function set(statement: SetOption, context: StatementContext): StatementResult {
  const { config } = context;
  if (statement.key === undefined) {
    const list = [...config.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    return answer(['key', 'value'], list);
  }
  if (statement.value === undefined)
    throw wrong(`SET ${statement.key} to what?`, statement, context, `SET '${statement.key}' = '...'`);
  config.set(statement.key, statement.value);
  return DONE;
}

export function reset(statement: ResetOption, { config }: StatementContext): StatementResult {
  config.reset(statement.key);
  return DONE;
}
