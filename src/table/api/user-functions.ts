import { ArgumentError } from '../../core/errors.js';
import {
  type AnyType,
  type Field,
  type FieldTypes,
  fieldsOf,
  type as types,
  type ValueOf,
} from '../../core/types/index.js';
import { fromCell, toCell } from '../../core/values/index.js';
import type { Captured } from '../functions/captured.js';
import { rowsFrom } from '../functions/rows-from.js';
import { bound, type FunctionSource } from '../functions/source.js';
import type { UserAggregateFunction, UserFunction, UserScalarFunction, UserTableFunction } from '../functions/user.js';

/** How BIGINT comes to a function. */
export type BigintMode = 'number' | 'bigint';
/** What a function is called with, by the types it takes. */
type Values<P extends readonly AnyType[], B extends BigintMode = 'number'> = {
  [K in keyof P]: ArgumentOf<P[K], B> | null;
};
/** What a function gets for a value of a type. */
export type ArgumentOf<T, B extends BigintMode> = B extends 'bigint'
  ? T extends { readonly root: 'BIGINT' }
    ? bigint
    : ValueOf<T>
  : ValueOf<T>;
/** What a function may give for a type. */
export type ResultOf<T> = T extends { readonly root: 'BIGINT' } ? number | bigint : ValueOf<T>;

/** What all functions of one's own say of themselves. */
export interface UserFunctionOptions<P extends readonly AnyType[]> {
  /** The types of what it takes; arguments are converted to them. */
  readonly accepts: readonly [...P];
  /** `false` for a function that does not give the same for the same arguments. Default `true`. */
  readonly deterministic?: boolean;
}

/** What can be said of functions that also run on a cluster, as they are written. */
export interface PortableOptions<B extends BigintMode = BigintMode> {
  /**
   * The constants and helper functions outside of the function that it uses, by their names: `{ rate, toNumber }`. On a
   * cluster it sees nothing else. Both engines use the values of the moment when the function is defined.
   */
  readonly captured?: Captured;
  /** `false` for a function that does not give the same for the same arguments. Default `true`. */
  readonly deterministic?: boolean;
  /**
   * How BIGINT comes: as `number` (default; beyond 2^53-1 that is an error), or always as a `bigint`. It may give either.
   */
  readonly bigint?: B;
}

/** A function before it has a name. */
export class UserFunctionDefinition {
  /** @internal */
  constructor(readonly named: (name: string) => UserFunction) {}
}

const NUMBERS = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'DECIMAL', 'FLOAT', 'DOUBLE'];
const FAMILIES: Readonly<Record<string, string>> = {
  CHAR: 'text',
  VARCHAR: 'text',
  BINARY: 'bytes',
  VARBINARY: 'bytes',
  TIMESTAMP: 'time',
  TIMESTAMP_LTZ: 'time',
};

/** Whether an argument can be converted without asking: to the same kind, or to a wider number. */
function fits(operand: AnyType, accepted: AnyType): boolean {
  if (operand.root === 'NULL' || operand.root === accepted.root) return true;
  const narrow = NUMBERS.indexOf(operand.root);
  if (narrow >= 0) return narrow < NUMBERS.indexOf(accepted.root);
  const family = FAMILIES[operand.root];
  return family !== undefined && family === FAMILIES[accepted.root];
}

function signature(accepts: readonly AnyType[], result: AnyType): UserFunction['signature'] {
  return (operands) => {
    if (operands.length !== accepts.length) return undefined;
    const all = operands.every((operand, i) => fits(operand, accepts[i] as AnyType));
    return all ? { operands: accepts, result } : undefined;
  };
}

const expects = (accepts: readonly AnyType[]): string => `(${accepts.join(', ')})`;

/** @throws ArgumentError */
export function checkFunction(where: string, fn: unknown): void {
  if (typeof fn !== 'function') throw new ArgumentError(`${where}: ${String(fn)} is no function`);
}

/**
 * A function of one's own that gives one value for each row. It gets the values a cell would get; NULL is `null`.
 *
 * @example
 *   t.createTemporarySystemFunction('SHOUT', scalarFunction({ accepts: [type.string()], returns: type.string() }, (s) => `${s}!`));
 *   t.executeSql("SELECT SHOUT('hi')");
 * @see Flink: User-defined Functions, Scalar Functions
 */
export function scalarFunction<
  const P extends readonly AnyType[],
  R extends AnyType,
  const B extends BigintMode = 'number',
>(
  options: UserFunctionOptions<P> & PortableOptions<B> & { readonly returns: R },
  evaluate: (...values: Values<P, B>) => ResultOf<R> | null,
): UserFunctionDefinition {
  checkFunction('scalarFunction', evaluate);
  const { accepts, returns, deterministic = true } = options;
  const { fn, ...portable } = portableOf('scalarFunction', evaluate, options);
  return new UserFunctionDefinition((name): UserScalarFunction => {
    const inside = accepts.map((of, i) => toCell(of, portable, `argument ${i + 1} of ${name}`));
    const outside = fromCell(returns, `the result of ${name}`);
    const source = { ...portable, fn: evaluate, label: name, gives: 'value', returns, ...side(accepts) } as const;
    return {
      kind: 'scalar',
      name,
      deterministic,
      expects: expects(accepts),
      signature: signature(accepts, returns),
      source,
      evaluate: (...operands) =>
        outside((fn as (...all: unknown[]) => unknown)(...operands.map((value, i) => inside[i]?.(value)))),
    };
  });
}

/** What is the same for all that run elsewhere too; and the function to call here. */
export function portableOf<Fn extends (...values: never[]) => unknown>(
  where: string,
  written: Fn,
  { captured, bigint = 'number', deterministic = true }: PortableOptions,
) {
  return { ...bound(written, captured, where), bigint, deterministic };
}

function side(accepts: readonly AnyType[]): Pick<FunctionSource, 'takes' | 'accepts'> {
  return { takes: 'values', accepts: accepts.map((type, i) => ({ name: `f${i}`, type })) };
}

/**
 * A function of one's own that gives rows: `LATERAL TABLE(SPLIT(s))`.
 *
 * @example
 *   tableFunction({ accepts: [type.string()], returns: { word: type.string() } }, (s) => (s ?? '').split(' ').map((word) => ({ word })));
 * @see Flink: User-defined Functions, Table Functions
 */
export function tableFunction<
  const P extends readonly AnyType[],
  F extends FieldTypes,
  const B extends BigintMode = 'number',
>(
  options: UserFunctionOptions<P> & PortableOptions<B> & { readonly returns: F },
  evaluate: (...values: Values<P, B>) => Iterable<{ readonly [K in keyof F]: ResultOf<F[K]> | null }>,
): UserFunctionDefinition {
  checkFunction('tableFunction', evaluate);
  const { accepts, returns, deterministic = true } = options;
  const { fn, ...portable } = portableOf('tableFunction', evaluate, options);
  const fields: readonly Field[] = fieldsOf(returns);
  const rowType = types.row(fields as unknown as FieldTypes);
  return new UserFunctionDefinition((name): UserTableFunction => {
    const inside = accepts.map((of, i) => toCell(of, portable, `argument ${i + 1} of ${name}`));
    const rowsOf = rowsFrom(fields, name);
    return {
      kind: 'table',
      name,
      deterministic,
      expects: expects(accepts),
      signature: signature(accepts, fields[0]?.type as AnyType),
      fields: () => fields,
      source: { ...portable, fn: evaluate, label: name, gives: 'rows', returns: rowType, ...side(accepts) },
      evaluate: (...operands) =>
        rowsOf((fn as (...all: unknown[]) => unknown)(...operands.map((v, i) => inside[i]?.(v)))),
    };
  });
}

/** What makes up an aggregate of one's own. The accumulator is kept in snapshots: plain data. */
export interface AggregateParts<P extends readonly AnyType[], A, R extends AnyType> {
  createAccumulator(): A;
  /** Takes a row in: gives the accumulator back, the same one changed or another. */
  accumulate(accumulator: A, ...values: Values<P>): A;
  /** Takes a row away again; needed where the input changes. */
  retract?(accumulator: A, ...values: Values<P>): A;
  /** Puts two together; needed for session windows and windows that overlap. */
  merge?(accumulator: A, other: A): A;
  getValue(accumulator: A): ValueOf<R> | null;
}

/**
 * An aggregate of one's own.
 *
 * @example
 *   aggregateFunction({ accepts: [type.double()], returns: type.double() }, {
 *     createAccumulator: () => ({ sum: 0, n: 0 }),
 *     accumulate: (acc, x) => ({ sum: acc.sum + (x ?? 0), n: acc.n + 1 }),
 *     getValue: (acc) => acc.sum / acc.n,
 *   });
 * @see Flink: User-defined Functions, Aggregate Functions
 */
export function aggregateFunction<const P extends readonly AnyType[], A, R extends AnyType>(
  options: UserFunctionOptions<P> & { readonly returns: R },
  parts: AggregateParts<P, A, R>,
): UserFunctionDefinition {
  const { accepts, returns, deterministic = true } = options;
  checkFunction('aggregateFunction: createAccumulator', parts.createAccumulator);
  checkFunction('aggregateFunction: accumulate', parts.accumulate);
  checkFunction('aggregateFunction: getValue', parts.getValue);
  type Step = (accumulator: unknown, ...values: unknown[]) => unknown;
  return new UserFunctionDefinition((name): UserAggregateFunction => {
    const inside = accepts.map((of, i) => toCell(of, {}, `argument ${i + 1} of ${name}`));
    const outside = fromCell(returns, `the result of ${name}`);
    const step =
      (fn: Step): Step =>
      (accumulator, ...values) =>
        fn.call(parts, accumulator, ...values.map((value, i) => inside[i]?.(value)));
    const { retract, merge } = parts;
    return {
      kind: 'aggregate',
      name,
      deterministic,
      expects: expects(accepts),
      signature: signature(accepts, returns),
      create: () => parts.createAccumulator(),
      accumulate: step(parts.accumulate as unknown as Step),
      ...(retract === undefined ? {} : { retract: step(retract as unknown as Step) }),
      ...(merge === undefined ? {} : { merge: (a: unknown, b: unknown) => merge.call(parts, a as A, b as A) }),
      value: (accumulator) => outside(parts.getValue(accumulator as A)),
    };
  });
}
