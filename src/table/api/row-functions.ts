import { ArgumentError } from '../../core/errors.js';
import {
  type AnyType,
  type FieldTypes,
  fieldsOf,
  isType,
  type as types,
  type ValueOf,
} from '../../core/types/index.js';
import { fromCell, toCell } from '../../core/values/index.js';
import { rowFrom, rowsFrom } from '../functions/rows-from.js';
import type { FunctionSource } from '../functions/source.js';
import type { FunctionResolver, UserFunction } from '../functions/user.js';
import { type PlanField, plainField, uniqueNames } from '../plan/field.js';
import type { Rel } from '../plan/rel.js';
import { inputRef, type Rex } from '../plan/rex.js';
import { nextCorrelation } from './correlations.js';
import { type BigintMode, checkFunction, type PortableOptions, portableOf, type ResultOf } from './user-functions.js';

/** A row as a function gets it. Of columns whose type the compiler does not know, and of BIGINT, anything. */
export type RowArgument<F extends FieldTypes> = 0 extends 1 & F
  ? // biome-ignore lint/suspicious/noExplicitAny: columns that the compiler does not know may be anything
    any
  : { readonly [K in keyof F]: ColumnArgument<F[K]> };
type ColumnArgument<T> = AnyType extends T
  ? // biome-ignore lint/suspicious/noExplicitAny: the same
    any
  : T extends { readonly root: 'BIGINT' }
    ? // biome-ignore lint/suspicious/noExplicitAny: a number or a bigint, as the function has asked for
      any
    : ValueOf<T> | null;
/** A row as a function gives it. */
export type RowResult<F extends FieldTypes> = { readonly [K in keyof F]: ResultOf<F[K]> | null };

/** What `udf` is told of a function that gives rows. */
export interface RowFunctionOptions<F extends FieldTypes> extends PortableOptions {
  /** The columns of what it gives. */
  readonly returns: F;
}

/**
 * A function of TypeScript over whole rows, for `map`, `flatMap` and `filter` of a table.
 *
 * @typeParam Row what it takes
 * @typeParam Result what it gives: the columns of its rows, `'many'` in front, or a boolean
 */
export class RowFunction<Row = unknown, Result = unknown> {
  /** Never present: carries the types for the compiler. */
  declare readonly takes?: (row: Row) => void;
  declare readonly gives?: Result;

  /** @internal */
  constructor(
    /** @internal */ readonly fn: (row: never) => unknown,
    /** @internal */ readonly options: PortableOptions & { readonly returns?: FieldTypes },
  ) {}
}

/**
 * Makes a function of TypeScript, as it is written, one for the rows of a table. `table.map(...)` takes one that gives an
 * object, `table.flatMap(...)` one that gives a list of objects, `table.filter(...)` one that gives a boolean. It gets each
 * row as an object of what a cell would get, NULL as `null`.
 *
 * It runs in this process and on a cluster alike. There it sees nothing that stands outside of it but what is `captured`.
 *
 * @param fn called once for each row; an exception fails the job and names the function
 * @example
 *   const parse = (row) => ({ name: row.name.trim(), amount: Number(row.amount) });
 *   const isLarge = (payment) => payment.amount >= limit;
 *   t.from('payments')
 *     .map(udf(parse, { returns: { name: type.string(), amount: type.int() } }))
 *     .filter(udf(isLarge, { captured: { limit } }));
 * @see Flink: Table API, Row-based Operations
 */
export function udf<Row, F extends FieldTypes>(
  fn: (row: Row) => Iterable<RowResult<F>>,
  options: RowFunctionOptions<F>,
): RowFunction<Row, readonly ['many', F]>;
export function udf<Row, F extends FieldTypes>(
  fn: (row: Row) => RowResult<F>,
  options: RowFunctionOptions<F>,
): RowFunction<Row, F>;
export function udf<Row>(fn: (row: Row) => boolean, options?: PortableOptions): RowFunction<Row, boolean>;
export function udf(
  fn: (row: never) => unknown,
  options: PortableOptions & { readonly returns?: FieldTypes } = {},
): RowFunction {
  checkFunction('udf', fn);
  const { returns } = options;
  if (returns !== undefined && (isType(returns) || typeof returns !== 'object')) {
    throw new ArgumentError('udf: returns: the columns of the rows that it gives are asked for', {
      hint: 'udf(fn, { returns: { name: type.string() } }); for values of a single column there is scalarFunction',
    });
  }
  return new RowFunction(fn, options);
}

type Gives = FunctionSource['gives'];

/** What a function is to the rows of a step. */
function defined(
  input: Rel,
  { fn, options }: RowFunction,
  gives: Gives,
  where: string,
  functions: FunctionResolver,
): UserFunction {
  const { fn: call, ...portable } = portableOf(where, fn, options);
  const label = fn.name === '' ? where : fn.name.replace(/[^\w$]/g, '_');
  const accepts = input.fields.map(({ name, type }) => ({ name, type }));
  const given = gives === 'value' ? [] : fieldsOf(options.returns as FieldTypes);
  const returns = (gives === 'value' ? types.boolean().notNull() : types.row(given as never)) as AnyType;
  const row = rowMaker(input.fields, label, portable);
  const source: FunctionSource = { ...portable, fn, label, takes: 'row', accepts, gives, returns };
  const signature = { operands: accepts.map(({ type }) => type), result: returns };
  const base = { deterministic: portable.deterministic, source, expects: '(row)', signature: () => signature } as const;
  return functions.define(label, (name): UserFunction => {
    const run = (operands: readonly unknown[]): unknown => call(row(operands) as never);
    if (gives === 'value') {
      const outside = fromCell(returns, `the result of ${label}`);
      return { ...base, name, kind: 'scalar', evaluate: (...operands) => outside(run(operands)) };
    }
    const one = rowFrom(given, label);
    const many = rowsFrom(given, label);
    const rows = gives === 'row' ? (result: unknown) => [one(result)] : many;
    return { ...base, name, kind: 'table', fields: () => given, evaluate: (...operands) => rows(run(operands)) };
  });
}

function rowMaker(
  fields: readonly PlanField[],
  label: string,
  { bigint }: { readonly bigint: BigintMode },
): (values: readonly unknown[]) => Record<string, unknown> {
  const inside = fields.map(({ name, type }) => toCell(type, { bigint }, `column \`${name}\` for ${label}`));
  return (values) => {
    const row: Record<string, unknown> = {};
    for (let i = 0; i < fields.length; i++) {
      const { name } = fields[i] as PlanField;
      const value = values[i];
      if (typeof value === 'bigint' && bigint === 'number' && fields[i]?.type.root === 'BIGINT') {
        // It cannot be a number: an error only where it is read, since a cluster is sent what is read.
        Object.defineProperty(row, name, { get: () => inside[i]?.(value), enumerable: true });
      } else if (name === '__proto__')
        Object.defineProperty(row, name, { value: inside[i]?.(value), enumerable: true });
      else row[name] = inside[i]?.(value);
    }
    return row;
  };
}

/** The condition that a function is of the rows of a step. */
export function rowCondition(input: Rel, made: RowFunction, where: string, functions: FunctionResolver): Rex {
  if (made.options.returns !== undefined) {
    throw new ArgumentError(`${where}: the function gives rows, and a condition is asked for`, {
      hint: 'map(...) or flatMap(...) take functions with `returns`',
    });
  }
  const { name } = defined(input, made, 'value', where, functions);
  const operands = input.fields.map(({ type }, i) => inputRef(i, type));
  return { kind: 'call', function: name, operands, type: types.boolean().notNull() as AnyType };
}

/** The step that gives what a function makes of each row of another. */
export function mapped(
  input: Rel,
  made: unknown,
  gives: 'row' | 'rows',
  where: string,
  functions: FunctionResolver,
): Rel {
  if (!(made instanceof RowFunction) || made.options.returns === undefined) {
    throw new ArgumentError(`${where}: a function that gives rows is asked for`, {
      hint: `${where}(udf((row) => ..., { returns: { name: type.string() } }))`,
    });
  }
  const { name } = defined(input, made, gives, where, functions);
  const given = fieldsOf(made.options.returns).map(({ name: column, type }): PlanField => ({ name: column, type }));
  const id = nextCorrelation();
  const operands = input.fields.map(({ name: column, type }, index): Rex => {
    return { kind: 'correlated', id, index, name: column, type };
  });
  const right: Rel = { kind: 'tableFunction', function: name, operands, fields: given };
  const both = [...input.fields, ...given];
  const names = uniqueNames(both.map((field) => field.name));
  const fields = both.map((field, i) => ({ ...plainField(field), name: names[i] as string }));
  const joined: Rel = { kind: 'correlate', type: 'inner', id, left: input, right, fields };
  const expressions = given.map(({ type }, i) => inputRef(input.fields.length + i, type));
  return { kind: 'project', input: joined, expressions, fields: given };
}
