import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startBroker } from '../broker/index.js';
import { messageOf, StreambookError } from '../core/errors.js';
import {
  type JupyterServer,
  type NotebookKernel,
  openKernel,
  readNotebook,
  runNotebook,
  startJupyterServer,
  writeNotebook,
} from '../kernel/client/index.js';

export interface NotebooksOptions {
  readonly lang: 'en' | 'zh';
  /** Writes the outputs back instead of comparing them. */
  readonly update: boolean;
  /** How long one cell may take, in seconds. */
  readonly limit: number;
  /** A Kafka to use (`host:port`) instead of a fresh embedded broker for each notebook. */
  readonly brokers?: string;
  /** Where they are; `notebooks/` of the project, or the language's folder in it, by default. */
  readonly folder?: string;
}

interface Job extends NotebooksOptions {
  readonly root: string;
  readonly folder: string;
  readonly server: JupyterServer;
}

/**
 * `npm run notebooks`: every notebook in a fresh kernel, with a fresh broker, outputs compared with the committed ones.
 * Ends with the line `N passed, N failed`.
 *
 * @param pattern a regular expression for the file's name; all notebooks by default
 * @returns the exit code
 */
export async function runNotebooks(pattern: string | undefined, options: NotebooksOptions): Promise<number> {
  const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
  const folder = options.folder ?? join(root, 'notebooks', ...(options.lang === 'en' ? [] : [options.lang]));
  const names = notebooksIn(folder, pattern);
  if (names.length === 0) {
    console.error(pattern === undefined ? `no notebooks in ${folder}` : `no notebook in ${folder} matches ${pattern}`);
    console.log(`0 passed, ${pattern === undefined ? 0 : 1} failed`);
    return pattern === undefined ? 0 : 1;
  }
  // Jupyter's client library tells of each connection.
  console.debug = () => undefined;
  const server = await startServer(root, folder);
  const stop = (): void => void server.stop().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let failed = 0;
  try {
    for (const name of names) if (!(await runOne({ ...options, root, folder, server }, name))) failed++;
  } finally {
    await server.stop();
  }
  console.log(`${names.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function notebooksIn(folder: string, pattern: string | undefined): string[] {
  const wanted = new RegExp(pattern ?? '');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => name.endsWith('.ipynb') && wanted.test(name)).sort();
}

/** The set-up's own files are plain and not built, because they run before there is a build. */
async function setupModule<T>(root: string, name: string): Promise<T> {
  const file = join(root, 'src', 'cli', 'setup', name);
  if (!existsSync(file))
    throw new StreambookError('not-a-clone', 'notebooks are run from a clone of the project', {
      hint: 'git clone the repository, then npm start',
    });
  return (await import(pathToFileURL(file).href)) as T;
}

async function startServer(root: string, folder: string): Promise<JupyterServer> {
  const paths = await setupModule<typeof import('./setup/paths.mjs')>(root, 'paths.mjs');
  const { ensureJupyterLab } = await setupModule<typeof import('./setup/jupyterlab.mjs')>(root, 'jupyterlab.mjs');
  const { ensureKernel } = await setupModule<typeof import('./setup/kernel.mjs')>(root, 'kernel.mjs');
  const at = paths.layout(root);
  const { value: jupyter } = await ensureJupyterLab(at, (what: string) => console.log(`JupyterLab: ${what}`));
  await ensureKernel(at);
  const { command, args } = jupyter;
  return startJupyterServer({ command, args, rootDir: folder, env: paths.jupyterEnvironment(at) });
}

/** A broker each: what a notebook shows must not depend on those before it. */
async function ownBroker(): Promise<{ readonly address: string; stop(): Promise<void> }> {
  const data = mkdtempSync(join(tmpdir(), 'streambook-notebook-'));
  const broker = await startBroker({ port: 0, data });
  return {
    address: broker.address,
    async stop() {
      await broker.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** @returns whether it passed */
async function runOne({ root, folder, server, update, limit, brokers }: Job, name: string): Promise<boolean> {
  const file = join(folder, name);
  const since = performance.now();
  const broker = brokers === undefined ? await ownBroker() : { address: brokers, stop: async () => {} };
  let kernel: NotebookKernel | undefined;
  let problems: readonly string[];
  let wrote = false;
  try {
    const notebook = readNotebook(readFileSync(file, 'utf8'), name);
    kernel = await openKernel({ ...server, path: name });
    const address = JSON.stringify(broker.address);
    await kernel.execute(`process.env.STREAMBOOK_BROKERS = ${address};`, { silent: true });
    const result = await runNotebook(notebook, kernel, {
      cellLimitMs: limit * 1000,
      compare: !update,
      hiddenPath: root,
    });
    if (update && result.complete) {
      const { language_info } = await kernel.info();
      const kernelspec = { display_name: 'TypeScript (streambook)', language: 'typescript', name: 'streambook' };
      writeFileSync(file, writeNotebook(notebook, result.outputs, { kernelspec, language_info }));
      wrote = true;
    }
    problems = result.problems;
  } catch (error) {
    problems = [messageOf(error)];
  }
  await kernel?.shutdown().catch(() => undefined);
  await broker.stop();
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  console.log(
    `${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)${wrote ? ', outputs written' : ''}`,
  );
  for (const problem of problems) console.log(`  ${problem.replaceAll('\n', '\n  ')}`);
  return problems.length === 0;
}
