import type { KafkaErrorName } from '../../wire/error-codes.js';

/** An assignor that a member offers, with what it wants to tell the leader about itself. */
export interface MemberProtocol {
  readonly name: string;
  readonly metadata: Buffer;
}

/** Answer to JoinGroup. */
export interface JoinResult {
  readonly error: KafkaErrorName;
  readonly memberId: string;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leader: string;
  /** The leader keeps the assignment that the group has. */
  readonly skipAssignment: boolean;
  /** Everybody, for the leader; empty for the others. */
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly metadata: Buffer;
  }[];
}

/** Answer to SyncGroup. */
export interface SyncResult {
  readonly error: KafkaErrorName;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Buffer;
}

/** What a client says about itself when it joins. */
export interface MemberDetails {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  /** `/127.0.0.1` */
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocolType: string;
  readonly protocols: readonly MemberProtocol[];
}

export const NO_ASSIGNMENT: Buffer = Buffer.alloc(0);

/** A member of a group. */
export class Member {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly MemberProtocol[];
  assignment: Buffer = NO_ASSIGNMENT;
  /** Set while its JoinGroup waits for the others. */
  joining: ((result: JoinResult) => void) | undefined;
  /** Set while its SyncGroup waits for the leader. */
  syncing: ((result: SyncResult) => void) | undefined;
  /** The connection by which it spoke last; undefined after a restart. */
  connection: object | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(details: MemberDetails, connection: object | undefined) {
    this.memberId = details.memberId;
    this.groupInstanceId = details.groupInstanceId;
    this.clientId = details.clientId;
    this.clientHost = details.clientHost;
    this.sessionTimeoutMs = details.sessionTimeoutMs;
    this.rebalanceTimeoutMs = details.rebalanceTimeoutMs;
    this.protocols = details.protocols;
    this.connection = connection;
  }

  /** Whether it offers the same assignors with the same words as before. */
  offersTheSame(protocols: readonly MemberProtocol[]): boolean {
    return (
      protocols.length === this.protocols.length &&
      protocols.every(({ name, metadata }, index) => {
        const mine = this.protocols[index]!;
        return mine.name === name && mine.metadata.equals(metadata);
      })
    );
  }

  /** What it says to the leader under the assignor `name`. */
  metadataFor(name: string | null): Buffer {
    return this.protocols.find((protocol) => protocol.name === name)?.metadata ?? NO_ASSIGNMENT;
  }

  /** Begins its session anew; `expired` is called when it then stays silent for the session timeout. */
  keepAlive(expired: () => void, timeoutMs: number = this.sessionTimeoutMs): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(expired, timeoutMs);
    this.timer.unref();
  }

  /** It has left: nothing may call back any more. */
  forget(): void {
    clearTimeout(this.timer);
  }
}
