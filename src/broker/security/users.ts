import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ArgumentError, messageOf, StreambookError } from '../../core/errors.js';
import {
  type Credential,
  credentialOf,
  DEFAULT_ITERATIONS,
  formatCredential,
  isPasswordOf,
  parseCredential,
} from './credential.js';
import { type ScramMechanism, scramHashes } from './mechanisms.js';

const SCRAM = Object.keys(scramHashes) as ScramMechanism[];

/** Who may come in. Passwords are not kept, only what they are checked by. */
export class Users {
  private readonly byName: ReadonlyMap<string, readonly Credential[]>;
  private readonly secret = randomBytes(32);

  constructor(byName: ReadonlyMap<string, readonly Credential[]>) {
    this.byName = byName;
  }

  get size(): number {
    return this.byName.size;
  }

  names(): string[] {
    return [...this.byName.keys()];
  }

  credentialsOf(name: string): readonly Credential[] {
    return this.byName.get(name) ?? [];
  }

  /** The credential for a mechanism, or for an unknown user one that nothing fits, so that names cannot be found out. */
  credential(name: string, mechanism: ScramMechanism): { readonly credential: Credential; readonly known: boolean } {
    const found = this.credentialsOf(name).find((one) => one.mechanism === mechanism);
    if (found !== undefined) return { credential: found, known: true };
    const made = (what: string, bytes: number): Buffer =>
      createHmac('sha512', this.secret).update(`${what}\0${mechanism}\0${name}`).digest().subarray(0, bytes);
    const length = scramHashes[mechanism] === 'sha256' ? 32 : 64;
    const credential: Credential = {
      mechanism,
      salt: made('salt', 24),
      iterations: DEFAULT_ITERATIONS,
      storedKey: made('stored', length),
      serverKey: made('server', length),
    };
    return { credential, known: false };
  }

  /** Whether it is the user's password. */
  async isPassword(name: string, password: string): Promise<boolean> {
    const [first] = this.credentialsOf(name);
    const { credential } = first === undefined ? this.credential(name, 'SCRAM-SHA-256') : { credential: first };
    return (await isPasswordOf(password, credential)) && first !== undefined;
  }
}

/**
 * Makes users of names and passwords.
 *
 * @throws ArgumentError
 */
export async function usersOf(passwords: Readonly<Record<string, string>>): Promise<Users> {
  const entries = Object.entries(passwords).map(async ([name, password]) => {
    checkName(name);
    if (typeof password !== 'string' || password === '') throw new ArgumentError(`the user '${name}' needs a password`);
    return [name, await Promise.all(SCRAM.map((mechanism) => credentialOf(password, mechanism)))] as const;
  });
  return new Users(new Map(await Promise.all(entries)));
}

/** See `userLines`. */
export async function linesFor(name: string, password: string): Promise<string> {
  const users = await usersOf({ [name]: password });
  return users
    .credentialsOf(name)
    .map((one) => `${name} ${one.mechanism} ${formatCredential(one)}\n`)
    .join('');
}

/**
 * Reads a users file: lines as `userLines` makes them, and comments after `#`.
 *
 * @throws StreambookError `broker-users-unreadable`
 */
export function readUsers(path: string): Users {
  const refuse = (why: string, cause?: unknown): StreambookError =>
    new StreambookError('broker-users-unreadable', `the users file ${path} ${why}`, {
      hint: 'lines are made by `streambook broker --users FILE --add-user NAME`, or by `userLines(name, password)`',
      cause,
    });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw refuse(`cannot be read (${messageOf(error)})`, error);
  }
  const byName = new Map<string, Credential[]>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [name, mechanism, credential = ''] = line.trim().split(/\s+/);
    const known = SCRAM.find((one) => one === mechanism);
    const parsed = known === undefined ? undefined : parseCredential(known, credential);
    // Not the line itself: it may hold a password that somebody wrote there.
    if (name === undefined || parsed === undefined) throw refuse(`has no user in line ${index + 1}`);
    // A later line counts: that is how a password is changed.
    const others = (byName.get(name) ?? []).filter((one) => one.mechanism !== parsed.mechanism);
    byName.set(name, [...others, parsed]);
  }
  if (byName.size === 0) throw refuse('holds no user');
  return new Users(byName);
}

function checkName(name: string): void {
  if (name === '' || /[\s\0#]/.test(name)) {
    throw new ArgumentError(`a user's name must not be empty or hold white space or '#': '${name}'`);
  }
}
