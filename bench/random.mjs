// @ts-nocheck the compiler cannot know that an index lies within a typed array
// Python's `random` module, so that the input files are the same bytes as those of its seeded generator, whose results
// are known for every engine that was measured with them.

const N = 624;
const M = 397;

/** The Mersenne Twister MT19937, seeded as `random.Random(seed)` does for a small integer. */
export class PythonRandom {
  /** @param {number} seed */
  constructor(seed) {
    this.state = new Uint32Array(N);
    this.index = N;
    this.#seedByArray([seed >>> 0]);
  }

  /** A float in [0, 1) with 53 random bits. */
  random() {
    const a = this.#next() >>> 5;
    const b = this.#next() >>> 6;
    return (a * 67108864 + b) / 9007199254740992;
  }

  /**
   * An integer below `n`.
   *
   * @param {number} n
   */
  below(n) {
    const bits = 32 - Math.clz32(n);
    for (;;) {
      const value = this.#next() >>> (32 - bits);
      if (value < n) return value;
    }
  }

  /**
   * An integer from `low` to `high`, both included.
   *
   * @param {number} low
   * @param {number} high
   */
  randint(low, high) {
    return low + this.below(high - low + 1);
  }

  /**
   * @template T
   * @param {ArrayLike<T>} items
   * @returns {T}
   */
  choice(items) {
    return /** @type {T} */ (items[this.below(items.length)]);
  }

  /**
   * Index of a weighted choice.
   *
   * @param {ArrayLike<number>} cumulative the running sums of the weights
   */
  weighted(cumulative) {
    const target = this.random() * /** @type {number} */ (cumulative[cumulative.length - 1]);
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (target < /** @type {number} */ (cumulative[middle])) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** @param {number} seed */
  #seed(seed) {
    const { state } = this;
    state[0] = seed;
    for (let i = 1; i < N; i++) {
      const previous = /** @type {number} */ (state[i - 1]);
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
    this.index = N;
  }

  /** @param {number[]} key */
  #seedByArray(key) {
    this.#seed(19650218);
    const s = /** @type {Uint32Array & Record<number, number>} */ (this.state);
    let i = 1;
    let j = 0;
    for (let k = Math.max(N, key.length); k > 0; k--) {
      s[i] = (s[i] ^ Math.imul(s[i - 1] ^ (s[i - 1] >>> 30), 1664525)) + /** @type {number} */ (key[j]) + j;
      i++;
      j++;
      if (i >= N) {
        s[0] = s[N - 1];
        i = 1;
      }
      if (j >= key.length) j = 0;
    }
    for (let k = N - 1; k > 0; k--) {
      s[i] = (s[i] ^ Math.imul(s[i - 1] ^ (s[i - 1] >>> 30), 1566083941)) - i;
      i++;
      if (i >= N) {
        s[0] = s[N - 1];
        i = 1;
      }
    }
    s[0] = 0x80000000;
  }

  #next() {
    const s = /** @type {Uint32Array & Record<number, number>} */ (this.state);
    if (this.index >= N) {
      for (let k = 0; k < N; k++) {
        const y = (s[k] & 0x80000000) | (s[(k + 1) % N] & 0x7fffffff);
        s[k] = s[(k + M) % N] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      this.index = 0;
    }
    let y = s[this.index++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }
}
