import { isDeepStrictEqual } from 'node:util';
import type { Text } from './language.js';
import { kindOf, printed } from './printed.js';

export interface Likeness {
  /** How far two numbers may lie apart, as a share of the expected one. Default 1e-9. */
  readonly tolerance?: number;
  /** Whether the order of the outermost elements means nothing. Default false. */
  readonly anyOrder?: boolean;
}

const deepest = 20;

/** How `got` differs from `expected`, in words; undefined: it does not. */
export function difference(got: unknown, expected: unknown, likeness: Likeness = {}): Text | undefined {
  if (likeness.anyOrder === true && Array.isArray(got) && Array.isArray(expected)) {
    return differenceInBags(got, expected, likeness);
  }
  const found = differ(got, expected, likeness, [], 0);
  if (found === undefined || !Array.isArray(got) || !Array.isArray(expected)) return found;
  // Worth a word of its own: nothing is missing.
  if (got.length === expected.length && differenceInBags(got, expected, likeness) === undefined) {
    return { en: 'the elements are right, their order is not', zh: '元素都对，但顺序不对' };
  }
  return found;
}

type Path = readonly (string | number)[];

function place(path: Path): Text {
  if (path.length === 0) return { en: '', zh: '' };
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  const at = text.startsWith('.') ? text.slice(1) : text;
  return { en: `at \`${at}\`: `, zh: `在 \`${at}\` 处：` };
}

function told(path: Path, en: string, zh: string): Text {
  const at = place(path);
  return { en: at.en + en, zh: at.zh + zh };
}

function differ(got: unknown, expected: unknown, likeness: Likeness, path: Path, depth: number): Text | undefined {
  if (depth > deepest) return isDeepStrictEqual(got, expected) ? undefined : told(path, 'it differs', '不一致');
  if (got === expected) return undefined;
  if (got === undefined && expected !== undefined) {
    return told(path, 'nothing is there (`undefined`)', '什么也没有（`undefined`）');
  }
  if (got instanceof Promise) return told(path, 'a promise: an `await` is missing', '是一个 Promise：少了 `await`');
  if (typeof expected === 'number' || typeof expected === 'bigint') return differNumber(got, expected, likeness, path);
  if (Array.isArray(expected)) return differArray(got, expected, likeness, path, depth);
  if (isPlain(expected)) return differObject(got, expected, likeness, path, depth);
  if (expected instanceof Map || expected instanceof Set) {
    const same = got?.constructor === expected.constructor && isDeepStrictEqual(got, expected);
    return same ? undefined : unlike(got, expected, path);
  }
  return isDeepStrictEqual(got, expected) ? undefined : unlike(got, expected, path);
}

function unlike(got: unknown, expected: unknown, path: Path): Text {
  const [is, wanted] = [kindOf(got), kindOf(expected)];
  if (is.en !== wanted.en) {
    return told(path, `${wanted.en} was expected, this is ${is.en}`, `应为${wanted.zh}，实际是${is.zh}`);
  }
  return told(
    path,
    `${printed(got)} instead of ${printed(expected)}`,
    `得到 ${printed(got)}，应为 ${printed(expected)}`,
  );
}

function differNumber(
  got: unknown,
  expected: number | bigint,
  { tolerance = 1e-9 }: Likeness,
  path: Path,
): Text | undefined {
  if (typeof got !== 'number' && typeof got !== 'bigint') return unlike(got, expected, path);
  const [a, b] = [Number(got), Number(expected)];
  if (Number.isNaN(a) && Number.isNaN(b)) return undefined;
  if (Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))) return undefined;
  return unlike(got, expected, path);
}

function differArray(
  got: unknown,
  expected: readonly unknown[],
  likeness: Likeness,
  path: Path,
  depth: number,
): Text | undefined {
  if (!Array.isArray(got)) return unlike(got, expected, path);
  for (let index = 0; index < Math.min(got.length, expected.length); index++) {
    const found = differ(got[index], expected[index], likeness, [...path, index], depth + 1);
    if (found !== undefined && got.length === expected.length) return found;
  }
  if (got.length === expected.length) return undefined;
  return told(
    path,
    `${got.length} elements instead of ${expected.length}`,
    `有 ${got.length} 个元素，应有 ${expected.length} 个`,
  );
}

function differObject(
  got: unknown,
  expected: Record<string, unknown>,
  likeness: Likeness,
  path: Path,
  depth: number,
): Text | undefined {
  if (typeof got !== 'object' || got === null || Array.isArray(got)) return unlike(got, expected, path);
  const record = got as Record<string, unknown>;
  for (const [key, wanted] of Object.entries(expected)) {
    if (!(key in record)) return told(path, `\`${key}\` is missing`, `缺少 \`${key}\``);
    const found = differ(record[key], wanted, likeness, [...path, key], depth + 1);
    if (found !== undefined) return found;
  }
  const extra = Object.keys(record).find((key) => !(key in expected));
  return extra === undefined ? undefined : told(path, `\`${extra}\` was not asked for`, `多出了 \`${extra}\``);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Each expected element is looked for among those not found yet. */
function differenceInBags(got: readonly unknown[], expected: readonly unknown[], likeness: Likeness): Text | undefined {
  const left = [...got];
  const alike = { ...likeness, anyOrder: false };
  for (const wanted of expected) {
    const at = left.findIndex((each) => differ(each, wanted, alike, [], 0) === undefined);
    if (at === -1) return { en: `${printed(wanted)} is missing`, zh: `缺少 ${printed(wanted)}` };
    left.splice(at, 1);
  }
  if (left.length === 0) return undefined;
  return { en: `${printed(left[0])} should not be there`, zh: `不该出现 ${printed(left[0])}` };
}
