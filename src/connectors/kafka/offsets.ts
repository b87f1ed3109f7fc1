import { javaStringHash } from '../../core/key-groups.js';
import { type BrokersOption, type GroupProgress, type Offsets, openReader, type Position } from '../../kafka/index.js';

/** Where a subtask stands. Plain data. */
export interface KafkaPosition {
  /** Of every partition it reads: the offset of the next record. */
  readonly offsets: GroupProgress['offsets'];
  /** How many messages it has handed over, for `until: { count }`. */
  readonly read: number;
}

/** Which subtask reads a partition. @see Flink: `KafkaSourceEnumerator.getSplitOwner` */
export function ownerOf(topic: string, partition: number, parallelism: number): number {
  const first = (Math.imul(javaStringHash(topic), 31) & 0x7fffffff) % parallelism;
  return (first + partition) % parallelism;
}

/** What a partition is called among the parts of a source. */
export function splitOf(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/** What a group has committed for one partition; `undefined`: nothing. */
export function committedOf(
  committed: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[],
  of: Pick<Position, 'topic' | 'partition'>,
): number | undefined {
  const known = committed.find(({ topic, partition }) => topic === of.topic && partition === of.partition);
  return known === undefined || known.offset < 0 ? undefined : known.offset;
}

/** Where each partition ends, by its name among the parts. */
export async function latestOffsets(
  topics: readonly string[],
  brokers: BrokersOption | undefined,
): Promise<Map<string, number>> {
  const reader = await openReader({ topic: topics, start: 'latest', brokers });
  const latest = reader.positions().map((one) => [splitOf(one.topic, one.partition), one.offset] as const);
  reader.close();
  return new Map(latest);
}

/** Positions as what a reader is opened with. */
export function nested(topics: readonly string[], offsets: KafkaPosition['offsets']): Offsets {
  const all: Record<string, Record<number, number>> = Object.fromEntries(topics.map((topic) => [topic, {}]));
  for (const { topic, partition, offset } of offsets) {
    const perTopic = all[topic];
    if (perTopic !== undefined) perTopic[partition] = offset;
  }
  return all;
}
