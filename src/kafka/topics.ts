import { display } from '../core/display.js';
import { ArgumentError, StreambookError } from '../core/errors.js';
import {
  type AdminOptions,
  lagOf,
  makeTopic,
  metadataOf,
  offsetsOf,
  ownTopics,
  type PartitionLag,
  type PartitionOffsets,
  withAdmin,
} from './connection/admin.js';
import type { FoundBroker } from './connection/brokers.js';
import { kafkajs } from './connection/kafkajs.js';
import { kafkaErrorType, topicNotFound } from './errors.js';
import { checkNames } from './option-names.js';
import { checkTopic } from './sending/send-file.js';
import { stopSendingTo } from './sending/sender.js';

export interface CreateTopicOptions extends AdminOptions {
  /** Default: 1. */
  readonly partitions?: number | undefined;
  /** Copies of each partition on different brokers. Default: 1. */
  readonly replicas?: number | undefined;
  /** Kafka's topic settings: `{ 'cleanup.policy': 'compact', 'retention.ms': '3600000' }`. */
  readonly config?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** Say nothing if the topic is there already. Default: false. */
  readonly ifNotExists?: boolean | undefined;
}

/** What `topics.describe` tells. */
export interface TopicDescription {
  readonly name: string;
  readonly partitions: readonly (PartitionOffsets & {
    readonly leader: number;
    readonly replicas: readonly number[];
  })[];
  /** Settings, also those that have their default. */
  readonly config: Readonly<Record<string, string>>;
  readonly groups: readonly PartitionLag[];
}

const GONE_MS = 10_000;

/**
 * The broker's topics. Each call connects, asks and closes.
 *
 * @example
 *   await topics.create('orders', { partitions: 3 });
 *   await topics.show();
 * @see Kafka: admin client; topic configuration
 */
export const topics = {
  /** Names of the topics, sorted; Kafka's own (`__...`) only with `internal`. */
  list(options: AdminOptions & { readonly internal?: boolean } = {}): Promise<string[]> {
    return withAdmin(options, 'listing topics', async (admin) =>
      options.internal ? (await admin.listTopics()).sort() : ownTopics(admin),
    );
  },

  /**
   * Makes a topic, and waits until it can be used.
   *
   * @returns whether it was made; false only with `ifNotExists`
   * @throws `topic-exists`, `bad-argument`
   */
  async create(name: string, options: CreateTopicOptions = {}): Promise<boolean> {
    checkTopic(name);
    checkNames('topics.create', options, ['brokers', 'partitions', 'replicas', 'config', 'ifNotExists']);
    const { partitions = 1, replicas = 1, config = {} } = options;
    for (const [what, value] of Object.entries({ partitions, replicas })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new ArgumentError(`${what} is ${value}`, { hint: 'a whole number, 1 or more' });
      }
    }
    return withAdmin(options, `making the topic \`${name}\``, async (admin, found) => {
      const exists = (await admin.listTopics()).includes(name);
      const made =
        !exists &&
        (await makeTopic(admin, {
          topic: name,
          numPartitions: partitions,
          replicationFactor: replicas,
          configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value: String(value) })),
        }));
      if (made || options.ifNotExists) return made;
      const { partitions: there } = await metadataOf(admin, name, found);
      throw new StreambookError(
        'topic-exists',
        `the topic \`${name}\` is there already, with ${there.length} ${there.length === 1 ? 'partition' : 'partitions'}`,
        {
          where: `broker ${found}`,
          hint: '`ifNotExists: true` is content with that; `topics.delete(name)` removes it and its messages',
        },
      );
    });
  },

  /** Partitions with leaders and offsets, settings, and the groups that have committed. @throws `topic-not-found` */
  describe(name: string, options: AdminOptions = {}): Promise<TopicDescription> {
    checkTopic(name);
    return withAdmin(options, `describing \`${name}\``, async (admin, found) => {
      const partitions = await partitionsOf(admin, name, found);
      return { name, partitions, config: await configOf(admin, name), groups: await lagOf(admin, { topic: name }) };
    });
  },

  /**
   * Deletes a topic with all its messages, and waits until it is gone. What this process still sends to it is stopped.
   *
   * @throws `topic-not-found`, unless `ifExists`
   */
  async delete(name: string, options: AdminOptions & { readonly ifExists?: boolean } = {}): Promise<void> {
    checkTopic(name);
    await withAdmin(options, `deleting \`${name}\``, async (admin, found) => {
      if (!(await admin.listTopics()).includes(name)) {
        if (options.ifExists) return;
        throw topicNotFound(name, await ownTopics(admin), found, '`ifExists: true` is content with that');
      }
      await stopSendingTo(name, found);
      await admin.deleteTopics({ topics: [name] }).catch((error: unknown) => {
        // Somebody else was faster.
        if (kafkaErrorType(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
      });
      for (const since = performance.now(); (await admin.listTopics()).includes(name); ) {
        if (performance.now() - since > GONE_MS) {
          throw new StreambookError(
            'topic-not-gone',
            `\`${name}\` is still there ${GONE_MS / 1000} s after its deletion`,
            {
              where: `broker ${found}`,
            },
          );
        }
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    });
  },

  /** First and next offset of each partition. @throws `topic-not-found` */
  offsets(name: string, options: AdminOptions = {}): Promise<PartitionOffsets[]> {
    checkTopic(name);
    return withAdmin(options, `asking for the offsets of \`${name}\``, async (admin, found) => {
      await metadataOf(admin, name, found);
      return offsetsOf(admin, name);
    });
  },

  /** How far groups are behind, per topic and partition; all groups, or one, or one topic. */
  lag(options: AdminOptions & { readonly group?: string; readonly topic?: string } = {}): Promise<PartitionLag[]> {
    const { group, topic } = options;
    return withAdmin(options, 'asking for the lag of groups', (admin) =>
      lagOf(admin, { ...(group === undefined ? {} : { group }), ...(topic === undefined ? {} : { topic }) }),
    );
  },

  /** Shows topics with their partitions, offsets, groups and lag; one topic if named. @throws `topic-not-found` */
  async show(name?: string, options: AdminOptions = {}): Promise<void> {
    const list = await withAdmin(options, 'showing topics', async (admin, found): Promise<TopicList> => {
      const names = name === undefined ? await ownTopics(admin) : [name];
      const lags = await lagOf(admin, name === undefined ? undefined : { topic: name });
      const all = names.map(async (topic): Promise<TopicDescription> => {
        const partitions = await partitionsOf(admin, topic, found);
        return { name: topic, partitions, config: {}, groups: lags.filter((one) => one.topic === topic) };
      });
      return { broker: String(found), topics: await Promise.all(all) };
    });
    await display().show?.(list);
  },
};

/** What `topics.show` shows. */
export interface TopicList {
  /** Which broker was asked, and who named it. */
  readonly broker: string;
  readonly topics: readonly TopicDescription[];
}

async function partitionsOf(
  admin: import('kafkajs').Admin,
  name: string,
  found: FoundBroker,
): Promise<TopicDescription['partitions']> {
  const metadata = await metadataOf(admin, name, found);
  return (await offsetsOf(admin, name)).map((one) => {
    const { leader = -1, replicas = [] } = metadata.partitions.find((p) => p.partitionId === one.partition) ?? {};
    return { ...one, leader, replicas };
  });
}

async function configOf(admin: import('kafkajs').Admin, name: string): Promise<Record<string, string>> {
  const { ConfigResourceTypes } = await kafkajs();
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name }],
  });
  return Object.fromEntries(
    (resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]),
  );
}
