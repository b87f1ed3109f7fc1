import type * as KafkaJs from 'kafkajs';
import { explain, kafkaErrorType, topicNotFound, unreachable } from '../errors.js';
import { type BrokersOption, type FoundBroker, findBroker } from './brokers.js';
import { openClient } from './client.js';

export interface AdminOptions {
  readonly brokers?: BrokersOption | undefined;
}

/** Runs `work` with a connected admin client, and closes it whatever happens. */
export async function withAdmin<T>(
  options: AdminOptions,
  doing: string,
  work: (admin: KafkaJs.Admin, found: FoundBroker) => Promise<T>,
): Promise<T> {
  const found = findBroker(options.brokers);
  const client = await openClient(found);
  try {
    const admin = client.kafka.admin();
    await admin.connect().catch((error: unknown) => {
      throw unreachable(found, 'something is there, but it does not speak the Kafka protocol', error);
    });
    return await work(admin, found);
  } catch (error) {
    throw explain(error, doing, found);
  } finally {
    client.cut();
  }
}

/** Topics that are not Kafka's own (`__consumer_offsets`). */
export async function ownTopics(admin: KafkaJs.Admin): Promise<string[]> {
  return (await admin.listTopics()).filter((name) => !name.startsWith('__')).sort();
}

/** @throws `topic-not-found`, with the nearest name */
export async function metadataOf(
  admin: KafkaJs.Admin,
  name: string,
  found: FoundBroker,
): Promise<KafkaJs.ITopicMetadata> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
    return topics[0]!;
  } catch (error) {
    if (kafkaErrorType(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
    throw topicNotFound(name, await ownTopics(admin), found);
  }
}

const KNOWN_MS = 10_000;

/**
 * Makes a topic, and waits until its partitions have leaders. (kafkajs's own `waitForLeaders` begins with a pause of
 * 100 ms.)
 *
 * @returns false if it was there already
 */
export async function makeTopic(admin: KafkaJs.Admin, config: KafkaJs.ITopicConfig): Promise<boolean> {
  const made = await admin.createTopics({ topics: [config], waitForLeaders: false }).catch((error: unknown) => {
    // kafkajs wraps what was wrong with the one topic into an error about all of them.
    const [first] = (error as { errors?: unknown[] }).errors ?? [];
    throw first ?? error;
  });
  for (const since = performance.now(); ; ) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [config.topic] });
      if (topics[0]!.partitions.every((partition) => partition.leader >= 0)) return made;
    } catch (error) {
      const type = kafkaErrorType(error);
      if (type !== 'UNKNOWN_TOPIC_OR_PARTITION' && type !== 'LEADER_NOT_AVAILABLE') throw error;
      if (performance.now() - since > KNOWN_MS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A partition's offsets. */
export interface PartitionOffsets {
  readonly partition: number;
  /** The first offset that is kept. */
  readonly first: number;
  /** The offset that the next message gets. */
  readonly next: number;
  /** `next - first`; fewer messages may be there after compaction or transactions. */
  readonly messages: number;
}

export async function offsetsOf(admin: KafkaJs.Admin, name: string): Promise<PartitionOffsets[]> {
  const offsets = await admin.fetchTopicOffsets(name);
  return offsets
    .map(({ partition, low, high }) => ({
      partition,
      first: Number(low),
      next: Number(high),
      messages: Number(high) - Number(low),
    }))
    .sort((a, b) => a.partition - b.partition);
}

/** How far a group is with a partition. */
export interface PartitionLag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** The offset the group goes on at. */
  readonly committed: number;
  readonly next: number;
  /** Messages the group has still to read. */
  readonly lag: number;
}

/** Lag of each group, or of one, in the topics for which it has committed. */
export async function lagOf(admin: KafkaJs.Admin, only?: { group?: string; topic?: string }): Promise<PartitionLag[]> {
  const groups =
    only?.group !== undefined
      ? [only.group]
      : (await admin.listGroups()).groups.filter((g) => g.protocolType !== 'connect').map((g) => g.groupId);
  const next = new Map<string, Promise<Map<number, number>>>();
  const nextOf = (topic: string) => {
    if (!next.has(topic)) {
      next.set(
        topic,
        offsetsOf(admin, topic).then(
          (list) => new Map(list.map((one) => [one.partition, one.next])),
          // Committed for a topic that has been deleted since.
          () => new Map<number, number>(),
        ),
      );
    }
    return next.get(topic)!;
  };
  const result: PartitionLag[] = [];
  for (const group of groups.sort()) {
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group })) {
      if (only?.topic !== undefined && topic !== only.topic) continue;
      const ends = await nextOf(topic);
      for (const { partition, offset } of partitions) {
        const end = ends.get(partition);
        const committed = Number(offset);
        if (committed < 0 || end === undefined) continue;
        result.push({ group, topic, partition, committed, next: end, lag: Math.max(0, end - committed) });
      }
    }
  }
  return result.sort(
    (a, b) => a.group.localeCompare(b.group) || a.topic.localeCompare(b.topic) || a.partition - b.partition,
  );
}
