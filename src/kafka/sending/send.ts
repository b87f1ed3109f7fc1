import { ArgumentError } from '../../core/errors.js';
import { checkNames, SEND_OPTIONS } from '../option-names.js';
import { isOutgoingMessage, type OutgoingMessage, type Ready, ready, type Sendable } from './outgoing.js';
import { checkTopic } from './send-file.js';
import { startSending } from './sender.js';
import type { Sending, SendOptions } from './sending.js';

/** What `send` takes: a value, or a message with a key, headers, a time or a partition. */
export type SendItem = Sendable | OutgoingMessage;

export interface SendValuesOptions extends SendOptions {
  /** The key of values that are not messages themselves: the same for all, or made from value and number (from 0). */
  readonly key?: string | ((value: unknown, index: number) => string) | undefined;
  readonly partition?: number | undefined;
  readonly headers?: Readonly<Record<string, string | Uint8Array>> | undefined;
  /** Epoch ms, made from value and number; the time of sending by default. */
  readonly timestamp?: ((value: unknown, index: number) => number) | undefined;
}

const NAMES = [...SEND_OPTIONS, 'key', 'partition', 'headers', 'timestamp'];

/**
 * Sends values to a topic, in the background: one, several, or as many as an iterable or async iterable brings. An
 * async iterable's values are sent as they come.
 *
 * Strings and bytes go as they are, `null` is a tombstone, everything else becomes JSON. A value that has `value` and
 * one of `key`, `headers`, `partition` (and perhaps `timestamp`), and nothing else, is taken for a whole message.
 *
 * @example
 *   await send('greetings', ['hello', 'world']);
 *   await send('orders', { key: 'alice', value: { amount: 3 } });
 *   const sending = send('readings', sensor(), { perSecond: 100 });   // an async generator
 */
export function send(
  topic: string,
  values: SendItem | Iterable<SendItem> | AsyncIterable<SendItem>,
  options: SendValuesOptions = {},
): Sending {
  checkTopic(topic);
  checkNames('send', options, NAMES);
  if (values === undefined) throw new ArgumentError('nothing to send was given', { hint: "send('topic', ['a', 'b'])" });
  const source = listed(values);
  const { loop = 1 } = options;
  if (loop !== 1 && loop !== false && isIterator(source)) {
    throw new ArgumentError('a generator runs once, so it cannot be sent in a loop', {
      hint: 'give an array, or loop in it',
    });
  }
  return startSending(topic, { name: options.name ?? topic, open: () => messages(source, options) }, options);
}

function listed(
  values: SendItem | Iterable<SendItem> | AsyncIterable<SendItem>,
): Iterable<SendItem> | AsyncIterable<SendItem> {
  if (typeof values !== 'object' || values === null || values instanceof Uint8Array) return [values as SendItem];
  if (Symbol.iterator in values || Symbol.asyncIterator in values) return values as Iterable<SendItem>;
  return [values as SendItem];
}

function isIterator(source: object): boolean {
  return 'next' in source && typeof source.next === 'function';
}

/** Makes values ready, one by one, as the source brings them. */
function messages(source: Iterable<SendItem> | AsyncIterable<SendItem>, options: SendValuesOptions) {
  return Symbol.asyncIterator in source ? asyncMessages(source, options) : syncMessages(source, options);
}

async function* asyncMessages(
  source: AsyncIterable<SendItem>,
  options: SendValuesOptions,
): AsyncGenerator<Ready, void> {
  let index = 0;
  for await (const value of source) yield toReady(value, index++, options);
}

function* syncMessages(source: Iterable<SendItem>, options: SendValuesOptions): Generator<Ready, void> {
  let index = 0;
  for (const value of source) yield toReady(value, index++, options);
}

function toReady(value: SendItem, index: number, options: SendValuesOptions): Ready {
  const { key, partition, headers, timestamp } = options;
  const given: OutgoingMessage = isOutgoingMessage(value) ? value : { value: value as Sendable };
  return ready(
    {
      value: given.value,
      key: given.key !== undefined ? given.key : typeof key === 'function' ? key(given.value, index) : key,
      partition: given.partition ?? partition,
      headers: given.headers ?? headers,
      timestamp: given.timestamp ?? timestamp?.(given.value, index),
    },
    index,
  );
}
