import { expect, it } from 'vitest';
import { virtualClock } from '../../src/core/clock.js';
import { rowKindOf, streamEnv, tableEnv, type } from '../../src/index.js';

/** One row a second on a clock that jumps: ids 0 to 3, all of one name. */
async function changes(sql: string): Promise<string[]> {
  const env = streamEnv({ clock: virtualClock({ autoAdvance: true }) });
  const t = tableEnv({ streamEnv: env });
  for (const name of ['a', 'b']) {
    const rows = env.generate((id) => ({ id, name: 'x' }), { perSecond: 1, count: 4 });
    t.createTemporaryView(name, t.fromDataStream(rows, { schema: { id: type.int(), name: type.string() } }));
  }
  return (await t.executeSql(sql).collect()).map((row) => `${rowKindOf(row)}[${Object.values(row).join(', ')}]`);
}

const group = (hint: string, alias = '') => `SELECT ${hint} name, COUNT(*) AS n FROM a ${alias} GROUP BY name`;

it('forgets the aggregates of a group by the hint, and of no other table', async () => {
  const all = ['+I[x, 1]', '-U[x, 1]', '+U[x, 2]', '-U[x, 2]', '+U[x, 3]', '-U[x, 3]', '+U[x, 4]'];
  expect(await changes(group(''))).toEqual(all);
  expect(await changes(group("/*+ STATE_TTL('a' = '500 ms') */"))).toEqual(Array(4).fill('+I[x, 1]'));
  expect(await changes(group("/*+ STATE_TTL('o' = '500 ms') */", 'AS o'))).toEqual(Array(4).fill('+I[x, 1]'));
  expect(await changes(group("/*+ STATE_TTL('a' = '1 h') */"))).toEqual(all);
});

it('forgets the rows of one side of a join', async () => {
  const join = (hint: string) => `SELECT ${hint} a.id AS l, b.id AS r FROM a JOIN b ON a.name = b.name`;
  expect(await changes(join(''))).toHaveLength(16);
  // Rows of `a` wait for none that come a second later; rows of `b` are met by all that come.
  const pairs = await changes(join("/*+ STATE_TTL('a' = '500 ms') */"));
  const numbers = pairs.map((pair) => (pair.match(/\d+/g) ?? []).map(Number) as [number, number]);
  expect(pairs).toHaveLength(10);
  expect(numbers.every(([l, r]) => l >= r)).toBe(true);
});
