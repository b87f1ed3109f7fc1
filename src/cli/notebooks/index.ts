import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../core/package-root.js';
import type { JupyterServer } from '../../kernel/client/index.js';
import { writeBlank } from './blank.js';
import { startServer } from './kernels.js';
import { type CellProgress, type Ran, runOne } from './run-one.js';

export interface NotebooksOptions {
  readonly lang: 'en' | 'zh';
  /** Writes the outputs back instead of comparing them. */
  readonly update: boolean;
  /** With `update`: also those that differ only by what varies from run to run. */
  readonly fresh?: boolean;
  /** Writes live-coding twins into `blank/` and runs nothing. */
  readonly blank?: boolean;
  /** How long one cell may take, in seconds. */
  readonly limit: number;
  /** How many notebooks run at the same time; 2 by default. */
  readonly jobs?: number;
  /** A Kafka to use (`host:port`) instead of a fresh embedded broker for each notebook. */
  readonly brokers?: string;
  /** Where they are; `notebooks/` of the project, or the language's folder in it, by default. */
  readonly folder?: string;
}

/**
 * `npm run notebooks`: every notebook in a fresh kernel, with a fresh broker, outputs compared with the committed ones;
 * then the solutions of its exercises in the same kernel. Ends with the line `N passed, N failed`.
 *
 * @param pattern a regular expression for the file's name; all notebooks by default
 * @returns the exit code
 */
export async function runNotebooks(pattern: string | undefined, options: NotebooksOptions): Promise<number> {
  const root = packageRoot;
  const below = options.lang === 'en' ? [] : [options.lang];
  const folder = options.folder ?? join(root, 'notebooks', ...below);
  const names = notebooksIn(folder, pattern);
  if (names.length === 0) {
    console.error(pattern === undefined ? `no notebooks in ${folder}` : `no notebook in ${folder} matches ${pattern}`);
    console.log(`0 passed, ${pattern === undefined ? 0 : 1} failed`);
    return pattern === undefined ? 0 : 1;
  }
  if (options.blank === true) {
    const target = join(options.folder ?? join(root, 'notebooks'), 'blank', ...(options.folder ? [] : below));
    for (const name of names) writeBlank(folder, target, name);
    console.log(`${names.length} written to ${target}`);
    return 0;
  }
  // Jupyter's client library tells of each connection.
  console.debug = () => undefined;
  const server = await startServer(folder);
  const stop = (): void => void server.stop().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const failed = await runAll(names, { ...options, root, folder, server });
    console.log(`${names.length - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await server.stop();
  }
}

type Setting = NotebooksOptions & { readonly root: string; readonly folder: string; readonly server: JupyterServer };

/** Several at the same time; each takes the next that nobody has taken. @returns how many failed */
async function runAll(names: readonly string[], setting: Setting): Promise<number> {
  const { jobs = 2, fresh = false } = setting;
  const waiting = [...names];
  const width = Math.max(...names.map((name) => name.length));
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const own = name;
      const onCell = (progress: CellProgress): void => console.log(cellLine(own.padEnd(width), progress));
      const ran = await runOne({ ...setting, fresh, name: own, onCell });
      for (const line of report(own, ran)) console.log(line);
      if (ran.problems.length > 0) failed++;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, names.length)) }, work));
  return failed;
}

function cellLine(name: string, { cell, of, elapsedMs, line }: CellProgress): string {
  const place = `${String(cell).padStart(String(of).length)}/${of}`;
  return `       ${name}  ${place}  ${(elapsedMs / 1000).toFixed(2).padStart(6)} s  ${line.slice(0, 70)}`;
}

function report(name: string, { problems, seconds, wrote, solved }: Ran): string[] {
  const more = [
    ...(solved > 0 ? [`${solved} ${solved === 1 ? 'solution' : 'solutions'} right`] : []),
    ...(wrote ? ['outputs written'] : []),
  ];
  const head = `${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)${more.map((each) => `, ${each}`).join('')}`;
  return [head, ...problems.map((problem) => `  ${problem.replaceAll('\n', '\n  ')}`)];
}

function notebooksIn(folder: string, pattern: string | undefined): string[] {
  const wanted = new RegExp(pattern ?? '');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => name.endsWith('.ipynb') && wanted.test(name)).sort();
}
