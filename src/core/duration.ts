import { ArgumentError } from './errors.js';

/**
 * A length of time: a number of milliseconds, or what `seconds(5)` and its siblings return (which is the same number,
 * so durations can be added and compared).
 *
 * @see Flink: `java.time.Duration`, as its windows and timers take it
 */
export type Duration = number;

function duration(unit: string, factor: number, amount: number): Duration {
  if (!Number.isFinite(amount)) throw new ArgumentError(`${unit}(${amount}): a duration is a finite number`);
  return amount * factor;
}

/** `amount` milliseconds. */
export const milliseconds = (amount: number): Duration => duration('milliseconds', 1, amount);
/** `amount` seconds, in milliseconds: `seconds(5) === 5000`. */
export const seconds = (amount: number): Duration => duration('seconds', 1000, amount);
/** `amount` minutes, in milliseconds. */
export const minutes = (amount: number): Duration => duration('minutes', 60_000, amount);
/** `amount` hours, in milliseconds. */
export const hours = (amount: number): Duration => duration('hours', 3_600_000, amount);
/** `amount` days of 24 hours, in milliseconds. */
export const days = (amount: number): Duration => duration('days', 86_400_000, amount);
