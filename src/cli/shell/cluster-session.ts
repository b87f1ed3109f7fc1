import { StreambookError } from '../../core/errors.js';
import { type Row, rowKind, rowKindText } from '../../core/rows/index.js';
import { Gateway } from '../../flink/gateway/gateway.js';
import type { Operation } from '../../flink/gateway/operation.js';
import type { GatewaySession } from '../../flink/gateway/session.js';
import { findJobManager } from '../../flink/jobs/find.js';
import type { JobManager } from '../../flink/jobs/job-manager.js';
import { cancelJob, ENDED, stateOf, waitForJob } from '../../flink/jobs/states.js';
import { runStatement, type StatementAnswer } from '../../flink/statement.js';
import { evaluationContext } from '../../table/codegen/index.js';
import { rowTexts } from '../../table/result/texts.js';
import { parseStatement, quoteIdentifier } from '../../table/sql/index.js';
import { checkClientSetting, SETTINGS } from './client-settings.js';
import type { Outcome, SessionJob, SessionNames, SessionRow, SessionRows, SqlSession } from './session.js';

/** Statements on a real Flink, each sent as it is written. */
export class ClusterSession implements SqlSession {
  readonly jobsOutlive = true;
  private readonly started: ClusterSessionJob[] = [];
  private readonly settings = new Map<string, string>();
  private jobManager: Promise<JobManager | undefined> | undefined;

  private constructor(
    readonly where: string,
    private readonly url: string,
    private readonly session: GatewaySession,
  ) {}

  /** @param url of the SQL Gateway. @throws ClusterConnectionError */
  static async open(url: string): Promise<ClusterSession> {
    const gateway = await Gateway.connect(url);
    const session = await gateway.openSession();
    return new ClusterSession(`Flink ${gateway.version} at ${gateway.url}`, gateway.url, session);
  }

  async execute(statement: string, signal: AbortSignal): Promise<Outcome> {
    const remember = this.setting(statement);
    let operation: Operation | undefined;
    const stop = (): void => {
      void operation?.close();
    };
    signal.addEventListener('abort', stop, { once: true });
    const answer = await runStatement(this.session, statement, this.timeZone, (one) => {
      operation = one;
      if (signal.aborted) stop();
    }).finally(() => signal.removeEventListener('abort', stop));
    remember();
    switch (answer.kind) {
      case 'ok':
        await answer.close();
        return { kind: 'ok' };
      case 'job':
        return { kind: 'job', job: await this.job(answer, statement) };
      default:
        return { kind: 'rows', result: this.rowsOf(answer, signal) };
    }
  }

  get(key: string): string | undefined {
    return this.settings.get(key);
  }

  async names(): Promise<SessionNames> {
    const [tables, databases, functions] = await Promise.all(
      ['SHOW TABLES', 'SHOW DATABASES', 'SHOW FUNCTIONS'].map((statement) => this.list(statement)),
    );
    return {
      tables: tables ?? [],
      databases: databases ?? [],
      functions: functions ?? [],
      connectors: ['blackhole', 'datagen', 'filesystem', 'kafka', 'print', 'upsert-kafka'],
      settings: SETTINGS,
    };
  }

  columns(table: readonly string[]): Promise<readonly string[]> {
    return this.list(`DESCRIBE ${table.map(quoteIdentifier).join('.')}`);
  }

  options(): readonly string[] {
    return [];
  }

  jobs(): readonly SessionJob[] {
    return this.started;
  }

  /** Ends the session and its queries; jobs of INSERTs go on. */
  close(): Promise<void> {
    return this.session.close();
  }

  private get timeZone(): string {
    return this.settings.get('table.local-time-zone') ?? 'UTC';
  }

  /** What is to be remembered of a SET or RESET, once Flink has taken it. */
  private setting(statement: string): () => void {
    let parsed: ReturnType<typeof parseStatement>;
    try {
      parsed = parseStatement(statement);
    } catch {
      // Flink knows more statements than we do; and what is wrong it says itself.
      return () => {};
    }
    if (parsed.kind === 'set' && parsed.key !== undefined) {
      const { key, value = '' } = parsed;
      checkClientSetting(key, value);
      return () => this.settings.set(key, value);
    }
    if (parsed.kind !== 'reset') return () => {};
    const { key } = parsed;
    return () => {
      if (key === undefined) this.settings.clear();
      else this.settings.delete(key);
    };
  }

  private async job(answer: StatementAnswer, statement: string): Promise<SessionJob> {
    for await (const _ of answer.rows());
    this.jobManager ??= findJobManager(this.session, this.url);
    const job = new ClusterSessionJob(answer.jobId as string, nameOf(statement), await this.jobManager);
    this.started.push(job);
    return job;
  }

  private rowsOf(answer: StatementAnswer, signal: AbortSignal): SessionRows {
    const texts = rowTexts(answer.schema, evaluationContext({ timeZone: this.timeZone }));
    return {
      columns: answer.schema.fields,
      changes: answer.kind === 'query',
      rows: async function* rows(): AsyncGenerator<SessionRow> {
        const stop = (): void => {
          void answer.close();
        };
        if (signal.aborted) stop();
        signal.addEventListener('abort', stop, { once: true });
        try {
          for await (const row of answer.rows()) {
            if (signal.aborted) return;
            yield { op: rowKindText((row as Row)[rowKind]), values: texts(row) };
          }
        } finally {
          signal.removeEventListener('abort', stop);
        }
      },
    };
  }

  /** The first column of what a statement lists; nothing where it cannot be had. */
  private async list(statement: string): Promise<string[]> {
    try {
      const answer = await runStatement(this.session, statement, 'UTC');
      const [first] = answer.schema.names;
      const found: string[] = [];
      for await (const row of answer.rows()) found.push(String(row[first as string]));
      return found;
    } catch {
      return [];
    }
  }
}

const nameOf = (statement: string): string => statement.replace(/\s+/g, ' ').trim().slice(0, 80);

/** A job that a statement of this session started. */
class ClusterSessionJob implements SessionJob {
  readonly startedAt = Date.now();
  private state = 'RUNNING';

  constructor(
    readonly id: string,
    readonly name: string,
    private readonly jobManager: JobManager | undefined,
  ) {}

  /** What was known last; asks again. */
  status(): string {
    if (this.jobManager !== undefined && !ENDED.has(this.state)) {
      stateOf(this.jobManager, this.id).then(
        (state) => {
          this.state = state;
        },
        () => {},
      );
    }
    return this.state;
  }

  rowsWritten(): undefined {
    return undefined;
  }

  async wait(): Promise<void> {
    try {
      await waitForJob(this.reached(), this.id);
    } finally {
      this.status();
    }
  }

  async cancel(): Promise<void> {
    await cancelJob(this.reached(), this.id);
  }

  private reached(): JobManager {
    if (this.jobManager !== undefined) return this.jobManager;
    throw new StreambookError('no-job-manager', 'the JobManager of this cluster cannot be reached from here', {
      hint: "STOP JOB '<id>' goes through the gateway",
    });
  }
}
