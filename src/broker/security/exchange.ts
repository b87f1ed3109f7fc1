/** What the broker says next; with a user, the client is in. */
export interface ExchangeStep {
  readonly token: Buffer;
  readonly user: string | undefined;
}

/** The broker's side of one attempt to come in. */
export interface Exchange {
  /** @throws AuthenticationError */
  step(token: Buffer): ExchangeStep | Promise<ExchangeStep>;
}

/** A client was not let in. The message is for the broker's own log: the client is not told why. */
export class AuthenticationError extends Error {}
