// What all vitest configurations share.
import { availableParallelism } from 'node:os';

/**
 * Where nobody sits by, a test that failed is tried once more: one hiccup of a busy machine in twelve thousand tests shall
 * not hide what the others say. `npm test` names the ones that needed it, to be mended.
 */
export const retry = process.env.CI === undefined ? 0 : 1;

/** How many files run side by side. Vitest would leave a core idle, and of two that is half; many tests wait for sockets. */
export const maxWorkers = Math.max(2, availableParallelism());
