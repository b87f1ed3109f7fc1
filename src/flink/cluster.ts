import { StreambookError } from '../core/errors.js';
import {
  type Program,
  type TableEnvironment,
  type TableEnvOptions,
  TableEnvironment as Tables,
} from '../table/environment.js';
import type { TableResult } from '../table/result/table-result.js';
import type { Gateway } from './gateway/gateway.js';
import { type ClusterJob, jobsOf } from './jobs/cluster-job.js';
import { type JobManager, noSuchJob, type Overview } from './jobs/job-manager.js';
import { ownCluster, ownClusterOnly } from './own-cluster.js';
import { functionsJarNamed } from './remote/functions.js';
import { SessionLink } from './remote/link.js';
import { RemoteRunner } from './remote/runner.js';

/** How a cluster is reached. */
export interface ClusterOptions {
  /** Where the JobManager and its Web UI are: found by itself unless it hides behind another name than the gateway knows. */
  readonly jobManager?: string;
  /**
   * The jar for functions of TypeScript, where Flink does not have it in its `lib`: a path or an address as the SQL Gateway
   * finds it. Default: the environment variable `STREAMBOOK_FUNCTIONS_JAR`. A cluster of `streambook cluster start` has it.
   */
  readonly functionsJar?: string;
  /** How long an answer may take, in ms. Default 60,000. */
  readonly timeoutMs?: number;
}

/** How one program is carried out. */
export interface ExecuteOnClusterOptions {
  /** A savepoint or a kept checkpoint of the same program, from which it goes on: what `job.stop()` gave. */
  readonly savepoint?: string;
}

/**
 * A real Flink, reached through its SQL Gateway.
 *
 * @example
 *   const flink = await cluster('http://127.0.0.1:8083');
 *   await (await flink.execute((t) => t.sqlQuery('SELECT 1 AS num'))).print();
 * @see Flink: SQL Gateway
 */
export class Cluster {
  private readonly links = new Set<SessionLink>();
  private found: Promise<JobManager> | undefined;

  /** @internal */
  constructor(
    private readonly gateway: Gateway,
    private readonly options: ClusterOptions,
  ) {}

  /** The SQL Gateway's address. */
  get url(): string {
    return this.gateway.url;
  }

  /** The release of Flink, `1.20.3`. */
  get version(): string {
    return this.gateway.version;
  }

  /**
   * Carries a program out on the cluster: the very one that `tableEnv().execute(program)` carries out here. Tables and views
   * it makes are made there, with the same connectors; collections in memory travel as VALUES; results come back as the same
   * rows. What a cluster cannot run is named before anything is sent.
   *
   * @throws ClusterRefusal, ValidationError; for an INSERT also what Flink says of it
   */
  async execute(program: Program, options: ExecuteOnClusterOptions = {}): Promise<TableResult> {
    const { t, runner } = this.environment(this.link(false));
    if (options.savepoint !== undefined) t.config.set('execution.state-recovery.path', options.savepoint);
    const result = program(t).execute();
    await runner.submitted;
    return result;
  }

  /** All jobs that the cluster knows, newest first: those of others, too. */
  async jobs(): Promise<ClusterJob[]> {
    return jobsOf(await this.jobManager());
  }

  /** One job. @throws {StreambookError} `job-not-found` */
  async job(id: string): Promise<ClusterJob> {
    const jobManager = await this.jobManager();
    const job = (await jobsOf(jobManager)).find((one) => one.id === id);
    if (job !== undefined) return job;
    throw noSuchJob(id);
  }

  /** Slots, TaskManagers, running jobs. */
  async overview(): Promise<Overview> {
    return (await this.jobManager()).overview();
  }

  /** Where Flink's own Web UI is. */
  async webUi(): Promise<string> {
    return (await this.jobManager()).url;
  }

  /**
   * The Kafka that `streambook cluster start` has started beside it, for `brokers` and `properties.bootstrap.servers`:
   * `127.0.0.1:9092`. `undefined` for a cluster that somebody else has started.
   */
  get kafka(): string | undefined {
    return ownCluster(this.url)?.state.kafka;
  }

  /**
   * Ends the TaskManager at once, as a crash would: to see what becomes of a job. Only of a cluster that
   * `streambook cluster start` has started.
   *
   * @throws {StreambookError} `not-started-here`, `no-task-manager`
   */
  async killTaskManager(): Promise<void> {
    const { stateFile } = ownClusterOnly(this.url);
    await (await import('./local/control.js')).killTaskManager(stateFile);
  }

  /** Starts a TaskManager in place of one that was killed, and waits until its slots are there. */
  async startTaskManager(): Promise<void> {
    const { stateFile } = ownClusterOnly(this.url);
    await (await import('./local/control.js')).startTaskManager(stateFile);
  }

  /** An environment whose statements run on the cluster, in one session: for going on step by step. */
  tableEnv(options: Pick<TableEnvOptions, 'timeZone'> = {}): TableEnvironment {
    return this.environment(this.link(true), options).t;
  }

  /** Ends all sessions, and their queries; INSERTs go on. */
  async close(): Promise<void> {
    await Promise.all([...this.links].map((link) => link.close()));
    this.links.clear();
  }

  private async jobManager(): Promise<JobManager> {
    this.found ??= this.findJobManager();
    return this.found;
  }

  private async findJobManager(): Promise<JobManager> {
    const link = this.link(false);
    const found = await link.jobManager().finally(() => link.close());
    if (found !== undefined) return found;
    throw new StreambookError('no-job-manager', 'the JobManager of this cluster cannot be reached from here', {
      hint: "say where it is: cluster(url, { jobManager: 'http://localhost:8081' })",
    });
  }

  private link(keep: boolean): SessionLink {
    const { jobManager, functionsJar } = this.options;
    const link = new SessionLink(this.gateway, keep, jobManager, functionsJarNamed(functionsJar));
    if (keep) this.links.add(link);
    return link;
  }

  private environment(link: SessionLink, options: TableEnvOptions = {}): { t: TableEnvironment; runner: RemoteRunner } {
    let runner: RemoteRunner | undefined;
    const t = new Tables(options, (...parts) => {
      runner = new RemoteRunner(link, ...parts);
      return runner;
    });
    return { t, runner: runner as unknown as RemoteRunner };
  }
}
