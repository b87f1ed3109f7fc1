import { type FlinkCluster, poll } from './cluster.js';

interface Result {
  readonly resultType?: string;
  readonly jobID?: string;
}

/** A session of the SQL Gateway. */
export class Session {
  private readonly jobs: Job[] = [];

  private constructor(
    private readonly cluster: FlinkCluster,
    private readonly handle: string,
  ) {}

  static async open(cluster: FlinkCluster): Promise<Session> {
    const { sessionHandle } = await ask<{ sessionHandle: string }>(`${cluster.gateway}/v1/sessions`, {});
    return new Session(cluster, sessionHandle);
  }

  /**
   * Runs one statement.
   *
   * @returns the id of the job that it started, if it is one that does
   * @throws Error in Flink's words
   */
  async run(statement: string): Promise<string | undefined> {
    const at = `${this.cluster.gateway}/v1/sessions/${this.handle}`;
    const { operationHandle } = await ask<{ operationHandle: string }>(`${at}/statements`, { statement });
    let result: Result = {};
    await poll(async () => {
      result = await ask<Result>(`${at}/operations/${operationHandle}/result/0`);
      return result.resultType !== 'NOT_READY';
    }, statement);
    return result.jobID;
  }

  /** Starts an `INSERT` that keeps running, and waits until all of it does. */
  async start(insert: string): Promise<Job> {
    const id = await this.run(insert);
    if (id === undefined) throw new Error(`no job came of ${insert}`);
    const job = new Job(this.cluster, id);
    this.jobs.push(job);
    await job.running();
    return job;
  }

  /** Ends what still runs: it would keep its slots. */
  async close(): Promise<void> {
    for (const job of this.jobs) await job.end();
  }
}

interface JobAnswer {
  readonly state: string;
  readonly vertices: readonly { readonly status: string }[];
}

interface CheckpointsAnswer {
  readonly counts: { readonly completed: number };
  readonly latest: { readonly completed?: { readonly external_path: string } };
}

/** A job in the cluster. */
export class Job {
  constructor(
    private readonly cluster: FlinkCluster,
    private readonly id: string,
  ) {}

  private get at(): string {
    return `${this.cluster.rest}/jobs/${this.id}`;
  }

  async running(): Promise<void> {
    await poll(async () => {
      const { state, vertices } = await ask<JobAnswer>(this.at);
      if (state === 'FAILED') throw new Error(`the job failed: ${await this.failure()}`);
      const ended = state === 'FINISHED';
      return ended || (state === 'RUNNING' && vertices.every(({ status }) => status === 'RUNNING'));
    }, 'the job running');
  }

  async finished(): Promise<void> {
    await poll(async () => {
      const { state } = await ask<JobAnswer>(this.at);
      if (state === 'FAILED') throw new Error(`the job failed: ${await this.failure()}`);
      return state === 'FINISHED';
    }, 'the end of the job');
  }

  /** Waits until as many checkpoints more are complete. */
  async checkpoints(more: number): Promise<void> {
    const before = (await this.checkpointing()).counts.completed;
    await poll(async () => (await this.checkpointing()).counts.completed >= before + more, `${more} checkpoints`);
  }

  /** Ends the job, unless it has ended. */
  async end(): Promise<void> {
    const over = async (): Promise<boolean> => /CANCELED|FINISHED|FAILED/.test((await ask<JobAnswer>(this.at)).state);
    if (await over()) return;
    await ask(`${this.at}?mode=cancel`, undefined, 'PATCH');
    await poll(over, 'the end of the job');
  }

  /** Ends the job as `flink cancel` does: without a savepoint. @returns where its last checkpoint lies */
  async cancel(): Promise<string> {
    await this.end();
    return (await this.checkpointing()).latest.completed!.external_path;
  }

  private checkpointing(): Promise<CheckpointsAnswer> {
    return ask(`${this.at}/checkpoints`);
  }

  private async failure(): Promise<string> {
    return reason((await ask<{ 'root-exception': string }>(`${this.at}/exceptions`))['root-exception']);
  }
}

async function ask<T>(url: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<T> {
  const response = await fetch(url, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  const answer = text === '' ? {} : JSON.parse(text);
  if (!response.ok) throw new Error(reason(answer.errors?.join('\n') ?? text));
  return answer;
}

/** Of a Java stack trace, what is at the bottom of it. */
function reason(trace: string): string {
  return trace.split('Caused by: ').at(-1)!.slice(0, 1000);
}
