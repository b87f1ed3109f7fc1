import { ArgumentError } from '../../../core/errors.js';

// Time zones: how far local time is from UTC at a moment, by the rules of the machine's own database (Intl).

interface Zone {
  /** Local time less UTC, in ms, at a moment. */
  offsetAt(utcMs: number): number;
}

const FIXED = /^(?:(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?|Z|UTC|GMT|UT)$/;
const zones = new Map<string, Zone>();
// Within six hours a zone changes its offset once at most.
const CHUNK_MS = 6 * 3_600_000;
const REMEMBERED = 20_000;

function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = make(name);
    zones.set(name, zone);
  }
  return zone;
}

function make(name: string): Zone {
  const fixed = FIXED.exec(name);
  if (fixed !== null) {
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = fixed;
    const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
    const offset = sign === '-' ? -size : size;
    return { offsetAt: () => offset + 0 };
  }
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new ArgumentError(`'${name}' is no time zone`, {
      hint: "write 'UTC', 'Asia/Shanghai' or 'GMT+08:00'",
      cause,
    });
  }
  const exact = (utcMs: number): number => {
    const whole = Math.floor(utcMs / 1000) * 1000;
    const part: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(whole)) part[type] = value;
    const year = part.era?.startsWith('B') ? 1 - Number(part.year) : Number(part.year);
    const date = new Date(0);
    date.setUTCFullYear(year, Number(part.month) - 1, Number(part.day));
    date.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
    return date.getTime() - whole;
  };
  const known = new Map<number, number | null>();
  return {
    offsetAt(utcMs) {
      const chunk = Math.floor(utcMs / CHUNK_MS);
      let offset = known.get(chunk);
      if (offset === undefined) {
        const first = exact(chunk * CHUNK_MS);
        offset = first === exact((chunk + 1) * CHUNK_MS) ? first : null;
        if (known.size >= REMEMBERED) known.clear();
        known.set(chunk, offset);
      }
      return offset ?? exact(utcMs);
    },
  };
}

/** What a clock on the wall in this zone shows at a moment (both in ms). Throws `ArgumentError` for no zone. */
export function toLocal(utcMs: number, zone: string): number {
  return utcMs + zoneOf(zone).offsetAt(utcMs);
}

/**
 * The moment at which clocks in this zone show a local time. Of two (when clocks go back) the first; a time that is
 * skipped (when clocks go forward) counts on from before, as in Java's `ZonedDateTime.of`.
 */
export function toInstant(localMs: number, zone: string): number {
  const rules = zoneOf(zone);
  const before = rules.offsetAt(localMs - 86_400_000);
  const after = rules.offsetAt(localMs + 86_400_000);
  const early = localMs - before;
  if (before === after || rules.offsetAt(early) === before) {
    if (before !== after || rules.offsetAt(early) === before) return early;
    // Two changes within two days: ask close by.
    const near = rules.offsetAt(early);
    return localMs - near;
  }
  const late = localMs - after;
  return rules.offsetAt(late) === after ? late : early;
}
