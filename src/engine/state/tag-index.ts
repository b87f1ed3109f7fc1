import type { Keyed } from './key-cache.js';

const FEWEST_SLOTS = 1 << 12;
const MOST_SLOTS = 1 << 16;
/** The longest key whose tag is the key itself: four characters in each of its four numbers. */
const EXACT = 16;
/** The last number of a tag that is only a hash. A tag that is a key has seven bits per character, and is never negative. */
const HASHED = -1;

/**
 * An index of cells by key, for many keys. An entry has a tag of four numbers, and for a short key of ASCII they are the key:
 * no text is read, each of which lies in another line of memory. Entries lie in the order in which their keys first came, so
 * those of the frequent ones lie together.
 */
export class TagIndex<C extends Keyed> {
  /** Which entry a hash has; the next slots are for others of that hash. At most half of them are taken. */
  private slots!: Uint16Array;
  private mask = 0;
  private tags!: Int32Array;
  /** The entries. There is none at 0, which is what an empty slot has. */
  private found!: (C | undefined)[];

  // The tag of the key in question, and, where it was not found, the empty slot for it.
  private a = 0;
  private b = 0;
  private c = 0;
  private d = 0;
  private at = 0;

  constructor() {
    this.begin(FEWEST_SLOTS);
  }

  find(key: string): C | undefined {
    const { slots, tags, mask } = this;
    let at = this.take(key);
    for (let entry = slots[at] as number; entry !== 0; entry = slots[at] as number) {
      const tag = entry << 2;
      if (tags[tag] === this.a && tags[tag + 1] === this.b && tags[tag + 2] === this.c && tags[tag + 3] === this.d) {
        const cell = this.found[entry];
        if (cell !== undefined && (this.d >= 0 || cell.key === key)) return cell;
      }
      at = (at + 1) & mask;
    }
    this.at = at;
    return undefined;
  }

  /** Takes up the cell of the key that {@link find} has just not found. */
  put(cell: C): void {
    const entry = this.found.length;
    if (entry > this.slots.length >> 1) {
      this.grow();
      return;
    }
    this.found.push(cell);
    this.slots[this.at] = entry;
    const { tags } = this;
    const tag = entry << 2;
    tags[tag] = this.a;
    tags[tag + 1] = this.b;
    tags[tag + 2] = this.c;
    tags[tag + 3] = this.d;
  }

  forget(key: string): void {
    for (let at = this.take(key); this.slots[at] !== 0; at = (at + 1) & this.mask) {
      const entry = this.slots[at] as number;
      // The entry stays, and points at nothing.
      if (this.found[entry]?.key === key) this.found[entry] = undefined;
    }
  }

  private begin(size: number): void {
    this.slots = new Uint16Array(size);
    this.mask = size - 1;
    this.tags = new Int32Array(((size >> 1) + 1) << 2);
    this.found = [undefined];
  }

  /** Makes room: a larger index, or, where it is as large as it gets, an empty one. */
  private grow(): void {
    const { tags, found } = this;
    const size = this.slots.length * 4;
    this.begin(Math.min(size, MOST_SLOTS));
    if (size > MOST_SLOTS) return;
    this.tags.set(tags);
    this.found = found;
    const { slots, mask } = this;
    for (let entry = 1; entry < found.length; entry++) {
      const tag = entry << 2;
      let at = hashOf(tags[tag], tags[tag + 1], tags[tag + 2], tags[tag + 3]) & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = entry;
    }
  }

  /**
   * Makes a key the one in question.
   *
   * @returns where to begin to look for it
   */
  private take(key: string): number {
    const { length } = key;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    // Negative as soon as the key is too long, or a character is not one of 1 to 127.
    let odd = EXACT - length;
    if (odd >= 0) {
      let i = 0;
      for (const end = length < 4 ? length : 4; i < end; i++) {
        const code = key.charCodeAt(i);
        odd |= (code - 1) | (127 - code);
        a = (a << 8) | code;
      }
      for (const end = length < 8 ? length : 8; i < end; i++) {
        const code = key.charCodeAt(i);
        odd |= (code - 1) | (127 - code);
        b = (b << 8) | code;
      }
      for (const end = length < 12 ? length : 12; i < end; i++) {
        const code = key.charCodeAt(i);
        odd |= (code - 1) | (127 - code);
        c = (c << 8) | code;
      }
      for (; i < length; i++) {
        const code = key.charCodeAt(i);
        odd |= (code - 1) | (127 - code);
        d = (d << 8) | code;
      }
    }
    if (odd < 0) {
      // Of both ends: texts that begin alike (`temperature sensor 17`) or end alike (addresses) differ there.
      a = length;
      b = c = 0;
      const ends = Math.min(length, 8);
      for (let i = 0; i < ends; i++) a = (Math.imul(a, 0x01000193) + key.charCodeAt(i)) | 0;
      for (let i = length - ends; i < length; i++) b = (Math.imul(b, 0x01000193) + key.charCodeAt(i)) | 0;
      d = HASHED;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
    return hashOf(a, b, c, d) & this.mask;
  }
}

function hashOf(a = 0, b = 0, c = 0, d = 0): number {
  const mixed = a ^ Math.imul(b ^ Math.imul(c ^ Math.imul(d, 0x2c1b3c6d), 0x297a2d39), 0x1b873593);
  const hash = Math.imul(mixed, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
