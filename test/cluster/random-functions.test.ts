import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type Cluster,
  type Comparison,
  cluster,
  compare,
  type Program,
  scalarFunction,
  type TableEnvironment,
  Timestamp,
  tableEnv,
  type,
} from '../../src/index.js';
import { chance, type MoreForms, randomExpression, richForms } from '../table/flink-sql/functions/random-functions.js';
import { VALUES } from '../table/flink-sql/functions/translations.js';

const gateway = inject('gateway');
const LONG = Number(process.env.STREAMBOOK_MANY_ROWS ?? 0) >= 1_000_000;
const SEED = Number(process.env.STREAMBOOK_SEED) || 4711;
const MANY = Number(process.env.STREAMBOOK_RANDOM_FUNCTIONS ?? (LONG ? 1200 : 60));
const IN_A_QUERY = 30;
const ROWS = 40;

const scalars = {
  i: type.int(),
  j: type.int().notNull(),
  d: type.double(),
  e: type.double().notNull(),
  s: type.string(),
  t: type.string().notNull(),
  b: type.boolean(),
  l: type.bigint(),
  x: type.decimal(20, 3),
  day: type.date(),
  ts: type.timestamp(6),
};
const nested = {
  list: type.array(type.int()),
  map: type.map(type.string(), type.double()),
  row: type.row({ a: type.int(), b: type.string() }),
};
const columns = { ...scalars, ...nested };
const names = Object.keys(columns);
const values: Record<string, readonly unknown[]> = {
  ...VALUES,
  d: VALUES.d.map((value) => (value === 'NULL' ? null : Number(value))),
  e: VALUES.e.map(Number),
  l: [null, 0, -1, 2 ** 53 - 1, -(2 ** 53) + 1, 12],
  x: [null, '0.000', '-1.500', '99999999999999999.999', '0.001'],
  day: [null, '1970-01-01', '2024-02-29', '0001-01-01', '9999-12-31', '1969-12-31'],
  ts: [
    null,
    '1970-01-01 00:00:00',
    '2024-02-29 23:59:59.999999',
    '1969-12-31 23:59:59.999',
    '1582-10-15 12:00:00.000001',
  ],
};

/** The forms of what is given back. */
const RESULTS: readonly [
  returns: ReturnType<typeof type.array> | unknown,
  of: (some: (kind: 'number' | 'text' | 'boolean') => string) => string,
][] = [
  [type.double(), (some) => some('number')],
  [type.bigint(), (some) => `Math.round(Math.max(-1e15, Math.min(1e15, ${some('number')} || 0)))`],
  [type.float(), (some) => some('number')],
  [type.decimal(30, 5), (some) => `((n) => (Math.abs(n) < 1e20 ? n.toFixed(7) : null))(${some('number')})`],
  [type.string(), (some) => some('text')],
  [type.boolean(), (some) => some('boolean')],
  [type.date(), (some) => `(${some('boolean')} ? day : (ts?.format(0).slice(0, 10) ?? '2000-01-01'))`],
  [
    type.timestamp(3),
    (some) => `(${some('boolean')} ? ts : Timestamp.ofMs(Math.trunc(${some('number')} || 0) % 1e12))`,
  ],
  [type.array(type.double()), (some) => `[${some('number')}, null, ${some('number')}]`],
  [type.array(type.string()), (some) => `(${some('text')}).split('a')`],
  [
    type.map(type.string(), type.boolean()),
    (some) => `new Map([[${some('text')} ?? '', ${some('boolean')}], ['b', b]])`,
  ],
  [
    type.row({ a: type.double(), b: type.string(), c: type.array(type.int()) }),
    (some) => `({ a: ${some('number')}, b: ${some('text')}, c: list })`,
  ],
];

interface Made {
  readonly text: string;
  readonly returns: unknown;
}

function random(next: (below: number) => number): Made {
  const more: MoreForms | undefined = next(3) === 0 ? undefined : richForms;
  const some = (kind: 'number' | 'text' | 'boolean') => randomExpression(kind, next, 3, more);
  const plain = [0, 4, 5];
  const [returns, of] = RESULTS[
    more === undefined ? (plain[next(3)] as number) : next(RESULTS.length)
  ] as (typeof RESULTS)[number];
  return { text: of(some), returns };
}

/** The columns that a function takes. */
const used = (text: string): string[] => names.filter((name) => new RegExp(`\\b${name}\\b`).test(text));

/** A function that may become SQL, or one that cannot. */
function functionOf({ text }: Made, as: 'it is' | 'javascript'): (...values: never[]) => unknown {
  const body = as === 'it is' ? text : `{ try { return ${text}; } finally {} }`;
  return new Function('Timestamp', `return (${used(text).join(', ')}) => ${body}`)(Timestamp);
}

/** The table that all are called with. */
function table(t: TableEnvironment, next: (below: number) => number): void {
  const rows = Array.from({ length: ROWS }, (_, n) => ({
    id: n,
    ...Object.fromEntries(
      Object.keys(scalars).map((name) => [name, values[name]?.[next((values[name] as readonly unknown[]).length)]]),
    ),
  }));
  t.createTemporaryView('flat', t.fromRows(rows as never, { schema: { id: type.int(), ...scalars } } as never));
  t.createTemporaryView(
    'v',
    t.sqlQuery(`SELECT *, CASE WHEN b IS NULL THEN CAST(NULL AS ARRAY<INT>) ELSE ARRAY[i, j, CAST(NULL AS INT)] END AS list,
      CASE WHEN NOT b THEN CAST(NULL AS MAP<STRING, DOUBLE>) ELSE MAP['k', d, t, e] END AS map,
      CAST(ROW(i, s) AS ROW<a INT, b STRING>) AS \`row\` FROM flat`),
  );
}

/** The first function of which both say something else, and what. */
function firstDifference(differences: Comparison['differences'], some: readonly Made[]): string | undefined {
  const [one] = differences;
  if (one === undefined) return undefined;
  const other = differences.find(({ row, local }) => row.id === one.row.id && local !== one.local);
  const text = (row: object | undefined, name: string) => String(JSON.stringify(Object(row)[name]));
  const wrong = Object.keys(one.row).filter((name) => text(one.row, name) !== text(other?.row, name));
  return wrong
    .map((name) => {
      const [a, b] = [text(one.row, name), text(other?.row, name)];
      return `${some[Number(name.slice(1))]?.text}: ${one.local === 0 ? b : a} here, ${one.local === 0 ? a : b} there`;
    })
    .join('\n');
}

describe.skipIf(gateway === '')('random functions', () => {
  let flink: Cluster;
  beforeAll(async () => {
    flink = await cluster(gateway);
  });
  afterAll(async () => {
    await flink?.close();
  });

  it(`${MANY} give the same on Flink and here, seed ${SEED}`, { timeout: 1_800_000 }, async () => {
    const next = chance(SEED);
    const seed = next(1 << 30);
    const program =
      (some: readonly Made[], as: 'it is' | 'javascript'): Program =>
      (t) => {
        table(t, chance(seed));
        const calls = some.map((made, i) => {
          const { returns } = made;
          const takes = used(made.text);
          const options = { accepts: takes.map((name) => columns[name as keyof typeof columns]), returns };
          t.createTemporarySystemFunction(`f${i}`, scalarFunction(options as never, functionOf(made, as) as never));
          return `f${i}(${takes.map((name) => `\`${name}\``).join(', ')}) AS y${i}`;
        });
        return t.sqlQuery(`SELECT ${['id', ...calls].join(', ')} FROM v`);
      };
    const works = (some: readonly Made[]): Promise<boolean> =>
      tableEnv()
        .execute(program(some, 'it is'))
        .rows()
        .then(
          () => true,
          () => false,
        );
    const plain = tableEnv();
    table(plain, chance(seed));
    const cells = await plain.sqlQuery('SELECT * FROM v').execute().rows();
    const called = (made: Made): boolean => {
      try {
        const fn = functionOf(made, 'it is');
        for (const row of cells) fn(...(used(made.text).map((name) => row[name]) as never[]));
        return true;
      } catch {
        return false;
      }
    };
    let tried = 0;
    let translated = 0;
    while (tried < MANY) {
      let some: Made[] = [];
      while (some.length < IN_A_QUERY) {
        const made = random(next);
        if (called(made)) some.push(made);
      }
      if (!(await works(some))) {
        const each: boolean[] = [];
        for (const one of some) each.push(await works([one]));
        some = some.filter((_, i) => each[i]);
      }
      const texts = () => some.map(({ text }, i) => `f${i}: ${text}`).join('\n');
      for (const as of ['it is', 'javascript'] as const) {
        const { local, cluster: there, differences } = await compare(program(some, as), { cluster: flink });
        expect([local.error, there.error], texts()).toEqual([undefined, undefined]);
        expect(firstDifference(differences, some), as).toBeUndefined();
        expect(local.rows.length).toBe(ROWS);
      }
      const sent = program(some, 'it is')(tableEnv());
      translated += some.length - ('explain' in sent ? (sent.explain().match(/js\('/g) ?? []).length : 0);
      tried += some.length;
      if (process.env.STREAMBOOK_RANDOM_FUNCTIONS) console.log(`${tried} tried, ${translated} as SQL`);
    }
    expect(translated).toBeGreaterThan(0);
  });
});
