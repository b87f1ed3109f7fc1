import type { Kernel as KernelTypes } from '@jupyterlab/services';
import { StreambookError } from '../../core/errors.js';
import { kernelName } from '../kernelspec.js';
import { type Displays, type Output, Outputs } from './outputs.js';

export interface OpenKernelOptions {
  /** `http://127.0.0.1:8888/` */
  readonly baseUrl: string;
  readonly token: string;
  /** The kernelspec; `streambook` by default. */
  readonly name?: string;
  /** The kernel runs in the folder of this path, which is relative to the server's root. */
  readonly path?: string;
  /** How long the kernel may take to answer; 60,000 by default. */
  readonly timeoutMs?: number;
}

interface ExecuteOptions {
  /** Called with each output as it arrives. */
  readonly onOutput?: (outputs: readonly Output[]) => void;
  /** Whether cells queued behind are given up when this one fails; true by default, as in Run All. */
  readonly stopOnError?: boolean;
  /** Not counted, not shown to other clients, no value shown; false by default. */
  readonly silent?: boolean;
  /** The cell's id in its notebook. Run again, it replaces what it had started before. */
  readonly cellId?: string;
}

export interface Executed {
  readonly status: 'ok' | 'error' | 'aborted';
  /** As a notebook file holds them, streams joined. What the cell shows after its end is added here, too. */
  readonly outputs: Output[];
  readonly executionCount: number | null;
}

interface Completions {
  readonly matches: string[];
  readonly start: number;
  readonly end: number;
}

/** A kernel on a Jupyter server, as a notebook's front end uses it. */
export interface NotebookKernel {
  readonly id: string;
  /** Runs a cell. Calls are queued by the kernel, as Run All does. */
  execute(code: string, options?: ExecuteOptions): Promise<Executed>;
  interrupt(): Promise<void>;
  restart(): Promise<void>;
  complete(code: string, cursor?: number): Promise<Completions>;
  /** What Shift-Tab shows, as text; undefined when there is nothing. */
  inspect(code: string, cursor: number): Promise<string | undefined>;
  isComplete(code: string): Promise<'complete' | 'incomplete' | 'invalid' | 'unknown'>;
  info(): Promise<Record<string, unknown>>;
  shutdown(): Promise<void>;
  /** The connection of JupyterLab's own client library, for whatever is not offered here. */
  readonly connection: KernelTypes.IKernelConnection;
}

/**
 * Starts a kernel on a running Jupyter server and waits until it answers.
 *
 * @throws {StreambookError} `kernel-not-started`, `kernel-died` (from a call that waits)
 * @example
 *   const kernel = await openKernel(server);
 *   const { outputs } = await kernel.execute('1 + 1');
 *   await kernel.shutdown();
 * @see @jupyterlab/services: KernelConnection
 */
export async function openKernel(options: OpenKernelOptions): Promise<NotebookKernel> {
  // Only those who open kernels have to have it: it is no dependency of the package.
  const { KernelConnection, ServerConnection } = (await import('@jupyterlab/services')).default;
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: options.baseUrl,
    token: options.token,
    appendToken: true,
  });
  const body = JSON.stringify({ name: options.name ?? kernelName, path: options.path ?? '' });
  const url = new URL('api/kernels', options.baseUrl).href;
  const response = await ServerConnection.makeRequest(url, { method: 'POST', body }, serverSettings);
  const answer = (await response.json()) as { id: string; name: string; message?: string };
  if (response.status !== 201)
    throw new StreambookError('kernel-not-started', `the server started no kernel: ${answer.message ?? ''}`);
  const connection = new KernelConnection({ model: answer, serverSettings });
  const kernel = new Connected(connection);
  const timer = setTimeout(() => kernel.fail('it did not answer'), options.timeoutMs ?? 60_000);
  try {
    await kernel.alive(connection.info);
  } catch (error) {
    connection.dispose();
    throw new StreambookError('kernel-not-started', 'the kernel did not start', { cause: error });
  } finally {
    clearTimeout(timer);
  }
  return kernel;
}

class Connected implements NotebookKernel {
  private readonly displays: Displays = new Map();
  private died: (error: Error) => void = () => undefined;
  private readonly death: Promise<never>;
  private dead = false;

  constructor(readonly connection: KernelTypes.IKernelConnection) {
    this.death = new Promise((_resolve, reject) => {
      this.died = reject;
    });
    // Whoever waits at that time hears of it; nobody else needs to.
    this.death.catch(() => undefined);
    connection.statusChanged.connect((_kernel, status) => {
      if (status === 'dead' || status === 'autorestarting') this.fail('its process ended');
    });
  }

  get id(): string {
    return this.connection.id;
  }

  fail(why: string): void {
    this.dead = true;
    this.died(new StreambookError('kernel-died', `the kernel is gone: ${why}`));
  }

  /** `promise`, unless the kernel dies first. */
  alive<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.death]);
  }

  async execute(
    code: string,
    { onOutput, stopOnError = true, silent = false, cellId }: ExecuteOptions = {},
  ): Promise<Executed> {
    const outputs = new Outputs(this.displays);
    const request = { code, silent, store_history: !silent, stop_on_error: stopOnError, allow_stdin: false };
    const metadata = cellId === undefined ? {} : { cellId };
    const future = this.connection.requestExecute(request, false, metadata);
    future.onIOPub = ({ header, content }) => {
      if (outputs.take(header.msg_type, content)) onOutput?.(outputs.list);
    };
    const { content } = await this.alive(future.done);
    const status = content.status === 'ok' || content.status === 'error' ? content.status : 'aborted';
    const executionCount = (content as { execution_count?: number }).execution_count ?? null;
    return { status, outputs: outputs.list, executionCount };
  }

  async interrupt(): Promise<void> {
    await this.alive(this.connection.interrupt());
  }

  async restart(): Promise<void> {
    this.displays.clear();
    await this.alive(this.connection.restart());
  }

  async complete(code: string, cursor = code.length): Promise<Completions> {
    const { content } = await this.alive(this.connection.requestComplete({ code, cursor_pos: cursor }));
    if (content.status !== 'ok') return { matches: [], start: cursor, end: cursor };
    return { matches: content.matches, start: content.cursor_start, end: content.cursor_end };
  }

  async inspect(code: string, cursor: number): Promise<string | undefined> {
    const request = this.connection.requestInspect({ code, cursor_pos: cursor, detail_level: 0 });
    const { content } = await this.alive(request);
    if (content.status !== 'ok' || !content.found) return undefined;
    return String(content.data['text/plain']);
  }

  async isComplete(code: string): Promise<'complete' | 'incomplete' | 'invalid' | 'unknown'> {
    const { content } = await this.alive(this.connection.requestIsComplete({ code }));
    return content.status as 'complete';
  }

  async info(): Promise<Record<string, unknown>> {
    return (await this.alive(this.connection.info)) as unknown as Record<string, unknown>;
  }

  async shutdown(): Promise<void> {
    // The server starts a dead kernel anew; leaving in the middle of that would be an error nobody catches.
    if (this.dead) await this.connected(5000);
    try {
      await this.connection.shutdown();
    } catch (error) {
      // The server may be busy starting a dead one anew: nothing of ours is left to be shut down then.
      if (!this.dead) throw error;
    } finally {
      this.connection.dispose();
    }
  }

  private async connected(limitMs: number): Promise<void> {
    const { connection } = this;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (connection.connectionStatus !== 'connected') return;
        clearTimeout(timer);
        connection.connectionStatusChanged.disconnect(check);
        resolve();
      };
      const timer = setTimeout(resolve, limitMs);
      connection.connectionStatusChanged.connect(check);
      check();
    });
  }
}
