import { type AnyType, type as types } from '../../core/types/index.js';
import {
  buildAggregate,
  buildCall,
  castTo,
  isAggregateName,
  isOverOnly,
  isScalarName,
  literalOf,
  operandsOf,
} from '../expressions/index.js';
import type { Rex } from '../plan/rex.js';
import type { Call, Expression } from '../sql/ast/expressions.js';
import { aggregateOperands, aggregateOptions, plain } from './aggregate-operands.js';
import type { WindowProperty } from './aggregates.js';
import type { ExpressionEnv } from './env.js';
import { bindExpr } from './mutual.js';
import { bindOver } from './over.js';
import { rexKey } from './rex-tools.js';
import { nameOfCall } from './walk.js';

const AUXILIARY = /^(TUMBLE|HOP|SESSION)_(START|END|ROWTIME|PROCTIME)$/;
export const GROUP_WINDOWS: ReadonlySet<string> = new Set(['TUMBLE', 'HOP', 'SESSION']);

/** Calcite reads these as names, and knows no function of the name that takes nothing. */
const CLOCKS = new Set(['CURRENT_TIMESTAMP', 'CURRENT_DATE', 'CURRENT_TIME', 'LOCALTIME', 'LOCALTIMESTAMP']);

/** A call of any function. */
export function bindCall(node: Call, env: ExpressionEnv): Rex {
  const { binder } = env;
  const name = nameOfCall(node);
  const site = binder.site(node);
  if (node.over !== undefined) return bindOver(node, name, env);
  if (name === 'GROUPING' || name === 'GROUPING_ID' || name === 'GROUP_ID') return grouping(node, name, env);
  if (isOverOnly(name)) {
    throw binder.invalid(
      'OVER clause is necessary for window functions',
      node,
      `write ${name}(...) OVER (... ORDER BY ...)`,
    );
  }
  if (isAggregateName(name, site)) return aggregate(node, name, env);
  if (CLOCKS.has(name) && node.arguments.length === 0 && node.span.length > name.length) {
    const message = `No match found for function signature ${name}().`;
    throw binder.invalid(message, node, `${name} is written without parentheses`);
  }
  const auxiliary = AUXILIARY.exec(name);
  if (auxiliary !== null) {
    const [, window, property] = auxiliary as unknown as [string, string, string];
    return windowProperty(node, name, window, property.toLowerCase() as WindowProperty, env);
  }
  if (GROUP_WINDOWS.has(name)) {
    throw binder.invalid(`Group function '$${name}' can only appear in GROUP BY clause`, node);
  }
  for (const clause of ['filter', 'quantifier', 'withinGroup', 'withinDistinct', 'nulls'] as const) {
    if (node[clause] === undefined || (clause === 'quantifier' && node.quantifier === 'ALL')) continue;
    if (clause === 'filter')
      throw binder.invalid(`FILTER must not be applied to the function '${name}'`, node, 'only aggregates take it');
    throw binder.invalid(
      `${clauseName(clause)} must not be applied to the function '${name}'`,
      node,
      'only aggregates take it',
    );
  }
  const declared = binder.context.catalog.functions.declared(name);
  if (declared !== undefined) {
    throw binder.missing(
      `the function ${declared.name}, a class of ${declared.language}`,
      node,
      'functions here are written in TypeScript',
    );
  }
  const { operands, options } = operandsOf(node, (inner) => bindExpr(inner, env), binder.context.sql);
  // An unknown function is named as it was written.
  const called = isScalarName(name, site) ? name : node.name.parts.map((part) => part.name).join('.');
  return buildCall(called, operands, options === undefined ? site : { ...site, options });
}

function clauseName(clause: string): string {
  return (
    { quantifier: 'DISTINCT', withinGroup: 'WITHIN GROUP', withinDistinct: 'WITHIN DISTINCT', nulls: 'IGNORE NULLS' }[
      clause
    ] ?? clause
  );
}

function aggregate(node: Call, name: string, env: ExpressionEnv): Rex {
  const { binder, aggregates } = env;
  if (env.clause === 'FILTER')
    throw binder.invalid('FILTER must not contain aggregate expression', env.outerCall ?? node);
  if (env.inAggregate === true) throw binder.invalid('Aggregate expressions cannot be nested', env.outerCall ?? node);
  if (aggregates === undefined) {
    const of = env.clause === 'ORDER BY' ? ' of non-aggregating SELECT' : '';
    throw binder.invalid(
      `Aggregate expression is illegal in ${env.clause} clause${of}`,
      node,
      aggregateHint(env.clause),
    );
  }
  const inner: ExpressionEnv = { ...env, inAggregate: true, outerCall: node, over: false };
  const operands = aggregateOperands(node, inner);
  const filter =
    node.filter === undefined
      ? undefined
      : filterOf(node.filter, { ...inner, clause: 'FILTER', outerCall: node.filter });
  const distinct = node.quantifier === 'DISTINCT';
  const options = aggregateOptions(node, inner);
  const built = buildAggregate(name, operands, {
    ...binder.site(node),
    distinct,
    grouped: aggregates.grouped,
    filter: filter !== undefined,
    ...(options === undefined ? {} : { options }),
  });
  return aggregates.add({
    function: built.function,
    operands: operands.map((operand, i) => castTo(operand, built.operandTypes[i] ?? operand.type)),
    distinct,
    ...(filter === undefined ? {} : { filter }),
    type: built.type,
    ...(options === undefined ? {} : { options }),
    span: node.span,
  });
}

function aggregateHint(clause: string): string | undefined {
  return clause === 'WHERE' ? 'WHERE looks at single rows; HAVING looks at groups' : undefined;
}

function filterOf(node: Expression, env: ExpressionEnv): Rex {
  const made = bindExpr(node, env);
  if (made.type.root !== 'BOOLEAN' && made.type.root !== 'NULL') {
    throw env.binder.invalid('FILTER clause must be a condition', node);
  }
  return buildCall('IS TRUE', [made], env.binder.site(node));
}

function grouping(node: Call, name: string, env: ExpressionEnv): Rex {
  const { binder, aggregates } = env;
  const bigint = types.bigint().notNull() as AnyType;
  if (aggregates === undefined || aggregates.groups.length === 0) {
    throw binder.invalid(`${name} operator may only occur in an aggregate query`, node);
  }
  if (name === 'GROUP_ID') {
    if (node.arguments.length > 0)
      throw binder.invalid(`Invalid number of arguments to function 'GROUP_ID'. Was expecting 0 arguments`, node);
    return aggregates.add({ function: 'GROUP_ID', operands: [], distinct: false, type: bigint, span: node.span });
  }
  if (node.arguments.length === 0) {
    throw binder.invalid(`Invalid number of arguments to function '${name}'. Was expecting 1 arguments`, node);
  }
  const keys = aggregates.groups.map((rex) => rexKey(rex));
  const operands = node.arguments.map((argument) => {
    const made = bindExpr(plain(argument, env), { ...env, inAggregate: true, outerCall: node });
    const index = keys.indexOf(rexKey(made));
    if (index < 0) throw binder.invalid(`Argument to ${name} operator must be a grouped expression`, argument);
    return aggregates.groups[index] as Rex;
  });
  return aggregates.add({ function: name, operands, distinct: false, type: bigint, span: node.span });
}

function windowProperty(node: Call, name: string, window: string, property: WindowProperty, env: ExpressionEnv): Rex {
  const { binder, aggregates } = env;
  const complain = () =>
    binder.invalid(
      `Call to auxiliary group function '${name}' must have matching call to group function '$${window}' in GROUP BY clause`,
      node,
      `add GROUP BY ${window}(...) with the same operands`,
    );
  if (aggregates?.window === undefined || aggregates.window.name !== window) throw complain();
  const made = windowOperands(node, { ...env, inAggregate: true, outerCall: node });
  const { operands, timeType } = aggregates.window;
  if (made.length !== operands.length || made.some((one, i) => rexKey(one) !== rexKey(operands[i] as Rex)))
    throw complain();
  return aggregates.property(property, windowPropertyType(property, timeType));
}

/** The arguments of a group window; the later ones are constants. */
export function windowOperands(node: Call, env: ExpressionEnv): Rex[] {
  return node.arguments.map((argument) => {
    if (argument.kind === 'interval') return literalOf(argument, env.binder.context.sql);
    return bindExpr(plain(argument, env), env);
  });
}

export function windowPropertyType(property: WindowProperty, time: AnyType): AnyType {
  if (property === 'start' || property === 'end') return types.timestamp(3).notNull() as AnyType;
  if (property === 'proctime') return types.timestampLtz(3).notNull() as AnyType;
  return time;
}
