/** Gives a number from 0 up to but not including 1. */
export type Random = () => number;

/**
 * Numbers that look random, for one element: what they are depends on `seed` and `index` only. 32 bits each.
 *
 * @see splitmix32: Steele, Lea and Flood, Fast splittable pseudorandom number generators
 */
export function randomFor(seed: number, index: number): Random {
  let state = mix(mix(low(seed)) ^ mix(high(seed) + 1) ^ mix(low(index) + 2) ^ mix(high(index) + 3));
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return (mix(state) >>> 0) / 2 ** 32;
  };
}

function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return bits ^ (bits >>> 15);
}

const low = (value: number): number => value | 0;
const high = (value: number): number => Math.floor(value / 2 ** 32) | 0;
