import { setTimeout as delay, setImmediate as macrotask } from 'node:timers/promises';
import { isStreambookError, StreambookError } from '../../core/errors.js';
import { type Row, rowClassOf, rowKind } from '../../core/rows/index.js';
import { trackRunning } from '../../core/running.js';
import { Schema } from '../../core/types/index.js';
import { fromCell, toCell } from '../../core/values/index.js';
import type { RemoteJob } from '../../table/result/table-result.js';
import type { Operation } from '../gateway/operation.js';
import type { WirePage, WireRow } from '../gateway/protocol.js';
import { columnsOf } from '../gateway/types.js';
import { rowOfJson } from '../gateway/values.js';
import { cancelJob } from '../jobs/states.js';
import type { SessionLink } from './link.js';
import { whileJobManagerLives } from './watch.js';

/** How long a last word to somebody who may be gone may take: a job that nobody reads is to take no slot. */
const LAST_WORD_MS = 5000;
/** How long a job may be in coming. */
const LOOK_FOR_MS = 60_000;

/**
 * The rows of a query of a cluster, page by page: the next page is fetched while the one before is read, and no further, so
 * that a slow reader slows the query down and memory stays flat.
 */
export class RemoteRows implements AsyncIterator<Row>, RemoteJob {
  private operation: Operation | undefined;
  private pages: AsyncIterator<WirePage> | undefined;
  private coming: Promise<IteratorResult<WirePage>> | undefined;
  private page: readonly WireRow[] = [];
  private at = 0;
  private read: ((row: WireRow) => Row) | undefined;
  private ending: Promise<void> | undefined;
  private untrack: () => void = () => {};
  private cancelled = false;
  private readonly ended: Promise<void>;
  private settle: { resolve(): void; reject(error: unknown): void } = { resolve: () => {}, reject: () => {} };

  /**
   * @param id of the job that the query becomes, chosen here: so it can be ended also when the gateway could not say it
   * @param start sends the query
   * @param schema the columns as they are known here
   * @param timeZone of the session
   */
  constructor(
    private readonly link: SessionLink,
    readonly id: string,
    private readonly start: () => Promise<Operation>,
    private readonly schema: Schema,
    private readonly timeZone: string,
  ) {
    this.ended = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    this.ended.catch(() => {});
  }

  /** Resolves when the last row was read. */
  wait(): Promise<void> {
    return this.ended;
  }

  async cancel(): Promise<void> {
    this.cancelled = true;
    await this.end();
    this.settle.resolve();
  }

  /** A row that is there already. */
  poll(): Row | undefined {
    const row = this.page[this.at];
    if (row === undefined || this.read === undefined) return undefined;
    this.at++;
    return this.read(row);
  }

  async next(): Promise<IteratorResult<Row>> {
    for (;;) {
      const row = this.poll();
      if (row !== undefined) return { done: false, value: row };
      if (this.cancelled || !(await this.turn())) return { done: true, value: undefined };
    }
  }

  async return(): Promise<IteratorResult<Row>> {
    await this.cancel();
    return { done: true, value: undefined };
  }

  /** Goes on to the next page. @returns whether there is one */
  private async turn(): Promise<boolean> {
    try {
      if (this.operation === undefined) await this.begin();
      const coming = this.coming ?? this.fetch();
      const next = await whileJobManagerLives(coming, () => this.link.jobManager());
      this.coming = undefined;
      if (next.done === true || this.cancelled) {
        await this.end();
        this.settle.resolve();
        return false;
      }
      const { results, resultType } = next.value;
      if (results !== undefined) {
        this.read ??= this.reader(new Schema(columnsOf(results.columns)));
        this.page = results.data;
        this.at = 0;
      }
      if (resultType !== 'EOS') this.coming = this.fetch();
      // The question goes out now: rows that are read one after another would hold it back until the last of them.
      if (this.page.length > 0) await macrotask();
      return true;
    } catch (error) {
      await this.end(isStreambookError(error, 'cluster-unreachable'));
      this.settle.reject(error);
      throw error;
    }
  }

  private async begin(): Promise<void> {
    this.operation = await this.start();
    this.pages = this.operation.pages();
    this.untrack = trackRunning({ what: 'a query of the cluster', stop: () => this.cancel() });
    if (this.cancelled) await this.end();
  }

  private fetch(): Promise<IteratorResult<WirePage>> {
    const fetching = (this.pages as AsyncIterator<WirePage>).next();
    // Thrown when the page is asked for, and not before.
    fetching.catch(() => {});
    return fetching;
  }

  private end(gatewayGone = false): Promise<void> {
    this.ending ??= this.close(gatewayGone);
    return this.ending;
  }

  private async close(gatewayGone: boolean): Promise<void> {
    this.untrack();
    this.page = [];
    const { operation } = this;
    if (operation === undefined) {
      this.ending = undefined;
      // What was asked may have arrived, and the answer not.
      if (gatewayGone) await inTime(this.cancelDirectly());
      return;
    }
    const closing = operation.close();
    if (!gatewayGone && (await closing)) return this.link.release();
    // Nobody who is gone is waited for.
    await inTime(this.cancelDirectly());
    await inTime(this.link.release());
  }

  /**
   * Without its gateway a query has no reader any more, and would hold its slot for ever. A query that was only just sent
   * becomes a job within a second or two; on a machine that is busy it takes longer, and is looked for meanwhile.
   */
  private async cancelDirectly(): Promise<void> {
    const jobManager = await this.link.jobManager().catch(() => undefined);
    if (jobManager === undefined) return;
    const end = performance.now() + LOOK_FOR_MS;
    for (let pause = 250; performance.now() < end; pause = Math.min(2000, pause * 2)) {
      const error = await cancelJob(jobManager, this.id).catch((thrown: unknown) => thrown);
      if (!isStreambookError(error, 'job-not-found')) return;
      await delay(pause, undefined, { ref: false });
    }
  }

  /** Rows as the cluster types them, made rows as they are typed here. */
  private reader(there: Schema): (row: WireRow) => Row {
    const { schema, timeZone } = this;
    if (there.length !== schema.length) {
      throw new StreambookError('other-columns', `the cluster gives ${there.length} columns, and not ${schema.length}`);
    }
    const same = there.fields.every((field, i) => {
      const here = schema.fields[i];
      return here !== undefined && plain(field.type) === plain(here.type) && field.name === here.name;
    });
    const make = rowOfJson(there, timeZone);
    if (same) return rowOfJson(schema, timeZone);
    const converts = there.fields.map(({ type }, i) => {
      const here = (schema.fields[i] as { type: typeof type }).type;
      const out = toCell(type, { bigint: 'bigint' });
      const into = fromCell(here.nullable() as typeof type, `column \`${schema.names[i]}\``);
      return plain(type) === plain(here) ? (value: unknown) => value : (value: unknown) => into(out(value));
    });
    const RowThere = rowClassOf(there);
    const RowHere = rowClassOf(schema);
    return (wire) => {
      const row = make(wire);
      const made = RowHere.of(RowThere.values(row).map((value, i) => converts[i]?.(value)));
      made[rowKind] = row[rowKind];
      return made;
    };
  }
}

const plain = (type: { toString(): string }): string => String(type).replaceAll(' NOT NULL', '');

async function inTime(lastWord: Promise<void>): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_WORD_MS).unref());
  await Promise.race([lastWord, late]);
}
