import {
  COMPACT_PRECISION,
  type Decimal,
  type DecimalShape,
  floatOf,
  longOf,
  MAX_LONG,
  MIN_LONG,
  parseDecimal,
} from '../../../core/values/index.js';

// Texts as numbers, by the rules of Flink's casts. `undefined`: it is none, or does not fit.

const INTEGER = /^[+-]?\d*(?:\.\d*)?$/;

/** Blanks at both ends away (blanks only, as Flink does). */
const trimBlanks = (text: string): string => {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) === 32) start++;
  while (end > start && text.charCodeAt(end - 1) === 32) end--;
  return text.slice(start, end);
};

/** An integer of 64 bits; what is after a point is cut off, but has to be digits. */
export function textToLong(given: string): number | bigint | undefined {
  const text = trimBlanks(given);
  if (text === '' || text === '+' || text === '-' || !INTEGER.test(text)) return undefined;
  const whole = text.split('.')[0] as string;
  if (whole === '' || whole === '+' || whole === '-') return 0;
  if (whole.length <= 15) return Number(whole) + 0;
  const big = BigInt(whole.startsWith('+') ? whole.slice(1) : whole);
  return big > MAX_LONG || big < MIN_LONG ? undefined : longOf(big);
}

/** An integer within a range. */
export function textToInteger(text: string, [least, most]: readonly [number, number]): number | undefined {
  const value = textToLong(text);
  return typeof value === 'number' && value >= least && value <= most ? value : undefined;
}

/** As Java's `String.trim`: everything up to the blank goes. */
function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 32) start++;
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  return text.slice(start, end);
}

const JAVA_DOUBLE = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;

function doubleText(given: string): string | undefined {
  const text = javaTrim(given);
  if (!JAVA_DOUBLE.test(text)) return undefined;
  return /[yN]$/.test(text) ? text : text.replace(/[fFdD]$/, '');
}

/** As Java's `Double.parseDouble` reads it (but for hexadecimal numbers). */
export function textToDouble(given: string): number | undefined {
  const text = doubleText(given);
  return text === undefined ? undefined : Number(text);
}

/** As Java's `Float.parseFloat` reads it. */
export function textToFloat(given: string): number | undefined {
  const text = doubleText(given);
  return text === undefined ? undefined : floatOf(text);
}

const BLANKS = /^[ \n\t]+|[ \n\t]+$/g;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * A DECIMAL. For short texts and precisions up to 18 Flink reads the bytes itself, and there it takes no notice of one
 * wrong character directly after the digits: 'T' is 0. That is copied, because rows depend on it.
 */
export function textToDecimal(text: string, shape: DecimalShape): Decimal | undefined {
  if (shape.precision > 18 || Buffer.byteLength(text) > 18) {
    const trimmed = text.replace(BLANKS, '');
    return NUMBER.test(trimmed) ? (parseDecimal(trimmed, shape) ?? undefined) : undefined;
  }
  const found = /^[ \n\t]*([+-]?)([\d.]*)([^\d.][\s\S]*)?$/.exec(text);
  if (found === null) return undefined;
  const [all, sign = '', digits = '', rest = ''] = found;
  if (/^[ \n\t]*$/.test(all) || (sign !== '' && digits === '' && rest === '')) return undefined;
  if ((digits.match(/\./g)?.length ?? 0) > 1) return undefined;
  let exponent = '';
  let tail = rest.slice(1);
  if (/^[eE]./.test(rest)) {
    const e = /^([+-]?)(\d*)/.exec(tail) as RegExpExecArray;
    if (e[1] !== '' && e[1] === tail) return undefined;
    exponent = e[2] === '' ? '' : `e${e[1]}${e[2]}`;
    // The loop over the digits also swallows the character that ends it.
    tail = tail.slice((e[0] as string).length + 1);
  }
  if (!/^[ \n\t]*$/.test(tail)) return undefined;
  const plain = digits === '' || digits === '.' ? '0' : digits;
  const value = parseDecimal(`${sign}${plain}${exponent}`, shape);
  if (value === null) return undefined;
  return value ?? (shape.precision <= COMPACT_PRECISION ? 0 : 0n);
}

const TRUE = new Set(['t', 'true', 'y', 'yes', '1']);
const FALSE = new Set(['f', 'false', 'n', 'no', '0']);

export function textToBoolean(given: string): boolean | undefined {
  const text = given.toLowerCase();
  return TRUE.has(text) ? true : FALSE.has(text) ? false : undefined;
}
