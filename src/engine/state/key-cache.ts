import type { KeyId } from '../../core/keys.js';
import { TagIndex } from './tag-index.js';

/** What can be found by its key without the map it lies in. */
export interface Keyed {
  readonly key: KeyId;
}

const FEWEST_SLOTS = 64;
/** Up to so many cells have a slot each; their keys' texts stay in the processor's cache. */
const FEW = 512;
/** How many look-ups are judged together. */
const PERIOD = 1 << 15;
/** After a period with too few hits the cache is left aside for so many look-ups. */
const REST = 1 << 20;

/**
 * A table before a map of cells by key. V8's map follows a chain of entries and reads every key on it, which for thousands of
 * string keys is the dearest part of a small operator. Here a few have one slot per hash, where the last one found wins: one
 * slot and one comparison. Many are found by tags that make the comparison of texts unnecessary.
 *
 * Where most look-ups miss (many more keys than there is room for, all equally frequent), it stands aside.
 *
 * For cells that stay in the map under their key: whoever deletes or replaces one tells {@link forget}.
 */
export class KeyCache<C extends Keyed> {
  /** The keys of {@link slots} have a list of their own: each job may have another class of cells. */
  private keys!: string[];
  private slots!: (C | undefined)[];
  private mask = 0;
  private many: TagIndex<C> | undefined;
  private lookups = 0;
  private misses = 0;
  // Doubled up to the first period. Nothing is judged before, but V8 learns the way there: later it would have to throw away
  // what it has compiled.
  private judgeAt = 1;
  private resting = false;

  /** @param expected how many keys there will be, as far as is known */
  constructor(
    private readonly cells: Map<KeyId, C>,
    expected = 0,
  ) {
    this.begin(expected);
  }

  /** The cell of a key, as the map has it. */
  find(key: KeyId): C | undefined {
    if (++this.lookups >= this.judgeAt) this.judge();
    if (typeof key !== 'string' || this.resting) return this.cells.get(key);
    const { many } = this;
    if (many !== undefined) return many.find(key) ?? this.miss(key, 0);
    const at = hashOf(key) & this.mask;
    const cell = this.slots[at];
    return this.keys[at] === key && cell !== undefined ? cell : this.miss(key, at);
  }

  /** The cell of this key is another one now, or gone. */
  forget(key: KeyId): void {
    if (typeof key !== 'string') return;
    if (this.many !== undefined) this.many.forget(key);
    else this.slots[hashOf(key) & this.mask] = undefined;
  }

  /** Points at nothing any more; for when the map is emptied, or left behind. */
  clear(): void {
    this.begin(0);
  }

  private begin(expected: number): void {
    let size = FEWEST_SLOTS;
    if (expected <= FEW) while (size < expected * 4) size *= 2;
    this.keys = new Array<string>(size).fill('');
    this.slots = new Array<C | undefined>(size).fill(undefined);
    this.mask = size - 1;
    this.many = expected > FEW ? new TagIndex() : undefined;
  }

  private miss(key: string, at: number): C | undefined {
    this.misses++;
    const cell = this.cells.get(key);
    if (cell === undefined) return undefined;
    if (this.many !== undefined) this.many.put(cell);
    else {
      this.keys[at] = cell.key as string;
      this.slots[at] = cell;
      if (this.cells.size > this.slots.length >> 1) this.grow();
    }
    return cell;
  }

  private grow(): void {
    const { keys, slots } = this;
    this.begin(this.cells.size);
    if (this.many !== undefined) return;
    slots.forEach((cell, i) => {
      if (cell === undefined) return;
      const key = keys[i] as string;
      const at = hashOf(key) & this.mask;
      this.keys[at] = key;
      this.slots[at] = cell;
    });
  }

  private judge(): void {
    const due = this.lookups >= PERIOD;
    this.resting = due && !this.resting && this.misses > PERIOD >> 1;
    if (due) this.lookups = this.misses = 0;
    if (this.resting) this.begin(this.cells.size);
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
