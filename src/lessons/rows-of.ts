import { DataStream } from '../datastream/index.js';
import { Table, TableResult } from '../table/index.js';

/** More than that is an endless source, or a mistake. */
const most = 1_000_000;

/** The elements of `value`, as an exercise may be answered; undefined: it holds none. */
export async function rowsOf(value: unknown): Promise<unknown[] | undefined> {
  if (Array.isArray(value)) return value;
  if (value instanceof DataStream) return value.executeAndCollect();
  if (value instanceof Table) return value.execute().rows();
  if (value instanceof TableResult) return value.rows();
  if (value instanceof Promise) return rowsOf(await value);
  if (typeof value === 'function') return rowsOf(await value());
  if (typeof value !== 'object' || value === null) return undefined;
  if (Symbol.iterator in value) return taken(value as Iterable<unknown>);
  if (Symbol.asyncIterator in value) return taken(value as AsyncIterable<unknown>);
  return undefined;
}

async function taken(source: Iterable<unknown> | AsyncIterable<unknown>): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of source) {
    rows.push(row);
    if (rows.length >= most) break;
  }
  return rows;
}
