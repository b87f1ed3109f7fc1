/** The types of configuration values, by the numbers that DescribeConfigs answers. */
export const configTypes = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
} as const;

/** Where a value comes from, by the numbers that DescribeConfigs answers. */
export const configSources = {
  topic: 1,
  dynamicBroker: 2,
  dynamicDefaultBroker: 3,
  staticBroker: 4,
  default: 5,
} as const;

/** One configuration key of a topic: its type, its default, what it accepts, and the broker's key behind it. */
export interface TopicConfigKey {
  readonly name: string;
  readonly type: keyof typeof configTypes;
  readonly default: string;
  /** The broker's configuration that gives the default. */
  readonly broker: string;
  readonly min?: number;
  readonly max?: number;
  readonly oneOf?: readonly string[];
}

const LONG_MAX = '9223372036854775807';
const INT_MAX = 2147483647;

function key(
  name: string,
  type: keyof typeof configTypes,
  fallback: string,
  broker: string,
  rule: { min?: number; max?: number; oneOf?: readonly string[] } = {},
): TopicConfigKey {
  return { name, type, default: fallback, broker, ...rule };
}

/**
 * The topic configurations of Kafka 4.3 with their defaults.
 *
 * @see Kafka: Topic Configs, https://kafka.apache.org/documentation/#topicconfigs
 */
export const topicConfigKeys: readonly TopicConfigKey[] = [
  key('cleanup.policy', 'list', 'delete', 'log.cleanup.policy', { oneOf: ['delete', 'compact'] }),
  key('compression.gzip.level', 'int', '-1', 'compression.gzip.level', { min: -1, max: 9 }),
  key('compression.lz4.level', 'int', '9', 'compression.lz4.level', { min: 1, max: 17 }),
  key('compression.type', 'string', 'producer', 'compression.type', {
    oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
  }),
  key('compression.zstd.level', 'int', '3', 'compression.zstd.level', { min: -131072, max: 22 }),
  key('delete.retention.ms', 'long', '86400000', 'log.cleaner.delete.retention.ms', { min: 0 }),
  key('file.delete.delay.ms', 'long', '60000', 'log.segment.delete.delay.ms', { min: 0 }),
  key('flush.messages', 'long', LONG_MAX, 'log.flush.interval.messages', { min: 1 }),
  key('flush.ms', 'long', LONG_MAX, 'log.flush.interval.ms', { min: 0 }),
  key('follower.replication.throttled.replicas', 'list', '', 'follower.replication.throttled.replicas'),
  key('index.interval.bytes', 'int', '4096', 'log.index.interval.bytes', { min: 0, max: INT_MAX }),
  key('leader.replication.throttled.replicas', 'list', '', 'leader.replication.throttled.replicas'),
  key('local.retention.bytes', 'long', '-2', 'log.local.retention.bytes', { min: -2 }),
  key('local.retention.ms', 'long', '-2', 'log.local.retention.ms', { min: -2 }),
  key('max.compaction.lag.ms', 'long', LONG_MAX, 'log.cleaner.max.compaction.lag.ms', { min: 1 }),
  key('max.message.bytes', 'int', '1048588', 'message.max.bytes', { min: 0, max: INT_MAX }),
  key('message.timestamp.after.max.ms', 'long', '3600000', 'log.message.timestamp.after.max.ms', { min: 0 }),
  key('message.timestamp.before.max.ms', 'long', LONG_MAX, 'log.message.timestamp.before.max.ms', { min: 0 }),
  key('message.timestamp.type', 'string', 'CreateTime', 'log.message.timestamp.type', {
    oneOf: ['CreateTime', 'LogAppendTime'],
  }),
  key('min.cleanable.dirty.ratio', 'double', '0.5', 'log.cleaner.min.cleanable.ratio', { min: 0, max: 1 }),
  key('min.compaction.lag.ms', 'long', '0', 'log.cleaner.min.compaction.lag.ms', { min: 0 }),
  key('min.insync.replicas', 'int', '1', 'min.insync.replicas', { min: 1, max: INT_MAX }),
  key('preallocate', 'boolean', 'false', 'log.preallocate'),
  key('remote.log.copy.disable', 'boolean', 'false', 'remote.log.copy.disable'),
  key('remote.log.delete.on.disable', 'boolean', 'false', 'remote.log.delete.on.disable'),
  key('remote.storage.enable', 'boolean', 'false', 'remote.storage.enable'),
  key('retention.bytes', 'long', '-1', 'log.retention.bytes', { min: -1 }),
  key('retention.ms', 'long', '604800000', 'log.retention.ms', { min: -1 }),
  key('segment.bytes', 'int', '1073741824', 'log.segment.bytes', { min: 14, max: INT_MAX }),
  key('segment.index.bytes', 'int', '10485760', 'log.index.size.max.bytes', { min: 4, max: INT_MAX }),
  key('segment.jitter.ms', 'long', '0', 'log.roll.jitter.ms', { min: 0 }),
  key('segment.ms', 'long', '604800000', 'log.roll.ms', { min: 1 }),
  key('unclean.leader.election.enable', 'boolean', 'false', 'unclean.leader.election.enable'),
];

export const topicConfigKey: ReadonlyMap<string, TopicConfigKey> = new Map(topicConfigKeys.map((k) => [k.name, k]));

/** A sentence about why `value` is no value for the key; undefined when it is one. In the words that Kafka uses. */
export function problemWith(config: TopicConfigKey, value: string | null): string | undefined {
  const { name, type, min, max, oneOf } = config;
  const invalid = (why: string): string => `Invalid value ${value} for configuration ${name}: ${why}`;
  if (value === null) return `Null value not supported for topic configs: ${name}`;
  if (type === 'boolean') {
    return /^(true|false)$/i.test(value.trim()) ? undefined : invalid('Expected value to be either true or false');
  }
  if (type === 'list' || type === 'string') {
    if (oneOf === undefined) return undefined;
    const parts = type === 'list' ? listOf(value) : [value];
    const wrong = parts.find((part) => !oneOf.includes(part));
    return wrong === undefined ? undefined : invalid(`String must be one of: ${oneOf.join(', ')}`);
  }
  const whole = type !== 'double';
  if (!(whole ? /^[+-]?\d+$/ : /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/).test(value.trim())) {
    return invalid(whole ? `Not a number of type ${type.toUpperCase()}` : 'Not a number of type DOUBLE');
  }
  const number = Number(value);
  if (type === 'long' && BigInt(value.trim().replace('+', '')) > BigInt(LONG_MAX))
    return invalid('Not a number of type LONG');
  if (type === 'int' && Math.abs(number) > INT_MAX + 1) return invalid('Not a number of type INT');
  if (min !== undefined && number < min) return invalid(`Value must be at least ${min}`);
  if (max !== undefined && number > max) return invalid(`Value must be no more than ${max}`);
  return undefined;
}

/** The parts of a list value: `delete, compact` is two. */
export function listOf(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
