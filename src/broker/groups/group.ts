import { type JoinResult, type Member, type MemberProtocol, NO_ASSIGNMENT, type SyncResult } from './member.js';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

/**
 * A consumer group under the classic protocol: its members, its generation, and what it agreed on.
 *
 * `Empty` -> `PreparingRebalance` (members join) -> `CompletingRebalance` (the leader assigns) -> `Stable`, and again
 * when somebody comes or goes.
 *
 * @see Kafka: `GroupMetadata`, and KIP-345 for static members
 */
export class Group {
  state: GroupState = 'Empty';
  generationId = 0;
  /** `consumer`, `connect` ...; null for a group that only commits offsets. */
  protocolType: string | null = null;
  /** The assignor that all members offer and most prefer. */
  protocolName: string | null = null;
  leaderId: string | null = null;
  /** When the state changed: offsets of an empty group expire from then on. */
  changedAt: number;
  readonly members = new Map<string, Member>();
  /** Ids that were given out with MEMBER_ID_REQUIRED, until their owners join. */
  readonly pending = new Map<string, { readonly connection: object | undefined; readonly timer: NodeJS.Timeout }>();
  /** group.instance.id -> member id */
  readonly instances = new Map<string, string>();
  /** Ends a rebalance for which somebody fails to come. */
  rebalanceTimer: NodeJS.Timeout | undefined;

  constructor(
    readonly groupId: string,
    now: number,
  ) {
    this.changedAt = now;
  }

  moveTo(state: GroupState, now: number): void {
    this.state = state;
    this.changedAt = now;
  }

  add(member: Member): void {
    if (this.members.size === 0) this.leaderId = member.memberId;
    this.members.set(member.memberId, member);
    if (member.groupInstanceId !== null) this.instances.set(member.groupInstanceId, member.memberId);
  }

  remove(member: Member): void {
    this.members.delete(member.memberId);
    const { groupInstanceId } = member;
    if (groupInstanceId !== null && this.instances.get(groupInstanceId) === member.memberId) {
      this.instances.delete(groupInstanceId);
    }
    if (this.leaderId === member.memberId) this.leaderId = this.members.keys().next().value ?? null;
  }

  /** Whether a member with these assignors could work with those that are there. */
  accepts(protocolType: string, protocols: readonly MemberProtocol[], except?: Member): boolean {
    if (protocolType === '' || protocols.length === 0) return false;
    const others = [...this.members.values()].filter((member) => member !== except);
    if (others.length === 0) return true;
    if (protocolType !== this.protocolType) return false;
    return protocols.some(({ name }) => others.every((member) => member.protocols.some((p) => p.name === name)));
  }

  /** Every member votes for its first assignor among those that all offer; the one with most votes is taken. */
  selectProtocol(): string | null {
    const members = [...this.members.values()];
    const [first] = members;
    if (first === undefined) return null;
    const candidates = new Set(
      first.protocols
        .map(({ name }) => name)
        .filter((name) => members.every((m) => m.protocols.some((p) => p.name === name))),
    );
    const votes = new Map<string, number>();
    for (const member of members) {
      const vote = member.protocols.find(({ name }) => candidates.has(name));
      if (vote !== undefined) votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1);
    }
    let best: string | null = null;
    for (const [name, count] of votes) if (best === null || count > votes.get(best)!) best = name;
    return best;
  }

  get everybodyJoined(): boolean {
    if (this.pending.size > 0) return false;
    for (const member of this.members.values()) if (member.joining === undefined) return false;
    return true;
  }

  /** The longest time that a member asked others to wait for it. */
  get rebalanceTimeoutMs(): number {
    let timeout = 0;
    for (const member of this.members.values()) timeout = Math.max(timeout, member.rebalanceTimeoutMs);
    return timeout;
  }

  /** What a member of the current generation is answered when it joins. */
  joined(member: Member, skipAssignment = false): JoinResult {
    const leads = member.memberId === this.leaderId;
    return {
      error: 'NONE',
      memberId: member.memberId,
      generationId: this.generationId,
      protocolType: this.protocolType,
      protocolName: this.protocolName,
      leader: this.leaderId ?? '',
      skipAssignment,
      members: leads
        ? [...this.members.values()].map((other) => ({
            memberId: other.memberId,
            groupInstanceId: other.groupInstanceId,
            metadata: other.metadataFor(this.protocolName),
          }))
        : [],
    };
  }

  synced(member: Member): SyncResult {
    return {
      error: 'NONE',
      protocolType: this.protocolType,
      protocolName: this.protocolName,
      assignment: member.assignment,
    };
  }

  /** Forgets what was assigned, and answers those who wait for it. */
  dropAssignments(error: SyncResult['error']): void {
    for (const member of this.members.values()) {
      member.assignment = NO_ASSIGNMENT;
      answerSync(member, failedSync(error));
    }
  }
}

export function answerJoin(member: Member, result: JoinResult): void {
  const { joining } = member;
  member.joining = undefined;
  joining?.(result);
}

export function answerSync(member: Member, result: SyncResult): void {
  const { syncing } = member;
  member.syncing = undefined;
  syncing?.(result);
}

export function failedJoin(error: JoinResult['error'], memberId = ''): JoinResult {
  return {
    error,
    memberId,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    skipAssignment: false,
    members: [],
  };
}

export function failedSync(error: SyncResult['error']): SyncResult {
  return { error, protocolType: null, protocolName: null, assignment: NO_ASSIGNMENT };
}
