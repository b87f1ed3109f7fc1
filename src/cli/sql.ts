import { readFileSync } from 'node:fs';
import { StreambookError } from '../core/errors.js';
import { errorText, StatementRunner } from './shell/runner.js';
import type { SqlSession } from './shell/session.js';
import { Screen } from './shell/terminal.js';

/** How `streambook sql` was called. */
export interface SqlOptions {
  readonly execute?: string;
  readonly file?: string;
  /** A file of statements to carry out first. */
  readonly init?: string;
  /** The SQL Gateway of a real Flink, instead of the engine in this process. */
  readonly cluster?: string;
  /** Where the shell keeps what was typed. */
  readonly history?: string;
}

/**
 * `streambook sql -e STATEMENTS` or `-f FILE`: carries statements out one after the other and prints what each gives, as
 * Flink's client does; Ctrl-C ends the query that runs. With neither, on a terminal: the shell.
 *
 * @returns the exit code: 1 after an error, 130 after Ctrl-C
 */
export async function runSql(options: SqlOptions): Promise<number> {
  try {
    const init = options.init === undefined ? undefined : { file: options.init, text: textOf(options.init) };
    const script = await scriptOf(options);
    const session = await openSession(options);
    if (script !== undefined) return await runScript(session, [...(init === undefined ? [] : [init]), script]);
    const { Shell } = await import('./shell/shell.js');
    const { History, historyFile } = await import('./shell/history.js');
    const history = new History(options.history ?? historyFile());
    return await new Shell({ session, history, input: process.stdin, output: process.stdout, init }).run();
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    return 1;
  }
}

/** Where statements run. */
async function openSession({ cluster }: SqlOptions): Promise<SqlSession> {
  if (cluster !== undefined) return (await import('./shell/cluster-session.js')).ClusterSession.open(cluster);
  const { LocalSession } = await import('./shell/local-session.js');
  return new LocalSession();
}

interface Script {
  readonly text: string;
  readonly file?: string;
}

async function runScript(session: SqlSession, scripts: readonly Script[]): Promise<number> {
  const screen = new Screen(process.stdout);
  const runner = new StatementRunner({ session, screen, errors: new Screen(process.stderr), interactive: false });
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    runner.stop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Who reads has read enough: `... | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'EOF') process.exit(0);
    process.stderr.write(`${errorText(error)}\n`);
    process.exit(1);
  });
  try {
    for (const { text, file } of scripts) {
      const done = await runner.script(text, file);
      if (stopped || done === 'interrupted') return 130;
      if (done === 'failed') return 1;
      if (done === 'quit') return 0;
    }
    const unfinished = session.unfinished?.();
    if (unfinished === undefined) return 0;
    process.stderr.write(`[ERROR] ${unfinished}\n`);
    return 1;
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
    await session.close();
  }
}

function textOf(file: string): string {
  return readFileSync(file, 'utf8');
}

/** The statements to carry out; `undefined`: somebody sits at a terminal. */
async function scriptOf({ execute, file }: SqlOptions): Promise<Script | undefined> {
  if (execute !== undefined && file !== undefined) {
    throw new StreambookError('bad-argument', 'give -e or -f, not both');
  }
  if (execute !== undefined) return { text: execute };
  if (file !== undefined) return { text: textOf(file), file };
  if (process.stdin.isTTY && process.stdout.isTTY) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return { text: Buffer.concat(chunks).toString('utf8') };
}
