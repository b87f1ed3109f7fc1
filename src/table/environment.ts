import { ArgumentError, StreambookError } from '../core/errors.js';
import { type FrameColumns, frames, type WantedTypes } from '../core/frames.js';
import { rowClassOf } from '../core/rows/index.js';
import { type DeclaredSchema, type FieldTypes, type Schema, schemaOf, type } from '../core/types/index.js';
import type { DataStream } from '../datastream/data-stream.js';
import { type StreamExecutionEnvironment, streamEnv } from '../datastream/environment.js';
import { Table, type TableHost } from './api/table.js';
import type { UserFunctionDefinition } from './api/user-functions.js';
import { type BindContext, bindExpression, bindInsert, bindQuery, bindTable } from './binder/index.js';
import { type FromStreamOptions, rowsAsElements, streamFields, streamSource } from './bridge.js';
import { Catalog, UNNAMED } from './catalog/index.js';
import { TableConfig } from './config.js';
import type { TableConnector } from './connectors/contract.js';
import { type LookupFunction, type LookupOptions, lookupClause } from './connectors/lookup/index.js';
import { Connectors } from './connectors/registry.js';
import { executeStatement } from './ddl/index.js';
import { withDerived } from './derived-columns.js';
import { createTableText, TableDescriptor } from './descriptor.js';
import { NotImplementedError } from './errors.js';
import { explainInsert, explainQuery } from './explain/index.js';
import { explainedFlinkSql } from './flink-sql/explain.js';
import { frameSource } from './frame-source.js';
import type { FunctionResolver } from './functions/user.js';
import type { ScanSource } from './physical/context.js';
import type { PlanField } from './plan/field.js';
import { withOrigin } from './plan/origin.js';
import type { Rel, SinkPlan } from './plan/rel.js';
import { refusal } from './refused.js';
import { listResult } from './result/list.js';
import type { ResultRow, TableResult } from './result/table-result.js';
import { type Computed, type InferredTypes, inferSchema, rowsSource } from './rows.js';
import { Runner, type RunnerFactory } from './runner.js';
import type { Insert, Query, Statement } from './sql/ast/index.js';
import { quoteIdentifier, unparse } from './sql/index.js';
import { parseExpression, parseQuery, parseStatement, parseStatements } from './sql/parse.js';
import { literalText } from './sql-template.js';
import { StatementSet } from './statement-set.js';

/** How a table environment is made. */
export interface TableEnvOptions {
  /** Where jobs run; with it come clock, checkpoints, parallelism. Default: a new `streamEnv()`. */
  readonly streamEnv?: StreamExecutionEnvironment;
  /** Default `UTC`. */
  readonly timeZone?: string;
}

/** A table program: it runs on the engine in this process and on a cluster alike. */
export type Program = (t: TableEnvironment) => Table | StatementSet;

/** What `fromRows` may be told. */
export interface FromRowsOptions<C extends string = string> {
  /** Further columns, each a SQL expression: `{ rowtime: 'TO_TIMESTAMP_LTZ(ts, 3)' }`. */
  readonly computed?: { readonly [name in C]: string };
  /** The time column and its watermark: `{ rowtime: "rowtime - INTERVAL '3' SECOND" }`. */
  readonly watermark?: Readonly<Record<string, string>>;
}

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
  private names = 0;

  /** @param makeRunner how plans are carried out: by the engine in this process unless given */
  constructor(options: TableEnvOptions = {}, makeRunner: RunnerFactory = (...parts) => new Runner(...parts)) {
    if (options.timeZone !== undefined) this.config.set('table.local-time-zone', options.timeZone);
    this.runner = makeRunner(options.streamEnv ?? streamEnv(), this.catalog, this.config, this.connectors);
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
    return this.executeStatement(parseStatement(sql), sql);
  }

  /** Carries out several statements, each after the one before has ended. */
  async *executeScript(sql: string): AsyncGenerator<TableResult> {
    let set: Insert[] | undefined;
    for (const statement of parseStatements(sql)) {
      if (statement.kind === 'beginStatementSet') set = [];
      else if (statement.kind === 'endStatementSet' && set !== undefined) {
        const context = this.context(sql);
        yield this.runner.insert(set.map((insert) => this.sink(insert, context)));
        set = undefined;
      } else if (set !== undefined && statement.kind === 'insert') set.push(statement);
      else yield this.executeStatement(statement, sql);
    }
  }

  /** The table that a query gives. It does not run yet. */
  sqlQuery(sql: string): Table {
    return this.tableOf(this.query(parseQuery(sql), this.context(sql)));
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
    return this.explained(parseStatement(sql), sql);
  }

  // ---- tables
  /** A table or view of the catalog, or the table that a descriptor describes. */
  from(path: string | TableDescriptor): Table {
    if (typeof path !== 'string') return this.from(quoteIdentifier(this.anonymous(path)));
    const parsed = parseQuery(`TABLE ${path}`);
    const parts = parsed.kind === 'tableQuery' ? parsed.table.parts.map(({ name }) => name) : [path];
    return this.tableOf(bindTable(parts, this.context(path)));
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
    const list = [...rows];
    const schema = options.schema === undefined ? inferSchema(list) : schemaOf(options.schema as FieldTypes);
    const name = `rows_${this.names++}`;
    return this.inline(name, rowsSource(name, list, schema), schema, options);
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
    return this.ofFrame(frames().fromArquero(frame, options.schema), options);
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
    return this.ofFrame(frames().fromDanfo(frame, options.schema), options);
  }

  // ---- DataStreams
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

  /** A stream as a table: every element is a new row. */
  fromDataStream<F extends FieldTypes>(stream: DataStream<unknown>, options: FromStreamOptions<F>): Table<F> {
    return this.ofStream('fromDataStream', stream, options, false) as Table<F>;
  }
  /** A stream of changes as a table: elements carry their kind, as those of `toChangelogStream` do. */
  fromChangelogStream<F extends FieldTypes>(stream: DataStream<unknown>, options: FromStreamOptions<F>): Table<F> {
    return this.ofStream('fromChangelogStream', stream, options, true) as Table<F>;
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
  insertAll(inserts: readonly (string | readonly [path: string, table: Table])[]): TableResult {
    const statements = inserts.map((one) => (typeof one === 'string' ? one : this.insertText(...one)));
    const plans = statements.map((sql) => {
      const statement = parseStatement(sql);
      if (statement.kind === 'insert') return this.sink(statement, this.context(sql));
      throw new ArgumentError(`addInsertSql: ${statementName(statement)} is no INSERT`);
    });
    return this.runner.insert(plans);
  }
  /** @internal */
  explain(table: Table): string {
    const sql = explainedFlinkSql(table.rel, this.catalog, (scan) => this.runner.inlineRows(scan));
    return explainQuery(table.rel, this.runner.planning(), sql);
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

  private insertText(path: string, table: Table): string {
    return `INSERT INTO ${path.split('.').map(quoteIdentifier).join('.')} SELECT * FROM ${this.register(table)}`;
  }

  /** The name that a described table has without having been given one. */
  private anonymous(descriptor: TableDescriptor): string {
    const name = `*anonymous_${descriptor.connector}$${this.names++}*`;
    this.createTemporaryTable(name, descriptor);
    return name;
  }

  private ofStream(
    where: string,
    stream: DataStream<unknown>,
    options: FromStreamOptions<FieldTypes>,
    changes: boolean,
  ): Table {
    if (!this.runner.owns(stream)) {
      throw new ArgumentError(`${where}: the stream belongs to another environment`, {
        hint: 'const env = streamEnv(); const t = tableEnv({ streamEnv: env });',
      });
    }
    const name = `stream_${this.names++}`;
    const id = this.runner.addInline(streamSource(name, stream, options, changes));
    return this.tableOf({ kind: 'inlineScan', id, name, fields: streamFields(options) });
  }

  private ofFrame(columns: FrameColumns, options: FromRowsOptions): Table {
    const name = `frame_${this.names++}`;
    return this.inline(name, frameSource(name, columns), columns.schema, options);
  }

  private inline(name: string, source: ScanSource, { fields }: Schema, options: FromRowsOptions): Table {
    const scan: Rel = { kind: 'inlineScan', id: this.runner.addInline(source), name, fields };
    return this.tableOf(
      withDerived(scan, options, (sql, among) => bindExpression(parseExpression(sql), among, this.context(sql))),
    );
  }

  /** The plan of a query, with the words it was made from. */
  private query(query: Query, context: BindContext): Rel {
    return withOrigin({ ...bindQuery(query, context).rel }, textAt(context.sql, query));
  }

  private sink(insert: Insert, context: BindContext): SinkPlan {
    return withOrigin(bindInsert(insert, context), textAt(context.sql, insert));
  }

  private tableOf(rel: Rel): Table {
    return new Table(this, rel);
  }

  private context(sql: string): BindContext {
    return { catalog: this.catalog, sql, config: this.config };
  }

  private executeStatement(statement: Statement, sql: string): TableResult {
    const context = { ...this.context(sql), config: this.config };
    const done = executeStatement(statement, context);
    if (done !== undefined) return listResult(done);
    switch (statement.kind) {
      case 'select':
      case 'values':
      case 'tableQuery':
      case 'setOperation':
      case 'with':
      case 'ordered':
        return this.runner.query(this.query(statement as Query, context));
      case 'insert':
        return this.runner.insert([this.sink(statement, context)]);
      case 'statementSet':
        return this.runner.insert(statement.inserts.map((insert) => this.sink(insert, context)));
      case 'execute':
        return this.executeStatement(statement.statement as Statement, sql);
      case 'explain': {
        const Line = rowClassOf({ result: type.string() });
        const fields: PlanField[] = [{ name: 'result', type: type.string() }];
        return listResult({
          fields,
          rows: [Line.of([this.explained(statement.statement as Statement, sql)])].map((row) => [row.result]),
          ok: false,
        });
      }
      case 'createTable':
        if (statement.query !== undefined) return this.createTableAs(statement, sql);
        break;
      default:
    }
    throw (
      refusal(statement, sql) ??
      new NotImplementedError(`the statement ${statementName(statement)}`, { span: statement.span, sql })
    );
  }

  private createTableAs(statement: Extract<Statement, { kind: 'createTable' }>, sql: string): TableResult {
    const context = this.context(sql);
    const { fields } = bindQuery(statement.query as Query, context);
    const columns = fields.map(({ name, type: of }) => `${quoteIdentifier(name)} ${of}`).join(', ');
    const path = statement.name.parts.map((part) => quoteIdentifier(part.name)).join('.');
    const options = statement.options.map(({ key, value }) => `'${key}' = '${value.replaceAll("'", "''")}'`).join(', ');
    const temporary = statement.temporary ? 'TEMPORARY ' : '';
    const unless = statement.ifNotExists ? 'IF NOT EXISTS ' : '';
    this.executeSql(`CREATE ${temporary}TABLE ${unless}${path} (${columns}) WITH (${options})`);
    const { offset, length } = (statement.query as Query).span;
    return this.executeSql(`INSERT INTO ${path} ${sql.slice(offset, offset + length)}`);
  }

  private explained(statement: Statement, sql: string): string {
    const context = this.context(sql);
    const planning = this.runner.planning();
    if (statement.kind === 'explain' || statement.kind === 'execute') {
      return this.explained(statement.statement as Statement, sql);
    }
    if (statement.kind === 'insert' || statement.kind === 'statementSet') {
      const inserts: readonly Insert[] = statement.kind === 'insert' ? [statement] : statement.inserts;
      const plans = inserts.map((insert) => this.sink(insert, context));
      return plans.map((plan) => explainInsert(plan, this.runner.target(plan), planning)).join('\n\n');
    }
    return explainQuery(this.query(statement as Query, context), planning);
  }
}

/** The words of a statement among others. A query may have begun with a parenthesis that is no part of it. */
function textAt(sql: string, statement: Query | Insert): string {
  const { offset, length } = statement.span;
  const text = sql.slice(offset, offset + length);
  try {
    parseStatement(text);
    return text;
  } catch {
    return unparse(statement);
  }
}

function statementName(statement: Statement): string {
  return statement.kind.replace(/([A-Z])/g, ' $1').toUpperCase();
}

/** An environment for tables and SQL that runs in this process. */
export function tableEnv(options: TableEnvOptions = {}): TableEnvironment {
  return new TableEnvironment(options);
}
