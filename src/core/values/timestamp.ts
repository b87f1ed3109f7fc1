import { inspect } from 'node:util';
import { ArgumentError } from '../errors.js';
import { DAY_MS, dateText, parseDate, parseTime, timeText } from './calendar.js';

const FORM =
  /^([+-]?\d{1,6}-\d{1,2}-\d{1,2})(?:[ T](\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?))?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * A date and a time to the nanosecond, as TIMESTAMP and TIMESTAMP_LTZ columns hold it. Immutable, without a time zone
 * of its own: milliseconds since 1970-01-01T00:00:00 (UTC for TIMESTAMP_LTZ) and nanoseconds of the millisecond.
 *
 * It is not a `Date`: `Date` reads and prints in the zone of the machine and cuts microseconds off.
 *
 * @example
 *   const t = Timestamp.parse('2024-05-01 12:30:00.123456');
 *   t.ms;                       // 1714566600123
 *   t.toString();               // 2024-05-01 12:30:00.123456
 *   t.isBefore(Timestamp.ofMs(Date.now()));
 * @see Flink: `TimestampData`
 */
export class Timestamp {
  /** Milliseconds since 1970-01-01T00:00:00, below zero before. */
  readonly ms: number;
  /** Nanoseconds after `ms`: 0 to 999999. */
  readonly nanosOfMs: number;

  private constructor(ms: number, nanosOfMs: number) {
    this.ms = ms;
    this.nanosOfMs = nanosOfMs;
    Object.freeze(this);
  }

  /** From milliseconds since the epoch, and nanoseconds after that millisecond (0 to 999999). */
  static ofMs(ms: number, nanosOfMs = 0): Timestamp {
    if (!Number.isSafeInteger(ms)) throw new ArgumentError(`Timestamp.ofMs(${ms}): milliseconds are a whole number`);
    if (!Number.isInteger(nanosOfMs) || nanosOfMs < 0 || nanosOfMs > 999_999) {
      throw new ArgumentError(`Timestamp.ofMs(${ms}, ${nanosOfMs}): nanoseconds of the ms are 0 to 999999`);
    }
    return new Timestamp(ms + 0, nanosOfMs + 0);
  }

  /** The moment of a `Date`, as UTC. */
  static ofDate(date: Date): Timestamp {
    return Timestamp.ofMs(date.getTime());
  }

  /** Reads `2024-05-01 12:30:00.123456`, with `T` for the space, with `Z` or an offset; a date alone is midnight. */
  static parse(text: string): Timestamp {
    const read = Timestamp.tryParse(text);
    if (read !== undefined) return read;
    throw new ArgumentError(`Timestamp.parse('${text}'): not a timestamp`, {
      hint: `write it as '2024-05-01 12:30:00.123' or '2024-05-01T12:30:00.123Z'`,
    });
  }

  /** As `parse`, but `undefined` for what it cannot read. */
  static tryParse(text: string): Timestamp | undefined {
    const found = FORM.exec(text);
    if (found === null) return undefined;
    const day = parseDate(found[1] as string);
    const time = parseTime(found[2] ?? '00:00');
    if (day === undefined || time === undefined) return undefined;
    const offset = offsetMs(found[3]);
    return offset === undefined ? undefined : new Timestamp(day * DAY_MS + time.ms - offset, time.nanosOfMs);
  }

  /** Below zero, zero or above. Fits `Array.prototype.sort`. */
  static compare(a: Timestamp, b: Timestamp): number {
    return a.ms - b.ms || a.nanosOfMs - b.nanosOfMs;
  }

  equals(other: unknown): boolean {
    return isTimestamp(other) && this.ms === other.ms && this.nanosOfMs === other.nanosOfMs;
  }
  isBefore(other: Timestamp): boolean {
    return Timestamp.compare(this, other) < 0;
  }
  isAfter(other: Timestamp): boolean {
    return Timestamp.compare(this, other) > 0;
  }
  /** So many milliseconds later (or earlier). */
  plusMs(ms: number): Timestamp {
    return Timestamp.ofMs(this.ms + ms, this.nanosOfMs);
  }

  /** Cuts the fraction of the second to `precision` digits (0 to 9), towards the past. */
  withPrecision(precision: number): Timestamp {
    if (precision >= 9) return this;
    if (precision > 3) {
      const unit = 10 ** (9 - precision);
      return new Timestamp(this.ms, this.nanosOfMs - (this.nanosOfMs % unit));
    }
    const unit = 10 ** (3 - precision);
    return new Timestamp(Math.floor(this.ms / unit) * unit, 0);
  }

  /** `2024-05-01 12:30:00.123456` with exactly `precision` fraction digits (0 to 9). */
  format(precision: number, separator: ' ' | 'T' = ' '): string {
    const day = Math.floor(this.ms / DAY_MS);
    const msOfDay = this.ms - day * DAY_MS;
    const text = `${dateText(day)}${separator}${timeText(msOfDay)}`;
    if (precision === 0) return text;
    const fraction = (msOfDay % 1000) * 1e6 + this.nanosOfMs;
    return `${text}.${String(fraction).padStart(9, '0').slice(0, precision)}`;
  }

  /** With 3, 6 or 9 fraction digits, as few as are needed. */
  toString(): string {
    return this.format(this.nanosOfMs === 0 ? 3 : this.nanosOfMs % 1000 === 0 ? 6 : 9);
  }
  toJSON(): string {
    return this.toString();
  }
  /** Milliseconds, so that timestamps can be subtracted and compared with `<`. Drops the nanoseconds. */
  valueOf(): number {
    return this.ms;
  }
  [inspect.custom](): string {
    return `Timestamp ${this.toString()}`;
  }
}

function offsetMs(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > 18 || minutes > 59) return undefined;
  return (zone.charCodeAt(0) === 45 ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Whether `value` is a `Timestamp`, of this copy of the package. */
export function isTimestamp(value: unknown): value is Timestamp {
  return value instanceof Timestamp;
}
