import { columnAccess, type Row, rowClassOf } from '../../core/rows/index.js';
import type { AnyType } from '../../core/types/index.js';
import type { EvaluationContext } from '../codegen/context.js';
import { NotImplementedError } from '../errors.js';
import { isNullable } from '../functions/types.js';
import { type PlanField, planSchema } from '../plan/field.js';
import type { AggregateCall } from '../plan/rex.js';
import { bagAdd, bagRemove, idOf, valueOfId } from './bags.js';
import type { AggregateCode, AggregateFunction, AggregateWriter } from './code.js';
import { EXTREMES } from './extremes.js';
import type { Accumulators, AggregateHandler, AggregateOptions } from './handler.js';
import { LISTS } from './lists.js';
import { MOMENTS } from './moments.js';
import { RANKS } from './ranks.js';
import { SUMS } from './sums.js';
import { userAggregate } from './user.js';

const FUNCTIONS: Readonly<Record<string, AggregateFunction>> = { ...SUMS, ...EXTREMES, ...LISTS, ...MOMENTS, ...RANKS };

function functionOf(call: AggregateCall, context: EvaluationContext): AggregateFunction {
  if (Object.hasOwn(FUNCTIONS, call.function)) return FUNCTIONS[call.function] as AggregateFunction;
  const user = context.functions?.resolve(call.function);
  if (user?.kind === 'aggregate') return userAggregate(user);
  throw new NotImplementedError(`the aggregate ${call.function}`, call.span === undefined ? {} : { span: call.span });
}

/** One call with what surrounds it: FILTER, NULLs, DISTINCT. */
interface Compiled {
  readonly slots: Readonly<Record<string, string>>;
  readonly add: string;
  readonly remove: string | undefined;
  readonly merge: string | undefined;
  readonly value: string;
  readonly results: readonly string[];
}

type Hidden = (acc: Accumulators) => readonly unknown[];

class Compiler {
  readonly #constants = new Map<unknown, string>();
  readonly #input: readonly PlanField[];
  readonly #context: EvaluationContext;
  readonly #retract: boolean;
  readonly #given: readonly string[] | undefined;

  /** @param given the columns of the input, where they lie in variables already */
  constructor(input: readonly PlanField[], context: EvaluationContext, retract: boolean, given?: readonly string[]) {
    this.#input = input;
    this.#context = context;
    this.#retract = retract;
    this.#given = given;
  }

  get constants(): ReadonlyMap<string, unknown> {
    return new Map([...this.#constants].map(([value, name]) => [name, value]));
  }

  constant(value: unknown): string {
    let name = this.#constants.get(value);
    if (name === undefined) {
      name = `${this.#given === undefined ? 'k' : 'agg'}${this.#constants.size}`;
      this.#constants.set(value, name);
    }
    return name;
  }

  field(index: number): PlanField {
    const field = this.#input[index];
    if (field === undefined) throw new Error(`no column ${index} among ${this.#input.length}`);
    return field;
  }

  /** A column of processing time is read from the clock. */
  read(index: number): string {
    const given = this.#given?.[index];
    if (given !== undefined) return given;
    const { name, time } = this.field(index);
    return time === 'proctime' ? `${this.constant(this.#context.clock)}.now()` : columnAccess('row', name);
  }

  call(call: AggregateCall, index: number): Compiled {
    const types: AnyType[] = call.operands.map((operand) => this.field(operand).type);
    const writer: AggregateWriter = {
      call,
      types,
      retract: this.#retract,
      context: this.#context,
      constant: (value) => this.constant(value),
      slot: (name) => `s${index}${name}`,
      column: (column) => this.read(column),
    };
    const code = functionOf(call, this.#context)(writer);
    const operands = call.operands.map((_, i) => `x${index}_${i}`);
    const distinct = call.distinct && call.operands.length > 0 ? `s${index}distinct` : undefined;
    const skipNulls = code.nulls !== 'pass';
    const checks = skipNulls ? operands.filter((_, i) => isNullable(types[i] as AnyType)) : [];
    const around = (body: string): string => {
      const reads = call.operands.map((operand, i) => `const ${operands[i]} = ${this.read(operand)};`).join(' ');
      const guarded =
        checks.length === 0 ? body : `if (${checks.map((x) => `${x} !== null`).join(' && ')}) { ${body} }`;
      const filtered = call.filter === undefined ? '' : `if (${this.read(call.filter)} === true) `;
      return `${filtered}{ ${reads} ${guarded} }`;
    };
    const id = `${this.constant(idOf)}(${operands.length === 1 ? operands[0] : `[${operands.join(', ')}]`})`;
    const once = (change: unknown, body: string): string =>
      distinct === undefined ? body : `if (${this.constant(change)}(acc.${distinct}, ${id})) { ${body} }`;
    return {
      slots: distinct === undefined ? code.slots : { ...code.slots, [distinct]: 'new Map()' },
      add: around(once(bagAdd, code.add(operands))),
      remove: code.remove === undefined ? undefined : around(once(bagRemove, code.remove(operands))),
      merge: distinct === undefined ? code.merge : this.#mergeDistinct(code, distinct, operands),
      value: code.value,
      results: code.results ?? [],
    };
  }

  /** Only values that are new here are added; the others' own sums do not count. */
  #mergeDistinct(code: AggregateCode, distinct: string, operands: readonly string[]): string {
    const value = `${this.constant(valueOfId)}(id)`;
    const reads =
      operands.length === 1 ? `const ${operands[0]} = ${value};` : `const [${operands.join(', ')}] = ${value};`;
    return `for (const [id, n] of other.${distinct}) {
  const seen = acc.${distinct}.get(id);
  acc.${distinct}.set(id, (seen ?? 0) + n);
  if (seen === undefined) { ${reads} ${code.add(operands)} }
}`;
  }

  make<F>(parameters: string, body: string, more: Readonly<Record<string, unknown>> = {}): F {
    const names = [...this.#constants.values(), ...Object.keys(more)];
    const values = [...this.#constants.keys(), ...Object.values(more)];
    return new Function(...names, `'use strict';\nreturn (${parameters}) => {\n${body}\n};`)(...values) as F;
  }
}

/** The code that adds a row, whose columns lie in variables, to the accumulators `acc`. */
export interface AddCode {
  /** The slots of the accumulators and what they begin with: expressions. */
  readonly slots: ReadonlyMap<string, string>;
  readonly add: string;
  readonly constants: ReadonlyMap<string, unknown>;
}

/**
 * Writes what {@link compileAggregates} compiles, for code that has no row. The slots are the same.
 *
 * @param given the columns of `input`: expressions
 */
export function addCode(
  calls: readonly AggregateCall[],
  input: readonly PlanField[],
  given: readonly string[],
  context: EvaluationContext,
): AddCode {
  const compiler = new Compiler(input, context, false, given);
  const compiled = calls.map((call, i) => compiler.call(call, i));
  return {
    slots: new Map([['n', '0'], ...compiled.flatMap((one) => Object.entries(one.slots))]),
    add: ['acc.n += 1;', ...compiled.map((one) => one.add)].join('\n'),
    constants: compiler.constants,
  };
}

/**
 * Compiles aggregates together. FILTER and DISTINCT are seen to within; NULLs are left out where the aggregate asks for
 * it. Results are Flink's: SUM(INT) wraps, AVG(INT) is cut, doubles are added in the order of the rows.
 *
 * @param calls operands are columns of `input`
 * @throws NotImplementedError for an aggregate that is not known, or that cannot take rows away with `retract`
 */
export function compileAggregates(
  calls: readonly AggregateCall[],
  input: readonly PlanField[],
  options: AggregateOptions,
  context: EvaluationContext,
): AggregateHandler {
  const compiler = new Compiler(input, context, options.retract === true);
  const compiled = calls.map((call, i) => compiler.call(call, i));
  const slots = compiled.flatMap((one) => Object.entries(one.slots));
  if (options.retract === true) {
    const at = compiled.findIndex((one) => one.remove === undefined);
    if (at >= 0) throw new NotImplementedError(`${calls[at]?.function} over rows that are updated or deleted`);
  }
  const create = compiler.make<() => Accumulators>(
    '',
    `return { n: 0${slots.map(([name, start]) => `, ${name}: ${start}`).join('')} };`,
  );
  const accumulate = compiler.make<(acc: Accumulators, row: Row) => void>(
    'acc, row',
    ['acc.n += 1;', ...compiled.map((one) => one.add)].join('\n'),
  );
  const retract = compiler.make<(acc: Accumulators, row: Row) => void>(
    'acc, row',
    ['acc.n -= 1;', ...compiled.map((one) => one.remove ?? '')].join('\n'),
  );
  const unmergeable = compiled.findIndex((one) => one.merge === undefined);
  const merge = compiler.make<(acc: Accumulators, other: Accumulators) => void>(
    'acc, other',
    ['acc.n += other.n;', ...compiled.map((one) => one.merge ?? '')].join('\n'),
  );
  const values = compiler.make<(acc: Accumulators) => unknown[]>(
    'acc',
    `return [${compiled.map((one) => one.value).join(', ')}];`,
  );
  const results = compiled.flatMap((one) => one.results.map((slot) => `acc.${slot}`));
  return {
    create,
    accumulate,
    ...(results.length === 0 ? {} : { hidden: compiler.make<Hidden>('acc', `return [${results.join(', ')}];`) }),
    retract:
      options.retract === true
        ? retract
        : () => {
            throw new Error('made without retract');
          },
    merge:
      unmergeable < 0
        ? merge
        : () => {
            throw new NotImplementedError(`${calls[unmergeable]?.function} over windows that are merged`);
          },
    values,
    compileResult(groups, output, source = input) {
      const reads = groups.map((index) => columnAccess('row', (source[index] as PlanField).name));
      const extras = Array.from({ length: output.length - groups.length - calls.length }, (_, i) => `e${i}`);
      const all = [...reads, ...compiled.map((one) => one.value), ...extras];
      return compiler.make(['row', 'acc', ...extras].join(', '), `return new Made(${all.join(', ')});`, {
        Made: rowClassOf(planSchema(output)),
      });
    },
  };
}
