import { expect, test } from 'vitest';
import {
  col,
  type GroupWindow,
  Session,
  Slide,
  seconds,
  streamEnv,
  Tumble,
  tableEnv,
  timeline,
  type,
  virtualClock,
} from '../../../src/index.js';

/** What the figure says of the windows that fired: the key, the bounds, the result. */
async function fired(window: GroupWindow, rows: readonly [number, string, number][], timeZone = 'UTC') {
  const env = streamEnv({ trace: true, clock: virtualClock({ autoAdvance: true }) });
  const t = tableEnv({ streamEnv: env, timeZone });
  const orders = t.fromRows(
    rows.map(([ts, name, price]) => ({ ts, name, price })),
    {
      schema: { ts: type.bigint(), name: type.string(), price: type.float() },
      computed: { rowtime: 'TO_TIMESTAMP_LTZ(ts, 3)' },
      watermark: { rowtime: "rowtime - INTERVAL '3' SECOND" },
    },
  );
  const result = orders
    .window(window)
    .groupBy(col('w'), col('name'))
    .select(col('name'), col('price').sum().as('total'))
    .execute();
  await result.collect();
  const view = timeline(result.job ?? expect.fail('no job'));
  const lines = [...view.text().matchAll(/^(\w+).*\[(-?\d+), (-?\d+)\) fires on-time: (\S+)$/gm)];
  return { view, lines: lines.map(([, ...parts]) => parts.join(' ')) };
}

const rows: [number, string, number][] = [
  [1000, 'Alice', 110.1],
  [4000, 'Bob', 30.2],
  [3000, 'Alice', 20.0],
  [2000, 'Bob', 53.1],
  [8000, 'Bob', 16.1],
  [10000, 'Alice', 20.1],
];

test('tumbling windows of a table are boxes with what they fired, a FLOAT in its own digits', async () => {
  const { lines } = await fired(Tumble.over(seconds(5)).on(col('rowtime')).as('w'), rows);
  expect(lines).toEqual(['Alice 0 5000 130.1', 'Bob 0 5000 83.3', 'Bob 5000 10000 16.1', 'Alice 10000 15000 20.1']);
});

test('an element of sliding windows is in each of them', async () => {
  const { view, lines } = await fired(Slide.over(seconds(5)).every(seconds(2)).on(col('rowtime')).as('w'), [
    [1000, 'Alice', 1],
    [4000, 'Alice', 2],
  ]);
  expect(lines).toEqual(['Alice -2000 3000 1', 'Alice 0 5000 3', 'Alice 2000 7000 2', 'Alice 4000 9000 2']);
  expect(view.data().elements.map(({ windows }) => windows.length)).toEqual([2, 3]);
});

test('sessions grow, meet and become one', async () => {
  const { view, lines } = await fired(Session.withGap(seconds(5)).on(col('rowtime')).as('w'), [
    [1000, 'Bob', 1],
    [8500, 'Bob', 2],
    [6000, 'Bob', 4],
  ]);
  expect(lines).toEqual(['Bob 1000 13500 7']);
  expect(view.data().windows.filter(({ mergedInto }) => mergedInto !== undefined)).toHaveLength(1);
});

test('what comes after its window is dropped, and is drawn so', async () => {
  const { view, lines } = await fired(Tumble.over(seconds(5)).on(col('rowtime')).as('w'), [
    [1000, 'Bob', 1],
    [20000, 'Bob', 2],
    [2000, 'Bob', 4],
  ]);
  expect(lines).toEqual(['Bob 0 5000 1', 'Bob 20000 25000 2']);
  expect(view.data().elements.map(({ fate }) => fate)).toEqual(['on-time', 'on-time', 'dropped']);
  const late = await fired(Session.withGap(seconds(5)).on(col('rowtime')).as('w'), [
    [1000, 'Bob', 1],
    [20000, 'Bob', 2],
    [2000, 'Bob', 4],
  ]);
  expect(late.view.data().elements.map(({ fate }) => fate)).toEqual(['on-time', 'on-time', 'dropped']);
});

test('windows of another time zone lie where its clocks say, drawn in the time of all clocks', async () => {
  const hours = 3_600_000;
  const { view } = await fired(
    Tumble.over(24 * hours)
      .on(col('rowtime'))
      .as('w'),
    [[10 * hours, 'Bob', 1]],
    'Asia/Shanghai',
  );
  expect(view.data().windows).toMatchObject([{ key: 'Bob', start: -8 * hours, end: 16 * hours }]);
});

test('a query whose rows nobody asked for has no job yet, and that is said', () => {
  const result = tableEnv()
    .fromRows([{ a: 1 }])
    .execute();
  expect(() => timeline(result.job as never).text()).toThrow('timeline: there is no job');
});
