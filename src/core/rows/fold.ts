import { inspect } from 'node:util';
import { keyIdOf } from '../keys.js';
import { classOfRow, kindOf } from './row-class.js';
import { isAddition } from './row-kind.js';

/**
 * The table that a changelog builds: what is added stays until it is taken back, as often as it was added. Anything that
 * is no row counts as an addition.
 *
 * @see Flink: Dynamic Tables
 */
export class Fold<T = object> {
  private readonly left = new Map<unknown, T[]>();
  /** Rows that are there now and kept. */
  size = 0;
  /** Rows that were let go because there were too many. */
  forgotten = 0;

  /** @param most of a table that only grows, so many of the newest rows are kept */
  constructor(private readonly most = Number.POSITIVE_INFINITY) {}

  add(row: T): void {
    const id = idOf(row);
    const same = this.left.get(id);
    if (typeof row === 'object' && row !== null && !isAddition(kindOf(row))) {
      // A row that was let go before is taken back: nothing to do.
      if (same === undefined) return;
      same.pop();
      this.size--;
      if (same.length === 0) this.left.delete(id);
      return;
    }
    if (same === undefined) this.left.set(id, [row]);
    else same.push(row);
    this.size++;
    if (this.size > this.most) this.forgetOldest();
  }

  /** In the order in which they came; equal ones stand together. */
  rows(): T[] {
    return [...this.left.values()].flat() as T[];
  }

  private forgetOldest(): void {
    const [[id, same] = []] = this.left;
    if (same === undefined) return;
    same.shift();
    this.size--;
    this.forgotten++;
    if (same.length === 0) this.left.delete(id);
  }
}

function idOf(row: unknown): unknown {
  const values =
    typeof row === 'object' && row !== null ? (classOfRow(row)?.values(row as never) ?? Object.values(row)) : row;
  try {
    return keyIdOf(values);
  } catch {
    // Maps are no keys anywhere else; here the same values only have to give the same text.
    return `text ${inspect(values, { depth: null, sorted: true, maxArrayLength: null, maxStringLength: null })}`;
  }
}
