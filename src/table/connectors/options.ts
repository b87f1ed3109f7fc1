import { ArgumentError } from '../../core/errors.js';
import { nearest } from '../../core/nearest.js';
import { durationMs } from '../duration-text.js';
import { ValidationError } from '../errors.js';
import type { TableDescription } from './contract.js';
import { bytesOfText } from './memory-size.js';
import type { OptionEntry, OptionList } from './option-list.js';

/** How a table is called in messages. */
export function tableName(table: TableDescription): string {
  return table.identifier.join('.');
}

/** A problem with a table's options. */
export function optionError(table: TableDescription, message: string, hint?: string): ValidationError {
  return new ValidationError(`table \`${tableName(table)}\`: ${message}`, hint === undefined ? {} : { hint });
}

/** Does something with what a table says; what is wrong with that names the table. */
export function inTable<T>(table: TableDescription, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const [message = ''] = error.message.replace(/^\[[^\]]*\] /, '').split('\n  hint: ');
    throw optionError(table, message, error.hint);
  }
}

/** What every table has. */
const COMMON: ReadonlySet<string> = new Set(['connector', 'property-version']);

/**
 * Reads a table's options by the list of its connector; `done` refuses those that are not on it.
 *
 * @see Flink: `FactoryUtil.TableFactoryHelper`
 */
export class TableOptions {
  private readonly left: Set<string>;
  private readonly known = new Map<string, OptionEntry>();
  private readonly prefixes: string[] = [];
  private readonly missing: string[] = [];

  constructor(
    private readonly list: OptionList,
    private readonly table: TableDescription,
  ) {
    this.left = new Set(Object.keys(table.options).filter((key) => !COMMON.has(key)));
    this.add(list.entries);
  }

  /** Makes more options known: a format's. Those of columns (`#`) are added one by one. */
  add(entries: readonly OptionEntry[]): void {
    for (const entry of entries) if (!entry.key.includes('#')) this.know(entry);
  }

  /** Makes an option of a column known. @param entry with `#` in place of its name */
  column(key: string, name: string): string {
    const entry = this.list.entries.find((one) => one.key === key);
    if (entry === undefined) throw new ArgumentError(`${this.list.name} has no option ${key}`);
    const own = { ...entry, key: key.replace('#', name) };
    this.know(own);
    return own.key;
  }

  text(key: string): string | undefined {
    // So that no option is read that the page does not show.
    if (!this.known.has(key)) throw new ArgumentError(`'${key}' is not on the list of ${this.list.name}'s options`);
    return this.table.options[key];
  }

  /** An option that has to be there; all that are missing are told at once. */
  required(key: string): string {
    const value = this.text(key);
    if (value !== undefined) return value;
    this.missing.push(key);
    return '';
  }

  oneOf<T extends string>(key: string, words: readonly T[], usual: T): T {
    const value = this.text(key);
    if (value === undefined) return usual;
    const found = words.find((word) => word.toLowerCase() === value.toLowerCase());
    if (found !== undefined) return found;
    throw optionError(this.table, `'${key}' = '${value}': one of ${words.join(', ')}`);
  }

  integer(key: string, least: number): number | undefined {
    const value = this.text(key);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (/^[+-]?\d+$/.test(value.trim()) && Number.isSafeInteger(number) && number >= least) return number;
    throw optionError(this.table, `'${key}' = '${value}': a whole number from ${least}`);
  }

  number(key: string): number | undefined {
    const value = this.text(key);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (value.trim() !== '' && !Number.isNaN(number)) return number;
    throw optionError(this.table, `'${key}' = '${value}': a number`);
  }

  flag(key: string): boolean | undefined {
    const value = this.text(key)?.toLowerCase();
    if (value === undefined) return undefined;
    if (value === 'true' || value === 'false') return value === 'true';
    throw optionError(this.table, `'${key}' = '${value}': true or false`);
  }

  /** A duration as Flink writes it: `10 s`, `500 ms`, `1 min`, `2 h`, `1 d`; in ms. @param least in ms; default 0 */
  duration(key: string, least = 0): number | undefined {
    const value = this.text(key);
    if (value === undefined) return undefined;
    const ms = durationMs(value);
    if (ms !== undefined && ms >= least) return ms;
    const above = least > 0 ? `, ${least} ms or more` : '';
    throw optionError(this.table, `'${key}' = '${value}': a duration such as '10 s', '5 min', '1 h'${above}`);
  }

  /** A number of bytes as Flink writes it: `128 MB`, `1kb`, `512`. */
  memorySize(key: string): number | undefined {
    const value = this.text(key);
    if (value === undefined) return undefined;
    const bytes = bytesOfText(value);
    if (bytes !== undefined && bytes > 0) return bytes;
    throw optionError(this.table, `'${key}' = '${value}': a size such as '128 MB', '1 kb', '512'`);
  }

  /** All options that begin with this, for somebody else to read; the rest of their names. */
  below(prefix: string): Record<string, string> {
    this.prefixes.push(prefix);
    const found = Object.entries(this.table.options).filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(found.map(([key, value]) => [key.slice(prefix.length), value]));
  }

  /** Reads a format's options; what is wrong with them names the table. */
  format<T>(entries: readonly OptionEntry[], read: (options: Readonly<Record<string, string>>) => T): T {
    this.add(entries);
    const given: Record<string, string> = {};
    for (const { key } of entries) {
      const value = this.text(key);
      if (value !== undefined) given[key] = value;
    }
    return inTable(this.table, () => read(given));
  }

  /** @throws ValidationError for options that are missing, not known, or not carried out */
  done(): void {
    this.checkMissing();
    const unknown = [...this.left].filter(
      (key) => !this.known.has(key) && !this.prefixes.some((prefix) => key.startsWith(prefix)),
    );
    if (unknown.length > 0) throw this.unsupported(unknown);
    for (const key of this.left) {
      const entry = this.known.get(key);
      if (entry?.state !== 'refused' || this.table.options[key]?.toLowerCase() === entry.usual?.toLowerCase()) continue;
      throw optionError(this.table, `the option '${key}' is not carried out here: ${entry.note}`, 'leave it out');
    }
  }

  /** @throws ValidationError for options that have to be there, and are not */
  checkMissing(): void {
    if (this.missing.length === 0) return;
    const missing = [...new Set(this.missing)].sort();
    throw optionError(
      this.table,
      `the connector '${this.list.name}' needs the option${missing.length > 1 ? 's' : ''} ${missing.map((key) => `'${key}'`).join(', ')}. One or more required options are missing.`,
      `WITH (..., ${missing.map((key) => `'${key}' = '...'`).join(', ')})`,
    );
  }

  private know(entry: OptionEntry): void {
    this.known.set(entry.key, entry);
  }

  private unsupported(unknown: readonly string[]): ValidationError {
    const supported = [...this.known.values()].filter(({ state }) => state !== 'refused').map(({ key }) => key);
    const all = [...supported, ...COMMON].sort();
    const meant = nearest(
      unknown[0] as string,
      [...supported, ...this.left].filter((key) => !unknown.includes(key)),
    );
    return optionError(
      this.table,
      `Unsupported options found for '${this.list.name}'.\n\nUnsupported options:\n\n${[...unknown].sort().join('\n')}\n\nSupported options:\n\n${all.join('\n')}`,
      meant === undefined ? undefined : `did you mean '${meant}'?`,
    );
  }
}
