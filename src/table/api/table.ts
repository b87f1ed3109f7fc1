import { display } from '../../core/display.js';
import { ArgumentError } from '../../core/errors.js';
import {
  type ArqueroTable,
  type DanfoFrame,
  type FrameOptions,
  frames,
  type Recent,
  type RecentOptions,
} from '../../core/frames.js';
import { type AnyType, type FieldTypes, type Schema, type as types } from '../../core/types/index.js';
import type { TableDescriptor } from '../descriptor.js';
import { ValidationError } from '../errors.js';
import { castTo } from '../expressions/index.js';
import type { FunctionResolver } from '../functions/user.js';
import { type PlanField, planSchema } from '../plan/field.js';
import type { JoinType, Rel } from '../plan/rel.js';
import { literal, type Rex } from '../plan/rex.js';
import type { TableResult } from '../result/table-result.js';
import {
  type Callback,
  type Columns,
  type Given,
  given,
  type SelectedTypes,
  type Selection,
  type Unknown,
} from './columns.js';
import { Expression } from './expression.js';
import { GroupedTable, OverWindowedTable, WindowedTable } from './grouped.js';
import { lateral } from './lateral.js';
import type { ExpressionNode } from './node.js';
import { positionOf, resolve } from './resolve.js';
import { mapped, type RowArgument, RowFunction, rowCondition } from './row-functions.js';
import { aggregate, hasAggregate, project, type Selected, selected } from './select.js';
import { aliasOf, boolean, columnName, count, refused } from './table-arguments.js';
import type { GroupWindow, OverWindow } from './windows.js';

/** What a table asks of the environment it belongs to. */
export interface TableHost {
  /** @internal */
  execute(table: Table<Unknown>): TableResult;
  /** @internal */
  explain(table: Table<Unknown>): string;
  /** @internal */
  insertInto(path: string | TableDescriptor, table: Table<Unknown>): TableResult;
  /** @internal The functions of the user's. */
  readonly functions: FunctionResolver;
  /** @internal A name under which SQL text can use the table: `${table}`. */
  register(table: Table<Unknown>): string;
}

/**
 * A table: a plan of how rows come about. It holds none; `execute()` starts a job that computes them.
 *
 * Methods take a callback over the columns, or expressions made with `col`:
 *
 * @example
 *   const t = tableEnv();
 *   const orders = t.fromRows([{ name: 'Ann', price: 10 }, { name: 'Bob', price: 30 }]);
 *   await orders.groupBy((o) => o.name).select((o) => ({ name: o.name, total: o.price.sum() })).execute().print();
 * @see Flink: Table API
 */
export class Table<F extends FieldTypes = Unknown> {
  /** Never present: carries the columns' types for the compiler. */
  declare readonly fieldTypes?: F;

  /** @internal */
  constructor(
    /** @internal */ readonly host: TableHost,
    /** @internal */ readonly rel: Rel,
  ) {}

  /** Names and types of the columns. */
  get schema(): Schema<F> {
    return planSchema(this.rel.fields) as Schema<F>;
  }

  // ---- columns
  /** New columns, each an expression of the old ones; with an aggregate in them: one row for the whole table. */
  select<S extends Selection>(make: Callback<F, S>): Table<SelectedTypes<S>>;
  select(...expressions: (Expression | Callback<F, Expression | readonly Expression[]>)[]): Table;
  select(...what: unknown[]): Table {
    const items = selected(given('select', [this.rel.fields], what), this.rel.fields, this.host.functions);
    if (items.length === 0) throw new ArgumentError('select(): no columns');
    return this.with(
      items.some(({ node }) => hasAggregate(node))
        ? aggregate(this.rel, { keys: [] }, items, this.host.functions)
        : project(this.rel, items, this.host.functions),
    );
  }
  /** All columns and these; one of the same name is refused. */
  addColumns<S extends Selection>(make: Callback<F, S>): Table<F & SelectedTypes<S>>;
  addColumns(...expressions: (Expression | Callback<F, Expression | readonly Expression[]>)[]): Table;
  addColumns(...what: unknown[]): Table {
    return this.extended('addColumns', what, false);
  }
  /** All columns and these; one of the same name is replaced. */
  addOrReplaceColumns<S extends Selection>(make: Callback<F, S>): Table<Omit<F, keyof S> & SelectedTypes<S>>;
  addOrReplaceColumns(...expressions: (Expression | Callback<F, Expression | readonly Expression[]>)[]): Table;
  addOrReplaceColumns(...what: unknown[]): Table {
    return this.extended('addOrReplaceColumns', what, true);
  }
  /** Without these columns. */
  dropColumns<K extends keyof F & string>(...names: (K | Expression)[]): Table<Omit<F, K>> {
    const dropped = names.map((name) => (name instanceof Expression ? columnName(name.node) : name));
    const items = selected([{ kind: 'all', except: dropped }], this.rel.fields);
    return this.with(project(this.rel, items, this.host.functions)) as Table<Omit<F, K>>;
  }
  /** Other names: `renameColumns(col('a').as('b'))` or `renameColumns({ a: 'b' })`. */
  renameColumns(...renames: (Expression | { readonly [name in keyof F]?: string })[]): Table {
    const { fields } = this.rel;
    const names = new Map(fields.map(({ name }) => [name, name]));
    for (const rename of renames) {
      for (const [from, to] of rename instanceof Expression ? [aliasOf(rename.node)] : Object.entries(rename)) {
        names.set((fields[positionOf(from, fields)] as PlanField).name, to as string);
      }
    }
    const items = fields.map(({ name }): Selected => ({ node: { kind: 'column', name }, name: names.get(name) }));
    return this.with(project(this.rel, items, this.host.functions));
  }
  /** All columns renamed, in their order. */
  as(...names: string[]): Table {
    const { fields } = this.rel;
    if (names.length > fields.length)
      throw new ArgumentError(`as(): ${names.length} names for ${fields.length} columns`);
    const items = fields.map(({ name }, i): Selected => ({ node: { kind: 'column', name }, name: names[i] ?? name }));
    return this.with(project(this.rel, items, this.host.functions));
  }

  // ---- rows
  /** The rows for which the condition is TRUE, or for which a function of yours gives true: `filter(udf((o) => ...))`. */
  filter(condition: Expression | Callback<F, Expression> | RowFunction<RowArgument<F>, boolean>): Table<F> {
    return this.filtered('filter', condition);
  }
  /** What a function of yours makes of each row: `map(udf(parse, { returns: { ... } }))`. */
  map<G extends FieldTypes>(made: RowFunction<RowArgument<F>, G>): Table<G> {
    return this.with(mapped(this.rel, made, 'row', 'map', this.host.functions)) as Table<G>;
  }
  /** What a function of yours makes of each row: none, one or many. */
  flatMap<G extends FieldTypes>(made: RowFunction<RowArgument<F>, readonly ['many', G]>): Table<G> {
    return this.with(mapped(this.rel, made, 'rows', 'flatMap', this.host.functions)) as Table<G>;
  }
  /** The rows for which the condition is TRUE. */
  where(condition: Expression | Callback<F, Expression> | RowFunction<RowArgument<F>, boolean>): Table<F> {
    return this.filtered('where', condition);
  }
  /** Each row once. */
  distinct(): Table<F> {
    const { rel } = this;
    const fields = rel.fields.map(({ name, type }) => ({ name, type }));
    const groups = fields.map((_, i) => i);
    return this.with({ kind: 'aggregate', input: rel, groups, calls: [], fields }) as Table<F>;
  }
  /** Sorted: `orderBy((o) => o.price.desc())`. On a stream only by time, or with a `limit` after it. */
  orderBy(...keys: (Expression | Callback<F, Expression | readonly Expression[]>)[]): Table<F> {
    const { rel } = this;
    const sorted = given('orderBy', [rel.fields], keys).map((node) => ({
      index: positionOf(columnName(node), rel.fields),
      descending: node.kind === 'order' && node.descending,
      // NULL counts as the least of all.
      nullsFirst: !(node.kind === 'order' && node.descending),
    }));
    return this.with({ kind: 'sort', input: rel, keys: sorted, fields: rel.fields }) as Table<F>;
  }
  /** The first rows after so many. */
  offset(rows: number): Table<F> {
    return this.limited(count('offset', rows), undefined);
  }
  /** At most so many rows. */
  fetch(rows: number): Table<F> {
    return this.limited(undefined, count('fetch', rows));
  }
  /** At most so many rows, after so many. */
  limit(rows: number, offset = 0): Table<F> {
    return this.limited(offset === 0 ? undefined : count('limit', offset), count('limit', rows));
  }

  // ---- groups and windows
  /** Groups of rows that agree in these; then `select` or `aggregate`. */
  groupBy(...keys: (Expression | Callback<F, Given>)[]): GroupedTable<F> {
    return new GroupedTable(this, { keys: selected(given('groupBy', [this.rel.fields], keys), this.rel.fields) });
  }
  /** Windows of time or of rows; then `groupBy` with the window's alias. */
  window(window: GroupWindow): WindowedTable<F> {
    return new WindowedTable(this, window);
  }
  /** Windows of rows around each row; then `select` with `.over(alias)`. */
  overWindow(...windows: OverWindow[]): OverWindowedTable<F> {
    return new OverWindowedTable(this, windows);
  }
  /** @internal PyFlink's name of `overWindow` */
  overWindows(...windows: OverWindow[]): OverWindowedTable<F> {
    return this.overWindow(...windows);
  }
  /** One row for the whole table. */
  aggregate<S extends Selection>(make: Callback<F, S>): Table<SelectedTypes<S>> {
    return new GroupedTable(this, { keys: [] }).select(make);
  }

  // ---- joins and sets
  /** Pairs of rows for which the condition is TRUE. The columns of both sides need different names. */
  join<G extends FieldTypes>(right: Table<G>, on?: Condition<F, G>): Table<F & G> {
    return this.joined('inner', 'join', right, on);
  }
  leftOuterJoin<G extends FieldTypes>(right: Table<G>, on?: Condition<F, G>): Table<F & G> {
    return this.joined('left', 'leftOuterJoin', right, on);
  }
  rightOuterJoin<G extends FieldTypes>(right: Table<G>, on: Condition<F, G>): Table<F & G> {
    return this.joined('right', 'rightOuterJoin', right, on);
  }
  fullOuterJoin<G extends FieldTypes>(right: Table<G>, on: Condition<F, G>): Table<F & G> {
    return this.joined('full', 'fullOuterJoin', right, on);
  }
  /** Each row with the rows that a table function gives for it: `joinLateral(callFunction('SPLIT', col('s')).as('w'))`. */
  joinLateral(call: Expression | Callback<F, Expression>): Table {
    return this.with(lateral(this.rel, call, 'inner', 'joinLateral', this.host.functions));
  }
  /** The same, and with NULLs the rows for which it gives none. */
  leftOuterJoinLateral(call: Expression | Callback<F, Expression>): Table {
    return this.with(lateral(this.rel, call, 'left', 'leftOuterJoinLateral', this.host.functions));
  }
  /** The rows of both. */
  unionAll(other: Table<F>): Table<F> {
    const { left, right } = this.aligned('unionAll', other);
    const inputs = [left, right];
    return this.with({ kind: 'setOperation', operator: 'UNION', all: true, inputs, fields: left.fields }) as Table<F>;
  }
  /** The rows of both, each once: only for bounded tables in Flink, and refused here as there. */
  union(_other: Table<F>): never {
    return refused('UNION', 'unionAll(...) followed by distinct()');
  }
  minus(_other: Table<F>): never {
    return refused('MINUS', 'SQL, where EXCEPT works on streams');
  }
  minusAll(_other: Table<F>): never {
    return refused('MINUS ALL', 'SQL, where EXCEPT ALL works on streams');
  }
  intersect(_other: Table<F>): never {
    return refused('INTERSECT', 'SQL, where INTERSECT works on streams');
  }
  intersectAll(_other: Table<F>): never {
    return refused('INTERSECT ALL', 'SQL, where INTERSECT ALL works on streams');
  }

  // ---- carrying out
  /** Starts a job that computes the rows: `await table.execute().print()`. */
  execute(): TableResult {
    return this.host.execute(this);
  }
  /**
   * Computes the rows and shows them while they come in: one output, and where rows change, the changes (`+I`, `-U`, `+U`,
   * `-D`) beside the table they build. Resolves when the job has ended or the cell is interrupted.
   */
  async show(): Promise<void> {
    await display().show?.(this.execute());
  }
  /**
   * Computes the rows, and gives them as an arquero table: column by column, no object per row. Where rows change, those
   * that are left. Resolves when the job has ended; `recent()` is for what never ends.
   *
   * @example
   *   const frame = await t.sql`SELECT * FROM ${orders}`.toArquero();
   *   await chart(frame).line('rowtime', 'price');
   * @throws FrameTypeError, UnsafeBigintError for what a frame cannot hold
   * @see Flink: Conversions between PyFlink Table and Pandas DataFrame
   */
  async toArquero(options: FrameOptions = {}): Promise<ArqueroTable> {
    return this.execute().toArquero(options);
  }
  /** Computes the rows, and gives them as a danfojs frame. Where rows change, those that are left. */
  async toDanfo(options: FrameOptions = {}): Promise<DanfoFrame> {
    return this.execute().toDanfo(options);
  }
  /**
   * Starts a job, and keeps its newest rows: the last so many, or those of the last so long. Where rows change, those of the
   * table that changed last.
   *
   * @example
   *   const recent = orders.recent({ rows: 1000 });      // or { time: seconds(10) }
   *   await chart(await recent.toArquero()).line('rowtime', 'price');
   *   await recent.stop();
   */
  recent(options: RecentOptions = {}): Recent {
    return frames().recent(this.execute().forFrames(), options);
  }
  /** Starts a job that writes the rows into a table of the catalog. */
  executeInsert(path: string | TableDescriptor): TableResult {
    return this.host.insertInto(path, this);
  }
  /** The plan as text. */
  explain(): string {
    return this.host.explain(this);
  }
  printSchema(): void {
    const lines = this.rel.fields.map(
      ({ name, type, time }) => `  \`${name}\` ${type}${time === undefined ? '' : ` *${time.toUpperCase()}*`}`,
    );
    console.log(`(\n${lines.join(',\n')}\n)`);
  }
  /** In SQL text a table stands for itself: `SELECT * FROM ${table}`. */
  toString(): string {
    return this.host.register(this);
  }

  /** What a cell shows of it: its columns. The rows come with `await table.show()`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Table(${this.rel.fields.map(({ name, type }) => `${name} ${type}`).join(', ')})`;
  }

  /** @internal */
  with(rel: Rel): Table {
    return new Table(this.host, rel);
  }

  private filtered(where: string, condition: unknown): Table<F> {
    const { fields } = this.rel;
    const { functions } = this.host;
    const rex =
      condition instanceof RowFunction
        ? rowCondition(this.rel, condition, where, functions)
        : resolve(given(where, [fields], [condition])[0] as ExpressionNode, { fields, functions });
    return this.with({
      kind: 'filter',
      input: this.rel,
      condition: boolean(rex, where),
      fields,
    }) as Table<F>;
  }

  private extended(where: string, what: readonly unknown[], replace: boolean): Table {
    const { fields } = this.rel;
    const added = selected(given(where, [fields], what), fields);
    const old = fields.map(
      ({ name }): Selected =>
        added.find((one) => replace && one.name === name) ?? { node: { kind: 'column', name }, name },
    );
    return this.with(project(this.rel, [...old, ...added.filter((one) => !old.includes(one))], this.host.functions));
  }

  private limited(offset: number | undefined, limit: number | undefined): Table<F> {
    const { rel } = this;
    const base =
      rel.kind === 'sort' && rel.limit === undefined
        ? rel
        : { kind: 'sort' as const, input: rel, keys: [], fields: rel.fields };
    return this.with({
      ...base,
      ...(offset === undefined ? {} : { offset }),
      ...(limit === undefined ? {} : { limit }),
    }) as Table<F>;
  }

  private joined<G extends FieldTypes>(type: JoinType, where: string, right: Table<G>, on: unknown): Table<F & G> {
    const left = this.rel.fields;
    const twice = left.find(({ name }) => right.rel.fields.some((field) => field.name === name));
    if (twice !== undefined) {
      throw new ValidationError(`${where}: both sides have a column \`${twice.name}\``, {
        hint: `rename one of them before: right.renameColumns({ ${twice.name}: 'other' })`,
      });
    }
    const nullable = (some: readonly PlanField[], outer: boolean): PlanField[] =>
      some.map((field) => (outer ? { ...field, type: field.type.nullable() as AnyType } : field));
    const both = [...left, ...right.rel.fields];
    const fields = [
      ...nullable(left, type === 'right' || type === 'full'),
      ...nullable(right.rel.fields, type === 'left' || type === 'full'),
    ];
    let condition: Rex = literal(true, types.boolean().notNull());
    if (on !== undefined) {
      const [node] = given(where, [left, right.rel.fields], [on]);
      condition = boolean(resolve(node as ExpressionNode, { fields: both, functions: this.host.functions }), where);
    }
    return this.with({ kind: 'join', type, left: this.rel, right: right.rel, condition, fields }) as Table<F & G>;
  }

  private aligned(where: string, other: Table<F>): { left: Rel; right: Rel } {
    const left = this.rel;
    const right = other.rel;
    if (left.fields.length !== right.fields.length) {
      throw new ValidationError(`${where}: ${left.fields.length} columns and ${right.fields.length}`);
    }
    const expressions = right.fields.map(
      (field, i): Rex => castTo({ kind: 'input', index: i, type: field.type }, (left.fields[i] as PlanField).type),
    );
    return { left, right: { kind: 'project', input: right, expressions, fields: left.fields } };
  }
}

type Condition<F extends FieldTypes, G extends FieldTypes> =
  | Expression
  | ((left: Columns<F>, right: Columns<G>) => Expression);
