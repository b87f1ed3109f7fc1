/** Digits and decimal exponent: the value is `0.digits * 10^exponent`. */
interface Digits {
  readonly digits: string;
  readonly exponent: number;
}

function digitsOf(exponential: string): Digits {
  const at = exponential.indexOf('e');
  const digits = exponential.slice(0, at).replace('.', '').replace(/0+$/, '');
  return { digits: digits === '' ? '0' : digits, exponent: Number(exponential.slice(at + 1)) + 1 };
}

/** Lays digits out as Java does: plain from 10^-3 up to 10^7, otherwise `1.0E10`. */
function layOut({ digits, exponent }: Digits): string {
  if (exponent > -3 && exponent <= 7) {
    if (exponent <= 0) return `0.${'0'.repeat(-exponent)}${digits}`;
    if (digits.length <= exponent) return `${digits}${'0'.repeat(exponent - digits.length)}.0`;
    return `${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
  }
  return `${digits[0]}.${digits.length > 1 ? digits.slice(1) : '0'}E${exponent - 1}`;
}

function special(value: number): string | undefined {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return undefined;
}

/**
 * A DOUBLE as Java's `Double.toString` prints it (with the shortest digits, as of JDK 19): `1.0`, `0.001`, `1.0E10`,
 * `4.9E-324`, `NaN`, `-Infinity`.
 */
export function doubleText(value: number): string {
  const known = special(value);
  if (known !== undefined) return known;
  const size = Math.abs(value);
  let text = size.toExponential();
  // Java writes two digits at least, and then the two that are closest.
  if (text.charCodeAt(1) === 101) text = size.toExponential(1);
  return (value < 0 ? '-' : '') + layOut(digitsOf(text));
}

// 7 to 9 significant digits tell 32-bit floats apart; any decimal of up to 6 digits survives the way there and back,
// except among the subnormal ones.
const SMALLEST_NORMAL = 1.1754943508222875e-38;

function shortest(size: number, least: number): string {
  for (let digits = size < SMALLEST_NORMAL ? least : Math.max(6, least); digits < 9; digits++) {
    const text = size.toExponential(digits - 1);
    if (floatOf(text) === size) return evenOnTie(text, size, digits);
    // At a power of two the gap above is twice the gap below: the next decimal above can read back when the closest,
    // below, does not.
    const above = nextDecimal(text);
    if (floatOf(above) === size) return above;
  }
  return size.toExponential(8);
}

/** Half-way between two decimals JavaScript takes the larger, Java the one with the even digit. */
function evenOnTie(text: string, size: number, digits: number): string {
  const end = text.indexOf('e');
  if ((text.charCodeAt(end - 1) & 1) === 0) return text;
  const exact = size.toExponential(100).replace('.', '');
  if (!/^50*e/.test(exact.slice(digits))) return text;
  const lower = text.slice(0, end - 1) + (Number(text[end - 1]) - 1) + text.slice(end);
  return floatOf(lower) === size ? lower : text;
}

function nextDecimal(exponential: string): string {
  const at = exponential.indexOf('e');
  const mantissa = exponential.slice(0, at);
  const fraction = mantissa.length - 1 - (mantissa.length > 1 ? 1 : 0);
  const next = BigInt(mantissa.replace('.', '')) + 1n;
  return `${next}e${Number(exponential.slice(at + 1)) - fraction}`;
}

/** A FLOAT as Java's `Float.toString` prints it, with the shortest digits that read back: `0.1`, `1.0E10`, `1.4E-45`. */
export function floatText(value: number): string {
  const known = special(value);
  if (known !== undefined) return known;
  const text = shortest(Math.abs(value), 2);
  const normal = text.includes('.') || text.indexOf('e') === 1 ? text : Number(text).toExponential();
  return (value < 0 ? '-' : '') + layOut(digitsOf(normal));
}

/**
 * The double that prints with the fewest digits among those that round to this FLOAT: what a cell should show for
 * `Math.fround(0.1)` is `0.1`.
 */
export function floatToCell(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const size = Number(shortest(Math.abs(value), 1));
  return value < 0 ? -size : size;
}

const float32 = new Float32Array(1);
const float32Bits = new Uint32Array(float32.buffer);
// Half-way between the largest FLOAT and the one that would follow it.
const OVERFLOW = 3.4028235677973366e38;

/**
 * The FLOAT closest to a decimal text, ties to even. `Math.fround(Number(text))` rounds twice, and is wrong where the
 * first rounding lands exactly between two floats.
 */
export function floatOf(text: string): number {
  const double = Number(text);
  const float = Math.fround(double);
  if (float === double || !Number.isFinite(double)) return float;
  const size = Math.abs(double);
  if (!Number.isFinite(float)) {
    if (size !== OVERFLOW || compareDecimal(text, double) !== -Math.sign(double)) return float;
    return Math.sign(double) * 3.4028234663852886e38;
  }
  float32[0] = float;
  float32Bits[0] = (float32Bits[0] as number) + (size > Math.abs(float) ? 1 : -1);
  const other = float32[0] as number;
  if (Math.abs(double - float) !== Math.abs(other - double)) return float;
  // The double is exactly between two floats; the decimal may be on either side of it.
  const side = compareDecimal(text, double) * Math.sign(double);
  if (side === 0) return float;
  return Math.abs(other) > Math.abs(float) === side > 0 ? other : float;
}

const bits = new DataView(new ArrayBuffer(8));

/** The sign of (decimal text - double), exactly. */
function compareDecimal(text: string, double: number): number {
  const found = /^\s*([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?\s*$/.exec(text);
  if (found === null) return 0;
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  const ten = Number(exponent) - fraction.length;
  // double = mantissa * 2^two
  bits.setFloat64(0, double);
  const high = bits.getUint32(0);
  const biased = (high >>> 20) & 0x7ff;
  const two = (biased === 0 ? 1 : biased) - 1075;
  let right = (BigInt(high & 0xfffff) << 32n) | BigInt(bits.getUint32(4));
  if (biased !== 0) right |= 1n << 52n;
  let left = BigInt(`${whole}${fraction}` || '0');
  if (ten > 0) left *= 10n ** BigInt(ten);
  else right *= 10n ** BigInt(-ten);
  if (two > 0) right <<= BigInt(two);
  else left <<= BigInt(-two);
  const order = left < right ? -1 : left > right ? 1 : 0;
  return sign === '-' ? -order : order;
}
