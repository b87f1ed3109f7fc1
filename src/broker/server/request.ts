import type { ApiName, RequestBody, ResponseInput } from '../../wire/codec.js';
import type { SaslSession } from '../security/session.js';
import type { Services } from '../services.js';

/** Who asks. */
export interface Client {
  /** The address it came by, as clients can reach it: what Metadata answers unless an address is advertised. */
  readonly localHost: string;
  /** `/127.0.0.1`, as Kafka writes it. */
  readonly host: string;
  readonly closed: boolean;
  /** How it proves who it is; undefined when it need not. */
  readonly sasl: SaslSession | undefined;
  /** Ends the connection without an answer. */
  disconnect(): void;
  /** Calls back when the connection is gone; the returned function takes that back. */
  onClose(listener: () => void): () => void;
}

/** A request on its way through a handler. */
export interface RequestContext {
  readonly apiVersion: number;
  readonly clientId: string;
  readonly client: Client;
  /** The APIs that are served, by number. */
  readonly served: ReadonlyMap<number, Served>;
  /** Calls back when the answer has left memory: borrowed buffers may go back then. */
  onSent(callback: () => void): void;
  /** Closes the connection when the answer is on its way. `reason` is for the broker's own log. */
  endAfterAnswer(reason: string): void;
  /** The client has proved who it is. */
  authenticated(): void;
}

/** Answers requests of one API. `undefined` is no answer at all: Produce with acks=0. */
export type Handle<N extends ApiName> = (
  body: RequestBody<N>,
  context: RequestContext,
  services: Services,
) => ResponseInput<N> | Promise<ResponseInput<N> | undefined> | undefined;

/** An API that the broker serves. */
export interface Served {
  readonly name: ApiName;
  /** Served, both inclusive. */
  readonly versions: readonly [number, number];
  /** What ApiVersions says is the lowest. */
  readonly advertisedFrom: number;
  // biome-ignore lint/suspicious/noExplicitAny: handlers of all APIs in one table
  readonly handle: Handle<any>;
}

/**
 * Declares a handler.
 *
 * @param versions served; all of these must be in the wire's schema
 */
export function serve<N extends ApiName>(
  name: N,
  versions: readonly [number, number],
  handle: Handle<N>,
  advertisedFrom: number = versions[0],
): Served {
  return { name, versions, advertisedFrom, handle };
}
