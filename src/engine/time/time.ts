/** The watermark before the first one: `-Infinity` (Flink: `Long.MIN_VALUE`). */
export const MIN_WATERMARK = Number.NEGATIVE_INFINITY;

/** The watermark at the end of an input, after which nothing comes: `Infinity` (Flink: `Long.MAX_VALUE`). */
export const MAX_WATERMARK = Number.POSITIVE_INFINITY;

/** What an element without a timestamp carries in place of one (Flink: `Long.MIN_VALUE`). */
export const NO_TIMESTAMP = Number.NEGATIVE_INFINITY;

/** Java's `Long.MIN_VALUE`: what an element without a timestamp carries where Flink writes one down for it, in side outputs. */
export const MIN_LONG_TIMESTAMP = -(2 ** 63);
