import { configSources, configTypes, type TopicConfigKey, topicConfigKeys } from './configs.js';
import type { ConfigValues } from './log-config-of.js';
import type { Topics } from './topics.js';

/** A configuration value as DescribeConfigs answers it. */
export interface DescribedConfig {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  /** Where the value comes from, then what would hold if it were not there, and so on. */
  readonly synonyms: readonly { readonly name: string; readonly value: string | null; readonly source: number }[];
  readonly configType: number;
}

/** The configuration of a topic whose own values are `own`, in Kafka's order of keys. */
export function topicConfigs(own: ConfigValues, topics: Topics): DescribedConfig[] {
  return topicConfigKeys.map((key) => {
    const synonyms = brokerSynonyms(key, topics);
    const value = own[key.name];
    if (value !== undefined) synonyms.unshift({ name: key.name, value, source: configSources.topic });
    const all = described(key.name, key, synonyms, false);
    if (!UNNAMED_DEFAULTS.has(key.name)) return all;
    return { ...all, synonyms: synonyms.filter(({ source }) => source !== configSources.default) };
  });
}

/** Where the broker's key has no value of its own (another unit's has), Kafka names no default behind a topic's value. */
const UNNAMED_DEFAULTS = new Set([
  'flush.ms',
  'follower.replication.throttled.replicas',
  'leader.replication.throttled.replicas',
  'remote.log.copy.disable',
  'remote.log.delete.on.disable',
  'remote.storage.enable',
  'retention.ms',
  'segment.jitter.ms',
  'segment.ms',
]);

/** The configuration of the broker: the defaults of topics, and what it was started with. */
export function brokerConfigs(topics: Topics, fixed: Readonly<Record<string, string>>): DescribedConfig[] {
  const defaults = topicConfigKeys
    .filter(({ name, broker }) => broker !== name || !/throttled|^remote\./.test(name))
    .map((key) => described(key.broker, key, brokerSynonyms(key, topics), false));
  const rest = Object.entries(fixed).map(([name, value]) => ({
    name,
    value,
    readOnly: true,
    configSource: configSources.staticBroker,
    isSensitive: false,
    synonyms: [{ name, value, source: configSources.staticBroker }],
    configType: typeOf(name, value),
  }));
  return [...defaults, ...rest].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function brokerSynonyms(key: TopicConfigKey, topics: Topics) {
  const synonyms = [{ name: key.broker, value: key.default, source: configSources.default as number }];
  const started = topics.startDefaults[key.name];
  if (started !== undefined) synonyms.unshift({ name: key.broker, value: started, source: configSources.staticBroker });
  const dynamic = topics.dynamicDefaults[key.name];
  if (dynamic !== undefined) {
    synonyms.unshift({ name: key.broker, value: dynamic, source: configSources.dynamicDefaultBroker });
  }
  return synonyms;
}

function described(
  name: string,
  key: TopicConfigKey,
  synonyms: { name: string; value: string; source: number }[],
  readOnly: boolean,
): DescribedConfig {
  const first = synonyms[0]!;
  return {
    name,
    value: first.value,
    readOnly,
    configSource: first.source,
    isSensitive: false,
    synonyms,
    configType: configTypes[key.type],
  };
}

/** The type of one of the broker's own values. */
function typeOf(name: string, value: string): number {
  if (name === 'log.dirs' || name === 'process.roles') return configTypes.list;
  if (name === 'offsets.topic.replication.factor') return configTypes.short;
  if (value === 'true' || value === 'false') return configTypes.boolean;
  return /^\d+$/.test(value) ? configTypes.int : configTypes.string;
}
