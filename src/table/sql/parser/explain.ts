import type { Explain, ExplainDetail, Insert, Query, Statement, StatementSet } from '../ast/index.js';
import type { Token } from '../lexer/token.js';
import type { Cursor } from './cursor.js';
import { insert, statementSet } from './insert.js';
import { text } from './literals.js';
import { startsQueryOrExpression } from './lookahead.js';
import { ifNotExists } from './names.js';

const DETAILS = ['ESTIMATED_COST', 'CHANGELOG_MODE', 'JSON_EXECUTION_PLAN', 'PLAN_ADVICE'] as const;

/** What can be explained, and executed by EXECUTE: a query, an INSERT, a statement set. */
function job(p: Cursor): Query | Insert | StatementSet {
  if (p.at('STATEMENT')) return statementSet(p);
  if (p.at('INSERT', 'UPSERT')) return insert(p);
  if (!startsQueryOrExpression(p.peek())) p.fail('a query');
  return p.rules.query(p);
}

function insertOrSet(p: Cursor): Insert | StatementSet {
  if (p.at('STATEMENT')) return statementSet(p);
  if (!p.at('INSERT', 'UPSERT')) p.fail();
  return insert(p);
}

/** `EXPLAIN PLAN FOR ...`, `EXPLAIN CHANGELOG_MODE, ESTIMATED_COST ...`, `EXPLAIN ...`. */
export function explain(p: Cursor): Explain {
  const first = p.expect('EXPLAIN');
  const planFor = p.acceptAll('PLAN', 'FOR');
  const details: ExplainDetail[] = [];
  if (!planFor && p.at(...DETAILS)) {
    do {
      const detail = p.oneOf(...DETAILS);
      if (details.includes(detail)) p.refuse(p.last, `${detail} stands twice`);
      details.push(detail);
    } while (p.accept(','));
  }
  if (!planFor && p.at('PLAN') && !['(', '.'].includes(p.peek(1).key)) {
    p.advance();
    p.refuse(p.last, 'Flink explains with EXPLAIN PLAN FOR, and nothing stands between PLAN and FOR');
  }
  return { kind: 'explain', details, planFor, statement: job(p), span: p.spanFrom(first) };
}

/** `EXECUTE PLAN 'file'`, `EXECUTE INSERT ...`. */
export function execute(p: Cursor): Statement {
  const first = p.peek();
  const second = p.peek(1);
  if (!(startsQueryOrExpression(second) || ['STATEMENT', 'INSERT', 'UPSERT'].includes(second.key))) {
    p.refuse(first, 'after EXECUTE comes a query, an INSERT, STATEMENT SET or PLAN');
  }
  p.advance();
  if (p.accept('PLAN')) return { kind: 'executePlan', file: text(p), span: p.spanFrom(first) };
  return { kind: 'execute', statement: job(p), span: p.spanFrom(first) };
}

/** `COMPILE PLAN 'file' FOR ...`, `COMPILE AND EXECUTE PLAN 'file' FOR ...`. */
export function compilePlan(p: Cursor): Statement {
  const first = p.advance();
  const both = p.accept('AND');
  if (both) p.expect('EXECUTE');
  p.expect('PLAN');
  const file = text(p);
  const exists = !both && ifNotExists(p);
  p.expect('FOR');
  const made = { kind: 'compilePlan', execute: both, file, ifNotExists: exists } as const;
  return { ...made, statement: insertOrSet(p), span: p.spanFrom(first) };
}

/** `DESCRIBE SELECT ...`, `DESCRIBE STATEMENT ...`: Calcite's, which Flink does not run. */
export function describeStatement(p: Cursor, first: Token): Statement {
  p.accept('STATEMENT');
  const words = p.spanFrom(first);
  const { key } = p.peek();
  if (!(startsQueryOrExpression(p.peek()) || ['INSERT', 'UPSERT', 'DELETE', 'UPDATE', 'MERGE'].includes(key))) {
    p.fail('a name');
  }
  const statement = p.rules.statement(p);
  const text = p.sql.slice(words.offset, words.offset + words.length).toUpperCase();
  return { kind: 'calciteExplain', text, statement, span: p.spanFrom(first) };
}
