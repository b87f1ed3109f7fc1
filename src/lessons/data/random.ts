/**
 * Numbers by seed, the same on every machine: sfc32, in whole numbers. What is built on it uses only + - * / and no
 * function whose last digit is left to the machine (`Math.sin`, `Math.log`, `**`).
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: string) {
    // FNV-1a over the text, once for each of the three words.
    const hash = (start: number): number => {
      let h = start >>> 0;
      for (let i = 0; i < seed.length; i++) h = Math.imul(h ^ seed.charCodeAt(i), 16777619) >>> 0;
      return h;
    };
    this.a = hash(2166136261);
    this.b = hash(3339451269);
    this.c = hash(461845907);
    for (let i = 0; i < 20; i++) this.next();
  }

  /** From 0 to below 1, in steps of 2^-32. */
  next(): number {
    const t = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t;
    return (t >>> 0) / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(from: readonly T[]): T {
    return from[this.whole(0, from.length - 1)]!;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** About normal, mean 0 and deviation 1: the sum of twelve, without logarithms. */
  normal(): number {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += this.next();
    return sum - 6;
  }
}
