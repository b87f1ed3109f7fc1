import { AuthenticationError, type Exchange } from './exchange.js';
import { isScram, type SaslMechanism } from './mechanisms.js';
import { PlainExchange } from './plain.js';
import { ScramExchange } from './scram.js';
import type { Users } from './users.js';

/** Who may come in, and how. */
export interface SaslSettings {
  readonly users: Users;
  readonly mechanisms: readonly SaslMechanism[];
}

/** What an attempt to come in led to. */
export type SaslOutcome =
  | { readonly token: Buffer; readonly done: boolean }
  /** `reason` is for the broker's own log. */
  | { readonly refused: string; readonly reason: string };

/** Kafka: `connection.failed.authentication.delay.ms`: guessing shall take time. */
const REFUSE_AFTER_MS = 100;

const SASL_HANDSHAKE = 17;
const API_VERSIONS = 18;
const SASL_AUTHENTICATE = 36;

/** How far one connection has come in proving who it is. */
export class SaslSession {
  user: string | undefined;
  /** After SaslHandshake 0 tokens come without Kafka's headers, as bare frames. */
  bareTokens = false;
  private mechanism: SaslMechanism | undefined;
  private exchange: Exchange | undefined;

  constructor(private readonly settings: SaslSettings) {}

  get mechanisms(): readonly SaslMechanism[] {
    return this.settings.mechanisms;
  }

  get users(): Users {
    return this.settings.users;
  }

  get open(): boolean {
    return this.user !== undefined;
  }

  /** Whether a request may be served before the client has proved who it is. */
  admits(apiKey: number): boolean {
    if (this.open) return true;
    if (this.mechanism !== undefined) return apiKey === SASL_AUTHENTICATE;
    return apiKey === API_VERSIONS || apiKey === SASL_HANDSHAKE;
  }

  /** Begins; false when the mechanism is not offered. */
  begin(name: string, apiVersion: number): boolean {
    const mechanism = this.settings.mechanisms.find((one) => one === name);
    if (mechanism === undefined) return false;
    const { users } = this.settings;
    this.mechanism = mechanism;
    this.bareTokens = apiVersion === 0;
    this.exchange = isScram(mechanism) ? new ScramExchange(mechanism, users) : new PlainExchange(users);
    return true;
  }

  /** Takes what the client sends. After a refusal the connection is to be closed. */
  async take(token: Buffer): Promise<SaslOutcome> {
    try {
      if (this.exchange === undefined) throw new AuthenticationError('no handshake before');
      const { token: answer, user } = await this.exchange.step(token);
      if (user !== undefined) {
        this.user = user;
        this.bareTokens = false;
        this.exchange = undefined;
      }
      return { token: answer, done: user !== undefined };
    } catch (error) {
      if (!(error instanceof AuthenticationError)) throw error;
      this.exchange = undefined;
      await new Promise((resolve) => setTimeout(resolve, REFUSE_AFTER_MS));
      const refused = `Authentication failed during authentication due to invalid credentials with SASL mechanism ${this.mechanism}`;
      return { refused, reason: error.message };
    }
  }
}
