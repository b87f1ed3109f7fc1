import type { CallOptions, Rex } from '../plan/rex.js';
import type { Argument, Call, Expression } from '../sql/ast/expressions.js';
import { noBareNull } from './checks.js';
import type { ExpressionEnv } from './env.js';
import { bindExpr } from './mutual.js';
import { nameOfCall } from './walk.js';

/** The arguments of an aggregate; `COUNT(*)` has none. */
export function aggregateOperands(node: Call, env: ExpressionEnv): Rex[] {
  if (node.arguments.length === 1 && node.arguments[0]?.kind === 'star') {
    if (nameOfCall(node) === 'COUNT') return [];
    throw env.binder.invalid(`Unknown identifier '*'`, node.arguments[0], 'only COUNT takes *');
  }
  if (node.arguments.length === 0 && nameOfCall(node) === 'COUNT') {
    throw env.binder.invalid(
      "Invalid number of arguments to function 'COUNT'. Was expecting 1 arguments",
      node,
      'COUNT(*) counts rows',
    );
  }
  return node.arguments.map((argument) => {
    const operand = plain(argument, env);
    noBareNull(operand, env.binder);
    return bindExpr(operand, env);
  });
}

/** An argument that is an expression. */
export function plain(argument: Argument, { binder }: ExpressionEnv): Expression {
  switch (argument.kind) {
    case 'namedArgument':
    case 'tableArgument':
    case 'partitionedArgument':
    case 'default':
      throw binder.missing('an argument of this form', argument);
    default:
      return argument;
  }
}

/** What an aggregate has besides its arguments. */
export function aggregateOptions(node: Call, env: ExpressionEnv): CallOptions | undefined {
  const { binder } = env;
  if (node.withinDistinct !== undefined) throw binder.missing('WITHIN DISTINCT', node);
  const name = nameOfCall(node);
  if (node.withinGroup !== undefined)
    throw binder.invalid(`Aggregate expression '${name}' must not contain a WITHIN GROUP clause`, node);
  // Flink takes ORDER BY in ARRAY_AGG, and does not look at it.
  if (node.orderBy !== undefined && name !== 'ARRAY_AGG') throw binder.refused('ORDER BY within an aggregate', node);
  if (node.separator !== undefined) throw binder.refused('SEPARATOR', node);
  if (node.nulls !== undefined && name !== 'LAG' && name !== 'LEAD')
    throw binder.invalid(`Cannot specify IGNORE NULLS or RESPECT NULLS following '${name}'`, node);
  const options: Record<string, unknown> = {};
  if (node.nulls === 'IGNORE') options.ignoreNulls = true;
  if (node.json !== undefined) {
    if (node.json.nulls !== undefined) options.nulls = node.json.nulls;
  }
  return Object.keys(options).length === 0 ? undefined : options;
}
