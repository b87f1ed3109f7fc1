import { formatWithOptions } from 'node:util';
import type { MimeBundle } from '../core/display.js';
import { flushAll } from '../core/flush.js';
import { lastValueView } from '../core/last-value.js';
import { Cell, runInCell } from './cell.js';
import { ExecuteQueue } from './execute-queue.js';
import type { Executor, Outcome } from './executor.js';
import { hoverPlaces, hoverText } from './hover.js';
import { isComplete } from './patches/is-complete.js';
import { promiseText } from './promises.js';
import { type ErrorReport, reportError } from './report.js';
import { toCodePoints, toIndex } from './text-offset.js';
import type { Header, Request } from './transport/messages.js';
import type { Transport } from './transport/transport.js';
import { type Tslab, tslabVersion } from './tslab.js';

const Timer = setTimeout(() => undefined).unref().constructor as new () => NodeJS.Timeout;
const Immediate = setImmediate(() => undefined).unref().constructor as new () => NodeJS.Immediate;

/** A value that knows how to show itself, by the convention of other JavaScript kernels. */
const displaySymbol = Symbol.for('Jupyter.display');

/**
 * Jupyter's messaging protocol 5.3: what a client asks, and what it is told. tslab's own server answers some requests
 * with the wrong type, others not at all, and says the kernel is idle when a completion was served beside a running cell.
 */
export class Server {
  private readonly queue = new ExecuteQueue(
    (request) => this.execute(request),
    (request) => this.abort(request),
  );
  private readonly history: string[] = [];
  /** The last execution of each cell of the notebook, by the cell's id there. */
  private readonly lastRuns = new Map<string, number>();
  private runningCell: Header | undefined;
  private executions = 0;
  private count = 0;

  constructor(
    private readonly tslab: Tslab,
    private readonly executor: Executor,
    private readonly transport: Transport,
    private readonly shutdown: () => Promise<void>,
    private readonly exit: (code: number) => void,
  ) {}

  handle(request: Request): void {
    if (request.header.msg_type === 'execute_request') {
      this.queue.add(request);
      return;
    }
    this.status('busy', request.header);
    try {
      this.answer(request);
    } catch (error) {
      const type = request.header.msg_type.replace(/_request$/, '_reply');
      this.transport.reply(request, type, { status: 'error', ...reportError(error) });
    }
    this.status('idle', request.header);
    // Clients take the last status for the kernel's: it is busy still when a cell runs.
    if (this.runningCell !== undefined) this.status('busy', this.runningCell);
  }

  private answer(request: Request): void {
    const { content } = request;
    const reply = (type: string, answer: object): void =>
      this.transport.reply(request, type, { status: 'ok', ...answer });
    switch (request.header.msg_type) {
      case 'kernel_info_request':
        reply('kernel_info_reply', this.kernelInfo());
        break;
      case 'complete_request':
        reply('complete_reply', this.complete(String(content.code), Number(content.cursor_pos)));
        break;
      case 'inspect_request':
        reply('inspect_reply', this.inspect(String(content.code), Number(content.cursor_pos)));
        break;
      case 'is_complete_request':
        reply('is_complete_reply', isComplete(this.tslab, String(content.code)));
        break;
      case 'history_request':
        reply('history_reply', { history: this.pastCells(content) });
        break;
      case 'comm_info_request':
        reply('comm_info_reply', { comms: {} });
        break;
      case 'comm_open':
        // The protocol's way to say that nobody here speaks with widgets.
        this.transport.publish(request.header, 'comm_close', { comm_id: content.comm_id, data: {} });
        break;
      case 'shutdown_request':
        void this.end(request);
        break;
      // Anything else (a debugger's requests, say) is no error: newer clients ask what older kernels do not know.
    }
  }

  private status(state: 'busy' | 'idle', parent: Header): void {
    this.transport.publish(parent, 'status', { execution_state: state });
  }

  private abort(request: Request): void {
    this.status('busy', request.header);
    // Without a count: JupyterLab would write it beside the cell, as though it had run.
    this.transport.reply(request, 'execute_reply', { status: 'aborted' });
    this.status('idle', request.header);
  }

  /** @returns undefined when the cells that are queued behind shall run; otherwise the time of the failure */
  private async execute(request: Request): Promise<number | undefined> {
    const { header, content } = request;
    const code = String(content.code ?? '');
    const silent = content.silent === true;
    this.executions++;
    if (!silent) {
      this.count++;
      if (content.store_history !== false) this.history.push(code);
    }
    const cell = new Cell(this.executions, silent ? undefined : this.count, Date.parse(header.date), (type, message) =>
      this.transport.publish(header, type, message),
    );
    this.runningCell = header;
    this.status('busy', header);
    if (!silent) this.transport.publish(header, 'execute_input', { code, execution_count: this.count });
    const place = silent ? undefined : cellIdIn(request);
    const replaced = place === undefined ? undefined : this.lastRuns.get(place);
    if (place !== undefined) this.lastRuns.set(place, cell.id);
    let outcome = await this.executor.execute(cell, code, replaced);
    if (outcome.status === 'ok' && outcome.value !== undefined && !silent && !isTimer(outcome.value))
      outcome = await this.showValue(cell, outcome.value);
    const endedAt = Date.now();
    this.finish(request, cell, outcome);
    return outcome.status === 'ok' || content.stop_on_error === false ? undefined : endedAt;
  }

  private finish(request: Request, cell: Cell, outcome: Outcome): void {
    const execution_count = this.count;
    flushAll();
    if (outcome.status === 'ok') {
      cell.output.flush();
      const ok = { status: 'ok', execution_count, payload: [], user_expressions: {} };
      this.transport.reply(request, 'execute_reply', ok);
    } else {
      cell.output.message('error', outcome.report);
      this.transport.reply(request, 'execute_reply', { status: 'error', execution_count, ...outcome.report });
    }
    this.runningCell = undefined;
    this.status('idle', request.header);
  }

  private async showValue(cell: Cell, value: unknown): Promise<Outcome> {
    try {
      const data = await runInCell(cell, () => bundleOf(value));
      if (data === null) return { status: 'ok' };
      cell.output.message('execute_result', { data, metadata: {}, execution_count: this.count });
      return { status: 'ok' };
    } catch (error) {
      return { status: 'error', report: reportError(error) };
    }
  }

  private complete(code: string, cursor: number): object {
    const info = this.executor.complete(code, toIndex(code, cursor));
    const start = toCodePoints(code, info.start);
    const end = toCodePoints(code, info.end);
    const kinds = new Map((info.original?.entries ?? []).map((entry) => [entry.name, entry.kind]));
    const types = info.candidates.map((text) => ({ text, start, end, type: kinds.get(text) ?? '' }));
    return {
      matches: info.candidates,
      cursor_start: start,
      cursor_end: end,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  private inspect(code: string, cursor: number): object {
    for (const place of hoverPlaces(this.tslab.typescript, code, toIndex(code, cursor))) {
      const info = this.executor.inspect(code, place);
      if (info !== undefined) return { found: true, data: { 'text/plain': hoverText(info) }, metadata: {} };
    }
    return { found: false, data: {}, metadata: {} };
  }

  private pastCells(content: Record<string, unknown>): [number, number, string][] {
    const all = this.history.map((code, index): [number, number, string] => [1, index + 1, code]);
    return content.hist_access_type === 'tail' ? all.slice(-Number(content.n ?? 10)) : all;
  }

  private kernelInfo(): object {
    return {
      protocol_version: '5.3',
      implementation: 'streambook',
      implementation_version: tslabVersion,
      language_info: {
        name: 'typescript',
        version: this.tslab.typescript.version,
        mimetype: 'text/typescript',
        file_extension: '.ts',
        pygments_lexer: 'typescript',
        // JupyterLab looks at `mode`, the classic notebook at the rest.
        codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true },
      },
      banner: `TypeScript ${this.tslab.typescript.version} on Node ${process.version} (streambook, tslab ${tslabVersion})`,
      help_links: [],
    };
  }

  private async end(request: Request): Promise<void> {
    const restart = request.content.restart === true;
    const { header } = request;
    // The reply comes when nothing runs any more: a client may remove our folders then.
    await this.shutdown();
    this.transport.reply(request, 'shutdown_reply', { status: 'ok', restart });
    this.transport.publish(header, 'shutdown_reply', { status: 'ok', restart });
    await this.transport.close();
    this.exit(0);
  }

  /** Something failed that no cell waits for: told below the cell it belongs to, the kernel goes on. */
  reportBackground(cell: Cell | undefined, error: unknown): void {
    const report: ErrorReport = reportError(error);
    const text = `In the background: ${report.traceback.join('\n')}\n`;
    if (cell === undefined) process.stderr.write(text);
    else cell.output.write('stderr', text);
  }
}

/** What `setTimeout` returns is nobody's result, though it may be the value of a cell's last line. */
function isTimer(value: unknown): boolean {
  return value instanceof Timer || value instanceof Immediate;
}

/** The id that the cell has in its notebook; consoles and nbclient name none. */
function cellIdIn({ metadata }: Request): string | undefined {
  return typeof metadata.cellId === 'string' ? metadata.cellId : undefined;
}

/** What a cell's last value shows; null: it has shown itself already. */
async function bundleOf(value: unknown): Promise<MimeBundle | null> {
  const show = (value as { [displaySymbol]?: unknown })[displaySymbol];
  if (typeof show === 'function') {
    const bundle: unknown = await show.call(value);
    if (typeof bundle === 'object') return bundle as MimeBundle | null;
  }
  const promised = promiseText(value);
  if (promised !== undefined) return { 'text/plain': promised };
  return (await lastValueView()?.(value)) ?? { 'text/plain': formatWithOptions({}, value) };
}
