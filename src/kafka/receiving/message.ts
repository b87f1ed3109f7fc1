import { messageOf, StreambookError } from '../../core/errors.js';
import type { KafkaRecord } from '../reading/record.js';

/** Where a message lies, for errors. */
export function placeOf(topic: string, partition: number, offset: number): string {
  return `topic \`${topic}\`, partition ${partition}, offset ${offset}`;
}

/**
 * A message that was received. `value` is what `as` made of its bytes; key, text and headers are decoded when they are
 * asked for.
 */
export class Message<T = string> {
  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly offset: number,
    /** Epoch ms: when it was sent (or written, if the topic says so). */
    readonly timestamp: number,
    /** The value as `as` says: text by default. `null` where the message has none (a tombstone). */
    readonly value: T,
    private readonly record: KafkaRecord,
    private readonly committer: (() => Promise<void>) | undefined,
    /** Why the value could not be decoded; only with `onBad: 'keep'`. */
    readonly error?: StreambookError,
  ) {}

  /** The key as text; `null` if there is none. */
  get key(): string | null {
    return this.record.key === null ? null : this.record.key.toString();
  }

  /** The key's bytes; `null` if there is none. */
  get keyBytes(): Buffer | null {
    return this.record.key;
  }

  /** The value's bytes: a view of what was fetched. `null` for a tombstone. */
  get bytes(): Buffer | null {
    return this.record.value;
  }

  /** The value as text (UTF-8), whatever `as` says; empty for a tombstone. */
  get text(): string {
    return this.record.value === null ? '' : this.record.value.toString();
  }

  /** Headers as text. Of headers with the same name the last one counts. */
  get headers(): Record<string, string> {
    return Object.fromEntries(
      this.record.headers.map(([name, value]) => [name, value === null ? '' : value.toString()]),
    );
  }

  /** Headers as they are: in order, as bytes, names may repeat. */
  get rawHeaders(): readonly (readonly [string, Buffer | null])[] {
    return this.record.headers;
  }

  /** Whose time `timestamp` is: the sender's, or the broker's where the topic says so. */
  get timestampType(): 'CreateTime' | 'LogAppendTime' | 'NoTimestampType' {
    if (this.timestamp < 0) return 'NoTimestampType';
    return this.record.batch.logAppendTime ? 'LogAppendTime' : 'CreateTime';
  }

  /** How often the partition had got a new leader when the message was written; `null` where that is not known. */
  get leaderEpoch(): number | null {
    const { leaderEpoch } = this.record.batch;
    return leaderEpoch < 0 ? null : leaderEpoch;
  }

  /** The value read as JSON, whatever `as` says. @throws `bad-value` */
  // biome-ignore lint/suspicious/noExplicitAny: what JSON holds, only the caller knows
  json<U = any>(): U {
    try {
      return JSON.parse(this.text) as U;
    } catch (error) {
      throw badValue(this.topic, this.partition, this.record, 'JSON', error);
    }
  }

  /** Commits this message: the group goes on behind it. @throws `no-group`, `commit-failed` */
  commit(): Promise<void> {
    if (this.committer !== undefined) return this.committer();
    return Promise.reject(
      new StreambookError('no-group', 'there is no group to commit for', {
        hint: "receive(topic, { group: 'my-group', commit: 'manual' })",
      }),
    );
  }

  /** What a cell shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): object {
    const { topic, partition, offset, key, value, headers } = this;
    const shown = { topic, partition, offset, time: new Date(this.timestamp).toISOString(), key, value };
    return Object.keys(headers).length === 0 ? shown : { ...shown, headers };
  }
}

/** A value that is not what `as` says. */
export function badValue(
  topic: string,
  partition: number,
  record: KafkaRecord,
  kind: string,
  cause: unknown,
): StreambookError {
  const text = record.value?.toString() ?? 'null';
  const start = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  return new StreambookError('bad-value', `a value is not ${kind}: ${messageOf(cause)}; it is \`${start}\``, {
    where: placeOf(topic, partition, record.offset),
    hint: "`onBad: 'skip'` leaves such messages out and counts them; `onBad: 'keep'` hands them over with `error` set",
    cause,
  });
}
