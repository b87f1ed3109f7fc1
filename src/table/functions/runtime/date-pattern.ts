import { StreambookError } from '../../../core/errors.js';
import { DAY_MS, dateOfEpochDay, epochDayOf, Timestamp } from '../../../core/values/index.js';
import { lastDay } from './parse-time.js';

// Patterns of Java's DateTimeFormatter and SimpleDateFormat, as far as dates and times without a zone need them.

type Part = { readonly letter: string; readonly count: number } | string;

/** Raised for a pattern with letters that mean nothing here. */
class DatePatternError extends StreambookError {
  constructor(pattern: string, letter: string) {
    super('bad-date-pattern', `'${pattern}': '${letter}' means nothing in a date pattern`, {
      hint: "letters are yyyy MM dd HH mm ss SSS; text stands in single quotes: 'T'",
    });
  }
}

const LETTERS = 'GyuYMLdDEeaHhKkmsSnNAFwQq';
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

const patterns = new Map<string, readonly Part[]>();

function partsOf(pattern: string): readonly Part[] {
  let parts = patterns.get(pattern);
  if (parts === undefined) {
    parts = read(pattern);
    if (patterns.size > 256) patterns.clear();
    patterns.set(pattern, parts);
  }
  return parts;
}

function read(pattern: string): Part[] {
  const parts: Part[] = [];
  const text = (more: string): void => {
    const last = parts.at(-1);
    if (typeof last === 'string') parts[parts.length - 1] = last + more;
    else parts.push(more);
  };
  for (let i = 0; i < pattern.length; ) {
    const char = pattern[i] as string;
    if (char === "'") {
      const found = /^'((?:[^']|'')*)'/.exec(pattern.slice(i));
      if (found === null) throw new DatePatternError(pattern, char);
      text(found[1] === '' ? "'" : (found[1] as string).replaceAll("''", "'"));
      i += found[0].length;
    } else if (/[A-Za-z]/.test(char)) {
      if (!LETTERS.includes(char)) throw new DatePatternError(pattern, char);
      let count = 1;
      while (pattern[i + count] === char) count++;
      parts.push({ letter: char, count });
      i += count;
    } else {
      if ('[]{}#'.includes(char)) throw new DatePatternError(pattern, char);
      text(char);
      i++;
    }
  }
  return parts;
}

/** Weeks begin on Sunday here, and the first is that of 1 January. */
function weekOfYear(day: number, year: number): number {
  const sunday = (of: number): number => of - ((((of + 4) % 7) + 7) % 7);
  if (sunday(day) + 6 >= epochDayOf(year + 1, 1, 1)) return 1;
  return (sunday(day) - sunday(epochDayOf(year, 1, 1))) / 7 + 1;
}

const padded = (value: number, count: number): string =>
  (value < 0 ? '-' : '') + String(Math.abs(value)).padStart(count, '0');

/** Writes a local time by a pattern, in English. Throws `DatePatternError`. */
export function formatTime(time: Timestamp, pattern: string): string {
  const day = Math.floor(time.ms / DAY_MS);
  const { year, month, day: dayOfMonth } = dateOfEpochDay(day);
  const ofDay = time.ms - day * DAY_MS;
  const hour = Math.floor(ofDay / 3_600_000);
  const nanos = (ofDay % 1000) * 1e6 + time.nanosOfMs;
  const weekday = ((((day + 3) % 7) + 7) % 7) + 1;
  const write = (letter: string, count: number): string => {
    switch (letter) {
      case 'y':
      case 'u':
      case 'Y': {
        const shown = letter === 'y' && year <= 0 ? 1 - year : year;
        return count === 2 ? padded(Math.abs(shown) % 100, 2) : padded(shown, count);
      }
      case 'M':
      case 'L': {
        const name = MONTHS[month - 1] as string;
        return count >= 4 ? name : count === 3 ? name.slice(0, 3) : padded(month, count);
      }
      case 'Q':
      case 'q':
        return padded(Math.floor((month + 2) / 3), count);
      case 'd':
        return padded(dayOfMonth, count);
      case 'D':
        return padded(day - epochDayOf(year, 1, 1) + 1, count);
      case 'E': {
        const name = DAYS[weekday - 1] as string;
        return count >= 4 ? name : name.slice(0, 3);
      }
      case 'e':
        return padded((weekday % 7) + 1, count);
      case 'F':
        return padded(Math.floor((dayOfMonth - 1) / 7) + 1, count);
      case 'w':
        return padded(weekOfYear(day, year), count);
      case 'a':
        return hour < 12 ? 'AM' : 'PM';
      case 'H':
        return padded(hour, count);
      case 'k':
        return padded(hour === 0 ? 24 : hour, count);
      case 'h':
        return padded(hour % 12 === 0 ? 12 : hour % 12, count);
      case 'K':
        return padded(hour % 12, count);
      case 'm':
        return padded(Math.floor(ofDay / 60_000) % 60, count);
      case 's':
        return padded(Math.floor(ofDay / 1000) % 60, count);
      case 'S':
        return padded(nanos, 9).slice(0, count).padEnd(count, '0');
      case 'n':
        return padded(nanos, count);
      case 'A':
        return padded(ofDay, count);
      case 'N':
        return padded(ofDay * 1e6 + time.nanosOfMs, count);
      case 'G':
        return year > 0 ? 'AD' : 'BC';
      default:
        throw new DatePatternError(pattern, letter);
    }
  };
  return partsOf(pattern)
    .map((part) => (typeof part === 'string' ? part : write(part.letter, part.count)))
    .join('');
}

const quoted = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');

/** How many digits a field takes when it is read. */
function digits(letter: string, count: number, next: Part | undefined, lenient: boolean): string {
  const adjacent = next !== undefined && typeof next !== 'string';
  if (letter === 'S') return lenient ? '\\d+' : `\\d{${count}}`;
  if (lenient) return adjacent ? `\\d{${count}}` : '\\d+';
  if (letter === 'y' || letter === 'u') return count === 2 ? '\\d{2}' : count === 4 ? '\\d{4}' : '\\d+';
  return count === 1 ? '\\d{1,2}' : `\\d{${count}}`;
}

/**
 * Reads a local time by a pattern; `undefined` when the text does not follow it. What the pattern does not name is that of
 * 1970-01-01 00:00:00.
 *
 * @param lenient as SimpleDateFormat: months beyond 12 count on, text after the pattern is not looked at
 */
export function parseTimeBy(text: string, pattern: string, lenient = false): Timestamp | undefined {
  const parts = partsOf(pattern);
  let source = '^';
  parts.forEach((part, i) => {
    if (typeof part === 'string') source += quoted(part);
    else if (part.letter === 'a') source += '([AaPp][Mm])';
    else if ((part.letter === 'M' || part.letter === 'L') && part.count >= 3) source += '([A-Za-z]+)';
    else if (part.letter === 'E') source += '([A-Za-z]+)';
    else source += `([+-]?${digits(part.letter, part.count, parts[i + 1], lenient)})`;
  });
  const found = new RegExp(lenient ? source : `${source}$`).exec(text);
  if (found === null) return undefined;
  const fields = new Map<string, string>();
  const counts = new Map<string, number>();
  let group = 1;
  for (const part of parts) {
    if (typeof part === 'string') continue;
    fields.set(part.letter, found[group++] as string);
    counts.set(part.letter, part.count);
  }
  return assemble(fields, counts, lenient);
}

function assemble(
  fields: ReadonlyMap<string, string>,
  counts: ReadonlyMap<string, number>,
  lenient: boolean,
): Timestamp | undefined {
  const number = (letter: string, otherwise: number): number => {
    const given = fields.get(letter);
    return given === undefined ? otherwise : Number(given);
  };
  let year = number('y', number('u', 1970));
  if (counts.get('y') === 2) year += 2000;
  const named = fields.get('M') ?? fields.get('L');
  let month = named === undefined ? 1 : Number(named);
  if (Number.isNaN(month)) {
    month = MONTHS.findIndex((name) => name.slice(0, 3).toLowerCase() === named?.slice(0, 3).toLowerCase()) + 1;
    if (month === 0) return undefined;
  }
  const day = number('d', 1);
  const pm = fields.get('a')?.toLowerCase() === 'pm';
  let hour = number('H', number('k', -1) % 24);
  if (hour === -1) hour = fields.has('h') || fields.has('K') ? (number('h', number('K', 0)) % 12) + (pm ? 12 : 0) : 0;
  const [minute, second] = [number('m', 0), number('s', 0)];
  const given = fields.get('S') ?? '';
  // SimpleDateFormat takes the fraction for a number of milliseconds.
  const nanos = lenient ? Number(given) * 1e6 : Number(given.slice(0, 9).padEnd(9, '0'));
  const wrong = month < 1 || month > 12 || day < 1 || day > 31;
  if (!lenient && (wrong || hour > 23 || minute > 59 || second > 59)) return undefined;
  const months = year * 12 + month - 1;
  const start =
    epochDayOf(Math.floor(months / 12), (((months % 12) + 12) % 12) + 1, 1) +
    ((lenient ? day : lastDay(year, month, day)) - 1);
  const dayOfYear = fields.get('D');
  const days = dayOfYear !== undefined && named === undefined ? epochDayOf(year, 1, 1) + Number(dayOfYear) - 1 : start;
  const ms = Math.floor(nanos / 1e6);
  const time = ((hour * 60 + minute) * 60 + second) * 1000 + ms;
  return Timestamp.ofMs(days * DAY_MS + time, nanos - ms * 1e6);
}
