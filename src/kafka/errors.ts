import { isStreambookError, messageOf, StreambookError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import type { FoundBroker } from './connection/brokers.js';

/** What kafkajs's errors carry; only `name` and `message` are always there. */
interface KafkaJsError {
  readonly name?: string;
  readonly type?: string;
  readonly code?: string;
  readonly broker?: string;
  readonly host?: string;
  readonly port?: number;
  readonly cause?: unknown;
  readonly retriable?: boolean;
}

/** Kafka's name of an error (`UNKNOWN_TOPIC_OR_PARTITION`), from kafkajs's error or one underneath it. */
export function kafkaErrorType(error: unknown): string | undefined {
  for (let e = error as KafkaJsError | undefined, depth = 0; e && depth < 6; e = e.cause as KafkaJsError, depth++) {
    if (typeof e.type === 'string') return e.type;
  }
  return undefined;
}

const CONNECTION_ERRORS = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSLockTimeout',
]);

/** Whether the connection, not the request, was at fault. */
export function isConnectionError(error: unknown): boolean {
  for (let e = error as KafkaJsError | undefined, depth = 0; e && depth < 6; e = e.cause as KafkaJsError, depth++) {
    if (e.name !== undefined && CONNECTION_ERRORS.has(e.name)) return true;
    if (e.code === 'ECONNREFUSED' || e.code === 'ECONNRESET' || e.code === 'EPIPE') return true;
  }
  return false;
}

/** The address kafkajs could not reach, if the error names one. */
function addressIn(error: unknown): string | undefined {
  for (let e = error as KafkaJsError | undefined, depth = 0; e && depth < 6; e = e.cause as KafkaJsError, depth++) {
    if (typeof e.broker === 'string') return e.broker;
    if (typeof e.host === 'string') return `${e.host}:${e.port}`;
  }
  return undefined;
}

/** How to get a broker, for every error that lacks one. */
export const HOW_TO_START =
  'start one: `npm start` (with the notebooks), `npx streambook broker` (alone), or `docker compose up` (a real Kafka); ' +
  'another address: the option `brokers`, or STREAMBOOK_BROKERS=host:port';

/** Nothing, or nothing that speaks Kafka's protocol, answers at the address. */
export function unreachable(found: FoundBroker, why: string, cause?: unknown): StreambookError {
  return new StreambookError('broker-unreachable', `no Kafka broker answers at ${found}: ${why}`, {
    hint: HOW_TO_START,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The topic does not exist; names the nearest one that does. */
export function topicNotFound(
  topic: string,
  existing: readonly string[],
  found: FoundBroker,
  todo = `\`topics.create('${topic}')\` makes it, and so does sending to it`,
): StreambookError {
  const near = nearest(topic, existing);
  const known = existing.length === 0 ? 'there are no topics yet;' : `there are: ${list(existing)};`;
  return new StreambookError('topic-not-found', `no topic \`${topic}\``, {
    where: `broker ${found}`,
    hint: `${near === undefined ? known : `did you mean \`${near}\`?`} ${todo}`,
  });
}

/** Turns what kafkajs throws into an error of ours, which says what was being done. Ours pass unchanged. */
export function explain(error: unknown, doing: string, found: FoundBroker): StreambookError {
  if (isStreambookError(error)) return error;
  const type = kafkaErrorType(error);
  if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE') {
    return new StreambookError('message-too-large', `the broker refused a message as too large while ${doing}`, {
      where: `broker ${found}`,
      hint: 'send smaller pieces (`chunkBytes`), or raise `max.message.bytes` of the topic (1,048,588 by default)',
      cause: error,
    });
  }
  if (type === 'INVALID_CONFIG') {
    return new StreambookError('bad-topic-config', `the broker refused a setting while ${doing}`, {
      where: `broker ${found}`,
      hint: "names and values are Kafka's: 'retention.ms': 60000, 'cleanup.policy': 'compact'; topics.describe(name) shows all of a topic",
      cause: error,
    });
  }
  if (type === 'INVALID_REPLICATION_FACTOR') {
    return new StreambookError('too-few-brokers', `there are not as many brokers as replicas, while ${doing}`, {
      where: `broker ${found}`,
      hint: 'one broker can hold one copy: leave `replicas` out',
      cause: error,
    });
  }
  if (type === 'INVALID_TOPIC_EXCEPTION') {
    return new StreambookError('bad-topic-name', `the broker refused the topic's name while ${doing}`, {
      hint: 'a name has 1 to 249 letters, digits, dots, hyphens or underscores',
      cause: error,
    });
  }
  if (isConnectionError(error)) {
    const address = addressIn(error);
    if (address !== undefined && !found.brokers.includes(address) && !sameLoopback(address, found.brokers)) {
      return new StreambookError(
        'broker-unreachable',
        `${found} answered, but sent us on to \`${address}\`, which cannot be reached (while ${doing})`,
        {
          hint: 'that address is what the broker advertises: set `advertised.listeners` to one that this machine can reach',
          cause: error,
        },
      );
    }
    return new StreambookError('broker-lost', `the broker ${found} does not answer any more, while ${doing}`, {
      hint: HOW_TO_START,
      cause: error,
    });
  }
  return new StreambookError('kafka', `${messageOf(error)} (while ${doing})`, {
    where: `broker ${found}`,
    cause: error,
  });
}

function sameLoopback(address: string, brokers: readonly string[]): boolean {
  const plain = (a: string) => a.replace(/^(localhost|127\.0\.0\.1)(?=:)/, 'loopback');
  return brokers.some((broker) => plain(broker) === plain(address));
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `\`${name}\``);
  return shown.join(', ') + (names.length > shown.length ? ` and ${names.length - shown.length} more` : '');
}
