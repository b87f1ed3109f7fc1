import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type ScramMechanism, scramHashes } from './mechanisms.js';

/** What is kept of a password: enough to check it, not enough to log in with. @see RFC 5802, section 3 */
export interface Credential {
  readonly mechanism: ScramMechanism;
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** Kafka takes 4096 to 16384. */
const MIN_ITERATIONS = 4096;
const MAX_ITERATIONS = 16384;
export const DEFAULT_ITERATIONS = 8192;

const derive = promisify(pbkdf2);

/** Makes a credential of a password, with a salt of its own. */
export async function credentialOf(
  password: string,
  mechanism: ScramMechanism,
  { salt = randomBytes(24), iterations = DEFAULT_ITERATIONS }: { salt?: Buffer; iterations?: number } = {},
): Promise<Credential> {
  const salted = await saltedPassword(password, { mechanism, salt, iterations });
  const storedKey = hash(mechanism, hmac(mechanism, salted, 'Client Key'));
  return { mechanism, salt, iterations, storedKey, serverKey: hmac(mechanism, salted, 'Server Key') };
}

/** Whether the password is the one that the credential was made of. Takes the same time either way. */
export async function isPasswordOf(password: string, credential: Credential): Promise<boolean> {
  const salted = await saltedPassword(password, credential);
  const { mechanism } = credential;
  return timingSafeEqual(hash(mechanism, hmac(mechanism, salted, 'Client Key')), credential.storedKey);
}

function saltedPassword(
  password: string,
  { mechanism, salt, iterations }: Pick<Credential, 'mechanism' | 'salt' | 'iterations'>,
): Promise<Buffer> {
  const digest = scramHashes[mechanism];
  // Not prepared by SASLprep: neither Kafka nor the clients do.
  return derive(Buffer.from(password, 'utf8'), salt, iterations, digest === 'sha256' ? 32 : 64, digest);
}

export function hmac(mechanism: ScramMechanism, key: Buffer, text: string): Buffer {
  return createHmac(scramHashes[mechanism], key).update(text, 'utf8').digest();
}

export function hash(mechanism: ScramMechanism, bytes: Buffer): Buffer {
  return createHash(scramHashes[mechanism]).update(bytes).digest();
}

/** As Kafka's tools write it: `salt=...,stored_key=...,server_key=...,iterations=8192`. */
export function formatCredential({ salt, storedKey, serverKey, iterations }: Credential): string {
  const base64 = (bytes: Buffer): string => bytes.toString('base64');
  return `salt=${base64(salt)},stored_key=${base64(storedKey)},server_key=${base64(serverKey)},iterations=${iterations}`;
}

/** Reads what `formatCredential` wrote; undefined when it is not that. */
export function parseCredential(mechanism: ScramMechanism, text: string): Credential | undefined {
  const parts = new Map(
    text.split(',').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
  const bytes = (name: string): Buffer => Buffer.from(parts.get(name) ?? '', 'base64');
  const iterations = Number(parts.get('iterations'));
  const credential = {
    mechanism,
    salt: bytes('salt'),
    storedKey: bytes('stored_key'),
    serverKey: bytes('server_key'),
    iterations,
  };
  const length = scramHashes[mechanism] === 'sha256' ? 32 : 64;
  const sound =
    credential.salt.length > 0 &&
    credential.storedKey.length === length &&
    credential.serverKey.length === length &&
    Number.isInteger(iterations) &&
    iterations >= MIN_ITERATIONS &&
    iterations <= MAX_ITERATIONS;
  return sound ? credential : undefined;
}
