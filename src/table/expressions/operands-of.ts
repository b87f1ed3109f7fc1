import { type AnyType, type } from '../../core/types/index.js';
import { ValidationError } from '../errors.js';
import { type CallOptions, literal, type Rex } from '../plan/rex.js';
import type { Call, JsonClauses } from '../sql/ast/expressions.js';
import type { Argument, Expression } from '../sql/ast/index.js';
import { typeOfAst } from './ast-types.js';

const NULL = literal(null, type.null() as AnyType);

/**
 * What a call of the AST has: its arguments, then what its clauses add as further operands, and the clauses as options:
 *
 * - `EXTRACT`, `FLOOR`, `CEIL`, `TIMESTAMPADD`, `TIMESTAMPDIFF`: `unit`
 * - `TRIM`: operands string, characters (if any); `side`
 * - the JSON functions: `onEmpty`, `onError`, `wrapper`, `nulls`, `returning`; JSON_VALUE has the two defaults as its
 *   third and fourth operand (NULL where there is none)
 */
export function operandsOf(
  call: Call,
  bind: (expression: Expression) => Rex,
  sql?: string,
): { operands: Rex[]; options?: CallOptions } {
  const operands = call.arguments.map((argument) => bind(expressionOf(argument, sql)));
  const options: Record<string, unknown> = {};
  if (call.unit !== undefined) options.unit = call.unit.replace(/^SQL_TSI_/, '');
  if (call.trim !== undefined) {
    options.side = call.trim.side;
    if (call.trim.characters !== undefined) operands.push(bind(call.trim.characters));
  }
  if (call.json !== undefined) json(call, call.json, operands, options, bind, sql);
  if (call.using !== undefined) options.using = call.using.name;
  return Object.keys(options).length === 0 ? { operands } : { operands, options };
}

function expressionOf(argument: Argument, sql: string | undefined): Expression {
  switch (argument.kind) {
    case 'namedArgument':
    case 'tableArgument':
    case 'partitionedArgument':
    case 'default':
      throw new ValidationError('this function takes expressions only', {
        span: argument.span,
        ...(sql === undefined ? {} : { sql }),
      });
    default:
      return argument;
  }
}

function json(
  call: Call,
  clauses: JsonClauses,
  operands: Rex[],
  options: Record<string, unknown>,
  bind: (expression: Expression) => Rex,
  sql: string | undefined,
): void {
  if (clauses.passing !== undefined) {
    throw new ValidationError('PASSING is not supported', { span: call.span, ...(sql === undefined ? {} : { sql }) });
  }
  if (clauses.returning !== undefined) options.returning = typeOfAst(clauses.returning, sql);
  if (clauses.wrapper !== undefined) options.wrapper = clauses.wrapper;
  if (clauses.nulls !== undefined) options.nulls = clauses.nulls;
  if (clauses.onEmpty !== undefined) options.onEmpty = clauses.onEmpty.what;
  if (clauses.onError !== undefined) options.onError = clauses.onError.what;
  if (call.name.parts.at(-1)?.name.toUpperCase() === 'JSON_VALUE') {
    operands.push(clauses.onEmpty?.value === undefined ? NULL : bind(clauses.onEmpty.value));
    operands.push(clauses.onError?.value === undefined ? NULL : bind(clauses.onError.value));
  }
}
