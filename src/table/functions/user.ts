import type { AnyType, Field } from '../../core/types/index.js';
import type { FunctionSource } from './source.js';

/** What a user's function gives for operands of the given types; `undefined` when it does not take them. */
interface UserSignature {
  /** What the operands are converted to. */
  readonly operands: readonly AnyType[];
  readonly result: AnyType;
}

interface UserFunctionBase {
  /** The full name; in plans it stands in `RexCall.function`. */
  readonly name: string;
  /** Whether the same operands always give the same result, so that constants may be folded. */
  readonly deterministic: boolean;
  /** For messages: `(STRING, INT)`. */
  readonly expects: string;
  signature(operands: readonly AnyType[]): UserSignature | undefined;
  /** How to run it elsewhere; absent where nobody could. */
  readonly source?: FunctionSource;
}

/** One value for each row. Gets the engine's values (see core/values); NULL is `null`. */
export interface UserScalarFunction extends UserFunctionBase {
  readonly kind: 'scalar';
  evaluate(...operands: unknown[]): unknown;
}

/** Rows for each row: lists of values, in the order of `fields`. */
export interface UserTableFunction extends UserFunctionBase {
  readonly kind: 'table';
  fields(operands: readonly AnyType[]): readonly Field[];
  evaluate(...operands: unknown[]): Iterable<readonly unknown[]>;
}

/** One value for many rows. The accumulator has to be serialisable. */
export interface UserAggregateFunction extends UserFunctionBase {
  readonly kind: 'aggregate';
  create(): unknown;
  /** Gives the accumulator back: the same one changed, or another. */
  accumulate(accumulator: unknown, ...operands: unknown[]): unknown;
  retract?(accumulator: unknown, ...operands: unknown[]): unknown;
  merge?(accumulator: unknown, other: unknown): unknown;
  value(accumulator: unknown): unknown;
}

export type UserFunction = UserScalarFunction | UserTableFunction | UserAggregateFunction;

/** Where functions of the user's are looked up; the catalogue implements it. */
export interface FunctionResolver {
  /** By the name as written, `f` or `catalog.database.f`. Upper and lower case are the same. */
  resolve(name: string): UserFunction | undefined;
  /** Makes a function known that has no name of its own in SQL, under one that begins with `base`. */
  define(base: string, make: (name: string) => UserFunction): UserFunction;
  /** For suggestions. */
  names(): Iterable<string>;
}
