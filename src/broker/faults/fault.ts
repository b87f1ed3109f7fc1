import type { ApiName } from '../../wire/codec.js';
import type { KafkaErrorName } from '../../wire/error-codes.js';

/** A request as a fault's `when` sees it. */
export interface FaultRequest {
  /** Kafka's name of the API: `Produce`, `Fetch`, `JoinGroup` ... */
  readonly api: ApiName;
  readonly version: number;
  /** Empty when the client gave none. */
  readonly clientId: string;
  /** Names of the topics in the request; empty when it names none. */
  readonly topics: readonly string[];
  /** The group, where the request names one. */
  readonly groupId: string | undefined;
  /** The decoded request, with the field names of Kafka's protocol guide. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Which requests a fault hits: those for which all that is given here holds. Without any of it: all. */
export interface FaultTarget {
  /** One API or several, by Kafka's names. */
  readonly api?: ApiName | readonly ApiName[] | undefined;
  /** The client's id, or a pattern for it. */
  readonly clientId?: string | RegExp | undefined;
  /** A topic that the request names, or a pattern. A request that names several is hit as a whole. */
  readonly topic?: string | RegExp | undefined;
  /** Decides about what the rest lets through. An error thrown here closes the connection and is told to `onEvent`. */
  readonly when?: ((request: FaultRequest) => boolean) | undefined;
  /** After this many hits the fault is over. Default: it lasts until it is removed. */
  readonly times?: number | undefined;
}

/** Serves the request `delayMs` milliseconds late. What the same client asks after it waits, too, as in Kafka. */
export interface DelayFault extends FaultTarget {
  readonly fault: 'delay';
  readonly delayMs: number;
}

/** Closes the connection instead of serving the request: nothing was done. */
export interface DropFault extends FaultTarget {
  readonly fault: 'drop';
}

/** Serves the request and closes the connection instead of answering: the client cannot know that it was done. */
export interface LoseAnswerFault extends FaultTarget {
  readonly fault: 'lose-answer';
}

/** Answers with an error instead of serving the request. Requests whose answer has no place for an error are not hit. */
export interface ErrorFault extends FaultTarget {
  readonly fault: 'error';
  /** By Kafka's name: `NOT_LEADER_OR_FOLLOWER`. */
  readonly error: KafkaErrorName;
}

/** Closes new connections at once. Those that are open stay. */
export interface RefuseFault {
  readonly fault: 'refuse';
  /** After this many connections the fault is over. Default: it lasts until it is removed. */
  readonly times?: number | undefined;
}

/** Something that goes wrong: see `Broker.inject`. */
export type Fault = DelayFault | DropFault | LoseAnswerFault | ErrorFault | RefuseFault;

/** A fault that was injected. */
export interface InjectedFault {
  /** How often it has hit. */
  readonly hits: number;
  /** Whether it can still hit: neither removed nor used up. */
  readonly active: boolean;
  /** Resolves when it has hit `times` times (default 1) in all. Does not resolve when it is removed before. */
  hit(times?: number): Promise<void>;
  /** Ends it. What it has already caught (a request that is being delayed) goes its way. */
  remove(): void;
}
