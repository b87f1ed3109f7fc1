import { argumentList } from './arguments.js';
import { atom } from './atoms.js';
import { namedCall } from './calls.js';
import { expression } from './expressions.js';
import { from, queryInParentheses } from './from.js';
import { bareQuery, query, queryOrExpression } from './query.js';
import type { Rules } from './rules.js';
import { statement } from './statements.js';
import { dataType } from './types.js';
import { orderBy, orderItems, over, windowSpecification } from './windows.js';

/** All rules, tied together: the files of the grammar know each other through this. */
export const rules: Rules = {
  arguments: argumentList,
  atom,
  bareQuery,
  dataType,
  expression,
  from,
  namedCall,
  orderBy,
  orderItems,
  over,
  query,
  queryInParentheses,
  queryOrExpression,
  statement,
  window: windowSpecification,
};
