import { statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { ArgumentError, messageOf } from '../core/errors.js';
import { packageRoot } from '../core/package-root.js';
import { kinds, people, writeDataSet } from '../lessons/data/index.js';

export interface DatasetsOptions {
  /** Rows without the header; as many as the committed file has by default. */
  readonly rows?: string;
  readonly seed?: string;
  /** The folder to write to; `datasets/` of the project by default. */
  readonly to?: string;
}

/**
 * `npm run datasets -- --rows N [NAME...]`: data sets of any size for load. The file's name says how many rows:
 * `data-10000000.csv`. Without `--rows` the files of the repository are written anew.
 *
 * @param names files to make: `data.csv` or `data`; all by default
 * @returns the exit code
 */
export async function runDatasets(names: readonly string[], options: DatasetsOptions): Promise<number> {
  try {
    const rows = rowsOf(options.rows);
    const folder = resolve(options.to ?? join(packageRoot, 'datasets'));
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new ArgumentError(`--to ${folder}: there is no such folder`, { hint: 'make it first' });
    }
    const all = people();
    for (const kind of wanted(names)) {
      const since = performance.now();
      const target = join(folder, rows === undefined ? kind.file : kind.file.replace('.csv', `-${rows}.csv`));
      const seed = options.seed ?? kind.seed;
      const { bytes } = await writeDataSet(target, kind, all, { rows: rows ?? kind.rows, seed });
      const seconds = ((performance.now() - since) / 1000).toFixed(1);
      console.log(`${basename(target)}: ${rows ?? kind.rows} rows, ${bytes} bytes (${seconds} s)`);
    }
    return 0;
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  }
}

function rowsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rows = Number(text);
  if (Number.isSafeInteger(rows) && rows > 0) return rows;
  throw new ArgumentError(`--rows ${text}`, { hint: 'a whole number above 0: --rows 10000000' });
}

function wanted(names: readonly string[]): (typeof kinds)[keyof typeof kinds][] {
  const all = Object.values(kinds);
  if (names.length === 0) return all;
  return names.map((name) => {
    const kind = all.find(({ file }) => file === name || basename(file, extname(file)) === name);
    if (kind !== undefined) return kind;
    throw new ArgumentError(`there is no data set ${name}`, { hint: all.map(({ file }) => file).join(', ') });
  });
}
