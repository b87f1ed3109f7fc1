import { readFileSync } from 'node:fs';
import { messageOf, StreambookError } from '../core/errors.js';
import type { TableResult } from '../table/index.js';

/** How `streambook sql` was called. */
export interface SqlOptions {
  readonly execute?: string;
  readonly file?: string;
}

/**
 * `streambook sql -e STATEMENTS` or `-f FILE`: carries statements out one after the other and prints what each gives, as
 * Flink's client does. Ctrl-C ends the query that runs.
 *
 * @returns the exit code: 1 after an error
 */
export async function runSql(options: SqlOptions): Promise<number> {
  try {
    const { tableEnv } = await import('../table/index.js');
    const text = await statementsOf(options);
    const t = tableEnv();
    let running: TableResult | undefined;
    let stopped = false;
    const stop = (): void => {
      stopped = true;
      void running?.cancel();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    for await (const result of t.executeScript(text)) {
      running = result;
      await shown(result);
      if (stopped) return 130;
    }
    return 0;
  } catch (error) {
    process.stderr.write(`[ERROR] ${error instanceof StreambookError ? error.message : messageOf(error)}\n`);
    return 1;
  }
}

async function shown(result: TableResult): Promise<void> {
  if (result.isOk) {
    console.log('[INFO] Execute statement succeeded.');
  } else if (result.job !== undefined) {
    await result.wait();
    console.log('[INFO] Complete execution of the SQL update statement.');
  } else {
    await result.print();
  }
}

async function statementsOf({ execute, file }: SqlOptions): Promise<string> {
  if (execute !== undefined && file !== undefined) {
    throw new StreambookError('bad-argument', 'give -e or -f, not both');
  }
  if (execute !== undefined) return execute;
  if (file !== undefined) return readFileSync(file, 'utf8');
  if (process.stdin.isTTY) {
    throw new StreambookError('not-implemented', 'the interactive shell is not there yet', {
      hint: "streambook sql -e 'SELECT 1', streambook sql -f statements.sql, or statements on standard input",
    });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
