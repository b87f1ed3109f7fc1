import {
  type Program,
  type TableEnvironment,
  type TableEnvOptions,
  TableEnvironment as Tables,
} from '../table/environment.js';
import type { TableResult } from '../table/result/table-result.js';
import type { Gateway } from './gateway/gateway.js';
import { SessionLink } from './remote/link.js';
import { RemoteRunner } from './remote/runner.js';

/** How a cluster is reached. */
export interface ClusterOptions {
  /** Where the JobManager and its Web UI are: found by itself unless it hides behind another name than the gateway knows. */
  readonly jobManager?: string;
  /** How long an answer may take, in ms. Default 60,000. */
  readonly timeoutMs?: number;
}

/**
 * A real Flink, reached through its SQL Gateway.
 *
 * @example
 *   const flink = await cluster('http://127.0.0.1:8083');
 *   await (await flink.execute((t) => t.sqlQuery('SELECT 1 AS one'))).print();
 * @see Flink: SQL Gateway
 */
export class Cluster {
  private readonly links = new Set<SessionLink>();

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
  async execute(program: Program): Promise<TableResult> {
    const link = this.link(false);
    const { t, runner } = this.environment(link);
    const result = program(t).execute();
    await runner.submitted;
    return result;
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

  private link(keep: boolean): SessionLink {
    const link = new SessionLink(this.gateway, keep, this.options.jobManager);
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
