import { type AdminOptions, withAdmin } from './connection/admin.js';
import type { TopicPartition } from './group/assignment.js';

/**
 * The partitions that there are now, of topics that exist.
 *
 * @param which topics by name, or a pattern for whole names; those of Kafka's own (`__consumer_offsets`) only by name
 * @see Flink: Kafka connector, Dynamic Partition Discovery
 */
export function topicPartitions(which: readonly string[] | RegExp, options: AdminOptions): Promise<TopicPartition[]> {
  return withAdmin(options, 'listing partitions', async (admin) => {
    const all = await admin.listTopics();
    const named = which instanceof RegExp ? undefined : new Set(which);
    const fits = (topic: string): boolean =>
      named === undefined ? !topic.startsWith('__') && (which as RegExp).test(topic) : named.has(topic);
    const wanted = all.filter(fits).sort();
    if (wanted.length === 0) return [];
    const { topics } = await admin.fetchTopicMetadata({ topics: wanted });
    return topics
      .flatMap(({ name, partitions }) => partitions.map(({ partitionId }) => ({ topic: name, partition: partitionId })))
      .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
  });
}
