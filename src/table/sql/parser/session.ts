import type { Statement } from '../ast/index.js';
import type { Cursor } from './cursor.js';
import { partitionSpec, withProperties } from './elements.js';
import { plainText, text } from './literals.js';
import { isString } from './lookahead.js';
import { identifier, name, nameOf } from './names.js';

// Flink's client reads these by pattern, before any parser: keys and values need no quotes.
const SET = /SET(?:\s+(?<key>[^'\s]+?)\s*=\s*(?:'(?<quoted>[^']*)'|(?<value>[^;\s]+)))?\s*(?=;|$)/iy;
const RESET = /RESET(?:\s+(?<key>[^'\s;]+))?\s*(?=;|$)/iy;
const COMMAND = /(?<command>CLEAR|HELP|QUIT|EXIT)\s*(?=;|$)/iy;

function matchHere(p: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = p.peek().start;
  return pattern.exec(p.sql) ?? undefined;
}

/** SET, RESET, CLEAR, HELP, QUIT and EXIT as the client has them, if one begins here. */
export function clientCommand(p: Cursor): Statement | undefined {
  const first = p.peek();
  const take = (found: RegExpExecArray) => p.spanFrom(p.takeText(found.index + found[0].trimEnd().length));
  if (first.key === 'SET') {
    const found = matchHere(p, SET);
    if (found === undefined) return undefined;
    const { key, quoted, value } = found.groups as Record<string, string | undefined>;
    const span = take(found);
    return key === undefined ? { kind: 'set', span } : { kind: 'set', key, value: quoted ?? (value as string), span };
  }
  if (first.key === 'RESET') {
    const found = matchHere(p, RESET);
    if (found === undefined) return undefined;
    const key = found.groups?.key;
    const span = take(found);
    return key === undefined ? { kind: 'reset', span } : { kind: 'reset', key, span };
  }
  if (first.key !== '<name>') return undefined;
  const found = matchHere(p, COMMAND);
  if (found === undefined) return undefined;
  return { kind: 'client', command: first.text.toUpperCase() as 'CLEAR', span: take(found) };
}

export function setOption(p: Cursor): Statement {
  const first = p.expect('SET');
  if (!isString(p.peek())) {
    p.want("a key, as in SET 'key' = 'value'");
    return { kind: 'set', span: p.spanFrom(first) };
  }
  const key = text(p);
  p.expect('=');
  return { kind: 'set', key, value: text(p), span: p.spanFrom(first) };
}

export function resetOption(p: Cursor): Statement {
  const first = p.expect('RESET');
  if (!isString(p.peek())) return { kind: 'reset', span: p.spanFrom(first) };
  return { kind: 'reset', key: text(p), span: p.spanFrom(first) };
}

/** `USE db`, `USE CATALOG c`, `USE MODULES a, b`. */
export function use(p: Cursor): Statement {
  const first = p.peek();
  if (!(p.peek(1).isName || p.peek(1).key === 'MODULES')) {
    p.refuse(first, 'after USE comes the name of a database, CATALOG and its name, or MODULES and their names');
  }
  p.advance();
  if (p.accept('CATALOG')) {
    return { kind: 'use', what: 'CATALOG', names: [nameOf([identifier(p)])], span: p.spanFrom(first) };
  }
  if (p.accept('MODULES')) {
    return { kind: 'use', what: 'MODULES', names: p.list(() => nameOf([identifier(p)])), span: p.spanFrom(first) };
  }
  return { kind: 'use', what: 'DATABASE', names: [name(p)], span: p.spanFrom(first) };
}

/** `LOAD MODULE m WITH (...)`, `UNLOAD MODULE m`. */
export function module(p: Cursor): Statement {
  const first = p.advance();
  p.expect('MODULE');
  const called = identifier(p);
  if (first.key === 'UNLOAD') return { kind: 'unloadModule', name: called, span: p.spanFrom(first) };
  return { kind: 'loadModule', name: called, options: withProperties(p), span: p.spanFrom(first) };
}

/** `ADD JAR 'x.jar'`, `REMOVE JAR 'x.jar'`. */
export function jar(p: Cursor): Statement {
  const first = p.advance();
  p.expect('JAR');
  return { kind: 'jar', verb: first.key as 'ADD' | 'REMOVE', path: plainText(p), span: p.spanFrom(first) };
}

/** `STOP JOB 'id' WITH SAVEPOINT WITH DRAIN`. */
export function stopJob(p: Cursor): Statement {
  const first = p.advance();
  p.expect('JOB');
  const job = plainText(p);
  const savepoint = p.acceptAll('WITH', 'SAVEPOINT');
  const drain = p.acceptAll('WITH', 'DRAIN');
  if (drain && !savepoint) p.refuse(p.last, 'WITH DRAIN needs WITH SAVEPOINT before it');
  return { kind: 'stopJob', job, savepoint, drain, span: p.spanFrom(first) };
}

export function truncate(p: Cursor): Statement {
  const first = p.advance();
  p.expect('TABLE');
  return { kind: 'truncate', table: name(p), span: p.spanFrom(first) };
}

/** `ANALYZE TABLE t PARTITION (a = 1, b) COMPUTE STATISTICS FOR COLUMNS c, d`. */
export function analyze(p: Cursor): Statement {
  const first = p.advance();
  p.expect('TABLE');
  const table = name(p);
  const partition = p.accept('PARTITION') ? { partition: partitionSpec(p, true) } : {};
  p.expect('COMPUTE', 'STATISTICS');
  const made = { kind: 'analyze', table, ...partition } as const;
  if (!p.accept('FOR')) return { ...made, span: p.spanFrom(first) };
  if (p.oneOf('COLUMNS', 'ALL') === 'ALL') {
    p.expect('COLUMNS');
    return { ...made, columns: 'ALL', span: p.spanFrom(first) };
  }
  const columns = p.list(() => identifier(p));
  return { ...made, columns, span: p.spanFrom(first) };
}
