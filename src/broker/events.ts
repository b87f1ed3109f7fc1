/** Something that the operator of a broker may want to see. Nothing of it goes to the client's answer. */
export interface BrokerEvent {
  /**
   * - `malformed`: a connection sent what is no Kafka request, and was closed
   * - `unsupported`: a request of an API or version that is not served; the connection was closed
   * - `failed`: a request failed in a way that should not happen; the connection was closed
   * - `unauthenticated`: a client did not prove who it is; the connection was closed
   * - `storage`: damage was repaired, or the disk refused something
   */
  readonly kind: 'malformed' | 'unsupported' | 'unauthenticated' | 'failed' | 'storage';
  /** One line. */
  readonly message: string;
  readonly error?: unknown;
}

export type OnEvent = (event: BrokerEvent) => void;
