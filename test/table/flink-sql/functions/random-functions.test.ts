import { expect, it } from 'vitest';
import { scalarFunction, tableEnv, type } from '../../../../src/index.js';
import { chance, randomExpression } from './random-functions.js';
import { VALUES } from './translations.js';

const SEED = Number(process.env.STREAMBOOK_SEED ?? 20231);
const MANY = Number(process.env.STREAMBOOK_RANDOM_FUNCTIONS ?? 1500);

const accepts = [
  type.int(),
  type.int().notNull(),
  type.double(),
  type.double().notNull(),
  type.string(),
  type.string().notNull(),
  type.boolean(),
];
const RESULTS = {
  number: [type.double(), type.bigint(), type.int()],
  text: [type.string()],
  boolean: [type.boolean()],
};

it('what becomes SQL gives what JavaScript gives, whatever it is', async () => {
  const next = chance(SEED);
  const t = tableEnv();
  const values = Object.fromEntries(
    Object.entries(VALUES).map(([name, list]) => [
      name,
      list.map((value) => (name === 'd' || name === 'e' ? (value === 'NULL' ? null : Number(value)) : value)),
    ]),
  );
  const rows = Array.from({ length: 60 }, () =>
    Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list[next(list.length)]])),
  );
  const names = Object.keys(VALUES);
  const schema = Object.fromEntries(names.map((name, i) => [name, accepts[i] as (typeof accepts)[number]]));
  t.createTemporaryView('v', t.fromRows(rows, { schema }));
  let translated = 0;
  const calls: { readonly call: string; readonly sql: string; readonly text: string }[] = [];
  for (let i = 0; i < MANY; i++) {
    const kind = (['number', 'text', 'boolean'] as const)[next(3)] as 'number';
    const text = `(${names.join(', ')}) => ${randomExpression(kind, next)}`;
    const fn = new Function(`return ${text}`)();
    const returns = RESULTS[kind][next(RESULTS[kind].length)] as (typeof accepts)[number];
    t.createTemporarySystemFunction(`f${i}`, scalarFunction({ accepts, returns } as never, fn));
    const call = `f${i}(${names.join(', ')})`;
    const sql = t.sqlQuery(`SELECT ${call} AS x FROM v`).explain().split('== Flink SQL ==\n')[1] ?? '';
    if (/js\(/.test(sql)) continue;
    translated++;
    const expression = /SELECT ([\s\S]*?) AS x FROM/.exec(sql.replace(/^--.*\n/gm, ''))?.[1] ?? '';
    calls.push({ call, sql: expression.replace(/t0\./g, ''), text });
  }
  // Otherwise nothing was tried.
  expect(translated).toBeGreaterThan(MANY / 10);
  for (let from = 0; from < calls.length; from += 25) {
    const some = calls.slice(from, from + 25);
    const read = (what: 'call' | 'sql') =>
      t
        .sqlQuery(`SELECT ${some.map((one, i) => `${one[what]} AS x${i}`).join(', ')} FROM v`)
        .execute()
        .rows();
    const [inJavaScript, inSql] = await Promise.all([read('call'), read('sql')]).catch((error) => {
      throw new Error(
        `${some.map((one) => `${one.call.split('(')[0]} ${one.text}\n  ${one.sql}`).join('\n')}\nseed ${SEED}`,
        { cause: error },
      );
    });
    for (const [i, { text, sql }] of some.entries()) {
      const column = (all: readonly Record<string, unknown>[]) => all.map((row) => row[`x${i}`]);
      expect(column(inSql), `${text}\n${sql}\nseed ${SEED}`).toEqual(column(inJavaScript));
    }
  }
});
