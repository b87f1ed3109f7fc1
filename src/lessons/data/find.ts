import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StreambookError } from '../../core/errors.js';
import { packageRoot } from '../../core/package-root.js';
import type { Person } from './card.js';
import { type Kind, kinds } from './kinds.js';

/** A file of the course. */
export interface DataSetFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** As the file is written: `gb18030`, `utf8`. */
  readonly encoding: string;
}

/** Beside the library: in a clone of the project, and in the installed package alike. */
const ownFolder = join(packageRoot, 'datasets');

/** Where a file of `datasets/` lies: beside the notebook or above it first, then beside the library. */
function pathOf(file: string): string {
  for (let folder = resolve(process.cwd()); ; folder = dirname(folder)) {
    const there = join(folder, 'datasets', file);
    if (existsSync(there)) return there;
    if (dirname(folder) === folder) break;
  }
  const own = join(ownFolder, file);
  if (existsSync(own)) return own;
  throw new StreambookError('data-set-not-found', `the data set \`${file}\` is not on this machine`, {
    hint: 'the project brings it: in a clone, `git status datasets` shows what was removed; `npm run datasets` makes it anew',
  });
}

function found({ file, encoding }: Kind): DataSetFile {
  const path = pathOf(file);
  return { name: file, path, bytes: statSync(path).size, encoding };
}

/** The people whose cards the data sets are made with. @throws `data-set-not-found` */
export function people(): Person[] {
  return JSON.parse(readFileSync(pathOf('people.json'), 'utf8')) as Person[];
}

/**
 * The files the course works with. They are found from any folder; what is in them, and how they were made, is told by
 * `datasets/README.md`.
 *
 * @throws `data-set-not-found` where one is read that is not there
 * @example
 *   const sending = sendRows(datasets.transactions.path, { topic: 'data', encoding: 'detect' });
 */
export const datasets = {
  /** `data.csv`: 2,000 card transactions from 1990 to 2024, in GB18030 with `\r\n`. */
  get transactions(): DataSetFile {
    return found(kinds.transactions);
  },
  /** `transaction_data_generated.csv`: 3,000 payments of thirty days, with three patterns of fraud among them. */
  get payments(): DataSetFile {
    return found(kinds.payments);
  },
  /** `structure_data.csv`: a strain gauge on a bridge, one reading a minute for a week. */
  get structure(): DataSetFile {
    return found(kinds.structure);
  },
};
