import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { StreambookError } from '../../core/errors.js';

export interface JupyterServerOptions {
  /** The program, by name or absolute path: `jupyter`, or the Python of an environment. */
  readonly command: string;
  /** What makes it a server: `['lab']`, `['-m', 'jupyter_server']`. */
  readonly args: readonly string[];
  /** The folder that it serves. */
  readonly rootDir: string;
  /** All of its environment; the folders Jupyter writes to are named here (`JUPYTER_DATA_DIR` and so on). */
  readonly env: NodeJS.ProcessEnv;
  /** A free one by default. */
  readonly port?: number;
  /** A random one by default. */
  readonly token?: string;
  /** How long it may take to answer; 60,000 by default. */
  readonly timeoutMs?: number;
}

/** A Jupyter server that answers. */
export interface JupyterServer {
  /** `http://127.0.0.1:8888/` */
  readonly baseUrl: string;
  readonly token: string;
  readonly pid: number | undefined;
  /** What it has said on its output so far. */
  log(): string;
  /** Ends it and all of its kernels; asked first, killed after 8 seconds. */
  stop(): Promise<void>;
}

/**
 * Starts a Jupyter server on the loopback address and waits until it answers.
 *
 * @throws {StreambookError} `jupyter-not-started`, with the end of what it said
 * @example
 *   const server = await startJupyterServer({ command: 'jupyter', args: ['server'], rootDir: 'notebooks', env: process.env });
 */
export async function startJupyterServer(options: JupyterServerOptions): Promise<JupyterServer> {
  const port = options.port ?? (await freePort());
  const token = options.token ?? randomBytes(24).toString('hex');
  const args = [
    ...options.args,
    '--no-browser',
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    // A kernel that is killed leaves its transactions open. On a busy machine the usual 5 s may be too short for a good end.
    '--KernelManager.shutdown_wait_time=30',
    `--ServerApp.root_dir=${options.rootDir}`,
    // In a container everybody is root, and Jupyter would refuse.
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
  ];
  // In the environment, because everybody on the machine can read a command line.
  const env = { ...options.env, JUPYTER_TOKEN: token };
  const child = spawn(options.command, args, { env, cwd: options.rootDir, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let failed: Error | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-50_000);
    });
  child.once('error', (error) => {
    failed = error;
  });
  const server = { baseUrl: `http://127.0.0.1:${port}/`, token, pid: child.pid, log: () => said };
  const deadline = performance.now() + (options.timeoutMs ?? 60_000);
  while (!(await answers(server))) {
    if (failed === undefined && child.exitCode === null && performance.now() < deadline) {
      await delay(50);
      continue;
    }
    await end(child);
    throw new StreambookError('jupyter-not-started', `the Jupyter server did not start: ${options.command}`, {
      hint: said.trim().split('\n').slice(-5).join('\n'),
      cause: failed,
    });
  }
  return { ...server, stop: () => stop(child, server) };
}

async function call(server: Pick<JupyterServer, 'baseUrl' | 'token'>, method: string, path: string): Promise<boolean> {
  try {
    const headers = { Authorization: `token ${server.token}` };
    const response = await fetch(new URL(path, server.baseUrl), {
      method,
      headers,
      signal: AbortSignal.timeout(5000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

const answers = (server: Pick<JupyterServer, 'baseUrl' | 'token'>): Promise<boolean> =>
  call(server, 'GET', 'api/status');

async function stop(child: ChildProcess, server: Pick<JupyterServer, 'baseUrl' | 'token'>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await call(server, 'POST', 'api/shutdown');
  const inTime = await Promise.race([ended.then(() => true), delay(8000, false, { ref: false })]);
  if (!inTime) await end(child);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
