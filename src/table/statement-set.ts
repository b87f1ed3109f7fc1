import { ArgumentError } from '../core/errors.js';
import type { Table } from './api/table.js';
import type { TableResult } from './result/table-result.js';

/** An INSERT as text, or a table and where its rows go. */
export type InsertGiven = string | readonly [path: string, table: Table];

/** What a statement set asks of its environment. */
interface StatementSetHost {
  /** @internal */
  insertAll(inserts: readonly InsertGiven[]): TableResult;
  /** @internal */
  attachAll(inserts: readonly InsertGiven[]): void;
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
  private inserts: InsertGiven[] = [];

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
    return this.host.insertAll(this.taken());
  }

  /**
   * Makes the INSERTs a part of the next job of the stream environment, together with what DataStreams do; the set is empty
   * then.
   *
   * @example
   *   t.createStatementSet().addInsertSql('INSERT INTO archive SELECT * FROM orders').attachAsDataStream();
   *   t.toDataStream(t.from('orders')).print();
   *   await env.execute('both at once');
   * @see Flink: `StreamStatementSet.attachAsDataStream`
   * @throws ValidationError
   */
  attachAsDataStream(): void {
    const inserts = this.taken();
    this.inserts = [];
    this.host.attachAll(inserts);
  }

  private taken(): readonly InsertGiven[] {
    if (this.inserts.length > 0) return this.inserts;
    throw new ArgumentError('a statement set without an INSERT has nothing to do');
  }
}
