import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ArgumentError, messageOf } from '../../core/errors.js';
import { type CodeCell, type NotebookKernel, openKernel, readNotebook } from '../../kernel/client/index.js';
import { csvField } from './csv-field.js';
import { type Kernels, withKernels } from './kernels.js';
import { checkedIn, verdictsIn } from './solutions.js';

export interface SubmissionsOptions {
  /** The file to write; `checks.csv` in the folder by default. */
  readonly csv?: string;
  /** How long one cell may take, in seconds. */
  readonly limit: number;
  readonly jobs?: number;
}

/** One exercise of one submission. */
export interface Mark {
  readonly exercise: string;
  /** `error`: the cell did not come to its verdict. */
  readonly verdict: 'right' | 'not yet' | 'error';
}

/**
 * `streambook submissions FOLDER`: runs every notebook below a folder anew and writes what its checks find, a line for
 * each exercise: `file,exercise,verdict`. Nothing is believed that stands in the files; a cell that fails does not end
 * its notebook. The programs run on this machine, with its rights: know whose they are.
 *
 * @returns the exit code
 */
export async function runSubmissions(folder: string, root: string, options: SubmissionsOptions): Promise<number> {
  const from = resolve(folder);
  if (!existsSync(from))
    throw new ArgumentError(`there is no folder ${from}`, { hint: 'name the folder of submissions' });
  const names = notebooksBelow(from);
  if (names.length === 0) throw new ArgumentError(`there is no notebook below ${from}`);
  // Inside the project a notebook finds the library and the data sets, wherever it came from.
  mkdirSync(join(root, '.streambook'), { recursive: true });
  const own = mkdtempSync(join(root, '.streambook', 'submissions-'));
  const lines = new Map<string, string[]>();
  try {
    for (const [index, name] of names.entries()) {
      mkdirSync(join(own, String(index)));
      cpSync(join(from, name), join(own, String(index), 'notebook.ipynb'));
    }
    await withKernels(own, options.jobs ?? 2, names, async (name, kernels) => {
      const marks = await marksOf(kernels, own, names.indexOf(name), options.limit);
      lines.set(
        name,
        marks.map(({ exercise, verdict }) => [csvField(name), exercise, verdict].join(',')),
      );
      const right = marks.filter(({ verdict }) => verdict === 'right').length;
      console.log(`${name}: ${right} of ${marks.length} right`);
    });
  } finally {
    rmSync(own, { recursive: true, force: true, maxRetries: 5 });
  }
  const target = resolve(options.csv ?? join(from, 'checks.csv'));
  const rows = names.flatMap((name) => lines.get(name) ?? []);
  // With its mark Excel knows the encoding, and names in Chinese stay readable.
  writeFileSync(target, `\ufeff${['file,exercise,verdict', ...rows].join('\r\n')}\r\n`);
  console.log(`${names.length} notebooks, ${rows.length} exercises: ${target}`);
  return 0;
}

async function marksOf(kernels: Kernels, own: string, index: number, limit: number): Promise<Mark[]> {
  const path = `${index}/notebook.ipynb`;
  let kernel: NotebookKernel | undefined;
  try {
    const { codeCells } = readNotebook(readFileSync(join(own, path), 'utf8'), path);
    kernel = await openKernel({ ...kernels.server, path });
    await kernel.execute(kernels.settings, { silent: true });
    return await markCells(codeCells, kernel, limit);
  } catch (error) {
    console.error(messageOf(error));
    return [];
  } finally {
    await kernel?.shutdown().catch(() => undefined);
  }
}

/** Runs all cells, whatever becomes of them. The last verdict on an exercise counts. */
export async function markCells(
  cells: readonly CodeCell[],
  kernel: Pick<NotebookKernel, 'execute' | 'interrupt'>,
  limit: number,
): Promise<Mark[]> {
  const marks = new Map<string, Mark['verdict']>();
  for (const { source } of cells) {
    for (const id of checkedIn(source)) if (!marks.has(id)) marks.set(id, 'error');
    const run = kernel.execute(source, { stopOnError: false });
    run.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((done) => {
      timer = setTimeout(() => done(undefined), limit * 1000);
    });
    const executed = await Promise.race([run, late]).finally(() => clearTimeout(timer));
    if (executed === undefined) await kernel.interrupt();
    for (const { id, ok } of verdictsIn(executed?.outputs ?? [])) marks.set(id, ok ? 'right' : 'not yet');
  }
  return [...marks].map(([exercise, verdict]) => ({ exercise, verdict }));
}

function notebooksBelow(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && file.name.endsWith('.ipynb'))
    .map((file) => relative(folder, join(file.parentPath ?? dirname(join(folder, file.name)), file.name)))
    .filter((name) => !name.split(sep).some((part) => part.startsWith('.') || part === 'node_modules'))
    .sort();
}
