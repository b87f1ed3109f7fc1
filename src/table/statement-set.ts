import { ArgumentError } from '../core/errors.js';
import type { Table } from './api/table.js';
import type { TableResult } from './result/table-result.js';

/** What a statement set asks of its environment. */
interface StatementSetHost {
  /** @internal */
  insertAll(inserts: readonly (string | readonly [path: string, table: Table])[]): TableResult;
}

/**
 * Several INSERTs that one job carries out, so that what they read in common is read once.
 *
 * @example
 *   await t.createStatementSet()
 *     .addInsertSql("INSERT INTO large SELECT * FROM orders WHERE price >= 1000")
 *     .addInsert('all_orders', t.from('orders'))
 *     .execute()
 *     .wait();
 * @see Flink: `StatementSet`
 */
export class StatementSet {
  private readonly inserts: (string | readonly [path: string, table: Table])[] = [];

  /** @internal */
  constructor(private readonly host: StatementSetHost) {}

  /** An INSERT as text. */
  addInsertSql(sql: string): this {
    this.inserts.push(sql);
    return this;
  }

  /** All rows of a table, into one of the catalog. */
  addInsert(path: string, table: Table): this {
    this.inserts.push([path, table]);
    return this;
  }

  /** Starts the job. @throws ValidationError */
  execute(): TableResult {
    if (this.inserts.length === 0) throw new ArgumentError('a statement set without an INSERT has nothing to do');
    return this.host.insertAll(this.inserts);
  }
}
