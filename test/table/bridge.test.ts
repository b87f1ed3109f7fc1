import { describe, expect, test } from 'vitest';
import { boundedOutOfOrderness, col, rowKindOf, streamEnv, Tumble, tableEnv, type } from '../../src/index.js';

const clicks = [
  { user: 'Ann', n: 1, ts: 1000 },
  { user: 'Bob', n: 2, ts: 2000 },
  { user: 'Ann', n: 4, ts: 7000 },
];
const schema = { user: type.string(), n: type.int() };

describe('streams and tables in one program', () => {
  test('a stream with watermarks becomes a table with a time attribute, and a stream again', async () => {
    const env = streamEnv();
    const t = tableEnv({ streamEnv: env });
    const stream = env.fromCollection(clicks).assignTimestampsAndWatermarks(boundedOutOfOrderness(0, (c) => c.ts));
    const table = t.fromDataStream(stream, { schema, rowtime: 'rt' });
    const windows = table
      .window(Tumble.over(5000).on(col('rt')).as('w'))
      .groupBy(col('w'))
      .select(col('n').sum().as('total'), col('w').end().as('end'));
    const rows = await t
      .toDataStream(windows)
      .map((row) => [row.total, String(row.end)])
      .executeAndCollect();
    expect(rows).toEqual([
      [3, '1970-01-01 00:00:05.000'],
      [4, '1970-01-01 00:00:10.000'],
    ]);
  });

  test('changes go out with their kind and come in again', async () => {
    const env = streamEnv();
    const t = tableEnv({ streamEnv: env });
    const table = t.fromDataStream(env.fromCollection(clicks), { schema });
    const totals = table.groupBy(col('user')).select(col('user'), col('n').sum().as('n'));
    expect(() => t.toDataStream(totals)).toThrow('toChangelogStream');
    const changes = t.toChangelogStream(totals);
    const again = t.fromChangelogStream(changes, { schema }).select(col('n').sum().as('all'));
    const seen = await t
      .toChangelogStream(again)
      .map((row) => [rowKindOf(row), row.all])
      .executeAndCollect();
    expect(seen.at(-1)).toEqual(['+U', 7]);
    expect(seen[0]).toEqual(['+I', 1]);
  });

  test('a stream of another environment, an element of another shape, no timestamp', async () => {
    const env = streamEnv();
    const t = tableEnv({ streamEnv: env });
    expect(() => t.fromDataStream(streamEnv().fromElements(1), { schema })).toThrow('another environment');
    const wrong = t.fromDataStream(env.fromElements('text'), { schema });
    await expect(t.toDataStream(wrong).executeAndCollect()).rejects.toThrow('is no row of');
    const none = t.fromDataStream(env.fromCollection(clicks), { schema, rowtime: 'rt' });
    await expect(t.toDataStream(none).executeAndCollect()).rejects.toThrow('no timestamp');
  });
});
