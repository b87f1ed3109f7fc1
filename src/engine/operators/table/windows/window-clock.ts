/**
 * How windows see time: they lie on the session's local time, watermarks and timers on that of the epoch. For TIMESTAMP
 * columns, and in UTC, both are the same.
 *
 * @see Flink: `TimeWindowUtil`
 */
export interface WindowClock {
  /** A moment as local time, both in ms. */
  toLocal(epochMs: number): number;
  /** The watermark at which local time has come to `localMs`. */
  timerOf(localMs: number): number;
  /** The moment at which clocks show a local time. */
  toEpoch(localMs: number): number;
}

/** Where local time is that of the epoch. */
export const UTC_WINDOWS: WindowClock = {
  toLocal: (ms) => ms,
  timerOf: (ms) => ms,
  toEpoch: (ms) => ms,
};

/** The start of the window of this size that holds `time`. */
export function windowStart(time: number, offset: number, size: number): number {
  const within = (time - offset) % size;
  return within < 0 ? time - (within + size) : time - within;
}

/** Whether the window has fired at this watermark. */
export function isFired(clock: WindowClock, end: number, watermark: number): boolean {
  return watermark >= clock.timerOf(end - 1);
}
