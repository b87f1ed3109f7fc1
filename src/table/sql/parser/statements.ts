import { nearest } from '../../../core/nearest.js';
import type { Statement } from '../ast/index.js';
import { alter } from './alter.js';
import { argumentList } from './arguments.js';
import { call } from './calls.js';
import { deleteFrom, merge, update } from './change.js';
import { create } from './create.js';
import { replaceTable } from './create-table.js';
import type { Cursor } from './cursor.js';
import { drop } from './drop.js';
import { compilePlan, describeStatement, execute, explain } from './explain.js';
import { insert } from './insert.js';
import { startsQueryOrExpression } from './lookahead.js';
import { name } from './names.js';
import { analyze, clientCommand, jar, module, resetOption, setOption, stopJob, truncate, use } from './session.js';
import { describe, showStatement } from './show.js';

function beginStatementSet(p: Cursor): Statement {
  if (p.peek(1).key !== 'STATEMENT') p.refuse(p.peek(), 'after BEGIN comes STATEMENT SET');
  const first = p.advance();
  p.expect('STATEMENT', 'SET');
  return { kind: 'beginStatementSet', span: p.spanFrom(first) };
}

function endStatementSet(p: Cursor): Statement {
  const first = p.advance();
  return { kind: 'endStatementSet', span: p.spanFrom(first) };
}

function callProcedure(p: Cursor): Statement {
  const first = p.advance();
  const called = name(p);
  if (!p.at('(')) p.fail();
  const args = argumentList(p, 'subQuery');
  return { kind: 'callProcedure', call: call(called, args, p.spanFrom(called.span)), span: p.spanFrom(first) };
}

function describeAny(p: Cursor): Statement {
  const first = p.peek();
  const second = p.peek(1);
  if (second.isName || ['TABLE', 'EXTENDED', 'MODEL'].includes(second.key)) return describe(p);
  p.advance();
  return describeStatement(p, first);
}

const FAMILIES: Readonly<Record<string, (p: Cursor) => Statement>> = {
  CREATE: create,
  DROP: drop,
  ALTER: alter,
  SHOW: showStatement,
  DESCRIBE: describeAny,
  EXPLAIN: explain,
  INSERT: insert,
  UPSERT: insert,
  DELETE: deleteFrom,
  UPDATE: update,
  MERGE: merge,
  CALL: callProcedure,
  EXECUTE: execute,
  USE: use,
  SET: setOption,
  RESET: resetOption,
  BEGIN: beginStatementSet,
  END: endStatementSet,
};

/** Words that begin a statement only with a certain word after them, and are names otherwise. */
const PAIRS: Readonly<Record<string, readonly [readonly string[], (p: Cursor) => Statement]>> = {
  REPLACE: [['TABLE', 'TEMPORARY'], replaceTable],
  DESC: [['EXTENDED', 'MODEL'], describe],
  COMPILE: [['PLAN', 'AND'], compilePlan],
  LOAD: [['MODULE'], module],
  UNLOAD: [['MODULE'], module],
  ADD: [['JAR'], jar],
  REMOVE: [['JAR'], jar],
  STOP: [['JOB'], stopJob],
  TRUNCATE: [['TABLE'], truncate],
  ANALYZE: [['TABLE'], analyze],
};

const WORDS = [...Object.keys(FAMILIES), ...Object.keys(PAIRS), 'SELECT', 'WITH', 'VALUES'];

/** A word that begins no statement: most often a misspelt one that does. */
function unknownStatement(p: Cursor): void {
  const first = p.peek();
  if (first.key !== '<name>' || p.peek(1).key === '(' || p.peek(1).key === '.') return;
  const near = nearest(first.text, WORDS);
  p.refuse(
    first,
    `\`${first.text}\` does not begin a statement`,
    near === undefined ? `statements begin with SELECT, INSERT, CREATE, SHOW ...` : `did you mean \`${near}\`?`,
  );
}

/** Any statement, up to its semicolon. */
export function statement(p: Cursor): Statement {
  const command = clientCommand(p);
  if (command !== undefined) return command;
  const first = p.peek();
  const { key } = first;
  const family = Object.hasOwn(FAMILIES, key) ? FAMILIES[key] : undefined;
  if (family !== undefined) return family(p);
  const pair = Object.hasOwn(PAIRS, key) ? PAIRS[key] : undefined;
  if (pair !== undefined) {
    const second = p.peek(1);
    if (pair[0].includes(second.key) || (key === 'DESC' && second.isName)) return pair[1](p);
  }
  unknownStatement(p);
  if (!startsQueryOrExpression(first)) p.fail('a statement');
  return p.rules.query(p);
}
