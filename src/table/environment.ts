import { ArgumentError, StreambookError } from '../core/errors.js';
import { frames, type WantedTypes } from '../core/frames.js';
import type { DeclaredSchema, FieldTypes, Schema } from '../core/types/index.js';
import type { DataStream } from '../datastream/data-stream.js';
import { type StreamExecutionEnvironment, streamEnv } from '../datastream/environment.js';
import { Table, type TableHost } from './api/table.js';
import type { UserFunctionDefinition } from './api/user-functions.js';
import { bindTable } from './binder/index.js';
import { type FromStreamOptions, rowsAsElements } from './bridge.js';
import { Catalog, UNNAMED } from './catalog/index.js';
import { TableConfig } from './config.js';
import type { TableConnector } from './connectors/contract.js';
import { type LookupFunction, type LookupOptions, lookupClause } from './connectors/lookup/index.js';
import { Connectors } from './connectors/registry.js';
import { createTableText, TableDescriptor } from './descriptor.js';
import { explainQuery } from './explain/index.js';
import { explainedFlinkSql } from './flink-sql/explain.js';
import type { FunctionResolver } from './functions/user.js';
import { type FromRowsOptions, InlineTables } from './inline-tables.js';
import type { ResultRow, TableResult } from './result/table-result.js';
import type { Computed, InferredTypes } from './rows.js';
import { Runner, type RunnerFactory } from './runner.js';
import { quoteIdentifier } from './sql/index.js';
import { parseQuery } from './sql/parse.js';
import { literalText } from './sql-template.js';
import { type InsertGiven, StatementSet } from './statement-set.js';
import { Statements } from './statements.js';

/** How a table environment is made. */
export interface TableEnvOptions {
  /** Where jobs run; with it come clock, checkpoints, parallelism. Default: a new `streamEnv()`. */
  readonly streamEnv?: StreamExecutionEnvironment;
  /** Default `UTC`. */
  readonly timeZone?: string;
}

/** A table program: it runs on the engine in this process and on a cluster alike. */
export type Program = (t: TableEnvironment) => Table | StatementSet;

type FromFrameOptions = FromRowsOptions & { readonly schema?: WantedTypes };

/**
 * Where tables, SQL and their jobs live.
 *
 * @example
 *   const t = tableEnv();
 *   t.executeSql("CREATE TABLE orders (name STRING, price DOUBLE) WITH ('connector' = 'filesystem', 'path' = 'orders.csv', 'format' = 'csv')");
 *   await t.sqlQuery('SELECT name, SUM(price) AS total FROM orders GROUP BY name').execute().print();
 * @see Flink: `TableEnvironment`
 */
export class TableEnvironment implements TableHost {
  /** Settings: what SET changes. */
  readonly config = new TableConfig();
  /** @internal */
  readonly catalog = new Catalog();
  /** @internal */
  readonly connectors = new Connectors();
  private readonly runner: Runner;
  private readonly statements: Statements;
  private readonly inline: InlineTables;
  private names = 0;

  /** @param makeRunner how plans are carried out: by the engine in this process unless given */
  constructor(options: TableEnvOptions = {}, makeRunner: RunnerFactory = (...parts) => new Runner(...parts)) {
    if (options.timeZone !== undefined) this.config.set('table.local-time-zone', options.timeZone);
    this.runner = makeRunner(options.streamEnv ?? streamEnv(), this.catalog, this.config, this.connectors);
    this.statements = new Statements(this.catalog, this.config, this.runner);
    this.inline = new InlineTables(this.runner, this.statements, () => this.names++);
  }

  /** Makes a connector of one's own known: `'connector' = '<its name>'`. */
  registerConnector(connector: TableConnector): void {
    this.connectors.add(connector);
  }

  // ---- SQL
  /**
   * Carries out one statement. A query begins to run when its rows are asked for, an INSERT at once.
   *
   * @throws SqlSyntaxError, ValidationError with the place in the text
   */
  executeSql(sql: string): TableResult {
    return this.statements.execute(sql);
  }

  /** Carries out several statements, each after the one before has ended. */
  async *executeScript(sql: string): AsyncGenerator<TableResult> {
    yield* this.statements.script(sql);
  }

  /** The table that a query gives. It does not run yet. */
  sqlQuery(sql: string): Table {
    return new Table(this, this.statements.query(sql));
  }

  /**
   * SQL as a template: values become literals, tables can be spliced in.
   *
   * @example
   *   t.sql`SELECT name, SUM(price) AS total FROM ${orders} WHERE price >= ${5000} GROUP BY name`
   */
  sql(texts: TemplateStringsArray, ...values: readonly unknown[]): Table {
    return this.sqlQuery(
      texts.reduce((all, text, i) => {
        const value = values[i - 1];
        return `${all}${value instanceof Table ? this.register(value) : literalText(value)}${text}`;
      }),
    );
  }

  /** The plans of a statement as text: as it is written, and as it is carried out. */
  explainSql(sql: string): string {
    return this.statements.explain(sql);
  }

  // ---- tables
  /** A table or view of the catalog, or the table that a descriptor describes. */
  from(path: string | TableDescriptor): Table {
    if (typeof path !== 'string') return this.from(quoteIdentifier(this.anonymous(path)));
    const parsed = parseQuery(`TABLE ${path}`);
    const parts = parsed.kind === 'tableQuery' ? parsed.table.parts.map(({ name }) => name) : [path];
    return new Table(this, bindTable(parts, this.statements.context(path)));
  }

  /**
   * A table of objects. Without a schema whole numbers are BIGINT, others DOUBLE, texts STRING, dates TIMESTAMP_LTZ(3).
   *
   * @param options `schema`: names and types of the columns; further columns by SQL expressions; the watermark
   * @example
   *   t.fromRows(rows, { computed: { rowtime: 'TO_TIMESTAMP_LTZ(ts, 3)' }, watermark: { rowtime: "rowtime - INTERVAL '3' SECOND" } });
   */
  fromRows<F extends FieldTypes, C extends string = never>(
    rows: Iterable<object>,
    options: FromRowsOptions<C> & { readonly schema: F | Schema<F> },
  ): Table<F & Computed<C>>;
  fromRows<R extends object, C extends string = never>(
    rows: Iterable<R>,
    options?: FromRowsOptions<C>,
  ): Table<InferredTypes<R> & Computed<C>>;
  fromRows(rows: Iterable<object>, options: FromRowsOptions & { readonly schema?: Schema | FieldTypes } = {}): Table {
    return new Table(this, this.inline.ofRows(rows, options));
  }

  /** A table of lists of values: `fromValues([1, 'a'], [2, 'b'])`; columns are `f0`, `f1`, ... */
  fromValues(...rows: readonly (readonly unknown[])[]): Table {
    return this.fromRows(rows.map((row) => Object.fromEntries(row.map((value, i) => [`f${i}`, value]))));
  }

  // ---- data frames
  /**
   * A table of the columns of an arquero table, filtered and ordered as it is. Columns that came from `toArquero()` are what
   * they were; in others whole numbers are BIGINT, others DOUBLE, texts STRING, dates TIMESTAMP_LTZ(3), typed arrays what
   * they are called, and where everything is missing STRING.
   *
   * @param options `schema`: which columns, and their types; further columns and the watermark as for `fromRows`
   * @example
   *   const frame = aq.table({ a: [1, 2], b: ['x', null] });
   *   await t.fromArquero(frame).execute().print();
   * @throws for columns whose values no type holds
   * @see Flink: Conversions between PyFlink Table and Pandas DataFrame
   */
  fromArquero<F extends FieldTypes, C extends string = never>(
    frame: unknown,
    options: FromRowsOptions<C> & { readonly schema: F | Schema<F> },
  ): Table<F & Computed<C>>;
  fromArquero(frame: unknown, options?: FromRowsOptions): Table;
  fromArquero(frame: unknown, options: FromFrameOptions = {}): Table {
    return new Table(this, this.inline.ofFrame(frames().fromArquero(frame, options.schema), options));
  }
  /**
   * A table of the columns of a danfojs frame; its index is left out, as Flink leaves that of pandas out. Types as for
   * `fromArquero`; columns without names of their own (0, 1, ...) get those of the schema in order.
   *
   * @example
   *   const frame = new dfd.DataFrame([[0.1, 0.2], [0.3, 0.4]]);
   *   t.fromDanfo(frame, { schema: { a: type.double(), b: type.double() } });
   */
  fromDanfo<F extends FieldTypes, C extends string = never>(
    frame: unknown,
    options: FromRowsOptions<C> & { readonly schema: F | Schema<F> },
  ): Table<F & Computed<C>>;
  fromDanfo(frame: unknown, options?: FromRowsOptions): Table;
  fromDanfo(frame: unknown, options: FromFrameOptions = {}): Table {
    return new Table(this, this.inline.ofFrame(frames().fromDanfo(frame, options.schema), options));
  }

  // ---- the catalog
  /** Makes a table of the catalog, as CREATE TABLE does. @throws ValidationError */
  createTable(path: string, descriptor: TableDescriptor): void {
    this.executeSql(createTableText(path, descriptor, 'TABLE'));
  }
  /** Makes a table known until the environment is gone. @throws ValidationError */
  createTemporaryTable(path: string, descriptor: TableDescriptor): void {
    this.executeSql(createTableText(path, descriptor, 'TEMPORARY TABLE'));
  }
  /**
   * A table that a function is asked for, key by key, in joins `FOR SYSTEM_TIME AS OF` a processing time.
   *
   * @param columns names and types, or what `Schema.newBuilder()` made
   * @param ask gets an object with the columns that the join compares, and gives the rows
   * @example
   *   t.createLookupTable('customers', { id: type.bigint(), name: type.string() }, async ({ id }) => [await customer(id)]);
   * @see Flink: Lookup Join
   */
  createLookupTable(
    path: string,
    columns: FieldTypes | Schema | DeclaredSchema,
    ask: LookupFunction,
    options: LookupOptions = {},
  ): void {
    const name = `${path}_${this.names++}`;
    const descriptor = TableDescriptor.forConnector('lookup').schema(columns);
    for (const [key, value] of Object.entries(lookupClause(name, options))) descriptor.option(key, value);
    this.connectors.lookups.register(name, ask);
    this.createTemporaryTable(path, descriptor);
  }

  // ---- DataStreams
  /** A stream as a table: every element is a new row. */
  fromDataStream<F extends FieldTypes>(stream: DataStream<unknown>, options: FromStreamOptions<F>): Table<F> {
    return new Table<F>(this, this.inline.ofStream('fromDataStream', stream, options, false));
  }
  /** A stream of changes as a table: elements carry their kind, as those of `toChangelogStream` do. */
  fromChangelogStream<F extends FieldTypes>(stream: DataStream<unknown>, options: FromStreamOptions<F>): Table<F> {
    return new Table<F>(this, this.inline.ofStream('fromChangelogStream', stream, options, true));
  }
  /** The rows of a table that only grows, as a stream of objects. @throws ValidationError when it changes rows */
  toDataStream(table: Table): DataStream<ResultRow> {
    const { rows, fields } = this.runner.stream(table.rel, false);
    return rowsAsElements(rows, fields);
  }
  /** All changes of a table, as a stream of objects; `rowKindOf(row)` tells their kind. */
  toChangelogStream(table: Table): DataStream<ResultRow> {
    const { rows, fields } = this.runner.stream(table.rel, true);
    return rowsAsElements(rows, fields);
  }

  /** What a cell shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `TableEnvironment(${this.listTables().join(', ')})`;
  }

  /** Makes a table known under a name, for SQL, until the environment is gone. */
  createTemporaryView(name: string, table: Table): void {
    const path = this.catalog.path(name.split('.'));
    if (this.catalog.temporary(path) !== undefined) {
      throw new StreambookError('table-exists', `Temporary table \`${name}\` already exists`, {
        hint: `t.executeSql('DROP TEMPORARY VIEW ${name}') first`,
      });
    }
    this.catalog.put({ kind: 'view', path, temporary: true, fields: table.rel.fields, definition: { rel: table.rel } });
  }

  /**
   * Makes a function of one's own known under a name, in SQL and for `callFunction`.
   *
   * @example
   *   t.createTemporarySystemFunction('TWICE', scalarFunction({ accepts: [type.int()], returns: type.int() }, (n) => (n ?? 0) * 2));
   */
  createTemporarySystemFunction(name: string, definition: UserFunctionDefinition): void {
    this.catalog.functions.register(name, definition.named(name));
  }

  /** Names of all tables and views. */
  listTables(): string[] {
    return this.catalog.objects().map(({ path }) => path[2]);
  }

  // ---- what tables ask of their environment
  /** @internal */
  get functions(): FunctionResolver {
    return this.catalog.functions;
  }
  /**
   * Carries a program out: the same function runs on a cluster with `(await cluster(url)).execute(program)`.
   *
   * @example
   *   const totals = (t: TableEnvironment) => t.sqlQuery('SELECT name, SUM(price) AS total FROM orders GROUP BY name');
   *   await tableEnv().execute(totals).print();
   */
  execute(program: Program): TableResult;
  /** @internal */
  execute(table: Table): TableResult;
  execute(what: Table | Program): TableResult {
    return typeof what === 'function' ? what(this).execute() : this.runner.query(what.rel);
  }

  /** Several INSERTs that one job carries out. */
  createStatementSet(): StatementSet {
    return new StatementSet(this);
  }
  /** @internal */
  insertAll(inserts: readonly InsertGiven[]): TableResult {
    return this.statements.insertAll(inserts.map((one) => this.textOf(one)));
  }
  /** @internal */
  attachAll(inserts: readonly InsertGiven[]): void {
    this.statements.attachAll(inserts.map((one) => this.textOf(one)));
  }
  /** @internal */
  explain(table: Table): string {
    const sql = explainedFlinkSql(table.rel, this.catalog, this.config.timeZone, (scan) =>
      this.runner.inlineRows(scan),
    );
    return explainQuery(table.rel, this.runner.planning(), sql === undefined ? {} : { flinkSql: sql });
  }
  /** @internal */
  insertInto(path: string | TableDescriptor, table: Table): TableResult {
    return this.executeSql(this.insertText(typeof path === 'string' ? path : this.anonymous(path), table));
  }
  /** @internal */
  register(table: Table): string {
    if (table.host !== this) throw new ArgumentError('the table belongs to another environment');
    const name = `${UNNAMED}${this.names++}`;
    this.createTemporaryView(name, table);
    return quoteIdentifier(name);
  }

  private textOf(insert: InsertGiven): string {
    return typeof insert === 'string' ? insert : this.insertText(...insert);
  }

  private insertText(path: string, table: Table): string {
    return `INSERT INTO ${path.split('.').map(quoteIdentifier).join('.')} SELECT * FROM ${this.register(table)}`;
  }

  /** The name that a described table has without having been given one. */
  private anonymous(descriptor: TableDescriptor): string {
    const name = `*anonymous_${descriptor.connector}$${this.names++}*`;
    this.createTemporaryTable(name, descriptor);
    return name;
  }
}

/** An environment for tables and SQL that runs in this process. */
export function tableEnv(options: TableEnvOptions = {}): TableEnvironment {
  return new TableEnvironment(options);
}
