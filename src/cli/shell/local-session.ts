import { StreambookError } from '../../core/errors.js';
import { type AnyType, type } from '../../core/types/index.js';
import { JobCancelledError } from '../../engine/errors.js';
import { type TableEnvironment, type TableResult, tableEnv } from '../../table/index.js';
import { checkInSet, UNFINISHED_SET } from '../../table/sets-in-scripts.js';
import { parseStatement, quoteIdentifier, type Statement } from '../../table/sql/index.js';
import { checkClientSetting, SETTINGS } from './client-settings.js';
import { LocalJob } from './local-job.js';
import type { Outcome, SessionNames, SessionRow, SessionRows, SqlSession } from './session.js';

/** Statements on the engine in this process. Tables, settings and jobs live as long as the session. */
export class LocalSession implements SqlSession {
  readonly where = 'the engine in this process';
  readonly jobsOutlive = false;
  private readonly started: LocalJob[] = [];
  /** The INSERTs since BEGIN STATEMENT SET. */
  private set: string[] | undefined;

  constructor(private readonly t: TableEnvironment = tableEnv()) {}

  async execute(statement: string, signal: AbortSignal): Promise<Outcome> {
    const parsed = parseStatement(statement);
    const own = await this.ownStatement(parsed, statement);
    if (own !== undefined) return own;
    return this.outcome(this.t.executeSql(statement), signal);
  }

  get(key: string): string | undefined {
    return this.t.config.get(key);
  }

  async names(): Promise<SessionNames> {
    return {
      tables: await this.list('SHOW TABLES'),
      databases: await this.list('SHOW DATABASES'),
      functions: await this.list('SHOW FUNCTIONS'),
      connectors: this.t.connectors.list().map(({ name }) => name),
      settings: SETTINGS,
    };
  }

  async columns(table: readonly string[]): Promise<readonly string[]> {
    try {
      return this.t.from(table.map(quoteIdentifier).join('.')).schema.names;
    } catch {
      return [];
    }
  }

  options(connector: string): readonly string[] {
    const found = this.t.connectors.list().find(({ name }) => name === connector);
    // A `#` stands for a column's name.
    return found?.options?.entries.filter((entry) => entry.state !== 'refused').map(({ key }) => key) ?? [];
  }

  unfinished(): string | undefined {
    return this.set === undefined || this.set.length === 0 ? undefined : UNFINISHED_SET;
  }

  jobs(): readonly LocalJob[] {
    return this.started;
  }

  async close(): Promise<void> {
    await Promise.all(this.started.map((job) => job.cancel()));
  }

  /** What a session carries out itself: jobs, and STATEMENT SETs that come in pieces. */
  private async ownStatement(parsed: Statement, statement: string): Promise<Outcome | undefined> {
    checkInSet(parsed, statement, this.set !== undefined);
    switch (parsed.kind) {
      case 'set':
        if (parsed.key !== undefined) checkClientSetting(parsed.key, parsed.value ?? '');
        return undefined;
      case 'show':
        return parsed.what === 'JOBS' ? this.showJobs() : undefined;
      case 'stopJob':
        return this.stopJob(parsed.job, parsed.savepoint, parsed.drain);
      case 'beginStatementSet':
        this.set = [];
        return { kind: 'ok' };
      case 'insert':
        if (this.set === undefined) return undefined;
        this.set.push(statement);
        return { kind: 'ok' };
      case 'endStatementSet': {
        const inserts = this.set ?? [];
        this.set = undefined;
        if (inserts.length === 0) return { kind: 'ok' };
        return this.outcome(
          this.t.executeSql(`EXECUTE STATEMENT SET BEGIN\n${inserts.join(';\n')};\nEND`),
          new AbortController().signal,
        );
      }
      default:
        return undefined;
    }
  }

  private outcome(result: TableResult, signal: AbortSignal): Outcome {
    if (result.isOk) return { kind: 'ok' };
    if (!result.isQuery && result.job !== undefined) {
      const job = new LocalJob(result.job);
      this.started.push(job);
      return { kind: 'job', job };
    }
    return { kind: 'rows', result: resultRows(result, signal) };
  }

  private showJobs(): Outcome {
    const rows = this.started.map((job) => [
      job.id,
      job.name,
      job.status(),
      new Date(job.startedAt).toISOString().slice(0, -1),
    ]);
    return { kind: 'rows', result: listRows(['job id', 'job name', 'status', 'start time'], rows) };
  }

  private async stopJob(id: string, savepoint: boolean, drain: boolean): Promise<Outcome> {
    // The beginning of an id is enough, if it is one job's alone.
    const [job, ...others] = this.started.filter((one) => one.id.startsWith(id) && id.length >= 4);
    if (job === undefined || others.length > 0) {
      const running = this.started.filter((one) => one.status() === 'RUNNING').map((one) => `'${one.id}'`);
      throw new StreambookError('job-not-found', `no job '${id}' in this session`, {
        hint: running.length === 0 ? 'no job is running; SHOW JOBS lists all' : `running: ${running.join(', ')}`,
      });
    }
    if (!savepoint) {
      await job.cancel();
      return { kind: 'ok' };
    }
    const folder = this.get('execution.checkpointing.savepoint-dir') ?? this.get('state.savepoints.dir');
    if (folder === undefined) {
      throw new StreambookError('bad-argument', 'STOP JOB WITH SAVEPOINT: nobody said where savepoints go', {
        hint: "SET 'execution.checkpointing.savepoint-dir' = 'savepoints';",
      });
    }
    const done = await job.job.stopWithSavepoint(folder, { drain });
    return { kind: 'rows', result: listRows(['savepoint path'], [[done.path ?? folder]]) };
  }

  private async list(statement: string): Promise<string[]> {
    const rows = await this.t.executeSql(statement).collect();
    return rows.map((row) => String(Object.values(row)[0]));
  }
}

/** The rows of a result, until the signal fires. */
function resultRows(result: TableResult, signal: AbortSignal): SessionRows {
  return {
    columns: result.schema.fields,
    changes: result.isQuery,
    rows: async function* rows(): AsyncGenerator<SessionRow> {
      const stop = (): void => {
        void result.cancel();
      };
      signal.addEventListener('abort', stop, { once: true });
      try {
        for await (const row of result.printed()) {
          if (signal.aborted) return;
          yield row;
        }
      } catch (error) {
        if (!(signal.aborted && error instanceof JobCancelledError)) throw error;
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}

/** A list of texts. */
function listRows(names: readonly string[], rows: readonly (readonly (string | null)[])[]): SessionRows {
  return {
    columns: names.map((name) => ({ name, type: type.string() as AnyType })),
    changes: false,
    rows: async function* all(): AsyncGenerator<SessionRow> {
      for (const values of rows) yield { op: '+I', values };
    },
  };
}
