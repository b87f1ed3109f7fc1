import { keyIdOf } from '../core/keys.js';
import { isAddition, type RowKind, rowKind } from '../core/rows/index.js';
import { compact } from './compact.js';

/** The kind of change a row stands for, if it says so. */
export function changeOf(row: unknown): RowKind | undefined {
  return typeof row === 'object' && row !== null ? (row as { [rowKind]?: RowKind })[rowKind] : undefined;
}

/**
 * The table that a changelog builds: what is added stays until it is taken back. Of tables that only grow the last rows
 * are kept.
 */
export class Materialised {
  private readonly left = new Map<unknown, unknown[]>();
  /** Rows that are there now and kept. */
  size = 0;
  /** Rows that were let go because there were too many. */
  forgotten = 0;

  constructor(private readonly mostRows: number) {}

  add(row: unknown): void {
    const id = idOf(row);
    const same = this.left.get(id);
    const kind = changeOf(row);
    if (kind !== undefined && !isAddition(kind)) {
      if (same === undefined) return;
      same.pop();
      this.size--;
      if (same.length === 0) this.left.delete(id);
      return;
    }
    if (same === undefined) this.left.set(id, [row]);
    else same.push(row);
    this.size++;
    while (this.size > this.mostRows) this.forgetOldest();
  }

  /** In the order in which they came. */
  rows(): unknown[] {
    return [...this.left.values()].flat();
  }

  private forgetOldest(): void {
    const [oldest] = this.left;
    if (oldest === undefined) return;
    const [id, same] = oldest;
    this.left.delete(id);
    this.size -= same.length;
    this.forgotten += same.length;
  }
}

function idOf(row: unknown): unknown {
  const values = typeof row === 'object' && row !== null ? Object.values(row) : row;
  try {
    return keyIdOf(values);
  } catch {
    // Not a key anywhere else, but here it only has to be the same text for the same values.
    return `text ${compact(values, 10_000).text}`;
  }
}
