import type { Rules } from './env.js';
import { expressionRule } from './expressions.js';
import { aliasRule, fromRule, namedTableRule } from './from.js';
import { queryRule } from './query.js';

/** All of the binder, put together. */
export const RULES: Rules = {
  expression: expressionRule,
  query: queryRule,
  from: fromRule,
  tableByName: namedTableRule,
  underAlias: aliasRule,
};
