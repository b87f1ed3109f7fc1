// Strings are counted in code points, as Flink counts them, not in JavaScript's units.

const SURROGATE = /[\ud800-\udfff]/;

/** The number of characters. */
export function charLength(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The characters from `start` up to `end` (from 0, `end` not included). */
export function sliceChars(text: string, start: number, end: number): string {
  if (!SURROGATE.test(text)) return text.slice(start, end);
  return [...text].slice(start, end).join('');
}

/** SUBSTRING from a position, which counts from 1, from the end below 0, and 0 is as good as 1. */
export function substring(text: string, position: number, length: number): string | null {
  if (length < 0) return null;
  if (length === 0 || text === '') return '';
  const count = charLength(text);
  let start = position;
  if (start > 0) {
    start--;
    if (start >= count) return '';
  } else if (start < 0) {
    start += count;
    if (start < 0) return '';
  }
  const end = count - start < length ? count : start + length;
  return sliceChars(text, start, end);
}

/** Position from 1 of `needle` at or after character `from` (from 1); 0 when it is not there. */
export function locate(needle: string, text: string, from = 1): number {
  if (!SURROGATE.test(text)) return text.indexOf(needle, Math.max(0, from - 1)) + 1;
  const chars = [...text];
  const offset = chars.slice(0, Math.max(0, from - 1)).join('').length;
  const at = text.indexOf(needle, offset);
  return at < 0 ? 0 : charLength(text.slice(0, at)) + 1;
}
