import type { KafkaRecord } from '../../kafka/index.js';

/**
 * A Kafka record in a stream: where it lies, when it was written, and what is in it. Text and JSON are decoded when asked
 * for.
 */
export class KafkaElement {
  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly record: KafkaRecord,
  ) {}

  get offset(): number {
    return this.record.offset;
  }

  /** Milliseconds since 1970: the producer's, or the broker's where the topic says `LogAppendTime`. */
  get timestamp(): number {
    return this.record.timestamp;
  }

  /** The key as text, `null` if there is none. */
  get key(): string | null {
    return this.record.key === null ? null : this.record.key.toString('utf8');
  }

  /** The value's bytes, `null` for a tombstone. */
  get value(): Buffer | null {
    return this.record.value;
  }

  /** The value as UTF-8 text; empty for a tombstone. */
  get text(): string {
    return this.record.value === null ? '' : this.record.value.toString('utf8');
  }

  /** The value parsed as JSON. @throws SyntaxError where it is none */
  json<T = unknown>(): T {
    return JSON.parse(this.text) as T;
  }

  /** The headers as text, the last one where a name repeats. */
  get headers(): Record<string, string> {
    return Object.fromEntries(this.record.headers.map(([name, value]) => [name, value?.toString('utf8') ?? '']));
  }
}
