import { bindInsert, bindQuery } from '../../../src/table/binder/index.js';
import { Catalog } from '../../../src/table/catalog/index.js';
import { TableConfig } from '../../../src/table/config.js';
import { executeStatement, type StatementResult } from '../../../src/table/ddl/index.js';
import { abstractPlanText } from '../../../src/table/explain/abstract.js';
import type { Insert, Query } from '../../../src/table/sql/ast/index.js';
import { parseStatement } from '../../../src/table/sql/index.js';

const TABLES = `
CREATE TABLE nums (k INT, v INT, g STRING) WITH ('connector' = 'x');
CREATE TABLE a (x INT, s STRING) WITH ('connector' = 'x');
CREATE TABLE b (x INT, s STRING) WITH ('connector' = 'x');
CREATE TABLE strict (x BIGINT NOT NULL, s STRING) WITH ('connector' = 'x');
CREATE TABLE orders (name STRING, price DOUBLE, rowtime TIMESTAMP(3), pt AS PROCTIME(),
  WATERMARK FOR rowtime AS rowtime - INTERVAL '3' SECOND) WITH ('connector' = 'x');
CREATE TABLE nested (id INT, arr ARRAY<INT>, m MAP<STRING, INT>, r ROW<a INT, b STRING>) WITH ('connector' = 'x')`;

/** A catalog with tables, and what statements do in it. */
export class Session {
  readonly catalog = new Catalog();
  readonly config = new TableConfig();

  constructor(...statements: readonly string[]) {
    for (const sql of [...TABLES.split(';'), ...statements]) this.run(sql);
  }
  run(sql: string): StatementResult {
    const context = { catalog: this.catalog, sql, config: this.config };
    const done = executeStatement(parseStatement(sql), context);
    if (done === undefined) throw new Error(`no statement for the catalog: ${sql}`);
    return done;
  }
  bind(sql: string) {
    return bindQuery(parseStatement(sql) as Query, { catalog: this.catalog, sql });
  }
  insert(sql: string) {
    return bindInsert(parseStatement(sql) as Insert, { catalog: this.catalog, sql });
  }
  /** The plan as Flink prints it, a line a step. */
  plan(sql: string): string[] {
    return abstractPlanText(this.bind(sql).rel).trimEnd().split('\n');
  }
  /** Names and types of the columns, time attributes marked. */
  columns(sql: string): string[] {
    return this.bind(sql).fields.map(
      ({ name, type, time }) => `${name} ${type}${time === undefined ? '' : ` *${time}*`}`,
    );
  }
}
