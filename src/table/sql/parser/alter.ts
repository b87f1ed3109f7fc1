import type { AlterMaterializedTable, AlterMaterializedTableAction, AlterScope, Statement } from '../ast/index.js';
import { alterTable } from './alter-table.js';
import { language } from './create.js';
import { freshness } from './create-table.js';
import type { Cursor } from './cursor.js';
import { partitionSpec, properties, propertyKeys } from './elements.js';
import { literal, plainText, startsPlainLiteral, text } from './literals.js';
import { identifier, ifExists, name } from './names.js';

function materialisedAction(p: Cursor): AlterMaterializedTableAction {
  switch (p.oneOf('SUSPEND', 'RESUME', 'REFRESH', 'SET', 'RESET')) {
    case 'SUSPEND':
      return { action: 'suspend' };
    case 'RESUME':
      return p.accept('WITH') ? { action: 'resume', options: properties(p) } : { action: 'resume' };
    case 'REFRESH':
      return p.accept('PARTITION') ? { action: 'refresh', partition: partitionSpec(p) } : { action: 'refresh' };
    case 'RESET':
      return { action: 'reset', keys: propertyKeys(p) };
    default:
      if (p.accept('FRESHNESS')) return { action: 'freshness', freshness: freshness(p) };
      if (!p.accept('REFRESH_MODE')) return { action: 'set', options: properties(p) };
      p.expect('=');
      return { action: 'refreshMode', mode: p.oneOf('FULL', 'CONTINUOUS') };
  }
}

function alterMaterialisedTable(p: Cursor): AlterMaterializedTable {
  const first = p.expect('ALTER');
  p.expect('MATERIALIZED', 'TABLE');
  const called = name(p);
  const change = materialisedAction(p);
  return { kind: 'alterMaterializedTable', name: called, change, span: p.spanFrom(first) };
}

function alterView(p: Cursor): Statement {
  const first = p.expect('ALTER');
  p.expect('VIEW');
  const called = name(p);
  if (p.oneOf('RENAME', 'AS') === 'AS') {
    return { kind: 'alterView', name: called, query: p.rules.query(p), span: p.spanFrom(first) };
  }
  p.expect('TO');
  return { kind: 'alterView', name: called, to: name(p), span: p.spanFrom(first) };
}

function alterFunction(p: Cursor): Statement {
  const first = p.expect('ALTER');
  const temporary = p.accept('TEMPORARY');
  const system = temporary && p.accept('SYSTEM');
  p.expect('FUNCTION');
  const exists = ifExists(p);
  const called = name(p);
  p.expect('AS');
  const className = plainText(p);
  const spoken = language(p);
  const made = { kind: 'alterFunction', temporary, system, ifExists: exists, name: called, className } as const;
  return { ...made, ...spoken, span: p.spanFrom(first) };
}

function alterDatabase(p: Cursor): Statement {
  const first = p.expect('ALTER');
  p.expect('DATABASE');
  const called = name(p);
  p.expect('SET');
  return { kind: 'alterDatabase', name: called, options: properties(p), span: p.spanFrom(first) };
}

function alterCatalog(p: Cursor): Statement {
  const first = p.expect('ALTER');
  p.expect('CATALOG');
  const called = identifier(p);
  const word = p.oneOf('SET', 'RESET', 'COMMENT');
  const change =
    word === 'SET' ? { options: properties(p) } : word === 'RESET' ? { keys: propertyKeys(p) } : { comment: text(p) };
  return { kind: 'alterCatalog', name: called, ...change, span: p.spanFrom(first) };
}

function alterModel(p: Cursor): Statement {
  const first = p.expect('ALTER');
  p.expect('MODEL');
  const exists = ifExists(p);
  const called = name(p);
  const made = { kind: 'alterModel', ifExists: exists, name: called } as const;
  if (p.acceptAll('RENAME', 'TO')) return { ...made, to: name(p), span: p.spanFrom(first) };
  p.expect('SET');
  return { ...made, options: properties(p), span: p.spanFrom(first) };
}

/** `ALTER SESSION SET x = 1`: from Calcite, and of no use to Flink. */
function alterScope(p: Cursor): AlterScope {
  const first = p.expect('ALTER');
  for (const word of ['TABLE', 'VIEW', 'FUNCTION', 'DATABASE', 'CATALOG']) p.want(word);
  const scope = p.oneOf('SYSTEM', 'SESSION');
  if (p.oneOf('SET', 'RESET') === 'RESET') {
    const called = p.accept('ALL') ? 'ALL' : name(p);
    return { kind: 'alterScope', scope, name: called, span: p.spanFrom(first) };
  }
  const called = name(p);
  p.expect('=');
  const value =
    startsPlainLiteral(p.peek()) || p.at('INTERVAL') ? literal(p) : p.accept('ON') ? ('ON' as const) : identifier(p);
  return { kind: 'alterScope', scope, name: called, value, span: p.spanFrom(first) };
}

const FAMILIES: Readonly<Record<string, (p: Cursor) => Statement>> = {
  TABLE: alterTable,
  MATERIALIZED: alterMaterialisedTable,
  VIEW: alterView,
  FUNCTION: alterFunction,
  TEMPORARY: alterFunction,
  DATABASE: alterDatabase,
  CATALOG: alterCatalog,
  MODEL: alterModel,
};

/** Every ALTER statement. */
export function alter(p: Cursor): Statement {
  const { key } = p.peek(1);
  const family = Object.hasOwn(FAMILIES, key) ? FAMILIES[key] : undefined;
  return (family ?? alterScope)(p);
}
