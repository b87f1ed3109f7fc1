import { type AnyType, type as types } from '../../core/types/index.js';
import { suggestion } from '../catalog/index.js';
import { literalOf } from '../expressions/index.js';
import { calciteName } from '../functions/types.js';
import { type PlanField, uniqueNames } from '../plan/field.js';
import type { Rel, WindowSpec } from '../plan/rel.js';
import type { Argument, Expression } from '../sql/ast/expressions.js';
import type { Identifier } from '../sql/ast/names.js';
import type { TableFunction } from '../sql/ast/queries.js';
import type { BoundQuery, ExpressionEnv, QueryEnv } from './env.js';
import { milliseconds } from './group-windows.js';
import { bindExpr, bindQueryNode, tableByName } from './mutual.js';
import { Scope } from './scope.js';

/** The arguments of each, by name, in their order; the last ones may be missing. */
export const WINDOW_TVFS: Readonly<Record<string, readonly string[]>> = {
  TUMBLE: ['DATA', 'TIMECOL', 'SIZE', 'OFFSET'],
  HOP: ['DATA', 'TIMECOL', 'SLIDE', 'SIZE', 'OFFSET'],
  CUMULATE: ['DATA', 'TIMECOL', 'STEP', 'SIZE', 'OFFSET'],
  SESSION: ['DATA', 'TIMECOL', 'GAP'],
};
const FORMS: Readonly<Record<string, string>> = {
  TUMBLE: 'TUMBLE(TABLE table_name, DESCRIPTOR(timecol), datetime interval[, datetime interval])',
  HOP: 'HOP(TABLE table_name, DESCRIPTOR(timecol), datetime interval, datetime interval[, datetime interval])',
  CUMULATE:
    'CUMULATE(TABLE table_name, DESCRIPTOR(timecol), datetime interval, datetime interval[, datetime interval])',
  SESSION: 'SESSION(TABLE table_name [PARTITION BY (colname, ...)], DESCRIPTOR(timecol), datetime interval)',
};

export function isWindowTvf(name: string): boolean {
  return Object.hasOwn(WINDOW_TVFS, name.toUpperCase());
}

/**
 * TUMBLE, HOP, CUMULATE and SESSION in FROM TABLE(...): the input's columns, then window_start, window_end, window_time.
 *
 * @see Flink: Windowing table-valued functions (Windowing TVFs)
 */
export function bindWindowTvf(item: TableFunction, env: QueryEnv): BoundQuery {
  const name = (item.name.parts[0] as Identifier).name.toUpperCase();
  const reader = new Arguments(item, name, env);
  const { rel, names, partitionBy } = reader.table();
  const time = reader.time(rel, names);
  const window = { ...reader.window(), time } as WindowSpec;
  const partition =
    window.type === 'session' && partitionBy.length > 0
      ? { partitionBy: partitionBy.map((column) => reader.column(column, names)) }
      : {};
  const timeField = rel.fields[time] as PlanField;
  const bound = types.timestamp(3).notNull() as AnyType;
  const added: PlanField[] = [
    { name: 'window_start', type: bound },
    { name: 'window_end', type: bound },
    { ...timeField, name: 'window_time', type: timeField.type.notNull() as AnyType },
  ];
  const all = [...rel.fields, ...added];
  const unique = uniqueNames(all.map((field) => field.name));
  const fields = all.map((field, i): PlanField => ({ ...field, name: unique[i] as string }));
  const made: Rel = { kind: 'windowTvf', input: rel, window: { ...window, ...partition }, fields };
  return { rel: made, names: [...names, ...added.map((field) => field.name)] };
}

class Arguments {
  readonly #given = new Map<string, Argument>();
  readonly #env: ExpressionEnv;

  constructor(
    private readonly item: TableFunction,
    private readonly name: string,
    env: QueryEnv,
  ) {
    const { binder } = env;
    this.#env = { ...env, scope: new Scope([], [], [], env.outer), clause: 'FROM' };
    const parameters = WINDOW_TVFS[name] as readonly string[];
    item.arguments.forEach((argument, i) => {
      if (argument.kind === 'namedArgument') {
        const known = argument.name.name.toUpperCase();
        if (!parameters.includes(known)) {
          throw binder.invalid(
            `Unknown argument name '${argument.name.name}' of ${name}`,
            argument.name,
            `it takes ${parameters.join(', ')}`,
          );
        }
        if (this.#given.has(known))
          throw binder.invalid(`Duplicate argument name '${argument.name.name}'`, argument.name);
        this.#given.set(known, argument.value);
        return;
      }
      const parameter = parameters[i];
      if (parameter === undefined) throw this.wrong();
      this.#given.set(parameter, argument);
    });
    for (const parameter of parameters) {
      if (parameter !== 'OFFSET' && !this.#given.has(parameter)) throw this.wrong();
    }
  }

  private wrong(): Error {
    const written = this.item.arguments.length;
    return this.#env.binder.invalid(
      `Invalid number of arguments to function '${this.name}'. Was expecting ${(WINDOW_TVFS[this.name] as readonly string[]).length - (this.name === 'SESSION' ? 0 : 1)} arguments`,
      this.item,
      `${written} were given. Supported form(s): ${FORMS[this.name]}`,
    );
  }

  private refuse(argument: { readonly span: Expression['span'] }): Error {
    return this.#env.binder.invalid(
      `Cannot apply '${this.name}' to these arguments. Supported form(s): ${FORMS[this.name]}`,
      argument,
    );
  }

  /** What the windows are made over. */
  table(): BoundQuery & { readonly partitionBy: readonly Identifier[] } {
    const argument = this.#given.get('DATA') as Argument;
    const env = this.#env;
    const query = (node: Expression): BoundQuery => {
      if (node.kind === 'column') bindExpr(node, this.#env);
      if (node.kind !== 'subquery') throw this.refuse(node);
      return bindQueryNode(
        node.query,
        env.outer === undefined
          ? { binder: env.binder, commonTables: env.commonTables }
          : { binder: env.binder, outer: env.outer, commonTables: env.commonTables },
      );
    };
    if (argument.kind === 'partitionedArgument') {
      this.noPartition(argument.partitionBy);
      return { ...query(argument.input), partitionBy: argument.partitionBy };
    }
    if (argument.kind === 'tableArgument') {
      this.noPartition(argument.partitionBy);
      const parts = argument.table.parts.map((part) => part.name);
      const named = { kind: 'table', name: argument.table, hints: [], span: argument.table.span } as const;
      const { rel, star } = tableByName(parts, named, env);
      return { rel, names: star.map((column) => column.name), partitionBy: argument.partitionBy };
    }
    if (argument.kind === 'namedArgument' || argument.kind === 'default') throw this.refuse(argument);
    return { ...query(argument), partitionBy: [] };
  }

  private noPartition(columns: readonly Identifier[]): void {
    const [first] = columns;
    if (first !== undefined && this.name !== 'SESSION') {
      throw this.#env.binder.invalid(
        `${this.name} takes no PARTITION BY`,
        first,
        'only SESSION does; GROUP BY divides the rest',
      );
    }
  }

  column(identifier: Identifier, names: readonly string[]): number {
    const index = names.indexOf(identifier.name);
    if (index >= 0) return index;
    throw this.#env.binder.invalid(
      `Unknown identifier '${identifier.name}'`,
      identifier,
      suggestion(identifier.name, names, 'columns').hint,
    );
  }

  /** The column of DESCRIPTOR(...). */
  time(rel: Rel, names: readonly string[]): number {
    const { binder } = this.#env;
    const argument = this.#given.get('TIMECOL') as Argument;
    if (argument.kind === 'column') bindExpr(argument, this.#env);
    if (argument.kind !== 'call' || argument.name.parts[0]?.name.toUpperCase() !== 'DESCRIPTOR')
      throw this.refuse(argument);
    const [only, ...more] = argument.arguments;
    if (only?.kind !== 'column' || only.parts.length !== 1 || more.length > 0) throw this.refuse(argument);
    const index = this.column(only.parts[0] as Identifier, names);
    const { type, time } = rel.fields[index] as PlanField;
    if (time !== undefined) return index;
    const plain = type.nullable();
    const hint = 'a time attribute is a column with a WATERMARK in CREATE TABLE, or one AS PROCTIME()';
    if (type.root !== 'TIMESTAMP' && type.root !== 'TIMESTAMP_LTZ') {
      throw binder.invalid(
        `The window function ${FORMS[this.name]} requires the timecol to be TIMESTAMP or TIMESTAMP_LTZ, but is ${calciteName(type)}.\nBesides, the timecol must be a time attribute type in streaming mode.`,
        only,
        hint,
      );
    }
    throw binder.invalid(
      `The window function requires the timecol is a time attribute type, but is ${plain}.`,
      only,
      hint,
    );
  }

  window(): Record<string, unknown> {
    const offset = this.#given.has('OFFSET') ? { offset: this.interval('OFFSET', Number.NEGATIVE_INFINITY) } : {};
    switch (this.name) {
      case 'TUMBLE':
        return { type: 'tumble', size: this.interval('SIZE'), ...offset };
      case 'HOP':
        return { type: 'hop', slide: this.interval('SLIDE'), size: this.interval('SIZE'), ...offset };
      case 'CUMULATE':
        return { type: 'cumulate', step: this.interval('STEP'), size: this.interval('SIZE'), ...offset };
      default:
        return { type: 'session', gap: this.interval('GAP') };
    }
  }

  private interval(parameter: string, least = 1): number {
    const argument = this.#given.get(parameter) as Argument;
    switch (argument.kind) {
      case 'namedArgument':
      case 'tableArgument':
      case 'partitionedArgument':
      case 'default':
        throw this.refuse(argument);
      case 'interval':
        return milliseconds(literalOf(argument, this.#env.binder.context.sql), argument, this.#env, this.name, least);
      default:
        return milliseconds(bindExpr(argument, this.#env), argument, this.#env, this.name, least);
    }
  }
}
