import { inspect } from 'node:util';
import type { FrameJob, FrameRows } from '../core/frames.js';
import { keyIdOf } from '../core/keys.js';
import { classOfRow, isAddition, kindOf } from '../core/rows/index.js';
import type { Schema } from '../core/types/index.js';
import { JobCancelledError } from '../engine/errors.js';
import { type Gathering, gathering } from './columns.js';
import { elementColumns } from './elements.js';

/** Columns with names, and the types where they are known. */
export interface Gathered {
  readonly schema?: Schema;
  readonly names: readonly string[];
  /** The engine's values with a schema, otherwise whatever the elements had. */
  readonly columns: readonly ArrayLike<unknown>[];
  readonly rowCount: number;
}

/** Runs a job to its end, and gives its rows as columns. Rows that were taken back are gone. */
export async function gather(rows: FrameRows): Promise<Gathered> {
  const { schema, updates } = rows;
  if (schema === undefined) {
    const elements: object[] = [];
    await ended(rows.start((element) => elements.push(element)));
    return elementColumns(elements);
  }
  if (updates) {
    const fold = new Fold();
    await ended(rows.start((row) => fold.add(row)));
    return ofRows(schema, fold.rows());
  }
  const columns = gathering(schema);
  let count = 0;
  const { add } = columns;
  await ended(
    rows.start((row) => {
      count++;
      add(row);
    }),
  );
  return gathered(schema, columns, count);
}

/** Columns of rows that are there. */
export function ofRows(schema: Schema, rows: Iterable<object>): Gathered {
  const columns = gathering(schema);
  let count = 0;
  for (const row of rows) {
    columns.add(row);
    count++;
  }
  return gathered(schema, columns, count);
}

function gathered(schema: Schema, columns: Gathering, rowCount: number): Gathered {
  return { schema, names: schema.names, columns: columns.columns(), rowCount };
}

async function ended(job: FrameJob): Promise<void> {
  const { status } = await job.wait();
  if (status === 'cancelled') throw new JobCancelledError('frame');
}

/** The rows that are left of changes, in the order in which they were added; at most so many, the newest. */
export class Fold {
  private readonly left = new Map<unknown, object[]>();
  size = 0;

  constructor(private readonly most = Number.POSITIVE_INFINITY) {}

  add(row: object): void {
    const id = idOf(row);
    const same = this.left.get(id);
    if (!isAddition(kindOf(row))) {
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

  rows(): object[] {
    return [...this.left.values()].flat();
  }

  private forgetOldest(): void {
    const [[id, same] = []] = this.left;
    if (same === undefined) return;
    same.shift();
    this.size--;
    if (same.length === 0) this.left.delete(id);
  }
}

function idOf(row: object): unknown {
  const values = classOfRow(row)?.values(row as never) ?? Object.values(row);
  try {
    return keyIdOf(values);
  } catch {
    // Maps are no keys anywhere else; here the same values only have to give the same text.
    return `text ${inspect(values, { depth: null, sorted: true, maxArrayLength: null, maxStringLength: null })}`;
  }
}
