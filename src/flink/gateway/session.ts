import { StreambookError } from '../../core/errors.js';
import type { Gateway } from './gateway.js';
import { Operation } from './operation.js';

const HEARTBEAT_MS = 60_000;

/**
 * A session of the SQL Gateway. The gateway forgets a session that nobody uses for ten minutes, and ends its queries;
 * so it is told once a minute that this one is used. Closing it ends its queries, and not its INSERTs.
 */
export class GatewaySession {
  private readonly timer: NodeJS.Timeout;
  private closing: Promise<void> | undefined;

  /** @internal */
  constructor(
    private readonly gateway: Gateway,
    readonly id: string,
    heartbeatMs = HEARTBEAT_MS,
  ) {
    this.timer = setInterval(() => void this.heartbeat().catch(() => {}), heartbeatMs);
    this.timer.unref();
    openSessions.add(this);
    closeBeforeExit();
  }

  private get path(): string {
    return `/sessions/${this.id}`;
  }

  /** Whether `close` has been called. */
  get closed(): boolean {
    return this.closing !== undefined;
  }

  /** Carries out SET, RESET, USE, CREATE, DROP or ALTER at once: several times quicker than `submit`. */
  async configure(statement: string): Promise<void> {
    this.used();
    await this.gateway.request('POST', `${this.path}/configure-session`, { statement }, { sql: statement });
  }

  /**
   * Sends one statement. The gateway takes anything; whether it is right shows when the result is fetched.
   *
   * @param config settings for this statement alone
   */
  async submit(statement: string, config: Readonly<Record<string, string>> = {}): Promise<Operation> {
    this.used();
    const body = { statement, ...(Object.keys(config).length === 0 ? {} : { executionConfig: config }) };
    const { operationHandle } = (await this.gateway.request('POST', `${this.path}/statements`, body, {
      sql: statement,
    })) as { operationHandle: string };
    return new Operation(this.gateway, `${this.path}/operations/${operationHandle}`, statement);
  }

  /** The settings of the session, those of the cluster among them. */
  async properties(): Promise<Readonly<Record<string, string>>> {
    const answer = (await this.gateway.request('GET', this.path)) as { properties: Record<string, string> };
    return answer.properties;
  }

  /** Says that the session is needed. */
  async heartbeat(): Promise<void> {
    await this.gateway.request('POST', `${this.path}/heartbeat`, {}, { again: true });
  }

  /** Closes the session and ends its queries. Twice does no harm, and a gateway that is gone needs no closing. */
  close(): Promise<void> {
    clearInterval(this.timer);
    openSessions.delete(this);
    this.closing ??= this.gateway.request('DELETE', this.path).then(
      () => {},
      () => {},
    );
    return this.closing;
  }

  private used(): void {
    if (!this.closed) return;
    throw new StreambookError('session-closed', 'the session with the cluster is closed', {
      hint: 'call cluster(url) again',
    });
  }
}

const openSessions = new Set<GatewaySession>();
let watching = false;

/** A program that has nothing more to do leaves no session behind: its queries would hold slots for ten minutes. */
function closeBeforeExit(): void {
  if (watching) return;
  watching = true;
  process.on('beforeExit', () => {
    for (const session of [...openSessions]) void session.close();
  });
}

/** @internal Closes every session that is open. */
export async function closeSessions(): Promise<void> {
  await Promise.all([...openSessions].map((session) => session.close()));
}
