import type { Expression, Node } from '../syntax.js';
import { mathCall, textMethod } from './methods.js';
import { arithmetic, chosen, combined, compared, equal, negated, numberOf, opposite, textOf } from './operators.js';
import { type BooleanValue, constant, notSql, type SqlValue, type TextValue } from './values.js';

/** What is known where an expression stands. */
export interface Scope {
  readonly names: ReadonlyMap<string, SqlValue>;
  /** The arguments that are not NULL here, because a condition says so. */
  readonly present: ReadonlySet<string>;
}

/** What a condition says of arguments: which are not NULL if it holds, and if it does not. */
interface Condition {
  readonly value: BooleanValue;
  readonly ifTrue: readonly string[];
  readonly ifFalse: readonly string[];
}

export function mayBeNull(value: SqlValue, { present }: Scope): boolean {
  if (value.kind === 'object' || !value.nullable) return false;
  return value.path === undefined || !present.has(value.path);
}

export function knowing(scope: Scope, present: readonly string[]): Scope {
  return present.length === 0 ? scope : { ...scope, present: new Set([...scope.present, ...present]) };
}

/** The value of an expression. @throws NotSql where SQL would not give exactly the same */
export function expression(node: Node, scope: Scope): SqlValue {
  switch (node.type) {
    case 'ParenthesizedExpression':
      return expression(node.expression, scope);
    case 'Literal':
      return 'regex' in node && node.regex ? notSql('a regular expression') : constant(node.value);
    case 'Identifier':
      return scope.names.get(node.name) ?? notSql(`the variable ${node.name}`);
    case 'TemplateLiteral':
      return template(node, scope);
    case 'MemberExpression':
      return member(node, scope);
    case 'CallExpression':
      return call(node, scope);
    case 'ConditionalExpression': {
      const { value, ifTrue, ifFalse } = condition(node.test, scope);
      const yes = knowing(scope, ifTrue);
      const no = knowing(scope, ifFalse);
      return choice(value, expression(node.consequent, yes), yes, expression(node.alternate, no), no);
    }
    case 'UnaryExpression':
      if (node.operator === '!') return condition(node, scope).value;
      if (node.operator === '-') {
        const value = numberAt(node.argument, scope);
        return value.constant === undefined ? negated(value) : constant(-value.constant);
      }
      return notSql(`the operator ${node.operator}`);
    case 'LogicalExpression': {
      if (node.operator !== '??') {
        refuseOther(node, scope);
        return condition(node, scope).value;
      }
      const left = expression(node.left, scope);
      if (!mayBeNull(left, scope)) return left;
      const right = expression(node.right, scope);
      const given: BooleanValue = { kind: 'boolean', sql: `(${sqlOf(left)} IS NOT NULL)`, nullable: false };
      if (left.kind === 'null') return right;
      return chosen(given, left, right, { a: false, b: mayBeNull(right, scope) });
    }
    case 'BinaryExpression':
      return binary(node, scope);
    default:
      return notSql(node.type);
  }
}

/** `a && b` is one of the two values: true or false only if both are. */
function refuseOther(node: Extract<Node, { type: 'LogicalExpression' }>, scope: Scope): void {
  const { ifTrue, ifFalse } = condition(node.left, scope);
  const behind = knowing(scope, node.operator === '&&' ? ifTrue : ifFalse);
  for (const [side, where] of [
    [node.left, scope],
    [node.right, behind],
  ] as const) {
    const value = expression(side, where);
    if (value.kind !== 'boolean' || mayBeNull(value, where)) notSql('a choice of values');
  }
}

/** `c ? a : b` with what is known of each. */
export function choice(value: BooleanValue, a: SqlValue, where: Scope, b: SqlValue, otherwise: Scope): SqlValue {
  return chosen(value, a, b, { a: mayBeNull(a, where), b: mayBeNull(b, otherwise) });
}

function sqlOf(value: SqlValue): string {
  return value.kind === 'object' ? notSql('an object') : value.sql;
}

function numberAt(node: Node, scope: Scope) {
  const value = expression(node, scope);
  return numberOf(value, mayBeNull(value, scope));
}

function template(node: Extract<Node, { type: 'TemplateLiteral' }>, scope: Scope): SqlValue {
  const parts = node.quasis.flatMap((quasi, i): TextValue[] => {
    const text = quasi.value.cooked ?? '';
    const words = text === '' ? [] : [constant(text) as TextValue];
    const value = node.expressions[i];
    if (value === undefined) return words;
    const made = expression(value, scope);
    return [...words, textOf(made, mayBeNull(made, scope))];
  });
  const [only] = parts;
  if (only === undefined) return constant('');
  return parts.length === 1 ? only : concatenated(parts);
}

function concatenated(parts: readonly TextValue[]): TextValue {
  if (parts.every((part) => part.constant !== undefined)) return notSql('a text of constants');
  return { kind: 'text', sql: `(${parts.map(({ sql }) => sql).join(' || ')})`, nullable: false };
}

function member(node: Extract<Node, { type: 'MemberExpression' }>, scope: Scope): SqlValue {
  const name = propertyName(node);
  if (node.object.type === 'Identifier' && node.object.name === 'Math' && !scope.names.has('Math')) {
    return name === 'PI' || name === 'E' ? constant(Math[name]) : notSql(`Math.${name}`);
  }
  const object = expression(node.object, scope);
  if (object.kind !== 'object') return notSql(`the property ${name}`);
  return object.get(name) ?? notSql(`no property ${name}`);
}

function propertyName({ property, computed }: Extract<Node, { type: 'MemberExpression' }>): string {
  if (!computed && property.type === 'Identifier') return property.name;
  if (property.type === 'Literal' && typeof property.value === 'string') return property.value;
  return notSql('a property that is computed');
}

function call(node: Extract<Node, { type: 'CallExpression' }>, scope: Scope): SqlValue {
  const { callee } = node;
  if (node.optional) return notSql('an optional call');
  if (callee.type === 'Identifier' && !scope.names.has(callee.name))
    return conversion(callee.name, node.arguments, scope);
  if (callee.type !== 'MemberExpression' || callee.optional) return notSql('a call');
  const name = propertyName(callee);
  if (callee.object.type === 'Identifier' && callee.object.name === 'Math' && !scope.names.has('Math')) {
    return mathCall(
      name,
      node.arguments.map((one) => numberAt(one, scope)),
    );
  }
  const object = expression(callee.object as Expression, scope);
  if (object.kind !== 'text') return notSql(`the method ${name}`);
  // Of NULL it is an error, and SQL gives NULL.
  if (mayBeNull(object, scope)) return notSql(`the method ${name} of what may be NULL`);
  return textMethod(
    name,
    object,
    node.arguments.map((one) => expression(one, scope)),
  );
}

/** `String(x)`, `Number(x)`, `Boolean(x)`. */
function conversion(name: string, operands: readonly Node[], scope: Scope): SqlValue {
  const [operand, ...more] = operands;
  if (operand === undefined || more.length > 0) return notSql(`the call of ${name}`);
  switch (name) {
    case 'String': {
      const value = expression(operand, scope);
      return textOf(value, mayBeNull(value, scope));
    }
    case 'Number':
      return numberAt(operand, scope);
    case 'Boolean':
      return condition(operand, scope).value;
    default:
      return notSql(`the call of ${name}`);
  }
}

function binary(node: Extract<Node, { type: 'BinaryExpression' }>, scope: Scope): SqlValue {
  const { operator } = node;
  if (/^[!=]==?$/.test(operator)) return condition(node, scope).value;
  const a = expression(node.left as Expression, scope);
  const b = expression(node.right, scope);
  if (operator === '+' && (a.kind === 'text' || b.kind === 'text')) {
    // null + 7 is 7, and null + null is 0.
    const sure = [a, b].some((one) => one.kind === 'text' && !mayBeNull(one, scope));
    if (!sure) return notSql('a sum that may be one of numbers');
    return concatenated([textOf(a, mayBeNull(a, scope)), textOf(b, mayBeNull(b, scope))]);
  }
  const x = numberOf(a, mayBeNull(a, scope));
  const y = numberOf(b, mayBeNull(b, scope));
  return /^[<>]=?$/.test(operator) ? compared(operator, x, y) : arithmetic(operator, x, y);
}

const nothing = (value: BooleanValue): Condition => ({ value, ifTrue: [], ifFalse: [] });

/** Whether JavaScript takes a value for true. */
export function condition(node: Node, scope: Scope): Condition {
  if (node.type === 'ParenthesizedExpression') return condition(node.expression, scope);
  if (node.type === 'UnaryExpression' && node.operator === '!') {
    const { argument } = node;
    // The one opposite that Flink writes right for NaN, too.
    if (argument.type === 'BinaryExpression' && /^[!=]==$/.test(argument.operator)) {
      const turned = argument.operator === '===' ? '!==' : '===';
      return condition({ ...argument, operator: turned }, scope);
    }
    const { value, ifTrue, ifFalse } = condition(argument, scope);
    return { value: opposite(value), ifTrue: ifFalse, ifFalse: ifTrue };
  }
  if (node.type === 'LogicalExpression' && node.operator !== '??') {
    const { operator } = node;
    const left = condition(node.left, scope);
    const right = condition(node.right, knowing(scope, operator === '&&' ? left.ifTrue : left.ifFalse));
    const value = combined(operator as '&&' | '||', left.value, right.value);
    return operator === '&&'
      ? { value, ifTrue: [...left.ifTrue, ...right.ifTrue], ifFalse: [] }
      : { value, ifTrue: [], ifFalse: [...left.ifFalse, ...right.ifFalse] };
  }
  if (node.type === 'BinaryExpression' && /^[!=]==?$/.test(node.operator)) return equality(node, scope);
  const value = expression(node, scope);
  if (value.kind === 'boolean') {
    if (!mayBeNull(value, scope)) return nothing(value);
    return nothing({ kind: 'boolean', sql: `COALESCE(${value.sql}, FALSE)`, nullable: false });
  }
  if (value.kind === 'text') {
    if (value.constant !== undefined) return notSql('a constant as a condition');
    const filled = `(${value.sql} <> '')`;
    const sql = mayBeNull(value, scope) ? `COALESCE(${filled}, FALSE)` : filled;
    const known = value.path === undefined ? [] : [value.path];
    return { value: { kind: 'boolean', sql, nullable: false }, ifTrue: known, ifFalse: [] };
  }
  return notSql('a condition of another kind');
}

function equality(node: Extract<Node, { type: 'BinaryExpression' }>, scope: Scope): Condition {
  const a = expression(node.left as Expression, scope);
  const b = expression(node.right, scope);
  const not = node.operator.startsWith('!');
  // `==` compares values of two kinds by converting them; null only with null and undefined.
  if (node.operator.length === 2 && a.kind !== b.kind && a.kind !== 'null' && b.kind !== 'null') return notSql('==');
  const value = equal(a, b, { a: mayBeNull(a, scope), b: mayBeNull(b, scope) }, not);
  const present = a.kind === 'null' ? b : b.kind === 'null' ? a : undefined;
  const path = present === undefined || present.kind === 'object' ? undefined : present.path;
  const known = path === undefined ? [] : [path];
  return { value, ifTrue: not ? known : [], ifFalse: not ? [] : known };
}
