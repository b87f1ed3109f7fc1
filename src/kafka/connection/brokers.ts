import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ArgumentError } from '../../core/errors.js';

/** Where a broker's address came from. */
export type BrokerOrigin = 'option' | 'STREAMBOOK_BROKERS' | '.streambook/broker.json' | 'default';

/** What a caller may give as `brokers`: one address, several (in an array or with commas between), or a `FoundBroker`. */
export type BrokersOption = string | readonly string[] | FoundBroker;

/** The addresses a cell connects to, and who said so. `String(found)` is a sentence's worth of it. */
export class FoundBroker {
  constructor(
    /** `host:port` each, at least one. */
    readonly brokers: readonly string[],
    readonly from: BrokerOrigin,
  ) {}

  toString(): string {
    const origin = {
      option: 'as given',
      STREAMBOOK_BROKERS: 'from STREAMBOOK_BROKERS',
      '.streambook/broker.json': 'from .streambook/broker.json',
      default: 'the default',
    }[this.from];
    return `${this.brokers.join(', ')} (${origin})`;
  }
}

/** Kafka's own port, taken where an address names none. */
const DEFAULT_PORT = 9092;

/**
 * Finds the broker that helpers connect to, in this order: `option`; the environment variable `STREAMBOOK_BROKERS`
 * (addresses with commas between); `.streambook/broker.json`, as `npm start` writes it, in the current folder or one
 * above it (ignored when the process it names is gone); `localhost:9092`.
 *
 * Nothing is connected yet.
 *
 * @param option `host:port`, several of them, or nothing
 * @param around where to look; for tests
 * @throws `bad-argument` for what is not an address
 * @example
 *   console.log(`talking to ${findBroker()}`); // talking to 127.0.0.1:9092 (from .streambook/broker.json)
 * @see Kafka: bootstrap.servers
 */
export function findBroker(
  option?: BrokersOption,
  around: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): FoundBroker {
  if (option instanceof FoundBroker) return option;
  if (option !== undefined) {
    const list = typeof option === 'string' ? option.split(',') : [...(option as readonly string[])];
    return new FoundBroker(addresses(list, 'the option `brokers`'), 'option');
  }
  const fromEnv = (around.env ?? process.env).STREAMBOOK_BROKERS;
  if (fromEnv !== undefined && fromEnv.trim() !== '') {
    return new FoundBroker(addresses(fromEnv.split(','), 'STREAMBOOK_BROKERS'), 'STREAMBOOK_BROKERS');
  }
  const fromFile = addressInFile(around.cwd ?? process.cwd());
  if (fromFile !== undefined) {
    return new FoundBroker(addresses([fromFile], '.streambook/broker.json'), '.streambook/broker.json');
  }
  return new FoundBroker([`localhost:${DEFAULT_PORT}`], 'default');
}

function addresses(list: readonly unknown[], where: string): string[] {
  const result = list
    .filter((entry) => typeof entry !== 'string' || entry.trim() !== '')
    .map((entry) => address(entry, where));
  if (result.length === 0) throw new ArgumentError('no broker address was given', { where, hint: 'write `host:port`' });
  return result;
}

function address(entry: unknown, where: string): string {
  const bad = (why: string, hint = 'write `host:port`, such as `localhost:9092`') =>
    new ArgumentError(`\`${String(entry)}\` is not a broker address: ${why}`, { where, hint });
  if (typeof entry !== 'string') throw bad('it is not a string');
  const text = entry.trim().replace(/^PLAINTEXT:\/\//i, '');
  if (/^[a-z_]+:\/\//i.test(text)) throw bad('only plain connections are made, without a scheme');
  // kafkajs cuts addresses at the first colon, so a literal such as [::1]:9092 would become the host `[`.
  if (text.startsWith('[') || text.split(':').length > 2) {
    throw bad('an IPv6 literal', 'use a host name: `localhost:9092` is tried over IPv6 and IPv4');
  }
  const [host = '', port = String(DEFAULT_PORT)] = text.split(':');
  if (!/^[A-Za-z0-9._-]+$/.test(host)) throw bad(host === '' ? 'the host is missing' : 'the host is not a name');
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) throw bad('the port is not 1 to 65535');
  return `${host}:${Number(port)}`;
}

function addressInFile(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    try {
      const text = readFileSync(join(folder, '.streambook', 'broker.json'), 'utf8');
      const { address: found, pid } = JSON.parse(text) as { address?: unknown; pid?: unknown };
      if (typeof found === 'string' && (typeof pid !== 'number' || isAlive(pid))) return found;
    } catch {
      // No such file here, or half written: look further up.
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** Whether a process of this machine is there; one of another user counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
