import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ArgumentError } from '../../core/errors.js';
import { type DataSetFile, people } from './find.js';
import { kinds } from './kinds.js';
import { writeDataSet } from './make.js';

/** What `makeDataSet` may be told. */
export interface OwnDataSetOptions {
  /** The folder; made where it is not there. */
  readonly to: string;
  /** Without the header. Default: as many as the file of the course has. */
  readonly rows?: number;
  /** Another seed gives other rows, the same seed the same bytes: a student's number makes a data set of their own. */
  readonly seed?: string;
}

/**
 * Makes a data set like one of the course's, with rows of its own.
 *
 * @example
 *   const mine = await makeDataSet('transactions', { to: 'data', seed: '20230042', rows: 5000 });
 *   await sendRows(mine.path, { topic: 'project' });
 * @throws ArgumentError for a name that is none, and a number of rows that is none
 */
export async function makeDataSet(name: keyof typeof kinds, options: OwnDataSetOptions): Promise<DataSetFile> {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind === undefined) {
    throw new ArgumentError(`there is no data set ${String(name)}`, { hint: Object.keys(kinds).join(', ') });
  }
  const { rows = kind.rows, seed = kind.seed } = options;
  if (!Number.isSafeInteger(rows) || rows < 1) {
    throw new ArgumentError(`makeDataSet: rows is ${String(rows)}`, { hint: 'a whole number above 0' });
  }
  const folder = resolve(options.to);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, kind.file);
  const { bytes } = await writeDataSet(path, kind, people(), { rows, seed: String(seed) });
  return { name: kind.file, path, bytes, encoding: kind.encoding };
}
