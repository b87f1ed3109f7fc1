import { fillDisplayPort } from './display/index.js';
import { fillFramePort } from './frames/index.js';

// Durations
export { type Duration, days, hours, milliseconds, minutes, seconds } from './core/duration.js';
// Errors
export { ArgumentError, isStreambookError, StreambookError } from './core/errors.js';
// Display
export { type ShowOptions, show } from './display/index.js';

fillDisplayPort();
fillFramePort();
