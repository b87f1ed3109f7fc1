import type { FastBuffer } from './chunks.js';

const SLOTS = 1024;
/** How many look-ups are judged together. */
const PERIOD = 1 << 13;
/** After a period with too few hits the cache is left aside for so many look-ups. */
const REST = 1 << 20;

/**
 * Short ASCII texts that come again and again (names, codes), found by their bytes: no new string for each, and who looks
 * it up in a map finds it by identity. One slot per hash, the last one wins; where most look-ups miss, it stands aside.
 */
export class TextCache {
  private readonly slots: string[] = new Array<string>(SLOTS).fill('');
  /** A small number that is the same for equal texts: that of the last one. Who makes one elsewhere sets it. */
  at = 0;
  private lookups = 0;
  private misses = 0;
  // Doubled up to the first period. Nothing is judged before, but V8 learns the way there: later it would have to throw away
  // what it has compiled.
  private judgeAt = 1;
  private resting = false;

  /** Whether {@link find} may be asked; to be asked once before each. */
  get on(): boolean {
    if (++this.lookups >= this.judgeAt) this.judge();
    return !this.resting;
  }

  /** The text of the ASCII bytes from `from` to `to`. It holds on to nothing else. */
  find(bytes: FastBuffer, from: number, to: number): string {
    const length = to - from;
    if (length < 2) {
      this.at = length === 0 ? 0 : (bytes[from] as number);
      return bytes.latin1Slice(from, to);
    }
    const last = bytes[to - 1] as number;
    const hash = last + (bytes[to - 2] as number) * 10 + (bytes[from] as number) * 37 + length * 101;
    const at = (hash + (bytes[(from + to) >> 1] as number) * 7) & (SLOTS - 1);
    this.at = at;
    const known = this.slots[at] as string;
    if (known.length === length) {
      let i = 0;
      while (i < length && known.charCodeAt(i) === bytes[from + i]) i++;
      if (i === length) return known;
    }
    this.misses++;
    const made = bytes.latin1Slice(from, to);
    this.slots[at] = made;
    return made;
  }

  private judge(): void {
    const due = this.lookups >= PERIOD;
    this.resting = due && !this.resting && this.misses > PERIOD >> 2;
    if (due) this.lookups = this.misses = 0;
    this.judgeAt = this.resting ? REST : due ? PERIOD : this.judgeAt * 2;
  }
}
