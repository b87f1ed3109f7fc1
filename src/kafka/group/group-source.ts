import { listOffsets, type OpenCluster } from '../connection/cluster.js';
import type { Fetcher, Position, ReaderBatch } from '../reading/fetcher.js';
import { type StartPosition, startOffsets } from '../reading/start.js';
import type { TopicPartition } from './assignment.js';
import { type CommittedOffset, GroupMember, type GroupOptions } from './group.js';

/** Where receiving begins: a position, or `'group'`: where the group's commits left off. */
export type From = StartPosition | 'group';

export interface GroupSourceOptions extends GroupOptions {
  readonly from: From;
  /** Where a group begins that has not committed yet, or whose offset is no longer in the log. */
  readonly otherwise: 'earliest' | 'latest';
}

/** What is known of a partition that is, or was, ours. */
interface Owned {
  /** Counts up when the partition is read from somewhere else: what was fetched before is void. */
  epoch: number;
  mine: boolean;
  /** The next offset to hand to the loop. */
  handedOut: number;
  /** What the group had committed when we looked or committed last. */
  committed: number;
}

const keyOf = ({ topic, partition }: TopicPartition) => `${partition}/${topic}`;

/**
 * Reads what a group's assignment gives us: where to begin with each partition, and what a new assignment leaves valid.
 */
export class GroupSource {
  readonly member: GroupMember;
  private readonly owned = new Map<string, Owned>();

  constructor(
    private readonly open: OpenCluster,
    private readonly fetcher: Fetcher,
    private readonly options: GroupSourceOptions,
    /** End of each partition of the topics, where there is one. */
    private readonly ends: ReadonlyMap<string, number> | undefined,
    events: { sharingOut(): Promise<void>; waiting(why: string | undefined): void },
  ) {
    this.member = new GroupMember(open, options, {
      assigned: (partitions) => this.assigned(partitions),
      sharingOut: () => events.sharingOut(),
      waiting: (why) => events.waiting(why),
      failed: (error) => fetcher.fail(error),
    });
  }

  /** Stamps a batch that was taken; `isValid` tells later whether its partition is still read from there. */
  epochOf(batch: ReaderBatch): number {
    return this.owned.get(keyOf(batch))?.epoch ?? -1;
  }

  isValid(batch: ReaderBatch, epoch: number): boolean {
    const owned = this.owned.get(keyOf(batch));
    return owned?.mine === true && owned.epoch === epoch;
  }

  handedOut(batch: ReaderBatch, nextOffset: number): void {
    const owned = this.owned.get(keyOf(batch));
    if (owned !== undefined) owned.handedOut = nextOffset;
  }

  /** Commits those of `offsets` whose partitions are ours. */
  async commit(offsets: readonly CommittedOffset[]): Promise<void> {
    const ours = offsets.filter((one) => this.owned.get(keyOf(one))?.mine);
    await this.member.commit(ours);
    for (const one of ours) this.owned.get(keyOf(one))!.committed = one.offset;
  }

  /** Whether the group as a whole has come to the ends: our partitions are read, the others' are committed. */
  async groupAtEnd(): Promise<boolean> {
    if (this.ends === undefined || !this.fetcher.atEnd) return false;
    const others = this.options.topics
      .flatMap((topic) => this.open.partitions(topic).map((partition) => ({ topic, partition })))
      .filter((tp) => !this.owned.get(keyOf(tp))?.mine && this.ends!.has(keyOf(tp)));
    const behind = others.filter((tp) => (this.owned.get(keyOf(tp))?.handedOut ?? 0) < this.ends!.get(keyOf(tp))!);
    if (behind.length === 0) return true;
    const committed = await this.member.committed(behind);
    if (committed.some((one) => one.offset < this.ends!.get(keyOf(one))!)) {
      // An empty partition has nothing to commit.
      const first = await this.firstOffsets(behind);
      return behind.every((tp) => {
        const end = this.ends!.get(keyOf(tp))!;
        const offset = committed.find((one) => keyOf(one) === keyOf(tp))?.offset ?? -1;
        return offset >= end || first.get(keyOf(tp)) === end;
      });
    }
    return true;
  }

  private async firstOffsets(partitions: readonly TopicPartition[]): Promise<Map<string, number>> {
    const result = new Map<string, number>();
    for (const topic of new Set(partitions.map((tp) => tp.topic))) {
      const first = await listOffsets(this.open, topic, 'earliest');
      for (const [partition, offset] of first) result.set(keyOf({ topic, partition }), offset);
    }
    return result;
  }

  private async assigned(partitions: TopicPartition[]): Promise<void> {
    const committed = new Map((await this.member.committed(partitions)).map((one) => [keyOf(one), one.offset]));
    const starts = await this.starts(partitions, committed);
    const positions: Position[] = [];
    const kept = new Set<Owned>();
    for (const tp of partitions) {
      const key = keyOf(tp);
      const now = committed.get(key) ?? -1;
      const old = this.owned.get(key);
      if (old !== undefined && old.committed === now) {
        // Nobody has committed meanwhile, so nobody went on for us: we go on where we were.
        kept.add(old);
        const taken = old.mine ? this.fetcher.positions().find((p) => keyOf(p) === key) : undefined;
        if (taken === undefined) old.epoch++;
        old.mine = true;
        positions.push({ ...tp, offset: taken?.offset ?? old.handedOut, end: this.ends?.get(key) });
        continue;
      }
      const offset = old === undefined ? starts.get(key)! : now;
      const owned: Owned = { epoch: (old?.epoch ?? 0) + 1, mine: true, handedOut: offset, committed: now };
      kept.add(owned);
      this.owned.set(key, owned);
      positions.push({ ...tp, offset, end: this.ends?.get(key) });
    }
    for (const owned of this.owned.values()) if (!kept.has(owned)) owned.mine = false;
    this.fetcher.assign(positions);
  }

  /** Where partitions begin that are ours for the first time. */
  private async starts(
    partitions: readonly TopicPartition[],
    committed: ReadonlyMap<string, number>,
  ): Promise<Map<string, number>> {
    const result = new Map<string, number>();
    const { from, otherwise } = this.options;
    const fresh = partitions.filter((tp) => !this.owned.has(keyOf(tp)));
    for (const topic of new Set(fresh.map((tp) => tp.topic))) {
      const fallback = await startOffsets(this.open, topic, from === 'group' ? otherwise : from);
      const range =
        from === 'group'
          ? [await listOffsets(this.open, topic, 'earliest'), await listOffsets(this.open, topic, 'latest')]
          : undefined;
      for (const tp of fresh.filter((one) => one.topic === topic)) {
        const offset = committed.get(keyOf(tp)) ?? -1;
        const [first, latest] = range ?? [];
        const usable =
          first !== undefined && offset >= first.get(tp.partition)! && offset <= latest!.get(tp.partition)!;
        result.set(keyOf(tp), usable ? offset : fallback.get(tp.partition)!);
      }
    }
    return result;
  }
}

export { keyOf as partitionKey };
