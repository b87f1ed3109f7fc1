import type { KeyId } from '../../core/keys.js';

/** What can be found by its key without the map it lies in. */
export interface Keyed {
  readonly key: KeyId;
}

const FEWEST_SLOTS = 64;
const MOST_SLOTS = 1 << 16;
/** How many look-ups are judged together. */
const PERIOD = 1 << 15;
/** After a period with too few hits the cache is left aside for so many look-ups. */
const REST = 1 << 20;

/**
 * A table before a map of cells by key: one slot per hash, the last one found wins. V8's map follows a chain of entries and
 * reads every key on it, which for thousands of string keys is the dearest part of a small operator; here it is one slot
 * and one comparison. Where most look-ups miss (many more keys than slots, all equally frequent), it stands aside.
 *
 * For cells that stay in the map under their key: whoever deletes or replaces one tells {@link forget}.
 */
export class KeyCache<C extends Keyed> {
  private slots: (C | undefined)[] = new Array<C | undefined>(FEWEST_SLOTS).fill(undefined);
  private mask = FEWEST_SLOTS - 1;
  private lookups = 0;
  private misses = 0;
  // Doubled up to the first period. Nothing is judged before, but V8 learns the way there: later it would have to throw away
  // what it has compiled.
  private judgeAt = 1;
  private resting = false;

  constructor(private readonly cells: Map<KeyId, C>) {}

  /** The cell of a key, as the map has it. */
  find(key: KeyId): C | undefined {
    if (++this.lookups >= this.judgeAt) this.judge();
    if (typeof key !== 'string' || this.resting) return this.cells.get(key);
    const at = hashOf(key) & this.mask;
    const cell = this.slots[at];
    if (cell !== undefined && cell.key === key) return cell;
    return this.miss(key, at);
  }

  /** The cell of this key is another one now, or gone. */
  forget(key: KeyId): void {
    if (typeof key === 'string') this.slots[hashOf(key) & this.mask] = undefined;
  }

  /** Points at nothing any more; for when the map is emptied, or left behind. */
  clear(): void {
    this.slots = new Array<C | undefined>(FEWEST_SLOTS).fill(undefined);
    this.mask = FEWEST_SLOTS - 1;
  }

  private miss(key: string, at: number): C | undefined {
    this.misses++;
    const cell = this.cells.get(key);
    if (cell !== undefined) {
      this.slots[at] = cell;
      if (this.cells.size > this.slots.length >> 1 && this.slots.length < MOST_SLOTS) this.grow();
    }
    return cell;
  }

  private grow(): void {
    const before = this.slots;
    let size = before.length;
    while (size < MOST_SLOTS && size < this.cells.size * 4) size *= 2;
    this.slots = new Array<C | undefined>(size).fill(undefined);
    this.mask = size - 1;
    for (const cell of before) if (cell !== undefined) this.slots[hashOf(cell.key as string) & this.mask] = cell;
  }

  private judge(): void {
    const due = this.lookups >= PERIOD;
    this.resting = due && !this.resting && this.misses > PERIOD >> 1;
    if (due) this.lookups = this.misses = 0;
    if (this.resting) this.slots.fill(undefined);
    this.judgeAt = this.resting ? REST : due ? PERIOD : this.judgeAt * 2;
  }
}

/** Of the characters at both ends: texts that begin alike (`sensor 17`) or end alike (addresses) differ there. */
function hashOf(key: string): number {
  const { length } = key;
  let hash = length;
  if (length <= 8) {
    for (let i = 0; i < length; i++) hash = (Math.imul(hash, 0x01000193) + key.charCodeAt(i)) | 0;
  } else {
    for (let i = 0; i < 4; i++) hash = (Math.imul(hash, 0x01000193) + key.charCodeAt(i)) | 0;
    for (let i = length - 4; i < length; i++) hash = (Math.imul(hash, 0x01000193) + key.charCodeAt(i)) | 0;
  }
  return hash ^ (hash >>> 15);
}
