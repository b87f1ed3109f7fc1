import { readFileSync } from 'node:fs';
import { messageOf } from '../../core/errors.js';
import { ClientSettings } from './client-settings.js';
import { shellCommand } from './commands.js';
import { HELP } from './help.js';
import type { BusyKey } from './keyboard.js';
import { present } from './present.js';
import type { Outcome, SessionJob, SqlSession } from './session.js';
import { splitStatements } from './statements.js';
import type { Screen } from './terminal.js';

/** How it went: `failed`, `interrupted` by Ctrl-C, or somebody wants to `quit`. */
export type Done = 'ok' | 'failed' | 'interrupted' | 'quit';

/** What running statements needs. */
export interface RunnerOptions {
  readonly session: SqlSession;
  readonly screen: Screen;
  /** Where errors go. */
  readonly errors: Screen;
  /** Somebody watches, and can press keys. Otherwise INSERTs are waited for, and rows printed one below the other. */
  readonly interactive: boolean;
  /** Is told of every job that goes on by itself. */
  readonly onJob?: (job: SessionJob) => void;
}

/** Carries out statements one after the other, and prints what they give. */
export class StatementRunner {
  private readonly settings: ClientSettings;
  private stopping: AbortController | undefined;
  private keys: ((key: BusyKey) => boolean) | undefined;

  constructor(private readonly options: RunnerOptions) {
    this.settings = new ClientSettings((key) => options.session.get(key));
  }

  /** Stops what runs. `false`: nothing does. */
  stop(): boolean {
    if (this.stopping === undefined) return false;
    this.stopping.abort();
    return true;
  }

  /** A key that was pressed while a statement runs. Says whether it meant something. */
  key(key: BusyKey): boolean {
    if (key === 'interrupt') return this.stop();
    return this.keys?.(key) ?? false;
  }

  /**
   * The statements of a whole text. Stops at the first that fails.
   *
   * @param name for errors: the file
   */
  async script(text: string, name?: string): Promise<Done> {
    const { statements, rest } = splitStatements(`${text}\n;`);
    if (rest.trim() !== '') return this.failed(new Error('a string, a name or a comment has no end'), name);
    for (const statement of statements) {
      const done = await this.run(statement.inPlace, name);
      if (done !== 'ok') return done;
    }
    return 'ok';
  }

  /** One statement or client command. */
  async run(statement: string, name?: string): Promise<Done> {
    const { screen } = this.options;
    const command = shellCommand(statement);
    switch (command?.kind) {
      case 'help':
        await screen.line(HELP);
        return 'ok';
      case 'quit':
        return 'quit';
      case 'clear':
        if (screen.output.isTTY === true) await screen.write('\u001b[2J\u001b[3J\u001b[H');
        return 'ok';
      case 'source':
        return this.source(command.file);
      default:
    }
    const stopping = new AbortController();
    this.stopping = stopping;
    try {
      await this.show(await this.options.session.execute(statement, stopping.signal), stopping);
      return stopping.signal.aborted ? 'interrupted' : 'ok';
    } catch (error) {
      if (stopping.signal.aborted) return 'interrupted';
      return this.failed(error, name);
    } finally {
      this.stopping = undefined;
      this.keys = undefined;
    }
  }

  private async source(file: string): Promise<Done> {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      return this.failed(error);
    }
    return this.script(text, file);
  }

  private async show(outcome: Outcome, stopping: AbortController): Promise<void> {
    const { screen, interactive } = this.options;
    switch (outcome.kind) {
      case 'ok':
        return screen.line(`[INFO] ${outcome.message ?? 'Execute statement succeeded.'}`);
      case 'job':
        return this.showJob(outcome.job, stopping.signal);
      case 'rows':
        return present(outcome.result, {
          screen,
          interactive,
          settings: this.settings,
          signal: stopping.signal,
          stop: () => stopping.abort(),
          onKeys: (handler) => {
            this.keys = handler;
          },
        });
    }
  }

  private async showJob(job: SessionJob, signal: AbortSignal): Promise<void> {
    const { screen, interactive, onJob } = this.options;
    if (interactive && !this.settings.dmlSync) {
      await screen.line(`[INFO] SQL update statement has been submitted.\nJob ID: ${job.id}`);
      onJob?.(job);
      return;
    }
    const stop = (): void => void job.cancel();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await job.wait();
    } finally {
      signal.removeEventListener('abort', stop);
    }
    if (!signal.aborted) await screen.line('[INFO] Complete execution of the SQL update statement.');
  }

  private async failed(error: unknown, name?: string): Promise<Done> {
    const text = errorText(error, this.settings.verbose);
    await this.options.errors.error(name === undefined ? text : `${text}\n  in ${name}`);
    return 'failed';
  }
}

/** An error as the client prints it: what, where with a caret, what to do next; without our own code for it. */
export function errorText(error: unknown, verbose = false): string {
  if (verbose && error instanceof Error) return `[ERROR] ${error.stack ?? error.message}`;
  return `[ERROR] ${messageOf(error).replace(/\[streambook\/[a-z0-9-]+\] /g, '')}`;
}
