import type { MemberDetails } from './member.js';

/** How groups behave. Times are milliseconds. */
export interface GroupOptions {
  /** Kafka: `group.min.session.timeout.ms`, `group.max.session.timeout.ms`. */
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  /** Kafka: `group.initial.rebalance.delay.ms`, there 3000; here 0. */
  readonly initialRebalanceDelayMs: number;
  /** A member (not a static one) whose connection dropped has left, without waiting for its session to time out. */
  readonly fastRebalance: boolean;
  readonly now: () => number;
}

/** A JoinGroup request. */
export interface JoinRequest extends MemberDetails {
  readonly groupId: string;
  /** From version 4 on, a new member is first given an id, and joins again with it. */
  readonly requireKnownMemberId: boolean;
  readonly connection: object;
}

/** A member as a request names it. */
export interface MemberRef {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly connection?: object;
}

/** A SyncGroup request. */
export interface SyncRequest extends MemberRef {
  /** Null in versions that do not say. */
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[];
}
