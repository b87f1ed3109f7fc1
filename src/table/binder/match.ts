import type { MatchRecognize } from '../sql/ast/queries.js';
import type { BoundQuery, QueryEnv } from './env.js';

/** MATCH_RECOGNIZE. */
export function bindMatch(item: MatchRecognize, { binder }: QueryEnv): BoundQuery {
  throw binder.missing('MATCH_RECOGNIZE', item);
}
