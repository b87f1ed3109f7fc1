// The engine's values, and how they come in and leave
export * from './calendar.js';
export * from './cells.js';
export * from './decimal.js';
export * from './floats.js';
export * from './integers.js';
export * from './long.js';
export * from './timestamp.js';
