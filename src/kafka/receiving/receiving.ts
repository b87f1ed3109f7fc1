import type { DisplaySlot } from '../../core/display.js';
import { display } from '../../core/display.js';
import { StreambookError } from '../../core/errors.js';
import { trackRunning } from '../../core/running.js';
import { type OpenCluster, openCluster } from '../connection/cluster.js';
import { explain } from '../errors.js';
import { GroupSource, partitionKey } from '../group/group-source.js';
import { Fetcher, type ReaderBatch } from '../reading/fetcher.js';
import { endOffsets, positionsOf } from '../reading/reader.js';
import { decoderFor, type NamedDecoder } from './decode.js';
import { badValue, Message } from './message.js';
import { ProcessedOffsets } from './processed.js';
import type { ReceiveOptions, ReceiveStats } from './receive-options.js';
import { type Limits, limitsOf } from './until.js';

/** How often a member without work looks whether the others have come to the end. */
const GROUP_END_MS = 250;

/**
 * Messages as they arrive. A loop over it runs once; leaving the loop closes the connection.
 *
 * Nothing is connected before the loop begins.
 */
export class Receiving<T> implements AsyncIterable<Message<T>>, AsyncIterator<Message<T>, undefined> {
  private open: OpenCluster | undefined;
  private fetcher: Fetcher | undefined;
  private group: GroupSource | undefined;
  private decoder: NamedDecoder | undefined;
  private readonly limits: Limits;
  private readonly processed: ProcessedOffsets;
  private batch: ReaderBatch | undefined;
  private epoch = -1;
  private index = 0;
  /** The message in the loop's hands. */
  private current: { readonly batch: ReaderBatch; readonly offset: number } | undefined;
  private messages = 0;
  private bytes = 0;
  private bad = 0;
  private begun = false;
  private begunAt = 0;
  private closing: Promise<void> | undefined;
  private untrack: (() => void) | undefined;
  private timeUp = false;
  /** Since when the loop waits for a message. */
  private idleSince: number | undefined;
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private readonly onAbort = () => void this.close();
  private slot: DisplaySlot | undefined;

  constructor(
    readonly topics: readonly string[],
    private readonly options: ReceiveOptions,
  ) {
    this.limits = limitsOf(options.until);
    this.processed = new ProcessedOffsets(options.commitEveryMs ?? 1_000, async (offsets) => {
      await this.group?.commit(offsets);
    });
  }

  /** How much has been received so far. */
  get stats(): ReceiveStats {
    const { messages, bytes, bad } = this;
    return { messages, bytes, bad };
  }

  /** What a cell shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const how = '`for await (const m of ...)` or `await ... .toArray()` reads it';
    const far = this.begun ? `${this.messages.toLocaleString('en-GB')} received` : `nothing is read yet: ${how}`;
    return `Receiving from ${this.topics.join(', ')}: ${far}`;
  }

  [Symbol.asyncIterator](): AsyncIterator<Message<T>, undefined> {
    if (this.begun) {
      throw new StreambookError('already-received', 'this stream has been read already', {
        hint: 'call receive() again: each call reads anew',
      });
    }
    this.begun = true;
    return this;
  }

  /** All messages in an array; for streams that end. */
  async toArray(): Promise<Message<T>[]> {
    const result: Message<T>[] = [];
    for await (const message of this) result.push(message);
    return result;
  }

  /** Commits everything the loop has been given so far, the message in its hands included. */
  async commit(): Promise<void> {
    if (this.group === undefined) {
      throw new StreambookError('no-group', 'there is no group to commit for', {
        hint: "receive(topic, { group: 'my-group' })",
      });
    }
    this.countCurrent();
    await this.processed.commitNow();
  }

  /**
   * Ends the stream: the group is left and the connection closed. A loop that waits for the next message ends. The
   * same happens when the loop is left, when the cell is interrupted, and when the process ends.
   */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  async next(): Promise<IteratorResult<Message<T>, undefined>> {
    this.begun = true;
    try {
      if (this.current !== undefined) {
        this.countCurrent();
        if (this.autoCommit) this.processed.commitIfDue();
      }
      if (this.fetcher === undefined && this.closing === undefined) await this.begin();
      while (this.closing === undefined && this.messages < this.limits.count) {
        const message = this.take();
        if (message !== undefined) return { done: false, value: message };
        if (!(await this.more())) break;
      }
      await this.close();
      return { done: true, value: undefined };
    } catch (error) {
      const interrupted = this.closing !== undefined;
      await this.close();
      if (interrupted) return { done: true, value: undefined };
      throw this.open === undefined
        ? error
        : explain(error, `receiving from ${this.topics.join(', ')}`, this.open.found);
    }
  }

  /** The loop was left, by `break` or by an exception. The message in its hands does not count as processed. */
  async return(): Promise<IteratorResult<Message<T>, undefined>> {
    this.current = undefined;
    await this.close();
    return { done: true, value: undefined };
  }

  private get autoCommit(): boolean {
    return this.group !== undefined && (this.options.commit ?? 'auto') === 'auto';
  }

  private async begin(): Promise<void> {
    const { options, topics, limits } = this;
    this.begunAt = performance.now();
    this.untrack = trackRunning({ what: `receive(${topics.join(', ')})`, stop: () => this.close() });
    if (limits.signal?.aborted) return void this.close();
    limits.signal?.addEventListener('abort', this.onAbort);
    if (limits.forMs !== undefined) this.after(limits.forMs);
    const [decoder, open] = await Promise.all([
      decoderFor(options.as ?? 'text', options, options.encoding),
      openCluster(topics, options),
    ]);
    this.open = open;
    if (this.closing !== undefined) return open.close();
    this.decoder = decoder;
    const fetcher = new Fetcher(open, options);
    if (options.group === undefined) {
      const from = options.from === undefined || options.from === 'group' ? 'earliest' : options.from;
      fetcher.assign(await positionsOf(open, topics, from, limits.ends));
      this.fetcher = fetcher;
      return;
    }
    const ends = limits.ends === undefined ? undefined : await this.endsOf(open);
    this.group = new GroupSource(
      open,
      fetcher,
      {
        groupId: options.group,
        topics,
        clientId: options.clientId,
        from: options.from ?? 'group',
        otherwise: options.otherwise ?? 'earliest',
        sessionMs: options.sessionMs ?? 6_000,
        heartbeatMs: options.heartbeatMs ?? 300,
        retryMs: options.retryMs ?? 10_000,
      },
      ends,
      {
        sharingOut: async () => {
          if (this.autoCommit) await this.processed.commitNow().catch(() => {});
        },
        waiting: (why) => this.showWaiting(why),
      },
    );
    await this.group.member.start();
    this.fetcher = fetcher;
  }

  private async endsOf(open: OpenCluster): Promise<Map<string, number>> {
    const result = new Map<string, number>();
    for (const topic of this.topics) {
      for (const [partition, end] of await endOffsets(open, topic, this.limits.ends!)) {
        result.set(partitionKey({ topic, partition }), end);
      }
    }
    return result;
  }

  /** The next message that is there already. */
  private take(): Message<T> | undefined {
    for (;;) {
      const { batch } = this;
      if (batch === undefined || this.index >= batch.records.length || !this.isValid(batch)) {
        this.batch = this.fetcher?.take();
        if (this.batch === undefined) return undefined;
        this.index = 0;
        this.epoch = this.group?.epochOf(this.batch) ?? 0;
        continue;
      }
      const message = this.decode(batch, this.index++);
      if (message !== undefined) return message;
    }
  }

  private isValid(batch: ReaderBatch): boolean {
    return this.group === undefined || this.group.isValid(batch, this.epoch);
  }

  private decode(batch: ReaderBatch, index: number): Message<T> | undefined {
    const record = batch.records[index]!;
    const { topic, partition } = batch;
    const { onBad = 'fail' } = this.options;
    let value: unknown = null;
    let failure: StreambookError | undefined;
    if (record.value !== null) {
      try {
        value = this.decoder!.decode(record.value, { topic, partition, offset: record.offset });
      } catch (error) {
        failure = badValue(topic, partition, record, this.decoder!.kind, error);
        this.bad++;
        if (onBad === 'fail') throw failure;
        value = undefined;
      }
    }
    this.group?.handedOut(batch, record.offset + 1);
    if (failure !== undefined && onBad === 'skip') {
      this.processed.add(topic, partition, record.offset + 1);
      return undefined;
    }
    this.messages++;
    this.idleSince = undefined;
    this.bytes += record.value?.length ?? 0;
    this.current = { batch, offset: record.offset };
    const { offset, timestamp } = record;
    const commit =
      this.group === undefined ? undefined : () => this.group!.commit([{ topic, partition, offset: offset + 1 }]);
    return new Message<T>(topic, partition, offset, timestamp, value as T, record, commit, failure);
  }

  private countCurrent(): void {
    if (this.current === undefined) return;
    const { batch, offset } = this.current;
    this.processed.add(batch.topic, batch.partition, offset + 1);
    this.current = undefined;
  }

  /** Waits for something new. False: this is the end. */
  private async more(): Promise<boolean> {
    const fetcher = this.fetcher;
    if (fetcher === undefined || this.timeUp) return false;
    if (this.group === undefined) {
      if (fetcher.atEnd) return false;
      await this.changed(fetcher, this.limits.idleMs);
    } else if (this.limits.ends !== undefined && fetcher.atEnd) {
      if (await this.group.groupAtEnd()) return false;
      if (this.autoCommit) await this.processed.commitNow();
      this.showWaiting(
        `waiting for group \`${this.options.group}\`: other members (a cell that still runs?) hold the rest`,
        2_000,
      );
      const timer = setTimeout(() => fetcher.signal(), GROUP_END_MS);
      await this.changed(fetcher, this.limits.idleMs);
      clearTimeout(timer);
    } else {
      await this.changed(fetcher, this.limits.idleMs);
    }
    return !this.timeUp;
  }

  private async changed(fetcher: Fetcher, idleMs: number | undefined): Promise<void> {
    this.idleSince ??= performance.now();
    const timer = idleMs === undefined ? undefined : this.after(this.idleSince + idleMs - performance.now());
    try {
      await fetcher.changed();
    } finally {
      if (timer !== undefined) {
        clearTimeout(timer);
        this.timers.delete(timer);
      }
    }
  }

  private after(ms: number): ReturnType<typeof setTimeout> {
    const timer = setTimeout(
      () => {
        this.timeUp = true;
        this.fetcher?.signal();
      },
      Math.max(0, Math.min(ms, 2_147_483_647)),
    );
    this.timers.add(timer);
    return timer;
  }

  private waitingSince: number | undefined;

  /** One line about what is being waited for, in place of the one before; empty again when it is over. */
  private showWaiting(why: string | undefined, afterMs = 0): void {
    const waitedS = ((performance.now() - (this.idleSince ?? this.begunAt)) / 1_000).toFixed(1);
    if (why === undefined) this.waitingSince = undefined;
    else {
      this.waitingSince ??= performance.now();
      if (performance.now() - this.waitingSince < afterMs) return;
    }
    if (this.slot === undefined) {
      if (why !== undefined) this.slot = display().open({ 'text/plain': why });
    } else if (why === undefined) {
      this.slot.update({ 'text/plain': `waited ${waitedS} s for group \`${this.options.group}\`` }, true);
      this.slot = undefined;
    }
  }

  private async shutDown(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.limits.signal?.removeEventListener('abort', this.onAbort);
    // A loop that waits ends now; it must not see the connection break.
    this.fetcher?.close();
    try {
      if (this.autoCommit && this.fetcher !== undefined) await this.processed.commitNow();
    } catch {
      // The group was shared out anew, or the broker is gone: what was not committed comes again. That is at-least-once.
    } finally {
      await this.group?.member.leave();
      this.open?.close();
      this.untrack?.();
    }
  }
}
