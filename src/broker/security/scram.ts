import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Credential, hash, hmac } from './credential.js';
import type { Exchange, ExchangeStep } from './exchange.js';
import { AuthenticationError } from './exchange.js';
import type { ScramMechanism } from './mechanisms.js';
import type { Users } from './users.js';

/**
 * The server's part of a SCRAM exchange: the client proves that it knows the password without saying it, and the server
 * proves that it knows the user.
 *
 * @see RFC 5802; Kafka: `ScramSaslServer`
 */
export class ScramExchange implements Exchange {
  private begun: Begun | undefined;

  constructor(
    private readonly mechanism: ScramMechanism,
    private readonly users: Users,
    private readonly makeNonce: () => string = () => randomBytes(24).toString('base64url'),
  ) {}

  step(token: Buffer): ExchangeStep {
    const text = token.toString('utf8');
    return this.begun === undefined ? this.first(text) : this.last(text, this.begun);
  }

  private first(text: string): ExchangeStep {
    const match = /^(?<gs2>[ny],(?:a=(?<authzid>[^,]*))?,)(?<bare>n=(?<name>[^,]+),r=(?<nonce>[^,]+)(?:,.*)?)$/s.exec(
      text,
    );
    const { gs2, authzid, bare, name, nonce } = match?.groups ?? {};
    if (gs2 === undefined || bare === undefined || name === undefined || nonce === undefined) {
      throw new AuthenticationError('the first message is no SCRAM message');
    }
    const user = unescaped(name);
    if (authzid !== undefined && unescaped(authzid) !== user) {
      throw new AuthenticationError('a client cannot act for another user');
    }
    const { credential, known } = this.users.credential(user, this.mechanism);
    const ours = this.makeNonce();
    const answer = `r=${nonce}${ours},s=${credential.salt.toString('base64')},i=${credential.iterations}`;
    this.begun = { gs2, bare, answer, ours, user, credential, known };
    return { token: Buffer.from(answer), user: undefined };
  }

  private last(text: string, begun: Begun): ExchangeStep {
    const match = /^(?<without>c=(?<binding>[^,]+),r=(?<nonce>[^,]+)(?:,(?!p=)[^,]*)*),p=(?<proof>[^,]+)$/s.exec(text);
    const { without, binding, nonce, proof } = match?.groups ?? {};
    if (without === undefined || binding === undefined || nonce === undefined || proof === undefined) {
      throw new AuthenticationError('the last message is no SCRAM message');
    }
    const { mechanism } = this;
    const { credential, known, user } = begun;
    // Only its end is ours. Like Kafka we ask for no more: librdkafka before 2.6 says its own part twice.
    if (!nonce.endsWith(begun.ours) || Buffer.from(binding, 'base64').toString('utf8') !== begun.gs2) {
      throw new AuthenticationError('the last message does not belong to the first one');
    }
    const signed = `${begun.bare},${begun.answer},${without}`;
    const signature = hmac(mechanism, credential.storedKey, signed);
    const given = Buffer.from(proof, 'base64');
    if (given.length !== signature.length) throw new AuthenticationError('the proof has a wrong length');
    const clientKey = Buffer.from(given.map((byte, index) => byte ^ signature[index]!));
    if (!timingSafeEqual(hash(mechanism, clientKey), credential.storedKey) || !known) {
      throw new AuthenticationError(`wrong password, or no such user: '${user}'`);
    }
    return { token: Buffer.from(`v=${hmac(mechanism, credential.serverKey, signed).toString('base64')}`), user };
  }
}

interface Begun {
  readonly gs2: string;
  readonly bare: string;
  readonly answer: string;
  readonly ours: string;
  readonly user: string;
  readonly credential: Credential;
  readonly known: boolean;
}

/** Names write `,` and `=` so that they cannot be taken for the message's own. */
function unescaped(name: string): string {
  if (/=(?!2C|3D)/.test(name)) throw new AuthenticationError('the name is not well formed');
  return name.replaceAll('=2C', ',').replaceAll('=3D', '=');
}
