import type {
  CreateCatalog,
  CreateDatabase,
  CreateFunction,
  CreateModel,
  CreateView,
  FunctionLanguage,
  Statement,
} from '../ast/index.js';
import type { Token } from '../lexer/token.js';
import { createMaterializedTable, createTable } from './create-table.js';
import type { Cursor } from './cursor.js';
import { comment, tableElements, withProperties } from './elements.js';
import { plainText, text } from './literals.js';
import { identifier, identifierList, ifNotExists, name, nameOf } from './names.js';

/** What stands between CREATE and the kind of thing to create. */
export interface CreateHead {
  readonly orReplace: boolean;
  readonly temporary: boolean;
}

/** `LANGUAGE JAVA`. */
export function language(p: Cursor): { language?: FunctionLanguage } {
  return p.accept('LANGUAGE') ? { language: p.oneOf('JAVA', 'SCALA', 'SQL', 'PYTHON') } : {};
}

function createFunction(p: Cursor, head: CreateHead, first: Token): CreateFunction {
  const system = p.accept('SYSTEM');
  if (system && !head.temporary) {
    p.refuse(p.last, 'a system function can only be temporary', 'write CREATE TEMPORARY SYSTEM FUNCTION');
  }
  p.expect('FUNCTION');
  const exists = ifNotExists(p);
  const called = system ? nameOf([identifier(p)]) : name(p);
  p.expect('AS');
  const className = plainText(p);
  const spoken = language(p);
  const place = p.last;
  const jars: string[] = [];
  if (p.accept('USING')) {
    if (spoken.language === 'SQL' || spoken.language === 'PYTHON') {
      p.refuse(place, `a function in ${spoken.language} cannot use a JAR`);
    }
    jars.push(
      ...p.list(() => {
        p.expect('JAR');
        return plainText(p);
      }),
    );
  }
  return {
    kind: 'createFunction',
    ...head,
    system,
    ifNotExists: exists,
    name: called,
    className,
    ...spoken,
    jars,
    span: p.spanFrom(first),
  };
}

function createView(p: Cursor, head: CreateHead, first: Token): CreateView {
  p.expect('VIEW');
  const exists = ifNotExists(p);
  const called = name(p);
  const columns = p.at('(') ? { columns: identifierList(p) } : {};
  const more = comment(p);
  p.expect('AS');
  const query = p.rules.query(p);
  return {
    kind: 'createView',
    ...head,
    ifNotExists: exists,
    name: called,
    ...columns,
    ...more,
    query,
    span: p.spanFrom(first),
  };
}

function createDatabase(p: Cursor, head: CreateHead, first: Token): CreateDatabase {
  p.expect('DATABASE');
  const exists = ifNotExists(p);
  const called = name(p);
  const more = comment(p);
  const options = withProperties(p);
  return {
    kind: 'createDatabase',
    ...head,
    ifNotExists: exists,
    name: called,
    ...more,
    options,
    span: p.spanFrom(first),
  };
}

function createCatalog(p: Cursor, head: CreateHead, first: Token): CreateCatalog {
  p.expect('CATALOG');
  const exists = ifNotExists(p);
  const called = nameOf([identifier(p)]);
  const more = comment(p, text);
  const options = withProperties(p);
  return {
    kind: 'createCatalog',
    ...head,
    ifNotExists: exists,
    name: called,
    ...more,
    options,
    span: p.spanFrom(first),
  };
}

function createModel(p: Cursor, head: CreateHead, first: Token): CreateModel {
  p.expect('MODEL');
  const exists = ifNotExists(p);
  const called = name(p);
  const input = p.accept('INPUT') ? { input: tableElements(p) } : {};
  const output = p.accept('OUTPUT') ? { output: tableElements(p) } : {};
  const more = comment(p);
  const options = withProperties(p);
  const query = p.accept('AS') ? { query: p.rules.query(p) } : {};
  return {
    kind: 'createModel',
    ...head,
    ifNotExists: exists,
    name: called,
    ...input,
    ...output,
    ...more,
    options,
    ...query,
    span: p.spanFrom(first),
  };
}

/** Every CREATE statement. */
export function create(p: Cursor): Statement {
  const first = p.expect('CREATE');
  const orReplace = p.accept('OR');
  if (orReplace) p.expect('REPLACE');
  const head = { orReplace, temporary: p.accept('TEMPORARY') };
  switch (p.peek().key) {
    case 'TABLE':
      return createTable(p, head, first);
    case 'MATERIALIZED':
      return createMaterializedTable(p, head, first);
    case 'VIEW':
      return createView(p, head, first);
    case 'FUNCTION':
    case 'SYSTEM':
      return createFunction(p, head, first);
    case 'DATABASE':
      return createDatabase(p, head, first);
    case 'CATALOG':
      return createCatalog(p, head, first);
    case 'MODEL':
      return createModel(p, head, first);
    default:
      for (const word of ['TABLE', 'VIEW', 'FUNCTION', 'DATABASE', 'CATALOG', 'MODEL']) p.want(word);
      return p.fail();
  }
}
