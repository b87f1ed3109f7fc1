import { ArgumentError } from '../../core/errors.js';
import type { BrokersOption } from '../connection/brokers.js';
import type { From } from '../group/group-source.js';
import { checkNames } from '../option-names.js';
import { checkTopic } from '../sending/send-file.js';
import type { As, CsvOptions } from './decode.js';
import type { Until } from './until.js';

export interface ReceiveOptions extends CsvOptions {
  readonly brokers?: BrokersOption | undefined;
  /**
   * Where to begin. `'earliest'`, `'latest'`, `{ timestamp }` and `{ offsets }` are honoured always, also with a group
   * that has committed. `'group'` goes on where the group's commits left off. Default: `'group'` with a group,
   * `'earliest'` without.
   *
   * (Kafka's own setting `auto.offset.reset=earliest` means something else: it counts only where the group has not
   * committed. That is `from: 'group', otherwise: 'earliest'`.)
   */
  readonly from?: From | undefined;
  /** With `from: 'group'`: where a group begins that has not committed yet. Default: `'earliest'`. */
  readonly otherwise?: 'earliest' | 'latest' | undefined;
  /** The consumer group. Its members share the partitions, and its commits say where it goes on. Default: none. */
  readonly group?: string | undefined;
  /**
   * When to end: `'end'` (what is there when the loop begins), `{ count: 10 }`, `{ idleMs: 1000 }` (nothing came for so
   * long), `{ forMs }`, `{ timestamp }`, `{ offsets }`, several of them, or an `AbortSignal`. Default: never.
   */
  readonly until?: Until | undefined;
  /**
   * `'auto'` (default with a group): a message counts as processed when the next one is asked for; the group's offset
   * follows once a second and at the end. `'manual'`: `message.commit()` or `stream.commit()`. `'never'`: not at all.
   */
  readonly commit?: 'auto' | 'manual' | 'never' | undefined;
  /** How often `'auto'` commits. Default: 1,000. */
  readonly commitEveryMs?: number | undefined;
  /** What a value is: `'text'` (default), `'json'`, `'csv'`, `'bytes'`, or a function of the bytes. */
  readonly as?: As | undefined;
  /** Of text, JSON and CSV. Default: UTF-8. */
  readonly encoding?: string | undefined;
  /** A value that cannot be decoded: end with an error (default); leave it out; hand it over with `error` set. */
  readonly onBad?: 'fail' | 'skip' | 'keep' | undefined;
  /** Show records of transactions that are open or were aborted. Default: false. */
  readonly readUncommitted?: boolean | undefined;
  /** Bytes fetched ahead of the loop. Default: 4 MiB. */
  readonly maxBufferedBytes?: number | undefined;
  /** How long a broker that went away is waited for. Default: 10 s. */
  readonly retryMs?: number | undefined;
  /** A member that was silent for so long is thrown out of the group. Default: 6 s, the least Kafka allows. */
  readonly sessionMs?: number | undefined;
  /** How often the group hears from us, and so how fast it shares out anew. Default: 300. */
  readonly heartbeatMs?: number | undefined;
  readonly clientId?: string | undefined;
}

/** What the numbers of a receiving are. */
export interface ReceiveStats {
  /** Messages handed to the loop. */
  readonly messages: number;
  /** Bytes of their values. */
  readonly bytes: number;
  /** Values that could not be decoded. */
  readonly bad: number;
}

const NAMES: Readonly<Record<keyof ReceiveOptions, true>> = {
  from: true,
  until: true,
  group: true,
  as: true,
  columns: true,
  delimiter: true,
  encoding: true,
  onBad: true,
  commit: true,
  commitEveryMs: true,
  otherwise: true,
  brokers: true,
  readUncommitted: true,
  maxBufferedBytes: true,
  retryMs: true,
  sessionMs: true,
  heartbeatMs: true,
  clientId: true,
};

/** @throws `bad-argument` for options that do not exist or do not go together */
export function checkReceive(topics: readonly string[], options: ReceiveOptions): void {
  if (topics.length === 0) throw new ArgumentError('no topic to receive from was given');
  for (const topic of topics) checkTopic(topic);
  checkNames('receive', options, Object.keys(NAMES));
  const { group, from, commit } = options;
  if (group !== undefined && (typeof group !== 'string' || group === '')) {
    throw new ArgumentError(`the group is \`${String(group)}\``, { hint: 'a name that is not empty' });
  }
  if (group === undefined && from === 'group') {
    throw new ArgumentError("from: 'group' needs a group", { hint: "receive(topic, { group: 'my-group' })" });
  }
  if (group === undefined && commit !== undefined && commit !== 'never') {
    throw new ArgumentError(`commit: '${commit}' needs a group`, { hint: "receive(topic, { group: 'my-group' })" });
  }
  choice('commit', commit, ['auto', 'manual', 'never']);
  choice('otherwise', options.otherwise, ['earliest', 'latest']);
  choice('onBad', options.onBad, ['fail', 'skip', 'keep']);
}

function choice(name: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value as string)) return;
  throw new ArgumentError(`${name} is \`${String(value)}\``, { hint: allowed.map((one) => `'${one}'`).join(', ') });
}
