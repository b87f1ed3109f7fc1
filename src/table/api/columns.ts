import { ArgumentError } from '../../core/errors.js';
import type { AnyType, FieldTypes } from '../../core/types/index.js';
import type { PlanField } from '../plan/field.js';
import { Expression, nodeOf } from './expression.js';
import type { ExpressionNode } from './node.js';
import { positionOf } from './resolve.js';
import { asked, traced } from './tracing.js';

/** The columns of a table, as a callback gets them. Of a table of SQL the compiler does not know them. */
// biome-ignore lint/suspicious/noExplicitAny: columns that the compiler does not know may be called anything
export type Columns<F extends FieldTypes> = 0 extends 1 & F ? any : { readonly [K in keyof F]: Expression<F[K]> };
/** Columns by their new names. */
export type Selection = { readonly [name: string]: Expression };
/** The columns of a table after `select({ ... })`. */
export type SelectedTypes<S extends Selection> = { [K in keyof S]: S[K] extends Expression<infer T> ? T : AnyType };
// biome-ignore lint/suspicious/noExplicitAny: columns that the compiler does not know may be called anything
export type Unknown = any;
export type Callback<F extends FieldTypes, R> = (columns: Columns<F>) => R;

/** The columns as properties; a wrong name is an error that lists the right ones. */
function columnsOf<F extends FieldTypes>(fields: readonly PlanField[]): Columns<F> {
  const made = new Map<string, Expression>();
  return new Proxy({} as Columns<F>, {
    get(_, name) {
      if (typeof name !== 'string') return undefined;
      const known = made.get(name);
      if (known !== undefined) return known;
      const field = fields[positionOf(name, fields)] as PlanField;
      const node: ExpressionNode = { kind: 'column', name };
      if (field.type.root === 'BOOLEAN') asked(node, `the column \`${name}\``);
      const column = new Expression(node);
      made.set(name, column);
      return column;
    },
    has: (_, name) => fields.some((field) => field.name === name),
    ownKeys: () => fields.map(({ name }) => name),
    getOwnPropertyDescriptor: (_, name) => {
      if (!fields.some((field) => field.name === name)) return undefined;
      return { enumerable: true, configurable: true, value: new Expression({ kind: 'column', name: String(name) }) };
    },
  });
}

export type Given = Expression | Selection | readonly Expression[];

function nodesOf(result: unknown, where: string): ExpressionNode[] {
  if (result instanceof Expression) return [result.node];
  if (Array.isArray(result)) return result.map(nodeOf);
  if (typeof result === 'object' && result !== null) {
    return Object.entries(result).map(([name, one]) => ({ kind: 'alias', operand: nodeOf(one), name }));
  }
  throw new ArgumentError(`${where}: the callback gave back ${result === undefined ? 'nothing' : String(result)}`, {
    hint: '(o) => ({ name: o.name, fee: o.price.times(0.01) }): an object in braces needs parentheses around it',
  });
}

function rawNodes(result: unknown): Iterable<ExpressionNode> {
  if (result instanceof Expression) return [result.node];
  if (Array.isArray(result)) return result.flatMap((one) => (one instanceof Expression ? [one.node] : []));
  if (typeof result === 'object' && result !== null) {
    return Object.values(result).flatMap((one) => (one instanceof Expression ? [one.node] : []));
  }
  return [];
}

/** Runs a callback over columns, or takes the expressions as they were given. */
export function given(
  where: string,
  fields: readonly (readonly PlanField[])[],
  what: readonly unknown[],
): ExpressionNode[] {
  const [first] = what;
  if (typeof first === 'function' && !(first instanceof Expression)) {
    const callback = first as (...columns: unknown[]) => unknown;
    return nodesOf(
      traced(where, () => callback(...fields.map((some) => columnsOf(some))), rawNodes),
      where,
    );
  }
  return what.map(nodeOf);
}
