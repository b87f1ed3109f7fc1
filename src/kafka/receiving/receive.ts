import type { Decoder } from './decode.js';
import { checkReceive, type ReceiveOptions } from './receive-options.js';
import { Receiving } from './receiving.js';

/** As text, which is what a value is unless `as` says otherwise. */
export interface ReceiveTextOptions extends ReceiveOptions {
  readonly as?: 'text' | undefined;
}

/**
 * Receives messages as an async iterable: from `from` until `until`.
 *
 * Without a group every partition is read, and nothing is left behind. With one, its members share the partitions, and
 * the group's commits say where it goes on. Leaving the loop (by `break`, by an exception, by Jupyter's Interrupt)
 * closes the connection at once and leaves the group. A message at which the loop is left counts as not processed: the
 * group gets it again. `until: { count: 10 }` ends behind the tenth.
 *
 * @param topic one topic or several
 * @throws `bad-argument` at once; in the loop `broker-unreachable`, `topic-not-found`, `bad-value`, `broker-lost`,
 *   `offset-out-of-range`
 * @example
 *   for await (const m of receive('novel', { until: 'end' })) console.log(m.offset, m.text.slice(0, 40));
 *   for await (const m of receive('orders', { as: 'json', group: 'billing' })) console.log(m.value.amount);
 *   const ten = await receive('novel', { until: { count: 10 } }).toArray();
 * @see Kafka: consumer, auto.offset.reset, enable.auto.commit
 */
// biome-ignore lint/suspicious/noExplicitAny: what JSON holds, only the caller knows
export function receive<T = any>(
  topic: string | readonly string[],
  options: ReceiveOptions & { readonly as: 'json' },
): Receiving<T>;
export function receive(
  topic: string | readonly string[],
  options: ReceiveOptions & { readonly as: 'csv'; readonly columns: readonly string[] },
): Receiving<Record<string, string>>;
export function receive(
  topic: string | readonly string[],
  options: ReceiveOptions & { readonly as: 'csv' },
): Receiving<string[]>;
export function receive(
  topic: string | readonly string[],
  options: ReceiveOptions & { readonly as: 'bytes' },
): Receiving<Buffer>;
export function receive<T>(
  topic: string | readonly string[],
  options: ReceiveOptions & { readonly as: Decoder<T> },
): Receiving<T>;
// The last one: TypeScript's complaint about a call that fits none is about this.
export function receive(topic: string | readonly string[], options?: ReceiveTextOptions): Receiving<string>;
export function receive(
  topic: string | readonly string[],
  options: ReceiveOptions = {},
  // biome-ignore lint/suspicious/noExplicitAny: the overloads say what it is
): Receiving<any> {
  const topics = Array.isArray(topic) ? [...topic] : [topic as string];
  checkReceive(topics, options);
  return new Receiving<unknown>(topics, options);
}
