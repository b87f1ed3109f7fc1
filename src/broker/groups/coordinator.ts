import { randomUUID } from 'node:crypto';
import type { KafkaErrorName } from '../../wire/error-codes.js';
import { checkCommit, checkTransactionCommit, fencing, findMember } from './checks.js';
import { answerJoin, answerSync, failedJoin, failedSync, Group } from './group.js';
import { type JoinResult, Member, type SyncResult } from './member.js';
import type { OffsetStore } from './offset-store.js';
import type { GroupOptions, JoinRequest, MemberRef, SyncRequest } from './requests.js';

/** A member that joins for the first time is given this long before it is forgotten when it stops waiting. */
const NEW_MEMBER_TIMEOUT_MS = 5 * 60_000;

/**
 * The classic group protocol: who is a member, who leads, when to rebalance.
 *
 * @see Kafka: `GroupCoordinator`, and https://kafka.apache.org/documentation/#basic_ops_consumer_group
 */
export class GroupCoordinator {
  /** @param store where groups and offsets are kept; it has been loaded */
  constructor(
    private readonly options: GroupOptions,
    private readonly store: OffsetStore,
  ) {
    for (const group of store.groups.values()) {
      for (const member of [...group.members.values()]) {
        // Their connections went with the broker that wrote them down.
        if (options.fastRebalance && member.groupInstanceId === null)
          this.removeMember(group, member, 'UNKNOWN_MEMBER_ID');
        else this.keepAlive(group, member);
      }
    }
  }

  get groups(): Map<string, Group> {
    return this.store.groups;
  }

  /** Stops all timers and answers those who wait. */
  stop(): void {
    for (const group of this.groups.values()) {
      clearTimeout(group.rebalanceTimer);
      for (const { timer } of group.pending.values()) clearTimeout(timer);
      for (const member of group.members.values()) {
        member.forget();
        answerJoin(member, failedJoin('COORDINATOR_NOT_AVAILABLE', member.memberId));
        answerSync(member, failedSync('COORDINATOR_NOT_AVAILABLE'));
      }
    }
  }

  join(request: JoinRequest): Promise<JoinResult> {
    const { groupId, memberId, sessionTimeoutMs } = request;
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.options;
    if (groupId === '') return refusedJoin('INVALID_GROUP_ID', memberId);
    if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
      return refusedJoin('INVALID_SESSION_TIMEOUT', memberId);
    }
    let group = this.groups.get(groupId);
    if (group === undefined) {
      if (memberId !== '') return refusedJoin('UNKNOWN_MEMBER_ID', memberId);
      group = new Group(groupId, this.options.now());
      this.groups.set(groupId, group);
    }
    const member = group.members.get(memberId);
    if (!group.accepts(request.protocolType, request.protocols, member)) {
      return refusedJoin('INCONSISTENT_GROUP_PROTOCOL', memberId);
    }
    if (memberId === '') return this.joinNew(group, request);
    return this.joinKnown(group, member, request);
  }

  private joinNew(group: Group, request: JoinRequest): Promise<JoinResult> {
    const { groupInstanceId } = request;
    const memberId = `${groupInstanceId ?? request.clientId}-${randomUUID()}`;
    if (groupInstanceId !== null) {
      const replaced = group.members.get(group.instances.get(groupInstanceId) ?? '');
      if (replaced !== undefined) return this.replaceStatic(group, replaced, { ...request, memberId });
      return this.addMember(group, { ...request, memberId });
    }
    if (!request.requireKnownMemberId) return this.addMember(group, { ...request, memberId });
    const timer = setTimeout(() => this.forgetPending(group, memberId), request.sessionTimeoutMs);
    timer.unref();
    group.pending.set(memberId, { connection: request.connection, timer });
    return refusedJoin('MEMBER_ID_REQUIRED', memberId);
  }

  private joinKnown(group: Group, member: Member | undefined, request: JoinRequest): Promise<JoinResult> {
    const { memberId, groupInstanceId } = request;
    const pending = group.pending.get(memberId);
    if (pending !== undefined && groupInstanceId === null) {
      clearTimeout(pending.timer);
      group.pending.delete(memberId);
      return this.addMember(group, request);
    }
    const fenced = fencing(group, memberId, groupInstanceId);
    if (fenced !== undefined) return refusedJoin(fenced, memberId);
    if (member === undefined) return refusedJoin('UNKNOWN_MEMBER_ID', memberId);
    member.connection = request.connection;
    const same = member.offersTheSame(request.protocols);
    // It did not hear the answer, and asks again: nothing has changed for the others.
    const repeats =
      same &&
      (group.state === 'CompletingRebalance' || (group.state === 'Stable' && member.memberId !== group.leaderId));
    if (repeats) {
      this.keepAlive(group, member);
      return Promise.resolve(group.joined(member));
    }
    answerJoin(member, failedJoin('REBALANCE_IN_PROGRESS', memberId));
    member.protocols = request.protocols;
    member.sessionTimeoutMs = request.sessionTimeoutMs;
    member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
    return this.awaitJoin(group, member);
  }

  private addMember(group: Group, request: JoinRequest): Promise<JoinResult> {
    const member = new Member(request, request.connection);
    group.protocolType = request.protocolType;
    group.add(member);
    return this.awaitJoin(group, member);
  }

  /** A static member came back under a new id: it takes the old one's place, without a rebalance if nothing else changed. */
  private replaceStatic(group: Group, old: Member, request: JoinRequest): Promise<JoinResult> {
    const member = new Member(request, request.connection);
    const same = old.offersTheSame(request.protocols);
    const led = group.leaderId === old.memberId;
    member.assignment = old.assignment;
    old.forget();
    answerJoin(old, failedJoin('FENCED_INSTANCE_ID', old.memberId));
    answerSync(old, failedSync('FENCED_INSTANCE_ID'));
    group.remove(old);
    group.add(member);
    if (led) group.leaderId = member.memberId;
    if (group.state === 'Stable' && same && group.selectProtocol() === group.protocolName) {
      this.keepAlive(group, member);
      const result = group.joined(member, led);
      return this.store.saveGroup(group).then(() => result);
    }
    return this.awaitJoin(group, member);
  }

  private awaitJoin(group: Group, member: Member): Promise<JoinResult> {
    const answer = new Promise<JoinResult>((resolve) => {
      member.joining = resolve;
    });
    // While it waits for the others it need not send heartbeats; if it gives up waiting, it is forgotten in the end.
    member.keepAlive(() => this.expire(group, member), Math.max(NEW_MEMBER_TIMEOUT_MS, member.sessionTimeoutMs));
    this.rebalance(group);
    return answer;
  }

  private rebalance(group: Group): void {
    if (group.state === 'PreparingRebalance') {
      this.completeIfAllJoined(group);
      return;
    }
    if (group.state === 'CompletingRebalance') group.dropAssignments('REBALANCE_IN_PROGRESS');
    const first = group.state === 'Empty' && this.options.initialRebalanceDelayMs > 0;
    group.moveTo('PreparingRebalance', this.options.now());
    const timeoutMs = first ? this.options.initialRebalanceDelayMs : group.rebalanceTimeoutMs;
    this.setRebalanceTimer(group, timeoutMs, () => this.completeJoin(group));
    if (!first) this.completeIfAllJoined(group);
  }

  private setRebalanceTimer(group: Group, timeoutMs: number, then: () => void): void {
    clearTimeout(group.rebalanceTimer);
    group.rebalanceTimer = setTimeout(then, timeoutMs);
    group.rebalanceTimer.unref();
  }

  private completeIfAllJoined(group: Group): void {
    if (group.state === 'PreparingRebalance' && group.everybodyJoined) this.completeJoin(group);
  }

  /** The next generation begins with those who have come; the others have left. */
  private completeJoin(group: Group): void {
    if (group.state !== 'PreparingRebalance') return;
    clearTimeout(group.rebalanceTimer);
    for (const member of [...group.members.values()]) {
      if (member.joining !== undefined || member.groupInstanceId !== null) continue;
      member.forget();
      group.remove(member);
    }
    const joined = [...group.members.values()].filter((member) => member.joining !== undefined);
    if (group.members.size > 0 && joined.length === 0) {
      // Only static members, and none of them has come: go on waiting.
      this.setRebalanceTimer(group, group.rebalanceTimeoutMs, () => this.completeJoin(group));
      return;
    }
    group.generationId++;
    if (group.members.size === 0) {
      this.becomeEmpty(group);
      return;
    }
    if (!joined.some((member) => member.memberId === group.leaderId)) group.leaderId = joined[0]!.memberId;
    group.protocolName = group.selectProtocol();
    group.moveTo('CompletingRebalance', this.options.now());
    for (const member of joined) {
      this.keepAlive(group, member);
      answerJoin(member, group.joined(member));
    }
    this.setRebalanceTimer(group, group.rebalanceTimeoutMs, () => this.removeUnsynced(group));
  }

  private becomeEmpty(group: Group): void {
    group.protocolName = null;
    group.leaderId = null;
    group.moveTo('Empty', this.options.now());
    this.store.saveGroup(group).catch(() => {});
  }

  /** Those who joined and then neither asked for their assignment nor gave one are as good as gone. */
  private removeUnsynced(group: Group): void {
    if (group.state !== 'CompletingRebalance') return;
    const silent = [...group.members.values()].filter((member) => member.syncing === undefined);
    for (const member of silent) this.removeMember(group, member, 'UNKNOWN_MEMBER_ID');
  }

  async sync(request: SyncRequest): Promise<SyncResult> {
    const found = findMember(this.groups, request);
    if (typeof found === 'string') return failedSync(found);
    const { group, member } = found;
    const { protocolType, protocolName } = request;
    const otherType = protocolType !== null && protocolType !== group.protocolType;
    const otherName = protocolName !== null && protocolName !== group.protocolName;
    if (otherType || otherName) return failedSync('INCONSISTENT_GROUP_PROTOCOL');
    if (group.state === 'PreparingRebalance') return failedSync('REBALANCE_IN_PROGRESS');
    this.keepAlive(group, member);
    if (group.state === 'Stable') return group.synced(member);
    answerSync(member, failedSync('REBALANCE_IN_PROGRESS'));
    const answer = new Promise<SyncResult>((resolve) => {
      member.syncing = resolve;
    });
    if (member.memberId === group.leaderId) await this.assign(group, request);
    return answer;
  }

  private async assign(group: Group, { assignments, generationId }: SyncRequest): Promise<void> {
    const before = new Map([...group.members.values()].map((member) => [member, member.assignment]));
    for (const member of group.members.values()) {
      const given = assignments.find(({ memberId }) => memberId === member.memberId);
      member.assignment = Buffer.from(given?.assignment ?? '');
    }
    let failure: unknown;
    try {
      await this.store.saveGroup(group);
    } catch (error) {
      failure = error;
    }
    // Somebody may have come or gone while we wrote.
    if (group.state !== 'CompletingRebalance' || group.generationId !== generationId) return;
    if (failure !== undefined) {
      for (const [member, assignment] of before) member.assignment = assignment;
      group.dropAssignments('COORDINATOR_NOT_AVAILABLE');
      this.rebalance(group);
      return;
    }
    clearTimeout(group.rebalanceTimer);
    group.moveTo('Stable', this.options.now());
    for (const member of group.members.values()) answerSync(member, group.synced(member));
  }

  heartbeat(request: MemberRef): KafkaErrorName {
    const found = findMember(this.groups, request);
    if (typeof found === 'string') return found;
    const { group, member } = found;
    if (member.joining === undefined) this.keepAlive(group, member);
    return group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE';
  }

  leave(groupId: string, memberId: string, groupInstanceId: string | null): KafkaErrorName {
    const group = this.groups.get(groupId);
    if (group === undefined) return 'UNKNOWN_MEMBER_ID';
    if (groupInstanceId === null && group.pending.has(memberId)) {
      this.forgetPending(group, memberId);
      return 'NONE';
    }
    const named = groupInstanceId !== null && memberId === '' ? group.instances.get(groupInstanceId) : memberId;
    const fenced = fencing(group, named ?? '', groupInstanceId);
    if (fenced !== undefined) return fenced;
    const member = group.members.get(named ?? '');
    if (member === undefined) return 'UNKNOWN_MEMBER_ID';
    this.removeMember(group, member, 'UNKNOWN_MEMBER_ID');
    return 'NONE';
  }

  /** Whether a commit of offsets by this member is in order. */
  mayCommit(request: MemberRef): KafkaErrorName {
    const found = checkCommit(this.groups, request);
    if (typeof found === 'string') return found;
    if (found.member.joining === undefined) this.keepAlive(found.group, found.member);
    return 'NONE';
  }

  /** Whether a commit of offsets in a transaction is in order. */
  mayCommitInTransaction(request: MemberRef): KafkaErrorName {
    return checkTransactionCommit(this.groups, request);
  }

  /** Removes the members that spoke by this connection last, if groups shall rebalance fast. */
  connectionClosed(connection: object): void {
    if (!this.options.fastRebalance) return;
    for (const group of this.groups.values()) {
      for (const [memberId, pending] of [...group.pending]) {
        if (pending.connection === connection) this.forgetPending(group, memberId);
      }
      for (const member of [...group.members.values()]) {
        if (member.connection !== connection || member.groupInstanceId !== null) continue;
        this.removeMember(group, member, 'UNKNOWN_MEMBER_ID');
      }
    }
  }

  /**
   * Deletes an empty group with its offsets.
   *
   * @returns NON_EMPTY_GROUP, GROUP_ID_NOT_FOUND or NONE
   */
  async deleteGroup(groupId: string): Promise<KafkaErrorName> {
    if (groupId === '') return 'INVALID_GROUP_ID';
    const group = this.groups.get(groupId);
    if (group === undefined) return 'GROUP_ID_NOT_FOUND';
    if (group.state !== 'Empty' || group.pending.size > 0) return 'NON_EMPTY_GROUP';
    group.moveTo('Dead', this.options.now());
    await this.store.deleteGroup(groupId);
    return 'NONE';
  }

  private keepAlive(group: Group, member: Member): void {
    member.keepAlive(() => this.expire(group, member));
  }

  private expire(group: Group, member: Member): void {
    if (group.members.get(member.memberId) === member) this.removeMember(group, member, 'UNKNOWN_MEMBER_ID');
  }

  private forgetPending(group: Group, memberId: string): void {
    clearTimeout(group.pending.get(memberId)?.timer);
    group.pending.delete(memberId);
    this.completeIfAllJoined(group);
  }

  private removeMember(group: Group, member: Member, error: KafkaErrorName): void {
    member.forget();
    group.remove(member);
    answerJoin(member, failedJoin(error, member.memberId));
    answerSync(member, failedSync(error));
    if (group.state === 'PreparingRebalance') this.completeIfAllJoined(group);
    else if (group.state === 'Stable' || group.state === 'CompletingRebalance') this.rebalance(group);
  }
}

function refusedJoin(error: KafkaErrorName, memberId: string): Promise<JoinResult> {
  return Promise.resolve(failedJoin(error, memberId));
}
