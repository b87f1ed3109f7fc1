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

/** One exercise of one submission; without an exercise, the submission itself. */
export interface Mark {
  readonly exercise: string;
  /** `error`: the cell did not come to its verdict. */
  readonly verdict: 'right' | 'not yet' | 'error';
  /** Why there is no verdict. */
  readonly note?: string;
}

const interruptedMs = 5000;

/**
 * `streambook submissions FOLDER`: runs every notebook below a folder anew and writes what its checks find, a line for
 * each exercise: `file,exercise,verdict,note`. Nothing is believed that stands in the files; a cell that fails does not
 * end its notebook, and a file that is no notebook has a line, too. The programs run on this machine, with its rights: know whose they are.
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
        marks.map(({ exercise, verdict, note = '' }) => [csvField(name), exercise, verdict, csvField(note)].join(',')),
      );
      const right = marks.filter(({ verdict }) => verdict === 'right').length;
      const asked = marks.filter(({ exercise }) => exercise !== '').length;
      const notes = [...new Set(marks.flatMap(({ note }) => note ?? []))].map((note) => `; ${note}`);
      console.log(`${name}: ${right} of ${asked} right${notes.join('')}`);
    });
  } finally {
    rmSync(own, { recursive: true, force: true, maxRetries: 5 });
  }
  const target = resolve(options.csv ?? join(from, 'checks.csv'));
  const rows = names.flatMap((name) => lines.get(name) ?? []);
  // With its mark Excel knows the encoding, and names in Chinese stay readable.
  writeFileSync(target, `\ufeff${['file,exercise,verdict,note', ...rows].join('\r\n')}\r\n`);
  console.log(`${names.length} notebooks, ${rows.length} lines: ${target}`);
  return 0;
}

async function marksOf(kernels: Kernels, own: string, index: number, limit: number): Promise<Mark[]> {
  const path = `${index}/notebook.ipynb`;
  let kernel: NotebookKernel | undefined;
  try {
    const { codeCells } = readNotebook(readFileSync(join(own, path), 'utf8'), path);
    kernel = await openKernel({ ...kernels.server, path });
    await kernel.execute(kernels.settings, { silent: true });
    const marks = await markCells(codeCells, kernel, limit);
    return marks.length > 0 ? marks : [{ exercise: '', verdict: 'error', note: 'it checks no exercise' }];
  } catch (error) {
    return [{ exercise: '', verdict: 'error', note: firstLine(error) }];
  } finally {
    await kernel?.shutdown().catch(() => undefined);
  }
}

/** Runs all cells, whatever becomes of them. The last verdict on an exercise counts, in a cell that checks it. */
export async function markCells(
  cells: readonly CodeCell[],
  kernel: Pick<NotebookKernel, 'execute' | 'interrupt'>,
  limit: number,
): Promise<Mark[]> {
  const marks = new Map<string, Mark>();
  let gone: string | undefined;
  for (const { source } of cells) {
    const asked = checkedIn(source).filter((id) => !marks.has(id));
    const missing = (note?: string): void => {
      for (const exercise of asked)
        marks.set(exercise, { exercise, verdict: 'error', ...(note !== undefined && { note }) });
    };
    missing(gone);
    if (gone !== undefined) continue;
    const run = kernel.execute(source, { stopOnError: false });
    const executed = await within(limit * 1000, run).catch((error: unknown) => {
      gone = firstLine(error);
      missing(gone);
      return undefined;
    });
    if (executed === undefined && gone === undefined) {
      missing(`broken off after ${limit} s`);
      await kernel.interrupt();
      // Otherwise the interrupt might meet the next cell.
      await within(interruptedMs, run).catch(() => undefined);
    }
    const here = checkedIn(source);
    for (const { id, ok } of verdictsIn(executed?.outputs ?? []).filter((verdict) => here.includes(verdict.id)))
      marks.set(id, { exercise: id, verdict: ok ? 'right' : 'not yet' });
  }
  return [...marks.values()];
}

/** What a promise gives, if it does so in time. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  promise.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((done) => {
    timer = setTimeout(() => done(undefined), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? '';
}

function notebooksBelow(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && file.name.endsWith('.ipynb'))
    .map((file) => relative(folder, join(file.parentPath ?? dirname(join(folder, file.name)), file.name)))
    .filter((name) => !name.split(sep).some((part) => part.startsWith('.') || part === 'node_modules'))
    .sort();
}
