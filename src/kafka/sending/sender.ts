import { isStreambookError, messageOf, StreambookError } from '../../core/errors.js';
import { trackRunning } from '../../core/running.js';
import { type FoundBroker, findBroker } from '../connection/brokers.js';
import { Inbox } from './inbox.js';
import type { Ready } from './outgoing.js';
import { gapMs, type PaceClock, Pacer, systemClock } from './pace.js';
import { TopicProducer } from './producer.js';
import { ProgressView } from './progress.js';
import type { Sending, SendOptions, SendProgress, SendSummary } from './sending.js';

/** A batch stays well below what a broker takes (1 MiB by default), and the progress moves. */
const BATCH_BYTES = 256 * 1024;
const BATCH_MESSAGES = 5_000;

/** What is sent, and what the progress says of it. */
export interface SendSource {
  readonly name: string;
  /** Called once per round: again for each `loop`. What it throws ends the sending. */
  open(): AsyncIterable<Ready> | Iterable<Ready>;
  /** Bytes of one round, where known; may be known only after `prepare`. */
  totalBytes?: number | undefined;
  /** What the reader should know of it; may be known only when it has been read. */
  note?: string | undefined;
  /** Looked at before anything is sent: is the file there? */
  prepare?(): Promise<void>;
}

/** Begins to send in the background, and returns the handle. */
export function startSending(
  topic: string,
  source: SendSource,
  options: SendOptions,
  clock: PaceClock = systemClock,
): Sending {
  return new Sender(topic, source, options, clock);
}

interface Waiter {
  readonly count: number;
  resolve(count: number): void;
  reject(error: unknown): void;
}

/** What this process is sending just now, by topic. */
const SENDING = new Map<string, Set<Sender>>();

/**
 * Stops what this process sends to a topic that is about to be deleted. Whoever runs a cell again that deletes the topic
 * and fills it anew would find the rest of the first filling in it.
 */
export async function stopSendingTo(topic: string, found: FoundBroker): Promise<void> {
  const senders = [...(SENDING.get(topic) ?? [])].filter((sender) => sender.sendsTo(found));
  await Promise.allSettled(senders.map((sender) => sender.stop('the topic was deleted')));
}

class Sender implements Sending {
  readonly done: Promise<SendSummary>;
  private state: SendProgress['state'] = 'running';
  private messages = 0;
  private bytes = 0;
  private sourceBytes = 0;
  private lastBytes = 0;
  private note: string | undefined;
  private waiters: Waiter[] = [];
  private inbox: Inbox<Ready> | undefined;
  private producer: TopicProducer | undefined;
  private found: FoundBroker | undefined;
  /** Aborted at stop, at pause and at resume: whoever sleeps looks round. */
  private nudge = new AbortController();
  private stopping = false;
  private paused = false;
  private readonly startedAt: number;
  private endedAt: number | undefined;
  private readonly pacer: Pacer;
  private readonly view: ProgressView;

  constructor(
    readonly topic: string,
    private readonly source: SendSource,
    private readonly options: SendOptions,
    private readonly clock: PaceClock,
  ) {
    const gap = gapMs(options);
    this.startedAt = clock.now();
    this.pacer = new Pacer(gap, clock);
    this.view = new ProgressView(options.show ?? true, gap >= 500);
    const untrack = trackRunning({
      what: `sending ${source.name} to ${topic}`,
      stop: async () => {
        await this.stop();
      },
    });
    const others = SENDING.get(topic) ?? new Set();
    SENDING.set(topic, others.add(this));
    this.done = this.run().finally(() => {
      untrack();
      others.delete(this);
      if (others.size === 0 && SENDING.get(topic) === others) SENDING.delete(topic);
    });
    // Whoever does not await the handle sees the failure in the display; it must not end the process.
    this.done.catch(() => {});
  }

  get progress(): SendProgress {
    const total = this.totalBytes;
    return {
      state: this.state,
      messages: this.messages,
      bytes: this.bytes,
      sourceBytes: this.sourceBytes,
      ...(total === undefined ? {} : { totalBytes: total }),
      elapsedMs: Math.round((this.endedAt ?? this.clock.now()) - this.startedAt),
    };
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting the handle is how one waits for its end
  then<A = SendSummary, B = never>(
    onDone?: ((summary: SendSummary) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return this.done.then(onDone, onError);
  }

  sent(count: number): Promise<number> {
    if (this.messages >= count) return Promise.resolve(this.messages);
    if (this.endedAt !== undefined) return this.done.then((summary) => summary.messages);
    return new Promise((resolve, reject) => this.waiters.push({ count, resolve, reject }));
  }

  /** What a cell shows of the handle. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const { state, messages } = this.progress;
    const alive = state === 'running' || state === 'paused';
    const next = alive ? ' so far; `await` it, or call .pause(), .resume(), .stop(), .sent(n)' : '';
    return `Sending to ${this.topic}: ${state}, ${counted(messages, 'message')}${next}`;
  }

  pause(): void {
    if (this.state !== 'running') return;
    this.paused = true;
    this.state = 'paused';
    this.lookRound();
    this.show();
    this.view.flush();
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.paused = false;
    this.state = 'running';
    this.pacer.restart();
    this.lookRound();
    this.show();
  }

  sendsTo(found: FoundBroker): boolean {
    const own = this.found?.brokers ?? [];
    return own.some((address) => found.brokers.includes(address));
  }

  stop(why?: string): Promise<SendSummary> {
    if (why !== undefined) this.note = why;
    this.stopping = true;
    this.inbox?.stop();
    this.producer?.abandon();
    this.lookRound();
    return this.done;
  }

  private async run(): Promise<SendSummary> {
    let producer: TopicProducer | undefined;
    try {
      await this.source.prepare?.();
      this.found = findBroker(this.options.brokers);
      producer = await TopicProducer.open(this.found, {
        topic: this.topic,
        create: this.options.create ?? 1,
        retryMs: this.options.retryMs ?? 10_000,
        clientId: this.options.clientId,
        onWaiting: (why) => {
          this.note = why;
          this.show();
        },
      });
      this.producer = producer;
      if (producer.created)
        this.note = `made the topic ${this.topic}, with ${counted(producer.partitions, 'partition')}`;
      const { loop = 1 } = this.options;
      const rounds = typeof loop === 'number' ? loop : loop ? Number.POSITIVE_INFINITY : 1;
      for (let round = 0; round < rounds && !this.stopping; round++) {
        const before = this.messages;
        await this.sendRound(producer);
        if (this.messages === before) break;
      }
      return this.finish(this.stopping ? 'stopped' : 'done');
    } catch (error) {
      throw this.failed(error);
    } finally {
      producer?.close();
    }
  }

  private async sendRound(producer: TopicProducer): Promise<void> {
    const inbox = new Inbox(this.source.open(), (m) => m.byteLength, 2 * BATCH_BYTES, 2 * BATCH_MESSAGES);
    this.inbox = inbox;
    const base = this.sourceBytes;
    let done = 0;
    try {
      while (await inbox.more()) {
        if (!(await this.mayGo())) break;
        const batch = this.batch(inbox);
        if (batch.length === 0) continue;
        await producer.send(batch);
        this.messages += batch.length;
        for (const message of batch) {
          this.bytes += message.byteLength;
          done += message.done;
        }
        this.lastBytes = batch[batch.length - 1]!.byteLength;
        this.sourceBytes = base + done;
        this.acknowledged();
      }
    } finally {
      inbox.stop();
    }
  }

  /** Waits while paused, and until the next message is due. False: stopped. */
  private async mayGo(): Promise<boolean> {
    while (!this.stopping) {
      const waitMs = this.paused ? 1_000 : this.pacer.waitMs();
      if (waitMs <= 0) return true;
      if (this.nudge.signal.aborted) this.nudge = new AbortController();
      await this.clock.sleep(Math.min(waitMs, 2_147_483_647), this.nudge.signal);
    }
    return false;
  }

  private batch(inbox: Inbox<Ready>): Ready[] {
    const due = this.pacer.take(Math.min(BATCH_MESSAGES, inbox.available));
    const batch: Ready[] = [];
    for (let size = 0; batch.length < due; ) {
      const next = inbox.peek();
      if (next === undefined || (batch.length > 0 && size + next.byteLength > BATCH_BYTES)) break;
      size += next.byteLength;
      batch.push(inbox.take()!);
    }
    this.pacer.giveBack(due - batch.length);
    return batch;
  }

  private lookRound(): void {
    this.nudge.abort();
  }

  private acknowledged(): void {
    const ready = this.waiters.filter((waiter) => waiter.count <= this.messages);
    this.waiters = this.waiters.filter((waiter) => waiter.count > this.messages);
    for (const waiter of ready) waiter.resolve(this.messages);
    this.show();
  }

  private finish(state: 'stopped' | 'done'): SendSummary {
    this.end(state);
    for (const waiter of this.waiters.splice(0)) waiter.resolve(this.messages);
    const { messages, bytes, topic } = this;
    return { topic, messages, bytes, elapsedMs: this.progress.elapsedMs, stopped: state === 'stopped' };
  }

  private failed(error: unknown): StreambookError {
    const sent = `${counted(this.messages, 'message')} (${counted(this.bytes, 'byte')}) had been acknowledged`;
    const first = isStreambookError(error) ? error : undefined;
    // Before the first message, the error says all; later, what has arrived matters as much.
    const failure =
      first !== undefined && this.messages === 0
        ? first
        : new StreambookError(
            first?.code ?? 'send-failed',
            `sending to \`${this.topic}\` stopped: ${plain(error)}; ${sent}`,
            {
              ...(first?.where === undefined ? {} : { where: first.where }),
              hint:
                first?.hint ??
                'what was acknowledged is in the topic; the rest was not sent, or may be there unacknowledged',
              cause: error,
            },
          );
    this.note = plain(failure);
    this.end('failed');
    for (const waiter of this.waiters.splice(0)) waiter.reject(failure);
    return failure;
  }

  private end(state: 'stopped' | 'failed' | 'done'): void {
    this.endedAt = this.clock.now();
    this.state = state;
    this.show();
    this.view.flush(true);
  }

  private get totalBytes(): number | undefined {
    const { totalBytes } = this.source;
    const { loop } = this.options;
    if (totalBytes === undefined || loop === true) return undefined;
    return totalBytes * (typeof loop === 'number' ? loop : 1);
  }

  private show(): void {
    this.view.update(() => {
      const { state, sourceBytes, elapsedMs, totalBytes } = this.progress;
      const share = totalBytes ? ` ${((sourceBytes / totalBytes) * 100).toFixed(2)} %` : '';
      const name = this.source.name;
      const ended = state === 'running' ? '' : ` (${state})`;
      const notes = [this.note, this.source.note].filter((part) => part !== undefined);
      const last = notes.map((note) => `; ${note}`).join('');
      const amount = state === 'running' ? this.lastBytes : this.bytes;
      return {
        label: name === this.topic ? `Sending to ${name}` : `Sending ${name} to ${this.topic}`,
        done: sourceBytes,
        ...(totalBytes === undefined ? {} : { total: totalBytes }),
        unit: 'bytes',
        elapsedMs,
        state,
        note: [counted(this.messages, 'message'), ...notes].join('; '),
        text: `Sent ${amount} ${amount === 1 ? 'byte' : 'bytes'} of ${name}${share}${ended}${last}`,
      };
    });
  }
}

/** A message without its code and hint, to stand inside another one. */
function plain(error: unknown): string {
  const [first = ''] = messageOf(error).split('\n');
  return first.replace(/^\[streambook\/[a-z-]+\] /, '');
}

function counted(count: number, unit: string): string {
  return `${count.toLocaleString('en-GB')} ${unit}${count === 1 ? '' : 's'}`;
}
