import { type AnyType, type as types } from '../../core/types/index.js';
import { suggestion } from '../catalog/index.js';
import { castTo, isScalarName } from '../expressions/index.js';
import { calciteName } from '../functions/types.js';
import type { PlanField } from '../plan/field.js';
import { uniqueNames } from '../plan/field.js';
import type { Rex } from '../plan/rex.js';
import type { Expression } from '../sql/ast/expressions.js';
import type { TableFunction, Unnest } from '../sql/ast/queries.js';
import type { BoundQuery, QueryEnv } from './env.js';
import { bindExpr } from './mutual.js';
import { Scope } from './scope.js';
import { bindWindowTvf, isWindowTvf, WINDOW_TVFS } from './window-tvf.js';

/** UNNEST of an ARRAY, a MULTISET or a MAP; rows within become columns. */
export function bindUnnest(item: Unnest, env: QueryEnv): BoundQuery {
  const { binder } = env;
  const [value, ...more] = item.values as readonly [Expression, ...Expression[]];
  if (more.length > 0)
    throw binder.invalid(
      'UNNEST takes one collection; Flink 1.20 carries out no UNNEST of several',
      more[0] as Expression,
      'give them an UNNEST each, or put ROWs into one ARRAY',
    );
  const operand = bindExpr(value, scoped(env));
  const { type } = operand;
  let columns: { name: string; type: AnyType }[];
  if (type.root === 'MAP') {
    columns = [
      { name: 'KEY', type: type.key },
      { name: 'VALUE', type: type.value },
    ];
  } else if (type.root === 'ARRAY' || type.root === 'MULTISET') {
    const { element } = type;
    columns = element.root === 'ROW' ? rowColumns(element) : [{ name: 'EXPR$0', type: element }];
  } else {
    throw binder.invalid(
      `Cannot apply 'UNNEST' to arguments of type 'UNNEST(<${calciteName(type)}>)'. Supported form(s): 'UNNEST(<MULTISET>)'\n'UNNEST(<ARRAY>)'\n'UNNEST(<MAP>)'`,
      item,
    );
  }
  if (item.ordinality) columns.push({ name: 'ORDINALITY', type: types.int().notNull() as AnyType });
  const unique = uniqueNames(columns.map(({ name }) => name));
  const fields = columns.map((column, i): PlanField => ({ name: unique[i] as string, type: column.type }));
  const rel = {
    kind: 'tableFunction',
    function: 'UNNEST',
    operands: [operand],
    ...(item.ordinality ? { ordinality: true } : {}),
    fields,
  } as const;
  return { rel, names: columns.map(({ name }) => name) };
}

function rowColumns(row: Extract<AnyType, { root: 'ROW' }>): { name: string; type: AnyType }[] {
  const loose = row.nullability === 'nullable';
  return row.fields.map(({ name, type }) => ({ name, type: loose ? (type.nullable() as AnyType) : type }));
}

/** The scope of a table in FROM: nothing of its own, and the tables before it outside. */
function scoped(env: QueryEnv) {
  return { ...env, scope: new Scope([], [], [], env.outer), clause: 'FROM' };
}

/** TABLE(f(...)): windows, and table functions of the user's. */
export function bindTableFunction(item: TableFunction, env: QueryEnv): BoundQuery {
  const { binder } = env;
  const name = item.name.parts.map((part) => part.name).join('.');
  if (isWindowTvf(name)) return bindWindowTvf(item, env);
  const inner = scoped(env);
  const found = binder.context.catalog.functions.resolve(name);
  if (found === undefined && !isScalarName(name.toUpperCase(), binder.site(item))) {
    const given = item.arguments.map((one) => (one.kind === 'tableArgument' ? 'TABLE' : 'ANY')).join(', ');
    const names = [...Object.keys(WINDOW_TVFS), ...binder.context.catalog.functions.names()];
    throw binder.invalid(
      `No match found for function signature ${name}(${given})`,
      item,
      suggestion(name, names, 'table functions').hint,
    );
  }
  const operands = item.arguments.map((argument): Rex => {
    switch (argument.kind) {
      case 'namedArgument':
      case 'tableArgument':
      case 'partitionedArgument':
      case 'default':
        throw binder.missing('an argument of this form', argument);
      default:
        return bindExpr(argument, inner);
    }
  });
  if (found?.kind !== 'table') {
    throw binder.invalid(
      `'${name}' is no table function`,
      item.name,
      'functions that give one value stand in SELECT or WHERE',
    );
  }
  const signature = found.signature(operands.map(({ type }) => type));
  if (signature === undefined) {
    throw binder.invalid(
      `Invalid function call: ${name}(${operands.map(({ type }) => String(type)).join(', ')})`,
      item,
      `${name} takes ${found.expects}`,
    );
  }
  const cast = operands.map((operand, i) => castTo(operand, signature.operands[i] ?? operand.type));
  const made = found.fields(operands.map(({ type }) => type));
  const names = made.map((field) => field.name);
  const unique = uniqueNames(names);
  const fields = made.map(({ type }, i): PlanField => ({ name: unique[i] as string, type }));
  return { rel: { kind: 'tableFunction', function: found.name, operands: cast, fields }, names };
}
