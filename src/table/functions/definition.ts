import type { AnyType } from '../../core/types/index.js';
import type { EvaluationContext } from '../codegen/context.js';
import type { CallSite } from '../expressions/call-site.js';
import type { CallOptions, Rex, RexCall } from '../plan/rex.js';

/** A piece of generated code: a variable or a constant, so it may be read as often as one likes. */
export interface Code {
  readonly value: string;
  /** Whether it may be null. Wider than the type's own nullability: a DECIMAL that overflows is null whatever its type. */
  readonly nullable: boolean;
}

/** What functions write their code with. */
export interface CodeWriter {
  readonly context: EvaluationContext;
  /** The value of an expression; the statements it takes are written first. */
  expression(rex: Rex): Code;
  /** A value from outside under a name. The same value has the same name. */
  constant(value: unknown): string;
  /** A new variable, declared here, with this value if one is given. */
  variable(value?: string): string;
  line(text: string): void;
  /** A condition and what happens when it holds; what is read only within it stays within it. */
  when(condition: string, then: () => void, otherwise?: () => void): void;
}

/** A call that is to be given a meaning. */
export interface CallRequest {
  readonly name: string;
  readonly operands: readonly Rex[];
  readonly options: CallOptions;
  readonly site: CallSite;
}

/** What a call means: the operands as they have to be, and the type of the result. */
export interface Resolution {
  readonly operands?: readonly Rex[];
  readonly type: AnyType;
  readonly options?: CallOptions;
  /** Instead of a call of this function: another expression. */
  readonly instead?: Rex;
}

/**
 * A scalar function or an operator. Exactly one of `inline`, `implement` and `generate` says how it is computed; with the
 * first two the result is NULL as soon as an operand is, unless `nulls` says that NULLs are handed on.
 */
export interface ScalarFunction {
  readonly name: string;
  resolve(request: CallRequest): Resolution;
  /** A JavaScript expression over the operands' variables. */
  readonly inline?: (operands: readonly string[], call: RexCall, writer: CodeWriter) => string;
  /** A function of the operands' values, made once for each call in a plan. */
  readonly implement?: (call: RexCall, context: EvaluationContext) => (...operands: never[]) => unknown;
  readonly generate?: (writer: CodeWriter, call: RexCall) => Code;
  readonly nulls?: 'pass';
  /** Whether the result may be null although its type says NOT NULL. */
  readonly mayBeNull?: (call: RexCall) => boolean;
  /** `false`: a value for every call (RAND); `'query'`: one that changes from run to run (NOW). Absent: neither. */
  readonly deterministic?: false | 'query';
}
