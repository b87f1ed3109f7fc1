import { parse } from 'lossless-json';

/**
 * A number as a value keeps it: what a JavaScript number holds exactly is one, a whole number beyond is a `bigint`, and
 * other numbers with more digits than a double keeps (DECIMAL) stay text.
 */
function exactNumber(text: string): number | bigint | string {
  const value = Number(text);
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(value) ? value : BigInt(text);
  return text.length <= 16 || String(value) === text ? value : text;
}

/**
 * Reads JSON without rounding a number: the gateway writes BIGINT and DECIMAL as bare numbers, and `JSON.parse` would
 * make `9007199254740993` another one.
 *
 * @throws SyntaxError
 * @example parseExactly('[9007199254740993]') // [9007199254740993n]
 */
export function parseExactly(text: string): unknown {
  return parse(text, null, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue });
}
