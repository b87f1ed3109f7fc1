import { ArgumentError, messageOf, type StreambookError } from '../../core/errors.js';
import { ClusterConnectionError } from '../errors.js';
import { type Answer, Http, type HttpOptions } from '../http.js';
import { flinkErrorOf } from '../java-error.js';
import { parseExactly } from './json.js';
import { GatewaySession } from './session.js';

/** The version of the protocol that is spoken: Flink 1.20 serves up to 3, Flink 2 up to 4. */
export const API = '/v3';

export interface OpenSessionOptions {
  /** Settings of Flink, beside those that are always given. */
  readonly properties?: Readonly<Record<string, string>>;
  /** How often a session says that it is still needed while nothing else is asked, in ms. Default 60,000. */
  readonly heartbeatMs?: number;
}

/**
 * A SQL Gateway of Flink, over its REST interface.
 *
 * @example
 *   const gateway = await Gateway.connect('http://127.0.0.1:8083');
 *   const session = await gateway.openSession();
 *   const operation = await session.submit('SELECT 1');
 * @see Flink: SQL Gateway, REST Endpoint
 */
export class Gateway {
  private constructor(
    private readonly http: Http,
    /** `1.20.3` */
    readonly version: string,
  ) {}

  /**
   * @param url of the gateway, `http://127.0.0.1:8083`
   * @throws ClusterConnectionError when nobody answers there, or somebody who is no gateway
   */
  static async connect(url: string, options: HttpOptions = {}): Promise<Gateway> {
    const http = new Http(checkedUrl(url), 'SQL Gateway', options);
    // Asked once: where nobody listens, nobody will in four seconds either.
    const info = await http.ask('GET', `${API}/info`, undefined, false);
    const { productName, version } = tryParse(info.text) as { productName?: string; version?: string };
    if (info.status === 200 && productName === 'Apache Flink' && version !== undefined)
      return new Gateway(http, version);
    throw await notGateway(http, info);
  }

  get url(): string {
    return this.http.url;
  }

  /**
   * Opens a session: its tables, functions and settings are its own. The time zone is UTC, because the gateway writes
   * TIMESTAMP_LTZ as the wall clock of the session with a `Z` that would be wrong elsewhere.
   */
  async openSession({ properties = {}, heartbeatMs }: OpenSessionOptions = {}): Promise<GatewaySession> {
    const body = { sessionName: 'streambook', properties: { ...properties, 'table.local-time-zone': 'UTC' } };
    const { sessionHandle } = (await this.request('POST', '/sessions', body)) as { sessionHandle: string };
    return new GatewaySession(this, sessionHandle, heartbeatMs);
  }

  /** @internal One call; `sql` is for the error's place. */
  async request(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    more: { readonly sql?: string; readonly again?: boolean; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<unknown> {
    const full = path.startsWith(`${API}/`) ? path : `${API}${path}`;
    const answer = await this.http.ask(method, full, body, more.again ?? method !== 'POST', more.signal);
    if (answer.status >= 200 && answer.status < 300) return parseExactly(answer.text);
    throw errorOfAnswer(answer, more.sql);
  }
}

function errorOfAnswer({ status, text }: Answer, sql?: string): StreambookError {
  const { errors } = tryParse(text) as { errors?: readonly string[] };
  const told = (errors ?? []).filter((line) => line !== 'Internal server error.').join('\n');
  return flinkErrorOf(told === '' ? `the SQL Gateway answered ${status}: ${text.slice(0, 200)}` : told, sql);
}

async function notGateway(http: Http, info: Answer): Promise<ClusterConnectionError> {
  const overview = tryParse((await http.ask('GET', '/overview').catch(() => ({ text: '' }))).text);
  const jobManager = (overview as { 'flink-version'?: string })['flink-version'];
  if (jobManager !== undefined) {
    return new ClusterConnectionError(`${http.url} is the JobManager of a Flink cluster, not its SQL Gateway`, {
      hint: 'statements go to the SQL Gateway, port 8083 unless set otherwise; Flink starts it with bin/sql-gateway.sh start',
    });
  }
  return new ClusterConnectionError(`what answers at ${http.url} is no SQL Gateway of Flink (status ${info.status})`, {
    hint: 'Flink 1.20 or newer is needed; its SQL Gateway listens on port 8083 unless set otherwise',
  });
}

function checkedUrl(url: string): string {
  let made: URL;
  try {
    made = new URL(/^[a-z]+:\/\//i.test(url) ? url : `http://${url}`);
  } catch (error) {
    throw new ArgumentError(`'${url}' is no address of a cluster: ${messageOf(error)}`, {
      hint: "the SQL Gateway's address, for instance http://127.0.0.1:8083",
    });
  }
  return `${made.origin}${made.pathname.replace(/\/+$/, '')}`;
}

function tryParse(text: string): object {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
