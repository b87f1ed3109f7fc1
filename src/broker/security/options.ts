import { readFileSync } from 'node:fs';
import { ArgumentError, messageOf, StreambookError } from '../../core/errors.js';
import { isLoopback } from '../contract.js';
import { type SaslMechanism, saslMechanisms } from './mechanisms.js';
import type { SaslSettings } from './session.js';
import { readUsers, usersOf } from './users.js';

/** Who may connect. */
export interface SaslOptions {
  /** Names and passwords. They are hashed at once, and not kept. */
  readonly users?: Readonly<Record<string, string>> | undefined;
  /** A file with hashed passwords, as `userLines` and `streambook broker --add-user` write it. Read once, at the start. */
  readonly usersFile?: string | undefined;
  /**
   * What is offered. Default: all, but PLAIN, which says the password in clear, only on this machine or by TLS.
   * Kafka: `sasl.enabled.mechanisms`.
   */
  readonly mechanisms?: readonly SaslMechanism[] | undefined;
}

/** How connections are encrypted. Then all must be. */
export interface TlsOptions {
  /** Path of the private key, PEM. */
  readonly key: string;
  /** Path of the certificate, PEM, with those that lead to its authority after it. */
  readonly cert: string;
  /**
   * Path of the certificates of authorities, PEM. Clients must then show a certificate that one of them has signed, or they
   * are not let in. Kafka: `ssl.client.auth=required` and `ssl.truststore.location`. Default: clients need none.
   */
  readonly ca?: string | undefined;
}

/** The content of the files. */
export interface TlsSettings {
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly ca: Buffer | undefined;
}

/** @throws ArgumentError; StreambookError `broker-users-unreadable` */
export async function saslSettings(options: SaslOptions, host: string, tls: boolean): Promise<SaslSettings> {
  const { users, usersFile, mechanisms = defaultMechanisms(host, tls) } = options;
  if ((users === undefined) === (usersFile === undefined)) {
    throw new ArgumentError('sasl needs `users` or `usersFile`, and not both');
  }
  if (mechanisms.length === 0) throw new ArgumentError('sasl.mechanisms must name at least one');
  for (const mechanism of mechanisms) {
    if (!saslMechanisms.includes(mechanism)) {
      throw new ArgumentError(`sasl.mechanisms must be of ${saslMechanisms.join(', ')}, not '${mechanism}'`);
    }
  }
  const known = users === undefined ? readUsers(usersFile!) : await usersOf(users);
  if (known.size === 0) throw new ArgumentError('sasl.users is empty: nobody could connect');
  return { users: known, mechanisms };
}

function defaultMechanisms(host: string, tls: boolean): readonly SaslMechanism[] {
  const inClear = !tls && !isLoopback(host);
  return inClear ? saslMechanisms.filter((mechanism) => mechanism !== 'PLAIN') : saslMechanisms;
}

/** @throws StreambookError `broker-tls-unreadable` */
export function tlsSettings({ key, cert, ca }: TlsOptions): TlsSettings {
  return {
    key: read(key, 'key'),
    cert: read(cert, 'certificate'),
    ca: ca === undefined ? undefined : read(ca, "authorities' certificate"),
  };
}

function read(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new StreambookError('broker-tls-unreadable', `the ${what} ${path} cannot be read (${messageOf(error)})`, {
      hint: 'give the paths of PEM files',
      cause: error,
    });
  }
}
