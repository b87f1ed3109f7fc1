import { StreambookError } from '../../core/errors.js';
import type { Node, OpenCluster } from '../connection/cluster.js';
import { kafkajs } from '../connection/kafkajs.js';
import { explain, isConnectionError, kafkaErrorType } from '../errors.js';
import { givenTo, shareOut, subscription, type TopicPartition } from './assignment.js';
import { holdersOf, JOINING, OUR_MEMBERS, removeDead } from './group-leftovers.js';

export interface GroupOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly clientId?: string | undefined;
  /** A member that sends no heartbeat for so long is thrown out. 6 s is the least that Kafka allows by default. */
  readonly sessionMs: number;
  readonly heartbeatMs: number;
  readonly retryMs: number;
}

export interface GroupEvents {
  /** Partitions were given to us; whatever was ours before and is not named is ours no more. */
  assigned(partitions: TopicPartition[]): Promise<void>;
  /** The group shares out anew: the last moment to commit under the old assignment. */
  sharingOut(): Promise<void>;
  /** Joining takes long, because of `why`; `undefined`: it is over. */
  waiting(why: string | undefined): void;
  failed(error: unknown): void;
}

/** An offset to be committed: of the next record to read. */
export interface CommittedOffset extends TopicPartition {
  readonly offset: number;
}

const REJOIN = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID']);
const COORDINATOR_AWAY = new Set([
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
]);
const JOIN_NOTE_MS = 1_500;
const METADATA_MS = 30_000;

/**
 * A member of a consumer group: joins, is given partitions, sends heartbeats by a timer, joins again when the group
 * shares out anew, commits, leaves. Records are none of its business.
 *
 * kafkajs's consumer couples all that to its fetch loop: it cannot leave while a batch is being handled, sends
 * heartbeats only between batches, and resets offsets by itself. This uses kafkajs's requests without its loop.
 *
 * @see Kafka: consumer group protocol (JoinGroup, SyncGroup, Heartbeat, LeaveGroup)
 */
export class GroupMember {
  private memberId = '';
  private generationId = -1;
  private coordinator: Node | undefined;
  private leader = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;
  private joining: Promise<void> | undefined;
  private lost: number | undefined;
  private partitionCount = 0;
  private lookedAt = 0;

  constructor(
    private readonly open: OpenCluster,
    private readonly options: GroupOptions,
    private readonly events: GroupEvents,
  ) {}

  async start(): Promise<void> {
    // A coordinator that is not ready yet is waited for by the join.
    await this.findCoordinator()
      .then((coordinator) => removeDead(coordinator, this.options.groupId))
      .catch(() => {});
    await this.join();
    this.beat();
  }

  /** @throws `commit-failed` when the partitions were given to another member meanwhile */
  async commit(offsets: readonly CommittedOffset[]): Promise<void> {
    if (offsets.length === 0) return;
    const perTopic = new Map<string, { partition: number; offset: string }[]>();
    for (const { topic, partition, offset } of offsets) {
      const list = perTopic.get(topic) ?? [];
      list.push({ partition, offset: String(offset) });
      perTopic.set(topic, list);
    }
    const { groupId } = this.options;
    const since = performance.now();
    for (let attempt = 0; ; attempt++) {
      try {
        const coordinator = await this.findCoordinator();
        await coordinator.offsetCommit({
          groupId,
          groupGenerationId: this.generationId,
          memberId: this.memberId,
          topics: [...perTopic].map(([topic, partitions]) => ({ topic, partitions })),
        });
        return;
      } catch (error) {
        if (REJOIN.has(kafkaErrorType(error) ?? '')) {
          throw new StreambookError('commit-failed', `the offsets of group \`${groupId}\` were not committed`, {
            hint: 'the group has shared out its partitions anew meanwhile; whoever has them now reads from the last commit',
            cause: error,
          });
        }
        if (this.closed || !this.away(error) || performance.now() - since > this.options.retryMs) {
          throw explain(error, `committing offsets of group \`${groupId}\``, this.open.found);
        }
        await this.again(attempt);
      }
    }
  }

  /** The group's committed offsets; -1 where there is none. */
  async committed(partitions: readonly TopicPartition[]): Promise<CommittedOffset[]> {
    if (partitions.length === 0) return [];
    const perTopic = new Map<string, { partition: number }[]>();
    for (const { topic, partition } of partitions) perTopic.set(topic, [...(perTopic.get(topic) ?? []), { partition }]);
    const since = performance.now();
    for (let attempt = 0; ; attempt++) {
      try {
        const coordinator = await this.findCoordinator();
        const { responses } = await coordinator.offsetFetch({
          groupId: this.options.groupId,
          topics: [...perTopic].map(([topic, list]) => ({ topic, partitions: list })),
        });
        return responses.flatMap(({ topic, partitions: list }) =>
          list.map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) })),
        );
      } catch (error) {
        // The first to ask for a group makes a new cluster move its coordinators.
        if (this.closed || !this.away(error) || performance.now() - since > this.options.retryMs) throw error;
        await this.again(attempt);
      }
    }
  }

  /** Leaves, so that the others need not wait for the session to run out. Does not throw. */
  async leave(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    const { memberId, coordinator } = this;
    OUR_MEMBERS.delete(memberId);
    // While a join is under way its connection is busy waiting; the sockets are cut right after this.
    if (memberId === '' || coordinator === undefined || this.joining !== undefined) return;
    await Promise.race([
      coordinator.leaveGroup({ groupId: this.options.groupId, memberId }).catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, 1_000).unref()),
    ]);
  }

  private async findCoordinator(): Promise<Node> {
    this.coordinator ??= await this.open.coordinator(this.options.groupId);
    return this.coordinator;
  }

  private join(): Promise<void> {
    this.joining ??= this.joinUntilDone().finally(() => {
      this.joining = undefined;
    });
    return this.joining;
  }

  private async joinUntilDone(): Promise<void> {
    const { groupId } = this.options;
    const note = setTimeout(() => void this.noteHolders(), JOIN_NOTE_MS);
    let since: number | undefined;
    JOINING.set(groupId, (JOINING.get(groupId) ?? 0) + 1);
    try {
      for (let attempt = 0; !this.closed; attempt++) {
        try {
          const given = await this.joinOnce();
          if (!this.closed) await this.events.assigned(given);
          return;
        } catch (error) {
          const type = kafkaErrorType(error) ?? '';
          if (this.closed) return;
          if (type === 'UNKNOWN_MEMBER_ID') this.memberId = '';
          if (type === 'INCONSISTENT_GROUP_PROTOCOL') {
            throw new StreambookError('group-protocol', `group \`${groupId}\` is used by other kinds of members`, {
              hint: 'its members share out partitions in a way we do not take part in; use another group',
              cause: error,
            });
          }
          if (REJOIN.has(type)) continue;
          since ??= performance.now();
          if (!this.away(error) || performance.now() - since > this.options.retryMs) {
            throw explain(error, `joining the group \`${groupId}\``, this.open.found);
          }
          await this.again(attempt);
        }
      }
    } finally {
      clearTimeout(note);
      this.events.waiting(undefined);
      JOINING.set(groupId, JOINING.get(groupId)! - 1);
    }
  }

  private async joinOnce(): Promise<TopicPartition[]> {
    const { AssignerProtocol } = await kafkajs();
    const { groupId, topics, sessionMs } = this.options;
    const coordinator = await this.findCoordinator();
    const joined = await coordinator.joinGroup({
      groupId,
      sessionTimeout: sessionMs,
      // How long the others are waited for when the group shares out anew. Ours come back within a heartbeat.
      rebalanceTimeout: Math.max(sessionMs, 10_000),
      memberId: this.memberId,
      groupProtocols: subscription(AssignerProtocol, topics),
    });
    OUR_MEMBERS.delete(this.memberId);
    this.memberId = joined.memberId;
    this.generationId = joined.generationId;
    OUR_MEMBERS.add(joined.memberId);
    this.leader = joined.leaderId === joined.memberId;
    if (this.leader) await this.open.cluster.refreshMetadata();
    this.lookedAt = performance.now();
    this.partitionCount = this.countPartitions();
    const { memberAssignment } = await coordinator.syncGroup({
      groupId,
      generationId: joined.generationId,
      memberId: joined.memberId,
      groupAssignment: this.leader
        ? shareOut(AssignerProtocol, joined.members, (topic) => this.open.partitions(topic))
        : [],
    });
    // A leader with other topics than ours may hand out some that we did not ask for.
    return givenTo(AssignerProtocol, memberAssignment).filter(({ topic }) => topics.includes(topic));
  }

  private beat(): void {
    if (this.closed) return;
    this.timer = setTimeout(() => {
      this.heartbeat()
        .catch((error: unknown) => this.events.failed(error))
        .then(() => this.beat());
    }, this.options.heartbeatMs);
  }

  private async heartbeat(): Promise<void> {
    const { groupId } = this.options;
    try {
      const coordinator = await this.findCoordinator();
      await coordinator.heartbeat({ groupId, groupGenerationId: this.generationId, memberId: this.memberId });
      this.lost = undefined;
      if (await this.grown()) await this.joinAgain();
    } catch (error) {
      if (this.closed) return;
      const type = kafkaErrorType(error) ?? '';
      if (REJOIN.has(type)) {
        if (type === 'UNKNOWN_MEMBER_ID') this.memberId = '';
        await this.joinAgain();
        return;
      }
      this.lost ??= performance.now();
      if (!this.away(error) || performance.now() - this.lost > this.options.retryMs) {
        throw explain(error, `staying in the group \`${groupId}\``, this.open.found);
      }
      await this.again(0);
    }
  }

  private async joinAgain(): Promise<void> {
    await this.events.sharingOut();
    if (!this.closed) await this.join();
  }

  /** Whether a topic has more partitions than were shared out; the leader looks now and then. */
  private async grown(): Promise<boolean> {
    if (!this.leader || performance.now() - this.lookedAt < METADATA_MS) return false;
    this.lookedAt = performance.now();
    await this.open.cluster.refreshMetadata();
    return this.countPartitions() !== this.partitionCount;
  }

  private countPartitions(): number {
    return this.options.topics.reduce((sum, topic) => sum + this.open.partitions(topic).length, 0);
  }

  private away(error: unknown): boolean {
    return isConnectionError(error) || COORDINATOR_AWAY.has(kafkaErrorType(error) ?? '');
  }

  private async again(attempt: number): Promise<void> {
    this.coordinator = undefined;
    await new Promise((resolve) => setTimeout(resolve, Math.min(1_000, 50 * 2 ** attempt)));
    if (!this.closed) await this.open.cluster.refreshMetadata().catch(() => {});
  }

  private async noteHolders(): Promise<void> {
    const { groupId } = this.options;
    const holders = await holdersOf(this.open.found, groupId, this.memberId).catch(() => []);
    if (this.joining === undefined || this.closed) return;
    const who = holders.length === 0 ? 'the broker is still forming it' : `${holders.join(', ')} is a member of it too`;
    this.events.waiting(`waiting for group \`${groupId}\`: ${who}`);
  }
}
