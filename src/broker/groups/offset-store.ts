import { type BatchInput, encodeBatch, type RecordInput } from '../../wire/encode-batch.js';
import { RecordBatch } from '../../wire/record-batch.js';
import { recordsOf } from '../../wire/records.js';
import { markerOf } from '../log/control-batch.js';
import type { PartitionLog } from '../log/partition-log.js';
import { scanBatches } from '../log/scan.js';
import type { Topics } from '../topics/topics.js';
import { Group } from './group.js';
import { Member } from './member.js';
import { decodeKey, groupKey, groupValue, offsetKey, offsetValue } from './offset-records.js';
import { type PendingOffset, PendingOffsets } from './pending-offsets.js';

/** A committed offset. */
export interface Committed {
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string;
  /** Epoch milliseconds. */
  readonly committedAt: number;
  /** Where it stands in `__consumer_offsets`: what stands further behind is newer, whenever its transaction commits. */
  readonly at: number;
}

/** The producer whose transaction commits offsets. */
export interface OffsetsProducer {
  readonly producerId: number;
  readonly epoch: number;
}

/** A partition with what to commit for it. */
export interface OffsetEntry {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string;
}

/** Topic -> partition -> offset. */
export type GroupOffsets = Map<string, Map<number, Committed>>;

const TOPIC = '__consumer_offsets';
/** As Kafka sets them for this topic. */
const TOPIC_CONFIGS = { 'cleanup.policy': 'compact', 'compression.type': 'producer', 'segment.bytes': '104857600' };

/**
 * Groups and their committed offsets: in memory to be read, and in the compacted topic `__consumer_offsets`, where each
 * change is before it counts.
 */
export class OffsetStore {
  readonly groups = new Map<string, Group>();
  readonly pending = new PendingOffsets();
  private readonly offsets = new Map<string, GroupOffsets>();
  private created: Promise<PartitionLog> | undefined;

  private constructor(
    private readonly topics: Topics,
    private readonly now: () => number,
  ) {}

  /** Reads what the topic holds. */
  static async open(topics: Topics, now: () => number): Promise<OffsetStore> {
    const store = new OffsetStore(topics, now);
    for (const log of topics.get(TOPIC)?.partitions ?? []) await store.load(log);
    // A group of which only offsets are left is an empty one.
    for (const groupId of store.offsets.keys()) store.groupFor(groupId);
    return store;
  }

  private async load(log: PartitionLog): Promise<void> {
    for (const segment of log.segments) {
      await scanBatches(segment.file, { from: 0, to: segment.size, whole: true }, (batch) => {
        if (!batch.isControl) this.take(batch);
        else if (batch.hasProducerId) this.endTransaction(batch.producerId, markerOf(batch)?.commit === true);
      });
    }
  }

  private take(batch: RecordBatch): void {
    for (const { key, value, offset: at } of recordsOf(batch)) {
      const name = key === null ? undefined : decodeKey(key);
      if (name === undefined) continue;
      if (name.kind === 'group') this.takeGroup(name.group, value);
      else if (value === null) this.forget(name.group, name.topic, name.partition);
      else {
        const body = offsetValue.decode(value);
        if (body === undefined) continue;
        const { offset, leaderEpoch, metadata, commitTimestamp } = body;
        const committed: Committed = { offset, leaderEpoch, metadata, committedAt: commitTimestamp, at };
        const { group: groupId, topic, partition } = name;
        if (batch.isTransactional) this.pending.add(batch.producerId, [{ groupId, topic, partition, committed }]);
        else this.put(groupId, topic, partition, committed);
      }
    }
  }

  private takeGroup(groupId: string, value: Buffer | null): void {
    this.groups.delete(groupId);
    const body = value === null ? undefined : groupValue.decode(value);
    if (body === undefined) return;
    const group = new Group(groupId, body.currentStateTimestamp >= 0 ? body.currentStateTimestamp : this.now());
    group.generationId = body.generation;
    group.protocolType = body.protocolType === '' ? null : body.protocolType;
    group.protocolName = body.protocol;
    for (const stored of body.members) {
      const member = new Member(
        {
          ...stored,
          sessionTimeoutMs: stored.sessionTimeout,
          rebalanceTimeoutMs: stored.rebalanceTimeout < 0 ? stored.sessionTimeout : stored.rebalanceTimeout,
          protocolType: body.protocolType,
          protocols: [{ name: body.protocol ?? '', metadata: Buffer.from(stored.subscription) }],
        },
        undefined,
      );
      member.assignment = Buffer.from(stored.assignment);
      group.add(member);
    }
    group.leaderId = body.leader;
    group.state = group.members.size > 0 ? 'Stable' : 'Empty';
    this.groups.set(groupId, group);
  }

  /** The group, begun empty when there is none. */
  groupFor(groupId: string): Group {
    let group = this.groups.get(groupId);
    if (group === undefined) {
      group = new Group(groupId, this.now());
      this.groups.set(groupId, group);
    }
    return group;
  }

  offsetsOf(groupId: string): GroupOffsets | undefined {
    return this.offsets.get(groupId);
  }

  get(groupId: string, topic: string, partition: number): Committed | undefined {
    return this.offsets.get(groupId)?.get(topic)?.get(partition);
  }

  /** Writes offsets down; they count when the promise resolves. */
  async commit(groupId: string, entries: readonly OffsetEntry[]): Promise<void> {
    const log = await this.ready();
    const { written, offsets } = this.write(log, groupId, entries, {});
    await written;
    this.groupFor(groupId);
    for (const { topic, partition, committed } of offsets) this.put(groupId, topic, partition, committed);
  }

  /**
   * Writes offsets down as part of a transaction: they count when it commits. When the log is `ready()`, everything but
   * the writing happens at once.
   */
  commitInTransaction(
    log: PartitionLog,
    groupId: string,
    producer: OffsetsProducer,
    entries: readonly OffsetEntry[],
  ): Promise<void> {
    const { producerId, epoch: producerEpoch } = producer;
    const { written, offsets } = this.write(log, groupId, entries, { transactional: true, producerId, producerEpoch });
    this.groupFor(groupId);
    this.pending.add(producerId, offsets);
    return written.catch((error) => {
      this.pending.drop(producerId, offsets);
      throw error;
    });
  }

  /** The marker of a producer's transaction is in the log. */
  endTransaction(producerId: number, commit: boolean): void {
    for (const { groupId, topic, partition, committed } of this.pending.take(producerId)) {
      if (commit) this.put(groupId, topic, partition, committed);
    }
  }

  private write(log: PartitionLog, groupId: string, entries: readonly OffsetEntry[], more: Partial<BatchInput>) {
    const committedAt = this.now();
    const records = entries.map(({ topic, partition, offset, leaderEpoch, metadata }) => ({
      key: offsetKey.encode({ group: groupId, topic, partition }),
      value: offsetValue.encode({ offset, leaderEpoch, metadata, commitTimestamp: committedAt }),
    }));
    const batch = new RecordBatch(encodeBatch({ records, baseTimestamp: committedAt, ...more }));
    // Transactional batches of the broker have no sequence numbers.
    const written = log.append(batch, { checkProducer: false });
    const offsets = entries.map(
      ({ topic, partition, offset, leaderEpoch, metadata }, index): PendingOffset => ({
        groupId,
        topic,
        partition,
        committed: { offset, leaderEpoch, metadata, committedAt, at: batch.baseOffset + index },
      }),
    );
    return { written: written.then(() => {}), offsets };
  }

  /** Writes down who is in the group and what each was assigned. */
  saveGroup(group: Group): Promise<void> {
    const value = groupValue.encode({
      protocolType: group.protocolType ?? '',
      generation: group.generationId,
      protocol: group.protocolName,
      leader: group.leaderId,
      currentStateTimestamp: group.changedAt,
      members: [...group.members.values()].map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeout: member.rebalanceTimeoutMs,
        sessionTimeout: member.sessionTimeoutMs,
        subscription: member.metadataFor(group.protocolName),
        assignment: member.assignment,
      })),
    });
    return this.append([{ key: groupKey.encode({ group: group.groupId }), value }]);
  }

  /** Deletes a group and all its offsets. */
  async deleteGroup(groupId: string): Promise<void> {
    const records: RecordInput[] = [{ key: groupKey.encode({ group: groupId }), value: null }];
    for (const [topic, partitions] of this.offsets.get(groupId) ?? []) {
      for (const partition of partitions.keys()) records.push(tombstone(groupId, topic, partition));
    }
    const pending = this.pending.ofGroup(groupId);
    for (const { topic, partition } of pending) records.push(tombstone(groupId, topic, partition));
    await this.append(records);
    for (const { topic, partition } of pending) this.pending.forget(groupId, topic, partition);
    this.offsets.delete(groupId);
    this.groups.delete(groupId);
  }

  /** Deletes some offsets of a group. */
  async deleteOffsets(groupId: string, partitions: readonly { topic: string; partition: number }[]): Promise<void> {
    const known = partitions.filter(({ topic, partition }) => this.get(groupId, topic, partition) !== undefined);
    if (known.length === 0) return;
    await this.append(known.map(({ topic, partition }) => tombstone(groupId, topic, partition)));
    for (const { topic, partition } of known) this.forget(groupId, topic, partition);
  }

  /**
   * Deletes what all groups committed for a topic that is gone. When it is the topic of the offsets itself, all of them
   * are gone, and groups without members too.
   */
  async topicDeleted(topic: string): Promise<void> {
    if (topic === TOPIC) {
      this.offsets.clear();
      this.pending.clear();
      for (const group of this.groups.values()) if (group.state === 'Empty') this.groups.delete(group.groupId);
      return;
    }
    for (const [groupId, offsets] of [...this.offsets]) {
      const partitions = [...(offsets.get(topic)?.keys() ?? [])].map((partition) => ({ topic, partition }));
      await this.deleteOffsets(groupId, partitions);
    }
  }

  /**
   * Deletes the offsets of groups that have been empty since `before`, and groups that have nothing left.
   *
   * @see Kafka: `offsets.retention.minutes`
   */
  async expire(before: number): Promise<void> {
    for (const group of [...this.groups.values()]) {
      if (group.state !== 'Empty' || group.pending.size > 0 || group.changedAt >= before) continue;
      if (this.pending.hasGroup(group.groupId)) continue;
      const offsets = this.offsets.get(group.groupId);
      const old: { topic: string; partition: number }[] = [];
      let kept = 0;
      for (const [topic, partitions] of offsets ?? []) {
        for (const [partition, { committedAt }] of partitions) {
          if (committedAt < before) old.push({ topic, partition });
          else kept++;
        }
      }
      await this.deleteOffsets(group.groupId, old);
      if (kept === 0 && group.state === 'Empty') await this.deleteGroup(group.groupId);
    }
  }

  private put(groupId: string, topic: string, partition: number, committed: Committed): void {
    const offsets = this.offsets.get(groupId) ?? new Map<string, Map<number, Committed>>();
    const partitions = offsets.get(topic) ?? new Map<number, Committed>();
    this.offsets.set(groupId, offsets);
    offsets.set(topic, partitions);
    const before = partitions.get(partition);
    if (before === undefined || before.at < committed.at) partitions.set(partition, committed);
  }

  private forget(groupId: string, topic: string, partition: number): void {
    this.pending.forget(groupId, topic, partition);
    const offsets = this.offsets.get(groupId);
    const partitions = offsets?.get(topic);
    partitions?.delete(partition);
    if (partitions?.size === 0) offsets?.delete(topic);
    if (offsets?.size === 0) this.offsets.delete(groupId);
  }

  private async append(records: readonly RecordInput[]): Promise<void> {
    const log = await this.ready();
    const bytes = encodeBatch({ records, baseTimestamp: this.now() });
    await log.append(new RecordBatch(bytes));
  }

  /** The log, made when it is needed for the first time. */
  async ready(): Promise<PartitionLog> {
    return this.topics.log(TOPIC, 0) ?? this.createTopic();
  }

  private createTopic(): Promise<PartitionLog> {
    this.created ??= this.topics
      .create(TOPIC, 1, TOPIC_CONFIGS)
      .then((topic) => topic.partitions[0]!)
      .finally(() => {
        this.created = undefined;
      });
    return this.created;
  }
}

function tombstone(group: string, topic: string, partition: number): RecordInput {
  return { key: offsetKey.encode({ group, topic, partition }), value: null };
}
