import type { KafkaSourceOptions } from '../../../connectors/kafka/source-options.js';
import { messageOf } from '../../../core/errors.js';
import type { Offsets } from '../../../kafka/index.js';
import type { TableDescription } from '../contract.js';
import { optionError, type TableOptions } from '../options.js';

const STARTUP = ['group-offsets', 'earliest-offset', 'latest-offset', 'timestamp', 'specific-offsets'] as const;
const BOUNDED = ['unbounded', 'latest-offset', 'group-offsets', 'timestamp', 'specific-offsets'] as const;
const ISOLATION = ['read_committed', 'read_uncommitted'] as const;
const RESET = ['earliest', 'latest', 'none'] as const;
const FIVE_MINUTES_MS = 300_000;

/** What both Kafka connectors read of a WITH clause. */
export interface KafkaSettings {
  /** One topic, several, or a pattern of names. */
  readonly topics: readonly string[] | RegExp;
  readonly brokers: string | undefined;
  readonly source: KafkaSourceOptions;
}

/** The topic, where only one is named. */
export function onlyTopic(topics: KafkaSettings['topics']): string | undefined {
  return topics instanceof RegExp || topics.length !== 1 ? undefined : topics[0];
}

/** `partition:0,offset:42;partition:1,offset:300`. */
function specificOffsets(text: string, key: string, table: TableDescription): Offsets {
  const offsets: Record<number, number> = {};
  for (const part of text.split(';').filter((one) => one.trim() !== '')) {
    const found = /^\s*partition\s*:\s*(\d+)\s*,\s*offset\s*:\s*(\d+)\s*$/.exec(part);
    if (found === null) {
      throw optionError(
        table,
        `Invalid properties '${key}' should follow the format 'partition:0,offset:42;partition:1,offset:300', but is '${text}'.`,
      );
    }
    offsets[Number(found[1])] = Number(found[2]);
  }
  return offsets;
}

function topicsOf(table: TableDescription, options: TableOptions): readonly string[] | RegExp {
  const topics = options.text('topic');
  const pattern = options.text('topic-pattern');
  if (topics !== undefined && pattern !== undefined) {
    throw optionError(table, "Option 'topic' and 'topic-pattern' shouldn't be set together.");
  }
  if (topics !== undefined) {
    return topics
      .split(';')
      .map((topic) => topic.trim())
      .filter((topic) => topic !== '');
  }
  if (pattern === undefined) throw optionError(table, "Either 'topic' or 'topic-pattern' must be set.");
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch (error) {
    throw optionError(table, `'topic-pattern' = '${pattern}' cannot be read: ${messageOf(error)}`);
  }
}

function checkProperties(table: TableDescription, options: TableOptions): void {
  const known = ['bootstrap.servers', 'group.id', 'auto.offset.reset', 'isolation.level', 'client.id'];
  const other = Object.keys(options.below('properties.')).find((key) => !known.includes(key));
  if (other === undefined) return;
  throw optionError(
    table,
    `the option 'properties.${other}' is not carried out here: it is a setting of Kafka's Java client`,
    `leave it out; of these there are: ${known.map((key) => `properties.${key}`).join(', ')}`,
  );
}

/** Reads topic, servers, group, startup and bounded mode. @throws ValidationError */
export function kafkaSettings(table: TableDescription, options: TableOptions, upsert: boolean): KafkaSettings {
  const topics = topicsOf(table, options);
  checkProperties(table, options);
  const brokers = options.text('properties.bootstrap.servers');
  const groupId = options.text('properties.group.id');
  const clientId = options.text('properties.client.id');
  const reset = options.oneOf('properties.auto.offset.reset', RESET, 'earliest');
  const isolation = options.oneOf('properties.isolation.level', ISOLATION, 'read_committed');
  const needed = <T>(value: T | undefined, key: string, mode: string, kind: string): T => {
    if (value !== undefined) return value;
    throw optionError(table, `'${key}' is required in '${mode}' ${kind} mode but missing.`);
  };
  /** The place that a mode, a time and offsets name. */
  const place = (
    prefix: 'scan.startup' | 'scan.bounded',
    mode: string,
  ): { timestamp: number } | { offsets: Offsets } => {
    const kind = prefix === 'scan.startup' ? 'startup' : 'bounded';
    if (mode === 'timestamp') {
      const key = `${prefix}.timestamp-millis`;
      return { timestamp: needed(options.integer(key, 0), key, mode, kind) };
    }
    const key = `${prefix}.specific-offsets`;
    const text = needed(options.text(key), key, mode, kind);
    if (onlyTopic(topics) === undefined) {
      throw optionError(table, 'Currently Kafka source only supports specific offset for single topic.');
    }
    return { offsets: specificOffsets(text, key, table) };
  };
  const from = (): KafkaSourceOptions['from'] => {
    // A table by key has to see all of its keys.
    if (upsert) return 'earliest';
    const mode = options.oneOf('scan.startup.mode', STARTUP, 'group-offsets');
    options.text('scan.startup.timestamp-millis');
    options.text('scan.startup.specific-offsets');
    if (mode === 'earliest-offset') return 'earliest';
    if (mode === 'latest-offset') return 'latest';
    if (mode !== 'group-offsets') return place('scan.startup', mode);
    // Without a group there are no committed offsets: Flink would refuse; a student's first query should not.
    if (groupId !== undefined) return 'committed';
    return reset === 'latest' ? 'latest' : 'earliest';
  };
  const until = (): KafkaSourceOptions['until'] => {
    const mode = options.oneOf('scan.bounded.mode', BOUNDED, 'unbounded');
    options.text('scan.bounded.timestamp-millis');
    options.text('scan.bounded.specific-offsets');
    if (mode === 'unbounded') return undefined;
    if (mode === 'latest-offset') return 'end';
    if (mode !== 'group-offsets') return place('scan.bounded', mode);
    return needed('committed' as const, 'properties.group.id', mode, 'bounded');
  };
  const start = from();
  const end = until();
  if ((start === 'committed' || end === 'committed') && groupId === undefined) {
    throw optionError(table, "'properties.group.id' is required in 'group-offsets' mode but missing.");
  }
  const discover = upsert
    ? FIVE_MINUTES_MS
    : (options.duration('scan.topic-partition-discovery.interval') ?? FIVE_MINUTES_MS);
  return {
    topics,
    brokers,
    source: {
      as: 'bytes',
      ...(start === undefined ? {} : { from: start }),
      ...(end === undefined ? {} : { until: end }),
      otherwise: reset === 'none' ? 'fail' : reset,
      readUncommitted: isolation === 'read_uncommitted',
      ...(discover > 0 ? { discoverMs: discover } : {}),
      ...(clientId === undefined ? {} : { clientId }),
      ...(groupId === undefined ? {} : { groupId }),
      ...(brokers === undefined ? {} : { brokers }),
    },
  };
}
