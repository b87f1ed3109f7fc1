const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  us: 0.001,
  micro: 0.001,
  micros: 0.001,
  microsecond: 0.001,
  microseconds: 0.001,
  µs: 0.001,
  ns: 0.000_001,
  nano: 0.000_001,
  nanos: 0.000_001,
  nanosecond: 0.000_001,
  nanoseconds: 0.000_001,
};

/**
 * Milliseconds of a duration as Flink writes it: `10 s`, `1h`, `500` (which are milliseconds), cut to whole ones. `undefined`
 * for what is no duration.
 *
 * @example
 *   durationMs('5 min'); // 300000
 * @see Flink: Configuration, durations
 */
export function durationMs(text: string): number | undefined {
  const parts = /^(\d+)\s*(\p{L}*)$/u.exec(text.trim());
  const unit = UNITS[(parts?.[2] ?? '?').toLowerCase()];
  return parts === null || unit === undefined ? undefined : Math.floor(Number(parts[1]) * unit);
}
