import type { AnyType } from '../../../../src/core/types/index.js';
import { scalarFunction, type } from '../../../../src/index.js';
import type { UserFunctionDefinition } from '../../../../src/table/api/user-functions.js';

/** A function, and whether it can be said in SQL. */
export interface Translation {
  readonly says: string;
  readonly accepts: readonly ('i' | 'j' | 'd' | 'e' | 's' | 't' | 'b')[];
  readonly definition: UserFunctionDefinition;
  readonly sql: boolean;
  /** For some of the values it is an error. */
  readonly fails: boolean;
}

const TYPES = {
  i: type.int(),
  j: type.int().notNull(),
  d: type.double(),
  e: type.double().notNull(),
  s: type.string(),
  t: type.string().notNull(),
  b: type.boolean(),
} as const;

/** What every function is called with: all of it against all of it. */
export const VALUES = {
  i: [null, 0, 1, -1, 2147483647, -2147483648, 7],
  j: [0, 5, -2147483648, 2147483647],
  d: [
    'NULL',
    'NaN',
    'Infinity',
    '-Infinity',
    '0.0',
    '-0.0',
    '1.5',
    '-1.5',
    '5.0',
    '4.9E-324',
    '1.7976931348623157E308',
  ],
  e: ['NaN', '-0.0', '0.1', '5.0', '-Infinity'],
  s: [null, '', 'abc', ' \t\u00a0x y\ufeff\n', 'ßİıΣς', "o'neil", '𝒳a', '王小明', 'null', '%_\\'],
  t: ['', 'abc', 'bc', 'Ünïcode 𝒳', '5'],
  b: [null, true, false],
} as const;

type Args = Translation['accepts'];

function made(
  sql: boolean,
  accepts: Args,
  returns: AnyType,
  fn: (...values: never[]) => unknown,
  captured?: object,
): Translation {
  const options = {
    accepts: accepts.map((name) => TYPES[name]),
    returns,
    ...(captured === undefined ? {} : { captured }),
  };
  return { says: String(fn), accepts, definition: scalarFunction(options as never, fn as never), sql, fails: false };
}

const rate = 1.19;
const limits = { least: 3, most: 'abc', on: true, deep: { x: -2 } };

const failing = (one: Translation): Translation => ({ ...one, fails: true });

/* biome-ignore-start lint: the forms that are tested are those that people write */
export const TRANSLATIONS: readonly Translation[] = [
  // whole numbers
  made(true, ['i'], type.int(), (i: number | null) => i),
  made(true, ['i'], type.bigint(), (i: number) => i + 1),
  made(true, ['i', 'j'], type.bigint(), (i: number, j: number) => i - j),
  made(true, ['i'], type.double(), (i: number) => (i > 0 ? i * 3 : 5)),
  made(true, ['i'], type.bigint(), (i: number) => i * 3),
  made(false, ['i', 'j'], type.bigint(), (i: number, j: number) => Number(BigInt(i ?? 0) * BigInt(j)) % 1000),
  made(true, ['i', 'j'], type.double(), (i: number, j: number) => i * j),
  made(false, ['i', 'j'], type.bigint(), (i: number, j: number) => (Math.abs(j) > 5 ? 0 : i * j)), // -0
  failing(made(false, ['i'], type.int(), (i: number) => i + 1)), // may not fit
  made(false, ['i'], type.double(), (i: number) => -i), // -0
  made(true, ['i'], type.int(), (i: number) => Math.floor(i)),
  made(true, ['i', 'j'], type.bigint(), (i: number, j: number) => Math.abs(i) + Math.abs(j)),
  made(true, ['i'], type.int(), (i: number) => (Math.abs(i) % 7 === 0 ? 1 : 2)),
  made(false, ['i'], type.double(), (i: number) => i % 7), // -0
  made(true, ['i'], type.boolean(), (i: number) => i >= 5 && i < 2147483647),
  made(true, ['i', 'j'], type.boolean(), (i: number, j: number) => i > j || i === j),
  made(true, ['i'], type.boolean(), (i: number) => !(i > 5) || i !== 7),
  made(true, ['i'], type.boolean(), (i: number | null) => i === null),
  made(true, ['i', 'j'], type.boolean(), (i: number, j: number) => i === j),
  made(true, ['i', 'j'], type.boolean(), (i: number, j: number) => i !== j),
  made(true, ['i'], type.bigint(), (i: number | null) => (i ?? 3) + 0),
  made(true, ['i'], type.int(), (i: number | null) => (i === null ? null : i)),
  made(true, ['j'], type.boolean().notNull(), (j: number) => j == 5),
  // floating point
  made(true, ['d'], type.double(), (d: number) => d),
  made(true, ['d'], type.double(), (d: number) => d * 1.19),
  made(true, ['d'], type.double(), (d: number) => d * rate, { rate }),
  made(true, ['d', 'e'], type.double(), (d: number, e: number) => d + e),
  made(true, ['d', 'e'], type.double(), (d: number, e: number) => d - e * 3),
  made(false, ['d', 'e'], type.double(), (d: number, e: number) => d / e),
  made(false, ['i', 'd'], type.double(), (i: number, d: number) => i / d),
  made(false, ['i', 'j'], type.double(), (i: number, j: number) => i / j),
  made(true, ['d'], type.double(), (d: number) => d / 3),
  made(true, ['i'], type.double(), (i: number) => i / -7),
  made(true, ['d'], type.double(), (d: number) => -d),
  made(true, ['d'], type.double(), (d: number) => Math.abs(d)),
  made(false, ['d'], type.double(), (d: number) => Math.floor(d)),
  made(false, ['d'], type.double(), (d: number) => Math.ceil(d)),
  made(true, ['d'], type.double(), (d: number) => d * Math.PI),
  made(true, ['i', 'd'], type.double(), (i: number, d: number) => (i > 3 ? d : i)),
  made(true, ['d'], type.double(), (d: number | null) => d ?? 2.5),
  made(true, ['d'], type.boolean(), (d: number | null) => d !== null),
  made(false, ['d'], type.double(), (d: number) => d + 0), // -0 + 0 is 0
  made(false, ['d'], type.boolean(), (d: number) => d > 5), // NOT (NaN > 5)
  made(false, ['d'], type.string(), (d: number) => (d > 5 ? 'a' : 'b')),
  made(false, ['d'], type.string(), (d: number) => `${d}`),
  made(false, ['d'], type.double(), (d: number) => Math.round(d)),
  made(false, ['d'], type.double(), (d: number) => Math.sqrt(d)),
  made(false, ['d'], type.double(), (d: number) => d % 2),
  made(false, ['d'], type.double(), (d: number) => d ** 2),
  // texts
  made(true, ['s'], type.string(), (s: string | null) => s),
  made(true, ['s'], type.string(), (s: string | null) => (s === null ? null : s.toUpperCase())),
  made(true, ['t'], type.string(), (t: string) => t.toLowerCase()),
  made(true, ['s'], type.string(), (s: string | null) => (s ?? 'none').trim()),
  made(true, ['s'], type.string().notNull(), (s: string | null) => `<${s}>`),
  made(true, ['s', 't'], type.string(), (s: string | null, t: string) => s + t),
  made(true, ['i', 't'], type.string(), (i: number | null, t: string) => `${t}: ${i} ${i ?? 0}`),
  made(true, ['b'], type.string(), (b: boolean | null) => `${b}`),
  made(true, ['s'], type.boolean(), (s: string | null) => s === 'abc'),
  made(true, ['s', 't'], type.boolean(), (s: string | null, t: string) => s !== t),
  made(true, ['s'], type.boolean(), (s: string | null) => s !== null && s.includes('𝒳')),
  made(true, ['s'], type.boolean(), (s: string | null) => (s === null ? false : s.startsWith('ab'))),
  made(true, ['s'], type.boolean(), (s: string | null) => (s ?? '').includes("'")),
  made(true, ['s'], type.boolean(), (s: string | null) => !s),
  made(true, ['s'], type.string(), (s: string | null) => (s ? s.toLowerCase() : 'empty')),
  made(true, ['s'], type.string(), (s: string | null) => {
    if (s === null) return undefined;
    const small = s.trim();
    if (small === '') return 'blank';
    return small;
  }),
  made(true, ['b', 't'], type.string(), (b: boolean | null, t: string) => t + (!b ? 'ß 𝒳' : null)), // no blanks
  made(true, ['b'], type.string(), (b: boolean | null) => `<${b ? 'a' : null}> <${b ? null : 'abcdefg'}>`),
  failing(made(false, ['s'], type.string(), (s: string) => s.toUpperCase())), // an error for NULL
  made(false, ['t'], type.int(), (t: string) => t.length), // counts otherwise
  made(false, ['t'], type.string(), (t: string) => t.slice(0, 4)),
  made(false, ['t'], type.double(), (t: string) => Number(t)),
  made(false, ['s', 't'], type.boolean(), (s: string, t: string) => s < t), // another order
  made(false, ['t'], type.boolean(), (t: string) => /^a/.test(t)),
  made(false, ['t'], type.string(), (t: string) => (t as string | null)?.trim() ?? ''),
  // conditions
  made(true, ['b'], type.boolean(), (b: boolean | null) => !b),
  made(true, ['b', 'i'], type.int(), (b: boolean | null, i: number | null) => (b ? i : null)),
  made(true, ['b', 'i'], type.boolean(), (b: boolean | null, i: number) => b === true || i > 3),
  made(true, ['i'], type.string(), (i: number) => (i > 1000 ? 'large' : i > 0 ? 'small' : i === 0 ? 'none' : 'below')),
  made(true, ['i'], type.boolean(), (i: number) => i > limits.least && i !== limits.deep.x, { limits }),
  made(true, ['s'], type.boolean(), (s: string | null) => s === limits.most || limits.on, { limits }),
  failing(made(false, ['b', 'i'], type.int(), (b: boolean | null, i: number) => (b as never) && i)),
  made(false, ['i'], type.int(), (i: number) => {
    let sum = 0;
    for (let n = 0; n < Math.min(i, 3); n++) sum += n;
    return sum;
  }),
];
/* biome-ignore-end lint: the forms that are tested are those that people write */

/** Registers them all as `f0`, `f1`, ... */
export function registerAll(t: {
  createTemporarySystemFunction(name: string, made: UserFunctionDefinition): void;
}): void {
  for (const [i, { definition }] of TRANSLATIONS.entries()) t.createTemporarySystemFunction(`f${i}`, definition);
}

/** What to read from: the values of some columns, all against all. */
export function valuesText(names: Args): string {
  const tables = names.map((name) => {
    const rows = VALUES[name].map((value) => `(${literal(name, value)})`);
    return `(VALUES ${rows.join(', ')}) AS v${name} (${name})`;
  });
  return tables.join(' CROSS JOIN ');
}

function literal(name: string, value: unknown): string {
  const { root } = TYPES[name as keyof typeof TYPES];
  if (value === null || value === 'NULL') return `CAST(NULL AS ${root === 'VARCHAR' ? 'STRING' : root})`;
  if (root === 'DOUBLE') return `CAST('${value}' AS DOUBLE)`;
  if (root === 'VARCHAR') return `CAST('${String(value).replaceAll("'", "''")}' AS STRING)`;
  if (root === 'INT') return `CAST('${value}' AS INT)`;
  return String(value).toUpperCase();
}
