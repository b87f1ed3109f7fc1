import { type } from '../../core/types/index.js';
import { type KeyedStream, streamEnv } from '../../datastream/index.js';
import { type Table, type TableEnvironment, tableEnv } from '../../table/index.js';
import type { Exercise } from '../exercise.js';

/** Orders with a time attribute, three seconds behind. */
function orders(t: TableEnvironment, rows: readonly (readonly [number, string, number])[]): Table {
  return t.fromRows(
    rows.map(([ts, name, price]) => ({ ts, name, price })),
    {
      schema: { ts: type.bigint(), name: type.string(), price: type.double() },
      computed: { rowtime: 'TO_TIMESTAMP_LTZ(ts, 3)' },
      watermark: { rowtime: "rowtime - INTERVAL '3' SECOND" },
    },
  );
}

type OverOrders = (t: TableEnvironment, orders: Table) => Promise<unknown>;
type Payment = { ts: number; name: string; price: number };

/** The exercises of windows, and of time and lateness. */
export const windows: readonly Exercise[] = [
  {
    id: '08.10',
    title: { en: 'Every two seconds', zh: '每两秒一次' },
    hints: [
      {
        en: "`TABLE(TUMBLE(TABLE ..., DESCRIPTOR(rowtime), INTERVAL '2' SECOND))`",
        zh: "`TABLE(TUMBLE(TABLE ..., DESCRIPTOR(rowtime), INTERVAL '2' SECOND))`",
      },
      {
        en: 'Group by the name *and* by `window_start, window_end`.',
        zh: '按名字分组，*还要*按 `window_start, window_end`。',
      },
    ],
    solution: {
      code: `const perTwoSeconds = (t: TableEnvironment, orders: Table): Table => t.sql\`
  SELECT name, COUNT(*) AS n, MAX(price) AS highest
  FROM TABLE(TUMBLE(TABLE \${orders}, DESCRIPTOR(rowtime), INTERVAL '2' SECOND))
  GROUP BY name, window_start, window_end\`;
await check('08.10', perTwoSeconds);`,
      why: {
        en: 'Grouping by start and end makes it a window aggregation: one final row for each window.',
        zh: '按起点和终点分组，就成了窗口聚合：每个窗口一行最终结果。',
      },
    },
    async check(answer, examiner) {
      const t = tableEnv();
      const given = orders(t, [
        [500, 'Mia', 3],
        [1900, 'Mia', 5],
        [2000, 'Mia', 1],
        [1000, 'Noah', 7],
        [9000, 'Noah', 2],
      ]);
      const rows = await examiner.rows(await (examiner.function(answer) as OverOrders)(t, given));
      examiner.same(
        rows,
        [
          { name: 'Mia', n: 2, highest: 5 },
          { name: 'Noah', n: 1, highest: 7 },
          { name: 'Mia', n: 1, highest: 1 },
          { name: 'Noah', n: 1, highest: 2 },
        ],
        { anyOrder: true },
      );
    },
  },
  {
    id: '08.11',
    title: { en: 'Which windows?', zh: '属于哪些窗口？' },
    hints: [
      {
        en: 'The last window that holds a time begins at the multiple of `slide` just below it.',
        zh: '含有某时刻的最后一个窗口，从不超过它的 `slide` 的倍数开始。',
      },
      {
        en: 'Go down by `slide` while `start > time - size`. Mind negative times.',
        zh: '只要 `start > time - size` 就每次减去 `slide`。注意负的时刻。',
      },
    ],
    solution: {
      code: `const starts = (time: number, size: number, slide: number): number[] => {
  const found: number[] = [];
  for (let start = Math.floor(time / slide) * slide; start > time - size; start -= slide) found.unshift(start);
  return found;
};
await check('08.11', starts);`,
      why: {
        en: 'A row belongs to size / slide windows, if one divides the other; otherwise to one more or less.',
        zh: '能整除时，一行属于 size / slide 个窗口；否则多一个或少一个。',
      },
    },
    async check(answer, examiner) {
      await examiner.cases(answer, [
        { given: [7000, 6000, 2000], expected: [2000, 4000, 6000] },
        { given: [1000, 5000, 2000], expected: [-2000, 0] },
        {
          given: [4000, 4000, 4000],
          expected: [4000],
          about: { en: 'tumbling: a start belongs to its own window', zh: '滚动：起点属于自己的窗口' },
        },
        {
          given: [5500, 1000, 3000],
          expected: [],
          about: { en: 'a slide larger than the size leaves gaps', zh: '滑动步长大于窗口长度会留下空隙' },
        },
        { given: [-500, 2000, 1000], expected: [-2000, -1000], about: { en: 'before 1970', zh: '1970 年以前' } },
      ]);
    },
  },
  {
    id: '08.12',
    title: { en: 'Everybody in one session', zh: '所有人挤进一个会话' },
    hints: [
      {
        en: 'Whose pause ends the session: one person’s, or everybody’s?',
        zh: '结束会话的是谁的停顿：一个人的，还是所有人的？',
      },
      {
        en: '`SESSION(TABLE ... PARTITION BY name, DESCRIPTOR(rowtime), ...)`, and `name` in the GROUP BY.',
        zh: '`SESSION(TABLE ... PARTITION BY name, DESCRIPTOR(rowtime), ...)`，GROUP BY 里也要有 `name`。',
      },
    ],
    solution: {
      code: `const visits = (t: TableEnvironment, orders: Table): Table => t.sql\`
  SELECT name, SUM(price) AS total
  FROM TABLE(SESSION(TABLE \${orders} PARTITION BY name, DESCRIPTOR(rowtime), INTERVAL '5' SECOND))
  GROUP BY name, window_start, window_end\`;
await check('08.12', visits);`,
      why: { en: 'PARTITION BY gives each person sessions of their own.', zh: 'PARTITION BY 让每个人有自己的会话。' },
    },
    async check(answer, examiner) {
      const t = tableEnv();
      const given = orders(t, [
        [1000, 'Mia', 1],
        [4000, 'Noah', 10],
        [8000, 'Mia', 2],
        [11000, 'Noah', 20],
        [12000, 'Mia', 4],
      ]);
      const rows = await examiner.rows(await (examiner.function(answer) as OverOrders)(t, given));
      examiner.same(
        rows,
        [
          { name: 'Mia', total: 1 },
          { name: 'Noah', total: 10 },
          { name: 'Mia', total: 6 },
          { name: 'Noah', total: 20 },
        ],
        { anyOrder: true },
      );
    },
  },
  {
    id: '08.13',
    title: { en: 'Be the watermark', zh: '来当一次水位线' },
    hints: [
      { en: 'Can a watermark fall?', zh: '水位线会下降吗？' },
      { en: 'Keep the largest timestamp seen so far.', zh: '记住迄今最大的时间戳。' },
    ],
    solution: {
      code: `const watermarks = (timestamps: number[], delay: number): number[] => {
  let highest = -Infinity;
  return timestamps.map((ts) => (highest = Math.max(highest, ts)) - delay - 1);
};
await check('08.13', watermarks);`,
      why: { en: 'It follows the newest, and never goes back.', zh: '它跟着最新的走，从不后退。' },
    },
    async check(answer, examiner) {
      await examiner.cases(answer, [
        { given: [[1000, 2000], 0], expected: [999, 1999] },
        {
          given: [[1000, 4000, 3000, 2000, 5000], 3000],
          expected: [-2001, 999, 999, 999, 1999],
          about: { en: 'old ones come after new ones', zh: '旧的在新的之后到来' },
        },
        { given: [[], 100], expected: [] },
      ]);
    },
  },
  {
    id: '08.14',
    title: { en: 'Who is too late?', zh: '谁来得太晚？' },
    hints: [
      {
        en: 'An element is lost when its *window* has spoken, not when it is behind the watermark.',
        zh: '元素丢失，是因为它的*窗口*已经开过口，而不只是落后于水位线。',
      },
      {
        en: 'The window has spoken when the watermark *before* this element is at or above its last millisecond, `end - 1`.',
        zh: '如果该元素*之前*的水位线不小于窗口的最后一毫秒 `end - 1`，窗口就已经开过口了。',
      },
    ],
    solution: {
      code: `const lost = (timestamps: number[], delay: number, size: number): number[] => {
  let watermark = -Infinity;
  return timestamps.filter((ts) => {
    const end = Math.floor(ts / size) * size + size;
    const late = end - 1 <= watermark;
    watermark = Math.max(watermark, ts - delay - 1);
    return late;
  });
};
await check('08.14', lost);`,
      why: {
        en: 'Behind the watermark is not late yet: as long as its window is open, a row counts.',
        zh: '落后于水位线还不算迟到：只要窗口还开着，这一行就算数。',
      },
    },
    async check(answer, examiner) {
      await examiner.cases(answer, [
        { given: [[1000, 4000, 3000, 2000, 5000, 3000, 7000], 0, 5000], expected: [3000] },
        { given: [[1000, 4000, 3000, 2000, 5000, 3000, 7000], 3000, 5000], expected: [] },
        {
          given: [[9000, 4000, 6000], 0, 5000],
          expected: [4000],
          about: { en: 'behind the watermark, but its window is open', zh: '落后于水位线，但窗口还开着' },
        },
        {
          given: [[5000, 4999], 0, 5000],
          expected: [4999],
          about: { en: 'the watermark reaches the last millisecond of a window', zh: '水位线到达窗口的最后一毫秒' },
        },
      ]);
    },
  },
  {
    id: '08.15',
    title: { en: 'A window that forgets', zh: '健忘的窗口' },
    hints: [
      {
        en: 'Which part of the program empties the window when it has spoken?',
        zh: '程序的哪一部分在开口之后清空了窗口？',
      },
      { en: '`CountTrigger` alone fires and keeps.', zh: '单用 `CountTrigger` 只开口，不清空。' },
    ],
    solution: {
      code: `const everyThird = (stream: DataStream<Payment>): DataStream<Payment> =>
  stream.keyBy('name').window(GlobalWindows.create()).trigger(CountTrigger.of(3)).sum('price');
await check('08.15', everyThird);`,
      why: {
        en: 'PurgingTrigger turns FIRE into FIRE_AND_PURGE; without it the sum goes on.',
        zh: 'PurgingTrigger 把 FIRE 变成 FIRE_AND_PURGE；去掉它，总和就会一直累加。',
      },
    },
    async check(answer, examiner) {
      const build = examiner.function(answer) as (stream: unknown) => Promise<KeyedStream<Payment, string>>;
      const payments = [1, 2, 3, 4, 5, 6, 7].map((price, i) => ({ ts: i, name: 'Mia', price }));
      const others = [10, 20, 30].map((price, i) => ({ ts: i, name: 'Noah', price }));
      const rows = (await examiner.rows(
        await build(streamEnv().fromCollection([...payments, ...others])),
      )) as Payment[];
      examiner.same(
        rows.map(({ name, price }) => `${name} ${price}`),
        ['Mia 6', 'Mia 21', 'Noah 60'],
        { anyOrder: true },
      );
    },
  },
];
