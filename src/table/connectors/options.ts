import { ArgumentError } from '../../core/errors.js';
import { durationMs } from '../duration-text.js';
import { ValidationError } from '../errors.js';
import { nearest } from '../sql/nearest.js';
import type { TableDescription } from './contract.js';

/** How a table is called in messages. */
export function tableName(table: TableDescription): string {
  return table.identifier.join('.');
}

/** A problem with a table's options. */
export function optionError(table: TableDescription, message: string, hint?: string): ValidationError {
  return new ValidationError(`table \`${tableName(table)}\`: ${message}`, hint === undefined ? {} : { hint });
}

/**
 * Reads a table's options, each once; `done` refuses those that nobody read.
 *
 * @see Flink: `FactoryUtil`
 */
export class TableOptions {
  private readonly left: Set<string>;
  private readonly known: string[] = [];

  constructor(
    private readonly connector: string,
    private readonly table: TableDescription,
  ) {
    this.left = new Set(Object.keys(table.options));
  }

  text(key: string): string | undefined {
    this.known.push(key);
    this.left.delete(key);
    return this.table.options[key];
  }

  required(key: string): string {
    const value = this.text(key);
    if (value !== undefined) return value;
    throw optionError(
      this.table,
      `the connector '${this.connector}' needs the option '${key}'`,
      `WITH (..., '${key}' = '...')`,
    );
  }

  oneOf<T extends string>(key: string, words: readonly T[], usual: T): T {
    const value = this.text(key);
    if (value === undefined) return usual;
    if ((words as readonly string[]).includes(value)) return value as T;
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

  /** A duration as Flink writes it: `10 s`, `500 ms`, `1 min`, `2 h`, `1 d`; in ms. */
  duration(key: string): number | undefined {
    const value = this.text(key);
    if (value === undefined) return undefined;
    const ms = durationMs(value);
    if (ms !== undefined) return ms;
    throw optionError(this.table, `'${key}' = '${value}': a duration such as '10 s', '5 min', '1 h'`);
  }

  /** Marks options with this prefix as read by somebody else. */
  passOver(prefix: string): void {
    for (const key of [...this.left]) if (key.startsWith(prefix)) this.left.delete(key);
  }

  /** Reads a format's options; what is wrong with them names the table. */
  format<T>(read: (options: Readonly<Record<string, string>>) => T, prefix: string): T {
    this.passOver(prefix);
    try {
      return read(this.table.options);
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      throw optionError(this.table, error.message.replace(/^\[[^\]]*\] /, ''));
    }
  }

  /** @throws ValidationError for options that nobody read */
  done(): void {
    const [unknown] = this.left;
    if (unknown === undefined) return;
    const meant = nearest(unknown, this.known);
    throw optionError(
      this.table,
      `the connector '${this.connector}' has no option '${unknown}'`,
      `${meant === undefined ? '' : `did you mean '${meant}'? `}It has: ${[...new Set(this.known)].sort().join(', ')}`,
    );
  }
}
