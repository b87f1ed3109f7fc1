/** Buckets of a power of two: values are known to 1/16 of themselves. */
const STEPS = 16;
const POWERS = 32;

/**
 * How long things took, counted in buckets whose width grows with the value, as HdrHistogram does it: recording costs a few
 * additions, and any percentile is known to about 6 %. From 1 microsecond to an hour.
 */
export class Histogram {
  count = 0;
  sumMs = 0;
  maxMs = 0;
  private readonly buckets = new Float64Array(POWERS * STEPS);

  record(ms: number): void {
    this.count++;
    this.sumMs += ms;
    if (ms > this.maxMs) this.maxMs = ms;
    this.buckets[bucketOf(ms)]!++;
  }

  get meanMs(): number {
    return this.count === 0 ? 0 : this.sumMs / this.count;
  }

  /**
   * The value below or at which a share of all values lies; 0 when there are none.
   *
   * @param share from 0 to 1: 0.99 is p99
   */
  percentile(share: number): number {
    const wanted = Math.ceil(share * this.count);
    let seen = 0;
    for (const [index, count] of this.buckets.entries()) {
      seen += count;
      if (seen >= wanted && count > 0) return Math.min(upperEndMs(index), this.maxMs);
    }
    return this.maxMs;
  }

  /** How many values are at most `ms`, by whole buckets. */
  atMost(ms: number): number {
    const last = bucketOf(ms);
    let seen = 0;
    for (let index = 0; index <= last; index++) seen += this.buckets[index]!;
    return seen;
  }
}

function bucketOf(ms: number): number {
  const micros = Math.min(0xffffffff, Math.max(0, Math.floor(ms * 1000)));
  if (micros < STEPS) return micros;
  const power = 31 - Math.clz32(micros);
  // The four bits below the highest one.
  return (power - 3) * STEPS + ((micros >>> (power - 4)) & (STEPS - 1));
}

/** The largest value of a bucket, in milliseconds. */
function upperEndMs(index: number): number {
  if (index < STEPS) return (index + 1) / 1000;
  const power = Math.floor(index / STEPS) + 3;
  return ((STEPS + (index % STEPS) + 1) * 2 ** (power - 4)) / 1000;
}
