// What all vitest configurations share.

/**
 * Where nobody sits by, a test that failed is tried once more: one hiccup of a busy machine in twelve thousand tests shall
 * not hide what the others say. `npm test` names the ones that needed it, to be mended.
 */
export const retry = process.env.CI === undefined ? 0 : 1;
