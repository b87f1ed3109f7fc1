import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../core/errors.js';
import {
  type JupyterServer,
  type NotebookKernel,
  type NotebookResult,
  openKernel,
  readNotebook,
  runNotebook,
  writeNotebook,
} from '../../kernel/client/index.js';
import { ownBroker, settingsFor } from './kernels.js';
import { trySolutions } from './solutions.js';

/** A notebook to run, and how. */
export interface Job {
  readonly server: JupyterServer;
  /** The folder it lies in, which is the server's root. */
  readonly folder: string;
  readonly name: string;
  readonly lang: 'en' | 'zh';
  /** The project; outputs shall not name it. */
  readonly root: string;
  readonly update: boolean;
  /** With `update`: outputs of cells that vary are written anew, too. */
  readonly fresh: boolean;
  /** How long a cell may take, in seconds. */
  readonly limit: number;
  readonly brokers?: string;
  /** Called when a cell has ended. */
  readonly onCell: (progress: CellProgress) => void;
}

export interface CellProgress {
  /** Of the code cells, from 1. */
  readonly cell: number;
  readonly of: number;
  readonly elapsedMs: number;
  /** The cell's first line. */
  readonly line: string;
}

export interface Ran {
  readonly problems: readonly string[];
  readonly seconds: number;
  readonly wrote: boolean;
  /** Exercises whose solutions were tried. */
  readonly solved: number;
}

/** Runs one notebook in a fresh kernel with a fresh broker: its cells, then the solutions of its exercises. */
export async function runOne(job: Job): Promise<Ran> {
  const since = performance.now();
  const broker = job.brokers === undefined ? await ownBroker() : { address: job.brokers, stop: async () => {} };
  let kernel: NotebookKernel | undefined;
  let ran: Omit<Ran, 'seconds'>;
  try {
    kernel = await openKernel({ ...job.server, path: job.name });
    await kernel.execute(settingsFor(broker.address), { silent: true });
    ran = await runIn(kernel, job);
  } catch (error) {
    ran = { problems: [messageOf(error)], wrote: false, solved: 0 };
  }
  await kernel?.shutdown().catch(() => undefined);
  await broker.stop();
  return { ...ran, seconds: (performance.now() - since) / 1000 };
}

async function runIn(kernel: NotebookKernel, job: Job): Promise<Omit<Ran, 'seconds'>> {
  const file = join(job.folder, job.name);
  const notebook = readNotebook(readFileSync(file, 'utf8'), job.name);
  const of = notebook.codeCells.length;
  let started = performance.now();
  let last: CellProgress | undefined;
  const told = (): void => {
    if (last !== undefined) job.onCell({ ...last, elapsedMs: performance.now() - started });
  };
  const result = await runNotebook(notebook, kernel, {
    cellLimitMs: job.limit * 1000,
    hiddenPath: job.root,
    onCell(cell, index) {
      told();
      started = performance.now();
      const line = cell.source.split('\n').find((each) => each.trim() !== '') ?? '';
      last = { cell: index + 1, of, elapsedMs: 0, line: line.trim() };
    },
  });
  told();
  const tried = result.complete ? await trySolutions(notebook.codeCells, kernel, job) : { problems: [], solved: 0 };
  const wrote = job.update && result.complete && (await write(file, notebook, result, kernel, job));
  return {
    problems: [...(job.update && result.complete ? [] : result.problems), ...tried.problems],
    wrote,
    solved: tried.solved,
  };
}

/**
 * Writes the outputs of the cells that differ from what is committed. Those that say the same, apart from what varies
 * from run to run, keep what they have: then a diff shows what a person has changed.
 *
 * @returns whether the file is another one now
 */
async function write(
  file: string,
  notebook: ReturnType<typeof readNotebook>,
  { outputs, differs }: NotebookResult,
  kernel: NotebookKernel,
  { fresh }: Job,
): Promise<boolean> {
  const { language_info } = await kernel.info();
  const kernelspec = { display_name: 'TypeScript (streambook)', language: 'typescript', name: 'streambook' };
  const kept = outputs.map((shown, index) => (fresh || differs[index] ? shown : notebook.codeCells[index]!.outputs));
  const text = writeNotebook(notebook, kept, { kernelspec, language_info });
  if (text === readFileSync(file, 'utf8')) return false;
  writeFileSync(file, text);
  return true;
}
