import type { Port } from './port.js';
import { stateful } from './state.js';
import { streams } from './streams.js';

export { sourcesOf } from './port.js';

/** Programs that are code, ported by hand, by the id of their case. */
export const ports: Readonly<Record<string, Port>> = { ...stateful, ...streams };
