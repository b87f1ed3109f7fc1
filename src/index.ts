// Durations
export { type Duration, days, hours, milliseconds, minutes, seconds } from './core/duration.js';
// Errors
export { ArgumentError, isStreambookError, StreambookError } from './core/errors.js';
