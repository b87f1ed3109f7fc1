import { ArgumentError } from '../../core/errors.js';
import { checkOptions, type OptionNames } from '../../core/option-names.js';
import type { DeliveryGuarantee, Sink } from '../../engine/sink.js';
import { type BrokersOption, isOutgoingMessage, type OutgoingMessage, type Sendable } from '../../kafka/index.js';
import { KafkaSinkOperator } from './sink-operator.js';
import { kafkaTransactions } from './transaction.js';

/** Which partition a message goes to. @see Flink: Kafka connector, sink partitioning */
export type Partitioner = 'default' | 'fixed' | 'round-robin';

/** Settings of {@link kafkaSink}. */
export interface KafkaSinkOptions<T> {
  /** Default `at-least-once`. */
  readonly deliveryGuarantee?: DeliveryGuarantee;
  /** What is sent: a text or bytes as they are, anything else as JSON. Default: the element. */
  readonly value?: (element: T) => Sendable;
  /** Elements with equal keys go to one partition, in order. Default: no key. */
  readonly key?: (element: T) => string | Uint8Array | null;
  /** The whole message, in place of `value` and `key`. */
  readonly message?: (element: T, timestamp: number) => OutgoingMessage;
  /** A topic that is missing is made with so many partitions. Default 1. */
  readonly partitions?: number;
  /**
   * Which partition a message goes to that names none. `default`: by the key; without one, in turns. `fixed`: each subtask
   * writes to one. `round-robin`: in turns.
   */
  readonly partitioner?: Partitioner;
  /** Keeps only the last message of each key for a while, and sends that. Default: everything is sent. */
  readonly buffer?: { readonly maxMessages: number; readonly intervalMs: number };
  readonly brokers?: BrokersOption;
  /** How long a broker that went away is waited for, where there are no transactions. Default 10 s. */
  readonly retryMs?: number;
}

const NAMES: OptionNames<KafkaSinkOptions<unknown>> = {
  deliveryGuarantee: true,
  value: true,
  key: true,
  message: true,
  partitions: true,
  partitioner: true,
  buffer: true,
  brokers: true,
  retryMs: true,
};

/**
 * Writes elements to a Kafka topic, with their timestamps.
 *
 * `exactly-once` writes in transactions that are committed with each checkpoint, so it needs checkpoints, in a directory if
 * it is to survive the process; readers see nothing before, and must read `read_committed`. The job's `uid` names the
 * transactions and the topic `streambook-checkpoints-<uid>` that says which checkpoint was committed last.
 * `at-least-once` waits for acknowledgements at each checkpoint; `none` does so at the end only.
 *
 * @param topic the topic, or what says for each element which one it goes to
 * @example
 *   counts.sinkTo(kafkaSink('counts', { key: (c) => c.word, deliveryGuarantee: 'exactly-once' }));
 *   await env.execute({ uid: 'word-counts', restoreFrom: 'latest' });
 * @see Flink: Kafka connector, sink, Fault Tolerance
 */
export function kafkaSink<T>(
  topic: string | ((element: T, timestamp: number) => string),
  options: KafkaSinkOptions<T> = {},
): Sink<T> {
  checkOptions('kafkaSink', options, NAMES);
  const { deliveryGuarantee = 'at-least-once', partitions = 1, brokers, retryMs = 10_000 } = options;
  if (typeof topic !== 'function' && (typeof topic !== 'string' || topic === '')) {
    throw new ArgumentError(`kafkaSink: ${String(topic)} is not a topic`);
  }
  if (!['none', 'at-least-once', 'exactly-once'].includes(deliveryGuarantee)) {
    throw new ArgumentError(`kafkaSink: deliveryGuarantee is ${String(deliveryGuarantee)}`);
  }
  const { partitioner = 'default', buffer } = options;
  checkOptions('kafkaSink, buffer,', buffer, { maxMessages: true, intervalMs: true });
  if (!['default', 'fixed', 'round-robin'].includes(partitioner)) {
    throw new ArgumentError(`kafkaSink: partitioner is ${String(partitioner)}, not default, fixed or round-robin`);
  }
  if (buffer !== undefined && !(buffer.maxMessages >= 1 && buffer.intervalMs > 0)) {
    throw new ArgumentError(`kafkaSink: a buffer of ${buffer.maxMessages} messages for ${buffer.intervalMs} ms`);
  }
  if (options.message !== undefined && (options.value !== undefined || options.key !== undefined)) {
    throw new ArgumentError('kafkaSink: `message` makes the whole message, so `value` and `key` have no say');
  }
  const message = messageMaker(options);
  const exactly = deliveryGuarantee === 'exactly-once';
  return {
    name: typeof topic === 'string' ? `Kafka Sink: ${topic}` : 'Kafka Sink',
    ...(exactly ? { transaction: kafkaTransactions(brokers), commits: true } : {}),
    createOperator: () =>
      new KafkaSinkOperator<T>({
        topic,
        deliveryGuarantee,
        partitions,
        partitioner,
        buffer,
        brokers,
        retryMs,
        message,
      }),
  };
}

function messageMaker<T>(options: KafkaSinkOptions<T>): (element: T, timestamp: number) => OutgoingMessage {
  const { message, value, key } = options;
  if (message !== undefined) return message;
  return (element, timestamp) => {
    if (value === undefined && key === undefined && isOutgoingMessage(element)) return element;
    const time = Number.isSafeInteger(timestamp) && timestamp >= 0 ? { timestamp } : {};
    return {
      value: value === undefined ? (element as Sendable) : value(element),
      ...(key === undefined ? {} : { key: key(element) }),
      ...time,
    };
  };
}
