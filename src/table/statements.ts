import { ArgumentError } from '../core/errors.js';
import { type } from '../core/types/index.js';
import { type BindContext, bindInsert, bindQuery } from './binder/index.js';
import type { Catalog } from './catalog/index.js';
import type { TableConfig } from './config.js';
import { executeStatement } from './ddl/index.js';
import { NotImplementedError, ValidationError } from './errors.js';
import { explainInserts, explainQuery } from './explain/index.js';
import { withOrigin } from './plan/origin.js';
import type { Rel, SinkPlan } from './plan/rel.js';
import { refusal } from './refused.js';
import { listResult } from './result/list.js';
import type { TableResult } from './result/table-result.js';
import type { Runner } from './runner.js';
import { checkInSet, UNFINISHED_SET } from './sets-in-scripts.js';
import type { Insert, Query, Span, Statement } from './sql/ast/index.js';
import type { ExplainDetail } from './sql/ast/statements.js';
import { quoteIdentifier, unparse } from './sql/index.js';
import { parseExpression, parseQuery, parseStatement, parseStatements } from './sql/parse.js';

/** Carries SQL out: what reads no data at once, queries and INSERTs through the runner. */
export class Statements {
  constructor(
    private readonly catalog: Catalog,
    private readonly config: TableConfig,
    private readonly runner: Runner,
  ) {}

  /** What names in a text mean. */
  context(sql: string): BindContext {
    return { catalog: this.catalog, sql, config: this.config };
  }

  /** The plan of a query. */
  query(sql: string): Rel {
    return this.planned(parseQuery(sql), this.context(sql));
  }

  /** Carries one statement out. */
  execute(sql: string): TableResult {
    return this.run(parseStatement(sql), sql);
  }

  /** Carries several out; those of a statement set as one. */
  *script(sql: string): Generator<TableResult> {
    let set: Insert[] | undefined;
    for (const statement of parseStatements(sql)) {
      checkInSet(statement, sql, set !== undefined);
      if (statement.kind === 'beginStatementSet') set = [];
      else if (statement.kind === 'endStatementSet' && set !== undefined) {
        yield this.inserted(set, sql);
        set = undefined;
      } else if (set !== undefined && statement.kind === 'insert') set.push(statement);
      else yield this.run(statement, sql);
    }
    if (set !== undefined && set.length > 0) throw new ValidationError(UNFINISHED_SET);
  }

  /** Carries several INSERTs out as one job. */
  insertAll(texts: readonly string[]): TableResult {
    return this.runner.insert(this.sinks(texts));
  }

  /** Lets the next job of the environment carry them out. */
  attachAll(texts: readonly string[]): void {
    this.runner.attach(this.sinks(texts));
  }

  private sinks(texts: readonly string[]): SinkPlan[] {
    return texts.map((sql) => {
      const statement = parseStatement(sql);
      if (statement.kind === 'insert') return this.sink(statement, this.context(sql));
      throw new ArgumentError(`addInsertSql: ${statementName(statement)} is no INSERT`);
    });
  }

  /** The plans of a statement as text. */
  explain(sql: string): string {
    const statement = parseStatement(sql);
    return placed(statement, sql, () => this.explained(statement, sql));
  }

  /** The plan of a query, with the words it was made from. */
  private planned(query: Query, context: BindContext): Rel {
    return withOrigin({ ...bindQuery(query, context).rel }, textAt(context.sql, query));
  }

  private sink(insert: Insert, context: BindContext): SinkPlan {
    return withOrigin(bindInsert(insert, context), textAt(context.sql, insert));
  }

  private inserted(inserts: readonly Insert[], sql: string): TableResult {
    const context = this.context(sql);
    return this.runner.insert(inserts.map((insert) => this.sink(insert, context)));
  }

  private run(statement: Statement, sql: string): TableResult {
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
        return placed(statement, sql, () => this.runner.query(this.planned(statement as Query, context)));
      case 'insert':
        return placed(statement, sql, () => this.inserted([statement], sql));
      case 'statementSet':
        return this.inserted(statement.inserts, sql);
      case 'execute':
        return this.run(statement.statement as Statement, sql);
      case 'explain': {
        const text = placed(statement.statement as Statement, sql, () => this.explained(statement, sql));
        return listResult({ fields: [{ name: 'result', type: type.string() }], rows: [[text]], ok: false });
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
    this.execute(`CREATE ${temporary}TABLE ${unless}${path} (${columns}) WITH (${options})`);
    const { offset, length } = (statement.query as Query).span;
    return this.execute(`INSERT INTO ${path} ${sql.slice(offset, offset + length)}`);
  }

  private explained(statement: Statement, sql: string, details: readonly ExplainDetail[] = []): string {
    const context = this.context(sql);
    const planning = this.runner.planning();
    if (statement.kind === 'explain') {
      return this.explained(statement.statement as Statement, sql, statement.details);
    }
    if (statement.kind === 'execute') return this.explained(statement.statement as Statement, sql, details);
    if (statement.kind === 'insert' || statement.kind === 'statementSet') {
      const inserts: readonly Insert[] = statement.kind === 'insert' ? [statement] : statement.inserts;
      const plans = inserts.map((insert) => this.sink(insert, context));
      const targeted = plans.map((plan) => ({ plan, target: this.runner.target(plan) }));
      return explainInserts(targeted, planning, details);
    }
    return explainQuery(this.planned(statement as Query, context), planning, { details });
  }
}

/** Plans a statement; what the planner refuses is shown in its text, where that is known. */
function placed<T>(statement: Statement, sql: string, plan: () => T): T {
  try {
    return plan();
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const sort = /^\[[^\]]*\] Sort on/.test(error.message) ? orderOf(statement) : undefined;
    throw error.inText(sql, (known = sort) => (known !== undefined && isPiece(sql, known) ? known : undefined));
  }
}

/** Whether an expression stands there: the place may be one in the text of a view. */
function isPiece(sql: string, { offset, length }: Span): boolean {
  try {
    return parseExpression(sql.slice(offset, offset + length)).span.length === length;
  } catch {
    return false;
  }
}

/** Where a query says how it is sorted. */
function orderOf(statement: Statement): Span | undefined {
  const query = statement.kind === 'insert' ? (statement.query as Query) : (statement as Query);
  return query.kind === 'ordered' ? query.orderBy[0]?.expression.span : undefined;
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
