import { columnAccess } from '../../core/rows/index.js';
import { NotImplementedError } from '../errors.js';
import type { Code, CodeWriter, ScalarFunction } from '../functions/definition.js';
import type { PlanField } from '../plan/field.js';
import type { FieldAccess, Rex, RexCall, RexLiteral } from '../plan/rex.js';
import type { EvaluationContext } from './context.js';

/** Rows that generated code reads from: the name of the variable, and its columns. */
export interface RowSource {
  readonly variable: string;
  readonly fields: readonly PlanField[];
}

/** Looks up how a function is computed. */
export type FunctionLookup = (name: string, context: EvaluationContext) => ScalarFunction | undefined;

/** Writes the body of one generated function. */
export class Writer implements CodeWriter {
  readonly context: EvaluationContext;
  readonly #sources: readonly RowSource[];
  readonly #correlated: RowSource | undefined;
  readonly #lookup: FunctionLookup;
  readonly #constants = new Map<unknown, string>();
  #lines: string[] = [];
  // The columns of the input, where they lie in variables already.
  #given: readonly (Code | undefined)[] | undefined;
  // Columns read so far in this block and those around it.
  #read = new Map<string, Code>();
  #count = 0;

  constructor(
    sources: readonly RowSource[],
    context: EvaluationContext,
    lookup: FunctionLookup,
    correlated?: RowSource | undefined,
  ) {
    this.context = context;
    this.#sources = sources;
    this.#lookup = lookup;
    this.#correlated = correlated;
  }

  constant(value: unknown): string {
    let name = this.#constants.get(value);
    if (name === undefined) {
      name = `k${this.#constants.size}`;
      this.#constants.set(value, name);
    }
    return name;
  }

  variable(value?: string): string {
    const name = `v${this.#count++}`;
    this.line(value === undefined ? `let ${name};` : `let ${name} = ${value};`);
    return name;
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  when(condition: string, then: () => void, otherwise?: () => void): void {
    this.line(`if (${condition}) {`);
    this.#block(then);
    if (otherwise !== undefined) {
      this.line('} else {');
      this.#block(otherwise);
    }
    this.line('}');
  }

  #block(write: () => void): void {
    const around = this.#read;
    this.#read = new Map(around);
    write();
    this.#read = around;
  }

  expression(rex: Rex): Code {
    switch (rex.kind) {
      case 'literal':
        return this.#literal(rex);
      case 'input':
        return this.#input(rex.index);
      case 'field':
        return this.#field(rex);
      case 'call':
        return this.#call(rex);
      case 'correlated':
        if (this.#correlated !== undefined) return this.#column(this.#correlated, rex.index);
        throw new Error(`no row outside to take ${rex.name} from`);
      default:
        throw new Error(`a ${rex.kind} is not computed by generated code`);
    }
  }

  #literal({ value, type }: RexLiteral): Code {
    if (value === null || value === undefined) return { value: 'null', nullable: true };
    switch (typeof value) {
      case 'boolean':
        return { value: String(value), nullable: false };
      case 'string':
        return {
          value: JSON.stringify(value).replace(/[\u2028\u2029]/g, (c) => (c === '\u2028' ? '\\u2028' : '\\u2029')),
          nullable: false,
        };
      case 'bigint':
        return { value: `${value < 0n ? `(${value}n)` : `${value}n`}`, nullable: false };
      case 'number':
        if (!Number.isFinite(value) || Object.is(value, -0)) return { value: this.constant(value), nullable: false };
        return { value: value < 0 ? `(${value})` : String(value), nullable: false };
      default:
        return { value: this.constant(value), nullable: type.nullability === 'nullable' && value === null };
    }
  }

  /** From here on these are the columns of the input. */
  useColumns(columns: readonly (Code | undefined)[]): void {
    this.#given = columns;
  }

  /** The lines written since this was last asked. */
  takeLines(): string {
    const text = this.#lines.join('\n');
    this.#lines = [];
    return text;
  }

  /** What the code calls by name. */
  get constants(): ReadonlyMap<string, unknown> {
    return new Map([...this.#constants].map(([value, name]) => [name, value]));
  }

  #input(index: number): Code {
    if (this.#given !== undefined) {
      const code = this.#given[index];
      if (code === undefined) throw new Error(`column ${index} was not computed`);
      return code;
    }
    let at = index;
    for (const source of this.#sources) {
      if (at < source.fields.length) return this.#column(source, at);
      at -= source.fields.length;
    }
    throw new Error(`no column ${index} in the input`);
  }

  #column(source: RowSource, index: number): Code {
    const field = source.fields[index];
    if (field === undefined) throw new Error(`no column ${index} in ${source.variable}`);
    const key = `${source.variable}.${index}`;
    let code = this.#read.get(key);
    if (code === undefined) {
      // A column of processing time holds nothing; whoever reads it gets the time of reading.
      code =
        field.time === 'proctime'
          ? { value: this.variable(`${this.constant(this.context.clock)}.now()`), nullable: false }
          : {
              value: this.variable(columnAccess(source.variable, field.name)),
              nullable: field.type.nullability === 'nullable',
            };
      this.#read.set(key, code);
    }
    return code;
  }

  #field({ operand, name, type }: FieldAccess): Code {
    const row = this.expression(operand);
    const read = columnAccess(row.value, name);
    const value = this.variable(row.nullable ? `${row.value} === null ? null : ${read}` : read);
    return { value, nullable: row.nullable || type.nullability === 'nullable' };
  }

  #call(call: RexCall): Code {
    const found = this.#lookup(call.function, this.context);
    if (found === undefined) {
      throw new NotImplementedError(
        `the function ${call.function}`,
        call.span === undefined ? {} : { span: call.span },
      );
    }
    if (found.generate !== undefined) return found.generate(this, call);
    const operands = call.operands.map((operand) => this.expression(operand));
    const names = operands.map(({ value }) => value);
    const text =
      found.inline !== undefined
        ? found.inline(names, call, this)
        : `${this.constant((found.implement as NonNullable<ScalarFunction['implement']>)(call, this.context))}(${names.join(', ')})`;
    const typed = call.type.nullability === 'nullable' || found.mayBeNull?.(call) === true;
    if (found.nulls === 'pass') return { value: this.variable(text), nullable: typed };
    if (names.includes('null')) return { value: 'null', nullable: true };
    const checks = operands.filter(({ nullable }) => nullable).map(({ value }) => `${value} === null`);
    if (checks.length === 0) return { value: this.variable(text), nullable: typed };
    return { value: this.variable(`${[...new Set(checks)].join(' || ')} ? null : ${text}`), nullable: true };
  }

  /** Makes the function: `parameters` are its own, `body` comes after all that was written. */
  compile<F>(parameters: readonly string[], more: Readonly<Record<string, unknown>> = {}): F {
    const names = [...this.#constants.values(), ...Object.keys(more)];
    const values = [...this.#constants.keys(), ...Object.values(more)];
    const text = `'use strict';\nreturn function (${parameters.join(', ')}) {\n${this.#lines.join('\n')}\n};`;
    return new Function(...names, text)(...values) as F;
  }
}
