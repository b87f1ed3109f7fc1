import { checkDuration, checkWord, quoted } from '../../core/arguments.js';
import { ArgumentError } from '../../core/errors.js';
import type { OptionNames } from '../../core/option-names.js';
import { OutputTag } from '../../engine/channels/output-tag.js';
import type { BrokersOption, Message, Offsets, StartPosition } from '../../kafka/index.js';
import type { As } from '../../kafka/receiving/decode.js';

/** Where to begin and to end. */
export interface KafkaSourceOptions {
  /** Default `earliest`. Offsets by partition: `{ offsets: { 0: 120 } }`. `committed`: where the group stands. */
  readonly from?: StartPosition | 'committed';
  /**
   * A consumer group that mirrors how far the source has come. It decides nothing, unless `from` is `committed`. In a job with
   * exactly-once sinks on the same cluster its offsets are part of their transactions.
   */
  readonly groupId?: string;
  /**
   * When the group's offsets are committed. `on-checkpoint` (default): with each checkpoint. `on-receipt`: before the
   * elements are processed, so that with `from: 'committed'` and no checkpoints none is ever processed twice, and some may
   * be lost: at most once.
   */
  readonly commitOffsets?: 'on-checkpoint' | 'on-receipt';
  /**
   * `'end'`: what is there now. `'committed'`: up to where the group stands. `{ offsets }`: up to, and not including, these; what
   * is not there yet is waited for, and partitions that are not named end behind what is there now. `{ count }`: after so many
   * messages, in all; one subtask reads them. Default: for ever.
   */
  readonly until?:
    | 'end'
    | 'committed'
    | { readonly timestamp: number }
    | { readonly offsets: Offsets }
    | { readonly count: number };
  /** Where a partition is begun for which the group has committed nothing, or what was deleted since. Default `earliest`. */
  readonly otherwise?: 'earliest' | 'latest' | 'fail';
  /**
   * Looks for new partitions so often (ms), and for new topics where they are named by a pattern; they are read from their
   * first message on. Default: never.
   */
  readonly discoverMs?: number;
  /** Also what transactions wrote that are open or were aborted. Default `false`. */
  readonly readUncommitted?: boolean;
  /** What the broker calls this client in its logs. */
  readonly clientId?: string;
  /** How values are read: `text` (default), `json`, `csv`, `bytes`, or a function of the bytes. */
  readonly as?: As;
  /**
   * A value that cannot be read fails the job (default); is left out and counted; or, with a tag, its message goes into that
   * side output, with `error` set, and is counted: `stream.getSideOutput(tag)`.
   */
  readonly onBad?: 'fail' | 'skip' | OutputTag<Message<undefined>>;
  /** Where the cluster is; default as everywhere: `STREAMBOOK_BROKERS`, `.streambook/broker.json`, `localhost:9092`. */
  readonly brokers?: BrokersOption;
}

/** The names of {@link KafkaSourceOptions}. */
export const KAFKA_SOURCE_OPTIONS: OptionNames<KafkaSourceOptions> = {
  from: true,
  groupId: true,
  commitOffsets: true,
  until: true,
  otherwise: true,
  discoverMs: true,
  readUncommitted: true,
  clientId: true,
  as: true,
  onBad: true,
  brokers: true,
};

function checkTopics(topic: unknown): void {
  const topics: readonly unknown[] = Array.isArray(topic) ? topic : [topic];
  if (topic instanceof RegExp) return;
  if (topics.length > 0 && topics.every((name) => typeof name === 'string' && name !== '')) return;
  throw new ArgumentError(`fromKafka: ${quoted(topic)} is not a topic, nor a list of topics`);
}

/** Checks where to begin or to end: a word, or an object with one of these. */
function checkWhere(what: string, value: unknown, words: readonly string[], fields: readonly string[]): void {
  if (value === undefined || words.includes(value as string)) return;
  if (typeof value === 'object' && value !== null && fields.some((field) => field in value)) return;
  const all = [...words.map((word) => `'${word}'`), ...fields.map((field) => `{ ${field} }`)];
  throw new ArgumentError(`fromKafka: ${what} is ${quoted(value)}`, { hint: `one of ${all.join(', ')}` });
}

/** @throws ArgumentError for a topic or an option that cannot be right */
export function checkKafkaSource(topic: unknown, options: KafkaSourceOptions): void {
  checkTopics(topic);
  checkWhere('from', options.from, ['earliest', 'latest', 'committed'], ['timestamp', 'offsets']);
  checkWhere('until', options.until, ['end', 'committed'], ['timestamp', 'offsets', 'count']);
  checkWord('otherwise', options.otherwise, ['earliest', 'latest', 'fail']);
  checkWord('commitOffsets', options.commitOffsets, ['on-checkpoint', 'on-receipt']);
  const byGroup = options.from === 'committed' || options.until === 'committed' || options.commitOffsets !== undefined;
  if (options.groupId === undefined && byGroup) {
    throw new ArgumentError('a Kafka source that goes by committed offsets needs a group', {
      hint: "{ groupId: 'my-group' }",
    });
  }
  const { onBad = 'fail', until } = options;
  if (onBad !== 'fail' && onBad !== 'skip' && !(onBad instanceof OutputTag)) {
    throw new ArgumentError(`onBad: ${String(onBad)} is not 'fail', 'skip' or an OutputTag`);
  }
  if (options.discoverMs !== undefined) checkDuration('discoverMs', options.discoverMs, 'above 0');
  const counted = typeof until === 'object' && 'count' in until;
  if (counted && !(Number.isInteger(until.count) && until.count >= 0)) {
    throw new ArgumentError(`until.count is ${until.count}`, { hint: 'a whole number of messages' });
  }
}
