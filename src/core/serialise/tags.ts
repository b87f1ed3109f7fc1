/** Written at the head of every stream of values, so that a later version can read what this one wrote. */
export const SERIALISER_VERSION = 1;

/** What stands before a value, in one byte. Never change a number: snapshots on disk hold them. */
export const Tag = {
  UNDEFINED: 0,
  NULL: 1,
  FALSE: 2,
  TRUE: 3,
  /** A zigzag varint of up to 32 bits. */
  INTEGER: 4,
  /** 8 bytes, little endian. */
  DOUBLE: 5,
  /** Its decimal digits, as a string. */
  BIGINT: 6,
  /** Length, then one byte per character. */
  LATIN1: 7,
  /** Length in units, then two bytes each: keeps lone surrogates. */
  UTF16: 8,
  DATE: 9,
  TIMESTAMP: 10,
  ARRAY: 11,
  /** An element that an array does not have. */
  HOLE: 12,
  MAP: 13,
  SET: 14,
  BUFFER: 15,
  TYPED_ARRAY: 16,
  /** The number of a shape that came before; then what the shape says. */
  SHAPED: 17,
  /** A new shape: its kind, and names, schema or class; then as SHAPED. */
  NEW_SHAPE: 18,
  /** An object with too many or too rare names for a shape: name and value in turn. */
  DICTIONARY: 19,
  /** From here to 63: a latin1 string of 0 to 31 characters. */
  SHORT: 32,
  /** From here to 255: the integers 0 to 191. */
  SMALL: 64,
} as const;

/** What a shape describes. */
export const ShapeKind = { PLAIN: 0, NULL_PROTOTYPE: 1, ROW: 2, INSTANCE: 3 } as const;

/** Objects with more names than this are dictionaries, and so are those of shapes beyond this many. */
export const MOST_NAMES = 64;
export const MOST_SHAPES = 1000;
/** Shapes seen this often get generated code. */
export const OFTEN = 30;
/** Deeper than this is taken for a mistake (a cycle, a linked list). */
export const DEEPEST = 500;

/** Typed arrays by number. Never change the order. */
export const TYPED_ARRAYS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const;
