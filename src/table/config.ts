import { ArgumentError } from '../core/errors.js';
import type { SessionConfig } from './ddl/index.js';
import { durationMs } from './duration-text.js';

/** What is known of an option. */
interface KnownOption {
  readonly usual?: string;
  readonly check?: (value: string) => boolean;
  readonly expects?: string;
}

const duration: KnownOption = {
  check: (value) => durationMs(value) !== undefined,
  expects: "a duration such as '1 h'",
};
const flag: KnownOption = { check: (value) => /^(true|false)$/i.test(value), expects: 'true or false' };

const KNOWN: Readonly<Record<string, KnownOption>> = {
  'table.local-time-zone': {
    usual: 'UTC',
    check: isTimeZone,
    expects: "a time zone such as 'Asia/Shanghai', 'UTC' or 'GMT+08:00'",
  },
  'table.exec.state.ttl': { usual: '0 ms', ...duration },
  'table.exec.interval-join.min-cleanup-interval': { usual: '0 ms', ...duration },
  'table.exec.source.idle-timeout': { usual: '0 ms', ...duration },
  'table.exec.sink.not-null-enforcer': {
    usual: 'ERROR',
    check: (value) => /^(error|drop)$/i.test(value),
    expects: 'ERROR or DROP',
  },
  'table.exec.mini-batch.enabled': { usual: 'false', ...flag },
  'table.exec.mini-batch.allow-latency': { usual: '0 ms', ...duration },
  'table.exec.mini-batch.size': { usual: '-1', check: (value) => /^-?\d+$/.test(value), expects: 'a whole number' },
  'table.exec.legacy-cast-behaviour': { usual: 'DISABLED' },
  'parallelism.default': { check: (value) => /^[1-9]\d*$/.test(value), expects: 'a whole number from 1' },
  'pipeline.name': {},
};

function isTimeZone(zone: string): boolean {
  if (/^(GMT|UTC)?[+-]\d{1,2}(:?\d{2})?$/.test(zone)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/**
 * Settings of a table environment: what SET and RESET change. Options of Flink that mean nothing here are kept, so that a
 * script runs unchanged.
 *
 * @example
 *   t.config.set('table.local-time-zone', 'Asia/Shanghai');
 * @see Flink: Table Configuration
 */
export class TableConfig implements SessionConfig {
  private readonly values = new Map<string, string>();

  get(key: string): string | undefined {
    return this.values.get(key) ?? KNOWN[key]?.usual;
  }

  /** @throws ArgumentError for a value the option cannot have */
  set(key: string, value: string): void {
    const known = KNOWN[key];
    if (known?.check !== undefined && !known.check(value)) {
      throw new ArgumentError(`'${key}' = '${value}': expected ${known.expects ?? 'something else'}`);
    }
    this.values.set(key, value);
  }

  /** Back to the default; without a key: everything. */
  reset(key?: string): void {
    if (key === undefined) this.values.clear();
    else this.values.delete(key);
  }

  /** What was set. */
  entries(): Iterable<readonly [string, string]> {
    return [...this.values].sort();
  }

  /** The session's time zone. Default `UTC`: the same results on every machine. */
  get timeZone(): string {
    return this.get('table.local-time-zone') ?? 'UTC';
  }

  /** How long state is kept that nobody touches, in ms; 0: for ever. */
  get stateTtlMs(): number {
    return durationMs(this.get('table.exec.state.ttl') ?? '0') ?? 0;
  }
}
