import { ArgumentError, messageOf } from '../../core/errors.js';

/** What a message's value or key may be: text and bytes go as they are, `null` is a tombstone, the rest becomes JSON. */
export type Sendable = string | Uint8Array | null | object | number | boolean | bigint;

/** A message with more than a value. */
export interface OutgoingMessage {
  readonly value: Sendable;
  /** Messages with the same key go to the same partition, in order. */
  readonly key?: string | Uint8Array | null | undefined;
  readonly headers?: Readonly<Record<string, string | Uint8Array>> | undefined;
  /** Epoch ms; the time of sending by default. */
  readonly timestamp?: number | undefined;
  readonly partition?: number | undefined;
}

/** Ready to go: bytes, and their number for limits and progress. */
export interface Ready {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, Buffer> | undefined;
  readonly timestamp: string | undefined;
  readonly partition: number | undefined;
  readonly byteLength: number;
  /** How far into the source this message reaches, in the unit of the progress; its own bytes by default. */
  readonly done: number;
}

/**
 * Whether `value` is meant as a whole message: it has `value`, one of `key`, `headers` and `partition`, and nothing
 * that a message has not. A sensor's `{ timestamp, value }` is a row; as a message it is `{ key: null, timestamp, value }`.
 */
export function isOutgoingMessage(value: unknown): value is OutgoingMessage {
  if (typeof value !== 'object' || value === null || !('value' in value)) return false;
  if (!('key' in value || 'headers' in value || 'partition' in value)) return false;
  return Object.keys(value).every((name) => MESSAGE_FIELDS.has(name));
}

const MESSAGE_FIELDS = new Set(['value', 'key', 'headers', 'timestamp', 'partition']);

/** Makes a message ready. `index` counts from 0 and stands in errors. */
export function ready(message: OutgoingMessage, index: number, done?: number): Ready {
  const where = `message ${index}`;
  const value = bytesOf(message.value, 'value', where);
  const key = message.key === undefined ? null : bytesOf(message.key, 'key', where);
  const { timestamp, partition } = message;
  if (timestamp !== undefined && (!Number.isSafeInteger(timestamp) || timestamp < 0)) {
    throw new ArgumentError(`the timestamp is ${timestamp}`, { where, hint: 'whole milliseconds since 1970' });
  }
  if (partition !== undefined && (!Number.isInteger(partition) || partition < 0)) {
    throw new ArgumentError(`the partition is ${partition}`, { where, hint: 'a whole number from 0' });
  }
  const headers = message.headers === undefined ? undefined : headersOf(message.headers, where);
  const byteLength = value?.length ?? 0;
  return {
    key,
    value,
    headers,
    // kafkajs sorts the timestamps of a batch as texts, to find the largest: with one length that is their order.
    timestamp: timestamp === undefined ? undefined : String(timestamp).padStart(16, '0'),
    partition,
    byteLength,
    done: done ?? byteLength,
  };
}

function bytesOf(value: unknown, what: string, where: string): Buffer | null {
  if (value === null) return null;
  if (typeof value === 'string') return Buffer.from(value);
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  let json: string | undefined;
  try {
    json = typeof value === 'bigint' ? String(value) : JSON.stringify(value, exactBigInt);
  } catch (error) {
    throw new ArgumentError(`the ${what} cannot be written as JSON: ${messageOf(error)}`, { where, cause: error });
  }
  if (json === undefined) {
    throw new ArgumentError(`the ${what} is ${String(value)}, which has no JSON form`, {
      where,
      hint: 'a string, bytes, null (a tombstone), or anything JSON can hold',
    });
  }
  return Buffer.from(json);
}

function exactBigInt(_name: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function headersOf(headers: Readonly<Record<string, string | Uint8Array>>, where: string): Record<string, Buffer> {
  const result: Record<string, Buffer> = {};
  for (const [name, value] of Object.entries(headers)) {
    result[name] = bytesOf(value, `header \`${name}\``, where) ?? Buffer.alloc(0);
  }
  return result;
}
