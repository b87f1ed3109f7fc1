import type { BrokersOption } from '../connection/brokers.js';
import { openCluster } from '../connection/cluster.js';
import type { TopicPartition } from './assignment.js';
import { type CommittedOffset, GroupMember } from './group.js';

/** The committed offsets of a group, for somebody who is no member of it and owns the offsets himself. */
export interface GroupOffsets {
  /** -1 where nothing was committed. */
  committed(partitions: readonly TopicPartition[]): Promise<CommittedOffset[]>;
  /** @throws `commit-failed` while the group has members */
  commit(offsets: readonly CommittedOffset[]): Promise<void>;
  close(): void;
}

/**
 * Opens a group's offsets without joining it.
 *
 * @see Kafka: OffsetCommit with generation -1, what `KafkaConsumer.assign()` and `commitSync()` do
 */
export async function openGroupOffsets(
  groupId: string,
  topics: readonly string[],
  options: { readonly brokers?: BrokersOption | undefined; readonly retryMs?: number } = {},
): Promise<GroupOffsets> {
  const open = await openCluster(topics, options);
  const nothing = async (): Promise<void> => undefined;
  const member = new GroupMember(
    open,
    { groupId, topics, sessionMs: 10_000, heartbeatMs: 3_000, retryMs: options.retryMs ?? 10_000 },
    { assigned: nothing, sharingOut: nothing, waiting: () => undefined, failed: () => undefined },
  );
  return {
    committed: (partitions) => member.committed(partitions),
    commit: (offsets) => member.commit(offsets),
    close: () => open.close(),
  };
}
