import type { AnyType } from '../../core/types/index.js';
import { ValidationError } from '../errors.js';
import { castTo, mapInputs } from '../expressions/index.js';
import type { FunctionResolver, UserTableFunction } from '../functions/user.js';
import type { PlanField } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import type { Rex } from '../plan/rex.js';
import { given } from './columns.js';
import { nextCorrelation } from './correlations.js';
import type { ExpressionNode } from './node.js';
import { resolve } from './resolve.js';

/** For each row the rows that a table function gives for it; with `left` also rows for which it gives none. */
export function lateral(
  input: Rel,
  what: unknown,
  type: 'inner' | 'left',
  where: string,
  functions: FunctionResolver,
): Rel {
  const [node] = given(where, [input.fields], [what]) as [ExpressionNode];
  const names = node.kind === 'alias' ? [node.name, ...(node.more ?? [])] : undefined;
  const { found, operands } = called(node.kind === 'alias' ? node.operand : node, input, where, functions);
  const made = found.fields(operands.map((operand) => operand.type));
  if (names !== undefined && names.length !== made.length) {
    throw new ValidationError(`${where}: ${found.name} gives ${made.length} columns, and ${names.length} are named`, {
      hint: `they are: ${made.map(({ name, type: of }) => `${name} ${of}`).join(', ')}`,
    });
  }
  const columns = made.map((field, i): PlanField => ({ name: names?.[i] ?? field.name, type: field.type }));
  const twice = columns.find(({ name }) => input.fields.some((field) => field.name === name));
  if (twice !== undefined) {
    throw new ValidationError(`${where}: both sides have a column \`${twice.name}\``, {
      hint: `name what the function gives: callFunction('${found.name}', ...).as(${columns.map(({ name }) => `'${name}_'`).join(', ')})`,
    });
  }
  const id = nextCorrelation();
  const outside = (rex: Rex): Rex =>
    mapInputs(rex, (index): Rex => {
      const { name, type: of } = input.fields[index] as PlanField;
      return { kind: 'correlated', id, index, name, type: of };
    });
  const right: Rel = {
    kind: 'tableFunction',
    function: found.name,
    operands: operands.map(outside),
    fields: columns,
  };
  const all = columns.map((field) => (type === 'left' ? { ...field, type: field.type.nullable() as AnyType } : field));
  return { kind: 'correlate', type, id, left: input, right, fields: [...input.fields, ...all] };
}

function called(
  call: ExpressionNode,
  input: Rel,
  where: string,
  functions: FunctionResolver,
): { readonly found: UserTableFunction; readonly operands: readonly Rex[] } {
  const found = call.kind === 'call' ? functions.resolve(call.function) : undefined;
  if (call.kind !== 'call' || found?.kind !== 'table') {
    throw new ValidationError(`${where}: a call of a table function is asked for`, {
      hint: `t.createTemporarySystemFunction('SPLIT', tableFunction(...)), then ${where}(callFunction('SPLIT', col('s')).as('word'))`,
    });
  }
  const operands = call.operands.map((operand) => resolve(operand, { fields: input.fields, functions }));
  const signature = found.signature(operands.map(({ type }) => type));
  if (signature === undefined) {
    const types = operands.map(({ type }) => String(type)).join(', ');
    throw new ValidationError(`Invalid function call: ${found.name}(${types})`, {
      hint: `${found.name} takes ${found.expects}`,
    });
  }
  return { found, operands: operands.map((operand, i) => castTo(operand, signature.operands[i] ?? operand.type)) };
}
