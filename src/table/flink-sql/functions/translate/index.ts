import type { AnyType } from '../../../../core/types/index.js';
import type { ReadFunction } from '../javascript.js';
import { type AnyFunction, type Node, walk } from '../syntax.js';
import { choice, condition, expression, knowing, type Scope } from './expressions.js';
import { argument, constant, NotSql, NULL, notSql, type ObjectValue, result, type SqlValue } from './values.js';

/** An operand of a call. */
export interface Operand {
  /** Flink SQL. */
  readonly sql: string;
  /** Whether it may be written several times, or not at all: a column. */
  readonly simple: boolean;
  /** What the planner knows, it computes in its own way: the sign of 0 is lost, and division by 0 is an error. */
  readonly constant: boolean;
}

/** Longer than this, JavaScript is easier to read, and to plan. */
const MOST = 4000;

/**
 * What a function gives, as Flink SQL: one expression, or of a function that gives a row one for each column. `undefined`
 * where SQL would not give exactly what JavaScript gives, for all values of the types: NULL, NaN, -0, overflow.
 */
export function translated({ source, fn }: ReadFunction, operands: readonly Operand[]): readonly string[] | undefined {
  const { gives, returns, takes } = source;
  if (gives === 'rows' || !source.deterministic || fn.generator) return undefined;
  if (operands.some(({ constant: known }) => known)) return undefined;
  try {
    const value = body(fn, { names: names({ source, fn }, operands), present: new Set() });
    let columns: string[];
    if (gives === 'value') {
      // A filter takes what is true: there, and only there, comparisons of DOUBLEs are as in JavaScript.
      const doubles = value.kind === 'boolean' && value.doubles !== undefined;
      if (doubles && takes !== 'row') return undefined;
      columns = [result(value, returns)];
    } else columns = columnsOf(value, returns);
    const text = columns.join(', ');
    return text.length > MOST || !usedOnce(text, operands) ? undefined : columns;
  } catch (error) {
    if (error instanceof NotSql) return undefined;
    throw error;
  }
}

function columnsOf(value: SqlValue, returns: AnyType): string[] {
  if (value.kind !== 'object' || returns.root !== 'ROW') return notSql('no object');
  return returns.fields.map(({ name, type }) => {
    const given = value.get(name) ?? NULL;
    if (given.kind === 'boolean' && given.doubles !== undefined) return notSql('a comparison of DOUBLEs as a column');
    return result(given, type);
  });
}

/** An operand that is more than a column must be computed once, as it is in JavaScript. */
function usedOnce(text: string, operands: readonly Operand[]): boolean {
  return operands.every(({ sql, simple }) => simple || text.split(sql).length === 2);
}

function names(
  { source, fn }: Pick<ReadFunction, 'source' | 'fn'>,
  operands: readonly Operand[],
): Map<string, SqlValue> {
  const given = source.accepts.map(({ type }, i) => argument((operands[i] as Operand).sql, type, `argument ${i}`));
  const found = new Map<string, SqlValue>();
  for (const [name, value] of Object.entries(source.constants)) {
    if (typeof value !== 'function') found.set(name, lazyConstant(value));
  }
  // What a cell declares is called so in its JavaScript.
  const captured = new Map(found);
  found.set('exports', { kind: 'object', get: (name) => captured.get(name) });
  if (source.takes === 'row') {
    const fields = new Map(source.accepts.map(({ name }, i) => [name, given[i] as SqlValue]));
    const row: ObjectValue = { kind: 'object', get: (name) => fields.get(name) };
    if (fn.params.length > 1) notSql('several parameters');
    if (fn.params[0] !== undefined) bind(fn.params[0], row, found);
  } else {
    for (const [i, param] of fn.params.entries()) bind(param, given[i] ?? notSql('a parameter without a value'), found);
  }
  return found;
}

/** What has no SQL is only a problem where it is used. */
function lazyConstant(value: unknown): SqlValue {
  try {
    return constant(value);
  } catch {
    return { kind: 'object', get: () => undefined };
  }
}

function bind(pattern: Node, value: SqlValue, to: Map<string, SqlValue>): void {
  if (pattern.type === 'Identifier') {
    to.set(pattern.name, value);
    return;
  }
  if (pattern.type !== 'ObjectPattern' || value.kind !== 'object') notSql('a pattern');
  for (const part of pattern.properties) {
    if (part.type !== 'Property' || part.computed) notSql('a pattern');
    const name =
      part.key.type === 'Identifier' ? part.key.name : part.key.type === 'Literal' ? String(part.key.value) : '';
    bind(part.value, value.get(name) ?? notSql(`no column ${name}`), to);
  }
}

function body(fn: AnyFunction, scope: Scope): SqlValue {
  refuseAssignments(fn);
  if (fn.body.type !== 'BlockStatement') return value(fn.body, scope);
  return statements(fn.body.body, scope);
}

function refuseAssignments(fn: AnyFunction): void {
  walk(fn.body, (node) => {
    if (node.type === 'AssignmentExpression' || node.type === 'UpdateExpression') notSql('an assignment');
  });
}

/** `const x = ...; if (...) return a; return b;` */
function statements(list: readonly Node[], scope: Scope): SqlValue {
  const [first, ...rest] = list;
  switch (first?.type) {
    case undefined:
      return NULL;
    case 'ReturnStatement':
      return first.argument ? value(first.argument, scope) : NULL;
    case 'VariableDeclaration': {
      const names = new Map(scope.names);
      for (const { id, init } of first.declarations) {
        bind(id, init ? value(init, { ...scope, names }) : notSql('a variable without a value'), names);
      }
      return statements(rest, { ...scope, names });
    }
    case 'IfStatement': {
      const { value: test, ifTrue, ifFalse } = condition(first.test, scope);
      const yes = knowing(scope, ifTrue);
      const no = knowing(scope, ifFalse);
      if (!returns(first.consequent)) return notSql('an if that does not return');
      const otherwise = first.alternate ? [first.alternate, ...rest] : rest;
      return choice(test, statements([first.consequent], yes), yes, statements(otherwise, no), no);
    }
    case 'BlockStatement':
      if (rest.length > 0 && !returns(first)) return notSql('a block');
      return statements(first.body, scope);
    default:
      return notSql(first?.type ?? 'nothing');
  }
}

function returns(node: Node): boolean {
  if (node.type === 'BlockStatement') return node.body.some(returns);
  if (node.type === 'IfStatement') return returns(node.consequent) && node.alternate != null && returns(node.alternate);
  return node.type === 'ReturnStatement';
}

/** An expression, or an object of expressions. */
function value(node: Node, scope: Scope): SqlValue {
  if (node.type === 'ParenthesizedExpression') return value(node.expression, scope);
  if (node.type === 'Identifier' && node.name === 'undefined' && !scope.names.has('undefined')) return NULL;
  if (node.type !== 'ObjectExpression') return expression(node, scope);
  const fields = new Map<string, SqlValue>();
  for (const part of node.properties) {
    if (part.type !== 'Property' || part.computed || part.kind !== 'init' || part.method) return notSql('an object');
    const name =
      part.key.type === 'Identifier' ? part.key.name : part.key.type === 'Literal' ? String(part.key.value) : '';
    fields.set(name, value(part.value, scope));
  }
  return { kind: 'object', get: (name) => fields.get(name) };
}
