import type { CatalogObject } from '../../table/catalog/index.js';
import { pathText } from '../../table/catalog/index.js';
import type { Gateway } from '../gateway/gateway.js';
import type { Operation } from '../gateway/operation.js';
import type { GatewaySession } from '../gateway/session.js';
import { findJobManager } from '../jobs/find.js';
import { freeSlot } from '../jobs/free-slot.js';
import type { JobManager } from '../jobs/job-manager.js';
import { registerFunctions } from './functions.js';
import { dropText, type ObjectToSend } from './objects.js';

/** What one statement needs beside its text. */
export interface Needs {
  readonly objects: readonly ObjectToSend[];
  /** Whether it calls functions of TypeScript. */
  readonly functions: boolean;
  /** Settings of this statement. */
  readonly config: Readonly<Record<string, string>>;
  /** The database in which the text's names are looked up. */
  readonly database: string;
  readonly timeZone: string;
}

/**
 * The session that the statements of one environment share: opened by the first of them, closed with the last, if it is not
 * kept.
 */
export class SessionLink {
  private opening: Promise<GatewaySession> | undefined;
  private jobManagerFound: Promise<JobManager | undefined> | undefined;
  private readonly sent = new Map<string, CatalogObject>();
  private functionsSent = false;
  private users = 0;
  private database = 'default_database';
  private zone = 'UTC';
  /** One statement is prepared at a time: what it needs must not change below it. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly gateway: Gateway,
    private readonly keep: boolean,
    private readonly jobManagerUrl: string | undefined,
    private readonly functionsJar: string | undefined,
  ) {}

  /** Sends a statement after what it needs. Every call is followed by one of `release`. */
  async submit(sql: string, needs: Needs): Promise<Operation> {
    this.users++;
    try {
      const submitting = this.queue.then(() => this.prepareAndSubmit(sql, needs));
      this.queue = submitting.catch(() => {});
      return await submitting;
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  /** A statement has ended. */
  async release(): Promise<void> {
    if (--this.users === 0 && !this.keep) await this.close();
  }

  async close(): Promise<void> {
    const { opening } = this;
    this.opening = undefined;
    this.sent.clear();
    this.functionsSent = false;
    this.database = 'default_database';
    this.zone = 'UTC';
    await (await opening?.catch(() => undefined))?.close();
  }

  /** The JobManager, if it can be reached from here. */
  jobManager(): Promise<JobManager | undefined> {
    this.jobManagerFound ??= this.session().then((session) =>
      findJobManager(session, this.gateway.url, this.jobManagerUrl),
    );
    return this.jobManagerFound;
  }

  private session(): Promise<GatewaySession> {
    this.opening ??= this.gateway.openSession();
    return this.opening;
  }

  private async prepareAndSubmit(sql: string, needs: Needs): Promise<Operation> {
    const { objects, functions, config, database, timeZone } = needs;
    const session = await this.session();
    const ready = this.placeFree();
    // Thrown below: what goes before the statement need not wait for it.
    ready.catch(() => {});
    if (functions && !this.functionsSent) await registerFunctions(session, this.functionsJar);
    this.functionsSent ||= functions;
    for (const { object, statements } of objects) {
      const path = pathText(object.path);
      const known = this.sent.get(path);
      if (known === object) continue;
      if (known !== undefined) await session.configure(dropText(known));
      for (const statement of statements) await session.configure(statement);
      this.sent.set(path, object);
    }
    if (database !== this.database) await session.configure(`USE \`${database.replaceAll('`', '``')}\``);
    this.database = database;
    if (timeZone !== this.zone) await session.configure(`SET 'table.local-time-zone' = '${timeZone}'`);
    this.zone = timeZone;
    await ready;
    return session.submit(sql, config);
  }

  /** The JobManager must be known by then, because a gateway that is gone cannot be asked. */
  private async placeFree(): Promise<void> {
    const manager = await this.jobManager().catch(() => undefined);
    if (manager !== undefined) await freeSlot(manager);
  }
}
