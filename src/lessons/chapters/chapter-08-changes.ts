import { type Table, type TableEnvironment, tableEnv } from '../../table/index.js';
import type { Exercise } from '../exercise.js';

type OverSales = (t: TableEnvironment, sales: Table) => Promise<unknown>;
type OverThree = (t: TableEnvironment, orders: Table, items: Table, payments: Table) => Promise<unknown>;

/** Orders and payments that the student has not seen, as views. */
function shop(): TableEnvironment {
  const t = tableEnv();
  const orders = [
    { id: 1, amount: 5, ts: 1000 },
    { id: 2, amount: 6, ts: 2000 },
    { id: 3, amount: 7, ts: 3000 },
  ];
  const payments = [
    { order_id: 1, paid: 5, ts: 11_000 },
    { order_id: 3, paid: 7, ts: 13_001 },
    { order_id: 9, paid: 1, ts: 14_000 },
  ];
  t.createTemporaryView(
    'orders',
    t.fromRows(orders, { computed: { ordered: 'TO_TIMESTAMP_LTZ(ts, 3)' }, watermark: { ordered: 'ordered' } }),
  );
  t.createTemporaryView(
    'payments',
    t.fromRows(payments, { computed: { paid_at: 'TO_TIMESTAMP_LTZ(ts, 3)' }, watermark: { paid_at: 'paid_at' } }),
  );
  return t;
}

/** The exercises of changelogs and joins. */
export const changes: readonly Exercise[] = [
  {
    id: '08.16',
    title: { en: 'Fold the log', zh: '折叠日志' },
    hints: [
      {
        en: 'What does `-D` do to the table? And does `-U` have to do anything?',
        zh: '`-D` 对表做什么？`-U` 一定要做什么吗？',
      },
      {
        en: '`-U` is always followed by the `+U` of the same key; `-D` is not.',
        zh: '`-U` 后面总跟着同键的 `+U`，`-D` 则没有。',
      },
    ],
    solution: {
      code: `const folded = (log: Change[]): Record<string, number> => {
  const table: Record<string, number> = {};
  for (const [kind, key, value] of log) {
    if (kind === '+I' || kind === '+U') table[key] = value;
    else delete table[key];
  }
  return table;
};
await check('08.16', folded);`,
      why: { en: 'What was taken back and not replaced is gone.', zh: '被收回而没有替换的，就没有了。' },
    },
    async check(answer, examiner) {
      await examiner.cases(answer, [
        {
          given: [
            [
              ['+I', 'tea', 3],
              ['+I', 'cake', 1],
            ],
          ],
          expected: { tea: 3, cake: 1 },
        },
        {
          given: [
            [
              ['+I', 'tea', 3],
              ['-U', 'tea', 3],
              ['+U', 'tea', 7],
            ],
          ],
          expected: { tea: 7 },
        },
        {
          given: [
            [
              ['+I', 'tea', 3],
              ['+I', 'cake', 1],
              ['-D', 'tea', 3],
            ],
          ],
          expected: { cake: 1 },
          about: { en: 'a deletion', zh: '一次删除' },
        },
        {
          given: [
            [
              ['+I', 'tea', 3],
              ['-D', 'tea', 3],
              ['+I', 'tea', 4],
            ],
          ],
          expected: { tea: 4 },
          about: { en: 'gone, and back again', zh: '没了又回来' },
        },
      ]);
    },
  },
  {
    id: '08.17',
    title: { en: 'What may go into a file?', zh: '什么能写进文件？' },
    hints: [
      { en: 'Which of them never has to take back what it said?', zh: '哪一个永远不必收回说过的话？' },
      {
        en: 'A file only takes additions. Look for the query whose groups are complete one day.',
        zh: '文件只收新增的行。找出其分组总有一天会完整的那个查询。',
      },
    ],
    solution: {
      code: `await check('08.17', 'c');`,
      why: { en: 'A window speaks once. All others correct themselves.', zh: '窗口只开口一次，其他的都会改口。' },
    },
    check(answer, examiner) {
      examiner.choice(answer, {
        a: { en: 'the count of a user changes with the next row', zh: '下一行一来，计数就变' },
        b: {
          en: 'nearly: over rows that are only added, DISTINCT only adds. But its plan is an aggregation without a window, and Flink’s file sink refuses it',
          zh: '差一点：在只增的行上 DISTINCT 也只新增。但它的计划是不带窗口的聚合，Flink 的文件输出会拒绝',
        },
        c: true,
        d: { en: 'who is overtaken leaves the list: a deletion', zh: '被超过的会离开榜单：那是删除' },
      });
    },
  },
  {
    id: '08.18',
    title: { en: 'Only the newest', zh: '只留最新' },
    hints: [
      {
        en: 'Number the rows of each product, the newest first, and keep number one.',
        zh: '给每种商品的行编号，最新的排第一，只留一号。',
      },
      {
        en: '`ROW_NUMBER() OVER (PARTITION BY product ORDER BY sold_at DESC)`',
        zh: '`ROW_NUMBER() OVER (PARTITION BY product ORDER BY sold_at DESC)`',
      },
    ],
    solution: {
      code: `const newest = (t: TableEnvironment, sales: Table): Table => t.sql\`
  SELECT product, n FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY product ORDER BY sold_at DESC) AS place FROM \${sales})
  WHERE place = 1\`;
await check('08.18', newest);`,
      why: {
        en: 'A Top-1 per key: each newer row takes the place of the older.',
        zh: '每个键的 Top-1：更新的行顶替旧的。',
      },
    },
    async check(answer, examiner) {
      const t = tableEnv();
      const sales = t.fromRows([
        { product: 'tea', n: 1, sold_at: 10 },
        { product: 'cake', n: 2, sold_at: 11 },
        { product: 'tea', n: 3, sold_at: 14 },
        { product: 'tea', n: 9, sold_at: 12 },
      ]);
      const rows = await examiner.rows(await (examiner.function(answer) as OverSales)(t, sales));
      examiner.same(
        rows,
        [
          { product: 'cake', n: 2 },
          { product: 'tea', n: 3 },
        ],
        { anyOrder: true },
      );
    },
  },
  {
    id: '08.19',
    title: { en: 'Who has not paid?', zh: '谁没有付款？' },
    hints: [
      {
        en: 'Take the interval join of this notebook, and make it a LEFT JOIN.',
        zh: '把本章的区间连接改成 LEFT JOIN。',
      },
      {
        en: '`... LEFT JOIN payments ON id = order_id AND paid_at BETWEEN ... WHERE paid IS NULL`',
        zh: '`... LEFT JOIN payments ON id = order_id AND paid_at BETWEEN ... WHERE paid IS NULL`',
      },
    ],
    solution: {
      code: `const unpaid = () => \`
  SELECT id, amount
  FROM orders LEFT JOIN payments
    ON id = order_id AND paid_at BETWEEN ordered AND ordered + INTERVAL '10' SECOND
  WHERE paid IS NULL\`;
await check('08.19', unpaid);`,
      why: {
        en: 'The outer interval join waits until no payment can come in time, and then says so once, for good.',
        zh: '外区间连接会等到不可能再有及时的付款，然后只说一次，不再更改。',
      },
    },
    async check(answer, examiner) {
      const text = examiner.text(await examiner.function(answer)());
      const rows = await examiner.rows(() => shop().sqlQuery(text));
      examiner.same(
        rows,
        [
          { id: 2, amount: 6 },
          { id: 3, amount: 7 },
        ],
        {
          anyOrder: true,
          about: {
            en: 'order 1 was paid at the last moment, order 3 a millisecond too late',
            zh: '1 号在最后一刻付清，3 号晚了一毫秒',
          },
        },
      );
    },
  },
  {
    id: '08.20',
    title: { en: 'Whose card was it?', zh: '当时是谁的卡？' },
    hints: [
      { en: '“Of then” is a question about versions.', zh: '“当时”问的是版本。' },
      {
        en: 'Which join asks `FOR SYSTEM_TIME AS OF` the payment?',
        zh: '哪种连接会写 `FOR SYSTEM_TIME AS OF`，问付款那一刻？',
      },
    ],
    solution: {
      code: `await check('08.20', 'c');`,
      why: {
        en: 'Versions, and the one that was valid at the time of the payment.',
        zh: '有多个版本，要付款时有效的那个。',
      },
    },
    check(answer, examiner) {
      examiner.choice(answer, {
        a: {
          en: 'it would remember every payment for ever, and pair old payments with new owners',
          zh: '它会永远记住每笔付款，还会把旧付款配给新持卡人',
        },
        b: { en: 'owners stay for years: no interval is long enough', zh: '持卡人一当就是几年，没有那么长的区间' },
        c: true,
        d: {
          en: 'the change of the owner and the payment are hardly ever in the same window',
          zh: '换持卡人和付款几乎不会落在同一个窗口',
        },
      });
    },
  },
  {
    id: '08.21',
    title: { en: 'Paid twice', zh: '付了两遍' },
    hints: [
      { en: 'Two items and one payment: how many rows does the join make?', zh: '两件商品、一笔付款：连接产生几行？' },
      {
        en: 'Sum up the payments of each order *before* joining them; the items likewise.',
        zh: '先把每份订单的付款加总，*再*连接；商品也一样。',
      },
    ],
    solution: {
      code: `const perOrder = (t: TableEnvironment, orders: Table, items: Table, payments: Table): Table => t.sql\`
  SELECT o.id, i.items, p.paid
  FROM \${orders} AS o
  JOIN (SELECT order_id, COUNT(*) AS items FROM \${items} GROUP BY order_id) AS i ON i.order_id = o.id
  JOIN (SELECT order_id, SUM(paid) AS paid FROM \${payments} GROUP BY order_id) AS p ON p.order_id = o.id\`;
await check('08.21', perOrder);`,
      why: {
        en: 'A join of two “many” sides multiplies. Aggregate first, then join one row to one row.',
        zh: '两个“多”的一侧相连会相乘。先聚合，再一行对一行地连接。',
      },
    },
    async check(answer, examiner) {
      const t = tableEnv();
      const orders = t.fromRows([{ id: 1 }, { id: 2 }, { id: 3 }]);
      const items = t.fromRows([
        { order_id: 1, product: 'tea' },
        { order_id: 1, product: 'cake' },
        { order_id: 2, product: 'tea' },
        { order_id: 3, product: 'pen' },
        { order_id: 3, product: 'ink' },
      ]);
      const payments = t.fromRows([
        { order_id: 1, paid: 10 },
        { order_id: 2, paid: 4 },
        { order_id: 2, paid: 3 },
        { order_id: 3, paid: 1 },
        { order_id: 3, paid: 1 },
      ]);
      const build = examiner.function(answer) as OverThree;
      examiner.same(
        await examiner.rows(await build(t, orders, items, payments)),
        [
          { id: 1, items: 2, paid: 10 },
          { id: 2, items: 1, paid: 7 },
          { id: 3, items: 2, paid: 2 },
        ],
        { anyOrder: true },
      );
    },
  },
];
