import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startBroker } from '../../broker/index.js';
import { StreambookError } from '../../core/errors.js';
import { packageRoot } from '../../core/package-root.js';
import { type JupyterServer, startJupyterServer } from '../../kernel/client/index.js';

/** Where kernels are started, and what a kernel is told before the first cell. */
export interface Kernels {
  readonly server: JupyterServer;
  /** Code: the broker, and that nobody watches. */
  readonly settings: string;
}

export function settingsFor(address: string): string {
  const pace = JSON.stringify(process.env.STREAMBOOK_PACE ?? '0');
  return `process.env.STREAMBOOK_BROKERS = ${JSON.stringify(address)}; process.env.STREAMBOOK_PACE = ${pace};`;
}

/** A broker of one's own: what a notebook shows must not depend on those before it. */
export async function ownBroker(): Promise<{ readonly address: string; stop(): Promise<void> }> {
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

/** The set-up's own files are plain and not built, because they run before there is a build. */
async function setupModule<T>(root: string, name: string): Promise<T> {
  const file = join(root, 'src', 'cli', 'setup', name);
  if (!existsSync(file))
    throw new StreambookError('not-a-clone', 'notebooks are run from a clone of the project', {
      hint: 'git clone the repository, then npm start',
    });
  return (await import(pathToFileURL(file).href)) as T;
}

/** Jupyter's server over a folder, set up first where it is missing. */
export async function startServer(folder: string, root = packageRoot): Promise<JupyterServer> {
  const paths = await setupModule<typeof import('../setup/paths.mjs')>(root, 'paths.mjs');
  const { ensureJupyterLab } = await setupModule<typeof import('../setup/jupyterlab.mjs')>(root, 'jupyterlab.mjs');
  const { ensureKernel } = await setupModule<typeof import('../setup/kernel.mjs')>(root, 'kernel.mjs');
  const at = paths.layout(root);
  const { value: jupyter } = await ensureJupyterLab(at, (what: string) => console.log(`JupyterLab: ${what}`));
  await ensureKernel(at);
  const { command, args } = jupyter;
  return startJupyterServer({ command, args, rootDir: folder, env: paths.jupyterEnvironment(at) });
}

/** Does the work on each name, several at the same time, each with a broker of its own, on one server over a folder. */
export async function withKernels(
  folder: string,
  jobs: number,
  names: readonly string[],
  work: (name: string, kernels: Kernels) => Promise<void>,
): Promise<void> {
  // Jupyter's client library tells of each connection.
  console.debug = () => undefined;
  const server = await startServer(folder);
  const stop = (): void => void server.stop().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const waiting = [...names];
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const broker = await ownBroker();
      await work(name, { server, settings: settingsFor(broker.address) }).finally(() => broker.stop());
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, names.length)) }, worker));
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await server.stop();
  }
}
