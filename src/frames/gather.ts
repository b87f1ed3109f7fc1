import type { FrameJob, FrameRows } from '../core/frames.js';
import { Fold } from '../core/rows/index.js';
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
