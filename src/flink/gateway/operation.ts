import { setTimeout as delay } from 'node:timers/promises';
import { isStreambookError } from '../../core/errors.js';
import type { Gateway } from './gateway.js';
import type { WirePage } from './protocol.js';

/**
 * The gateway answers at once, with nothing, where there is nothing yet: how long to wait before asking again. A row is
 * late by the last pause at most; an empty answer costs the gateway about 2 ms.
 */
const FIRST_PAUSE_MS = 3;
const LAST_PAUSE_MS = 40;
/** Somebody waits for the first row of a new query: it comes within a second or so, and is asked for more often. */
const BEGINNING_MS = 2000;
const PAUSE_AT_BEGINNING_MS = 8;

/** A statement that was sent. Its pages are read once, by one reader, forwards. */
export class Operation {
  private readonly aborting = new AbortController();
  private closing: Promise<boolean> | undefined;
  private job: string | undefined;

  /** @internal */
  constructor(
    private readonly gateway: Gateway,
    private readonly path: string,
    readonly sql: string,
  ) {}

  /** The job that computes the rows, once it is known. */
  get jobId(): string | undefined {
    return this.job;
  }

  /**
   * The pages of the result that say something: one without rows comes only first, with the columns, and last.
   *
   * @throws FlinkError, SqlSyntaxError, ValidationError, ClusterConnectionError
   */
  async *pages(): AsyncGenerator<WirePage, void, undefined> {
    let uri: string | undefined = `${this.path}/result/0?rowFormat=JSON`;
    let pause = FIRST_PAUSE_MS;
    let first = true;
    let rows = false;
    const beginning = performance.now() + BEGINNING_MS;
    while (uri !== undefined && this.closing === undefined) {
      const page: WirePage = await this.page(uri);
      if (page.jobID !== undefined) this.job = page.jobID;
      const waiting = page.resultType === 'NOT_READY' || page.results?.data.length === 0;
      const says = page.resultType !== 'NOT_READY' && (!waiting || first || page.nextResultUri === undefined);
      if (says) {
        first = false;
        yield page;
      }
      uri = page.nextResultUri;
      rows ||= !waiting;
      if (!waiting) pause = FIRST_PAUSE_MS;
      else if (uri !== undefined) {
        await this.rest(pause);
        const most = rows || performance.now() > beginning ? LAST_PAUSE_MS : PAUSE_AT_BEGINNING_MS;
        pause = Math.min(most, pause * 1.5);
      }
    }
  }

  private async page(uri: string): Promise<WirePage> {
    try {
      return (await this.gateway.request('GET', uri, undefined, {
        sql: this.sql,
        signal: this.aborting.signal,
      })) as WirePage;
    } catch (error) {
      if (this.closing !== undefined) return { resultType: 'EOS' };
      throw error;
    }
  }

  private async rest(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.aborting.signal }).catch(() => {});
  }

  /**
   * Ends the statement, the job of a query too; an INSERT goes on. To be called after the last page as well: until then
   * the gateway keeps what belongs to it.
   *
   * @returns whether the gateway has heard of it
   */
  close(): Promise<boolean> {
    this.closing ??= this.gateway.request('DELETE', `${this.path}/close`).then(
      () => true,
      (error) => !isStreambookError(error, 'cluster-unreachable'),
    );
    this.aborting.abort();
    return this.closing;
  }
}
