import { errorCodeOf, errorMessageOf, KafkaError } from '../kafka-error.js';
import { serve } from '../server/request.js';
import type { Services } from '../services.js';
import { type ConfigChange, changeConfigs, checkConfigs } from '../topics/check-configs.js';
import { topicConfigKey, topicConfigKeys } from '../topics/configs.js';
import { brokerConfigs, type DescribedConfig, topicConfigs } from '../topics/describe-configs.js';
import type { ConfigValues } from '../topics/log-config-of.js';
import type { Topic } from '../topics/topics.js';

const TOPIC = 2;
const BROKER = 4;
const BROKER_LOGGER = 8;

export const describeConfigs = serve('DescribeConfigs', [1, 4], (body, _context, services) => ({
  results: body.resources.map(({ resourceType, resourceName, configurationKeys }) => {
    const resource = { resourceType, resourceName };
    try {
      const all = configsOf(resourceType, resourceName, services);
      const wanted = configurationKeys === null ? all : all.filter(({ name }) => configurationKeys.includes(name));
      const configs = wanted.map((config) => ({
        ...config,
        synonyms: body.includeSynonyms ? config.synonyms : [],
        documentation: null,
      }));
      return { ...resource, errorCode: 0, errorMessage: '', configs };
    } catch (error) {
      return { ...resource, errorCode: errorCodeOf(error), errorMessage: errorMessageOf(error), configs: [] };
    }
  }),
}));

function configsOf(type: number, name: string, services: Services): DescribedConfig[] {
  if (type === TOPIC) return topicConfigs(existing(name, services).configs, services.topics);
  if (type === BROKER) {
    checkBroker(name, services);
    return brokerConfigs(services.topics, services.fixedConfigs);
  }
  if (type === BROKER_LOGGER) return [];
  throw new KafkaError('INVALID_REQUEST', `Unsupported resource type: ${type}`);
}

function existing(name: string, services: Services): Topic {
  const topic = services.topics.get(name);
  if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${name}' does not exist.`);
  return topic;
}

/** The empty name means all brokers. */
function checkBroker(name: string, { nodeId }: Services): void {
  if (name === '' || name === String(nodeId)) return;
  throw new KafkaError(
    'INVALID_REQUEST',
    `Unexpected broker id, expected ${nodeId} or empty string, but received ${name}`,
  );
}

/** What has a configuration. Version 0 asks for the metrics that clients push, of which there are none. */
export const listConfigResources = serve(
  'ListConfigResources',
  [0, 1],
  ({ resourceTypes }, { apiVersion }, services) => {
    const all = [
      { resourceName: String(services.nodeId), resourceType: BROKER_LOGGER },
      { resourceName: String(services.nodeId), resourceType: BROKER },
      ...[...services.topics.all()].map(({ name }) => ({ resourceName: name, resourceType: TOPIC })),
    ];
    if (apiVersion === 0) return { errorCode: 0, configResources: [] };
    const wanted = (type: number): boolean => resourceTypes.length === 0 || resourceTypes.includes(type);
    return { errorCode: 0, configResources: all.filter(({ resourceType }) => wanted(resourceType)) };
  },
);

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** Alters one resource: `change` gives its values from what it has, under the topics' keys. */
async function alter(
  { resourceType, resourceName }: Resource,
  validateOnly: boolean,
  services: Services,
  change: (before: ConfigValues) => ConfigValues,
) {
  const resource = { resourceType, resourceName };
  try {
    const { topics } = services;
    if (resourceType === TOPIC) {
      const topic = existing(resourceName, services);
      const values = change(topic.configs);
      if (!validateOnly) await topics.setConfigs(topic, values);
    } else if (resourceType === BROKER) {
      checkBroker(resourceName, services);
      const values = change(topics.dynamicDefaults);
      if (!validateOnly) await topics.setDefaults(values);
    } else {
      throw new KafkaError('INVALID_REQUEST', `Unsupported resource type: ${resourceType}`);
    }
    return { ...resource, errorCode: 0, errorMessage: null };
  } catch (error) {
    return { ...resource, errorCode: errorCodeOf(error), errorMessage: errorMessageOf(error) };
  }
}

const byBrokerName = new Map(topicConfigKeys.map((key) => [key.broker, key.name]));

/** Values of brokers have names of their own: `log.retention.ms` is what `retention.ms` falls back to. */
function topicKeyOf(resourceType: number, name: string): string {
  if (resourceType !== BROKER) return name;
  const key = byBrokerName.get(name);
  if (key === undefined) throw new KafkaError('INVALID_CONFIG', `Cannot update these configs dynamically: ${name}`);
  return key;
}

/** Replaces all values of a resource. */
export const alterConfigs = serve('AlterConfigs', [0, 2], async ({ resources, validateOnly }, _context, services) => {
  const responses = [];
  for (const resource of resources) {
    const change = () =>
      checkConfigs(
        resource.configs.map(({ name, value }) => ({ name: topicKeyOf(resource.resourceType, name), value })),
      );
    responses.push(await alter(resource, validateOnly, services, change));
  }
  return { responses };
});

/** Changes single values of a resource. */
export const incrementalAlterConfigs = serve(
  'IncrementalAlterConfigs',
  [0, 1],
  async ({ resources, validateOnly }, _context, services) => {
    const responses = [];
    for (const resource of resources) {
      const twice = resources.filter((other) => same(other, resource)).length > 1;
      const change = (before: ConfigValues) => {
        if (twice) throw new KafkaError('INVALID_REQUEST', 'Each resource must appear at most once.');
        const changes: ConfigChange[] = resource.configs.map((config) => ({
          ...config,
          name: topicKeyOf(resource.resourceType, config.name),
        }));
        return changeConfigs(before, (key) => inherited(key, services), changes);
      };
      responses.push(await alter(resource, validateOnly, services, change));
    }
    return { responses };
  },
);

function inherited(key: string, { topics }: Services): string {
  return topics.dynamicDefaults[key] ?? topics.startDefaults[key] ?? topicConfigKey.get(key)?.default ?? '';
}

function same(a: Resource, b: Resource): boolean {
  return a.resourceType === b.resourceType && a.resourceName === b.resourceName;
}
