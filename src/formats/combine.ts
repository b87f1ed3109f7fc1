/**
 * Rows that are added up where they are read: those of one key and one stretch of time become one. What comes out are parts:
 * somebody else adds up those of one key.
 */
export interface CombineCode {
  /** The columns that have to be equal, and what they are for the row at hand. */
  readonly keys: readonly { readonly column: string; readonly value: string }[];
  /** The column in which a part has the beginning of its stretch. */
  readonly time: string;
  /** Adds the row at hand to the part `acc`: statements. */
  readonly add: string;
}

/** How many parts can take rows at a time. */
const SLOTS = 1024;

/** Which part took the last row of a slot, as a place among the rows of a batch. Of two keys in one slot the last one has it. */
export const newSlots = (): Int32Array => new Int32Array(SLOTS);

/** The slot of a key: an expression. @param known values whose hash is at hand, and where */
export function slotText({ keys }: CombineCode, known: ReadonlyMap<string, string>): string {
  const hashes = keys.map(({ value }) => known.get(value) ?? `hashOf(${value})`);
  const hash = hashes.reduce((text, one) => (text === '' ? one : `(${text}) * 31 + ${one}`), '');
  return hash === '' ? '0' : `(${hash}) & ${SLOTS - 1}`;
}

/** Alike for values that are equal. Short, and not for many keys: at worst nothing is added up. */
export function hashOf(value: unknown): number {
  if (typeof value === 'string') {
    const { length } = value;
    if (length < 2) return length === 0 ? 0 : value.charCodeAt(0);
    const ends = value.charCodeAt(length - 1) + value.charCodeAt(length - 2) * 10 + value.charCodeAt(0) * 37;
    return ends + length * 101 + value.charCodeAt(length >> 1) * 7;
  }
  return typeof value === 'number' ? value | 0 : 0;
}
