import type { Examiner } from '../examiner.js';
import type { Exercise } from '../exercise.js';

const row = (card: string, name: string, amount: string, time: string) => ({
  'Credit Card Number': card,
  Name: name,
  'ID Number': '110101199001011234',
  Amount: amount,
  Direction: 'out',
  'Transaction Time': time,
});

export const exercises: readonly Exercise[] = [
  {
    id: '10.1',
    title: { en: 'A parse for real files', zh: '经得起真实文件的 parse' },
    hints: [
      {
        en: 'A card number is a text. What does `Number` do to its first zero?',
        zh: '卡号是文本。`Number` 会对开头的零做什么？',
      },
      { en: '`.trim()` takes spaces and `\\r` off both ends.', zh: '`.trim()` 去掉两端的空格和 `\\r`。' },
    ],
    solution: {
      code: `const parseForReport = (row: Record<string, string>): Payment => ({
  card: row['Credit Card Number'].trim(),
  name: row.Name.trim(),
  amount: Number(row.Amount.trim()),
  year: Number(row['Transaction Time'].trim().slice(0, 4)),
});
await check('10.1', parseForReport);`,
      why: {
        en: 'What names is kept as text, what counts becomes a number, and the edges are cleaned.',
        zh: '用来称呼的保留为文本，用来计算的变成数，边缘都清理干净。',
      },
    },
    async check(answer, t) {
      await t.cases(answer, [
        {
          given: [row('6222020000000001', 'Ann', '120', '2001-02-03 04:05:06')],
          expected: { card: '6222020000000001', name: 'Ann', amount: 120, year: 2001 },
        },
        {
          given: [row('0503144210000002', '张三', '5000', '1999-12-31 23:59:59')],
          expected: { card: '0503144210000002', name: '张三', amount: 5000, year: 1999 },
          about: { en: 'a leading zero', zh: '开头的零' },
        },
        {
          given: [row(' 6222020000000003', ' 李四 ', ' 7 ', ' 2023-01-01 00:00:00\r')],
          expected: { card: '6222020000000003', name: '李四', amount: 7, year: 2023 },
          about: { en: 'spaces and a line end', zh: '空格和行尾' },
        },
      ]);
    },
  },
  {
    id: '10.2',
    title: { en: 'An audit', zh: '一次审计' },
    hints: [
      {
        en: 'Two equal payments may both be right: compare how *often* each occurs.',
        zh: '两笔相同的付款可能都对：要比较各出现*几次*。',
      },
      {
        en: 'Count both sides into a `Map`; more than expected is doubled, or wrong if none was expected.',
        zh: '两边各数进一个 `Map`；多于期望的是重复，本不该有的是多出。',
      },
    ],
    solution: {
      code: `const audit = (written: string[], expected: string[]): { missing: string[]; doubled: string[]; wrong: string[] } => {
  const counted = (all: string[]) => all.reduce((m, p) => m.set(p, (m.get(p) ?? 0) + 1), new Map<string, number>());
  const [got, wanted] = [counted(written), counted(expected)];
  const missing: string[] = [], doubled: string[] = [], wrong: string[] = [];
  for (const p of [...new Set([...got.keys(), ...wanted.keys()])].sort()) {
    const more = (got.get(p) ?? 0) - (wanted.get(p) ?? 0);
    for (let i = 0; i < Math.abs(more); i++) (more < 0 ? missing : wanted.has(p) ? doubled : wrong).push(p);
  }
  return { missing, doubled, wrong };
};
await check('10.2', audit);`,
      why: {
        en: 'Two customers may buy the same thing: what counts is how often each payment occurs on both sides.',
        zh: '两位顾客可能买同样的东西：要看每笔付款在两边各出现几次。',
      },
    },
    async check(answer, t) {
      await t.cases(answer, [
        {
          given: [
            ['a', 'b'],
            ['a', 'b'],
          ],
          expected: { missing: [], doubled: [], wrong: [] },
        },
        { given: [['a'], ['c', 'a', 'b']], expected: { missing: ['b', 'c'], doubled: [], wrong: [] } },
        {
          given: [
            ['b', 'a', 'b', 'x'],
            ['a', 'b'],
          ],
          expected: { missing: [], doubled: ['b'], wrong: ['x'] },
        },
        {
          given: [
            ['a', 'a'],
            ['a', 'a', 'a'],
          ],
          expected: { missing: ['a'], doubled: [], wrong: [] },
          about: {
            en: 'the same payment three times, and all three are meant',
            zh: '同一笔付款三次，而且三次都是真的',
          },
        },
      ]);
    },
  },
  {
    id: '10.3',
    title: { en: 'Two figures, one mistake', zh: '两个数字，一个错误' },
    hints: [
      {
        en: 'How long does a parcel take, if a ship brings 2,000 of them in ten days?',
        zh: '一艘船十天运来 2,000 个包裹，一个包裹要多久？',
      },
      {
        en: 'Throughput is rows by time; latency is the time of one row, from in to out. One cannot be had by dividing the other.',
        zh: '吞吐量是单位时间的行数；延迟是一行从进到出的时间。不能拿一个去除出另一个来。',
      },
    ],
    solution: {
      code: `await check('10.3', 'b');`,
      why: {
        en: 'Rows travel together; one of them is on its way as long as the others.',
        zh: '各行一同在路上；单独一行在路上的时间并不会因此变短。',
      },
    },
    check(answer, t: Examiner) {
      t.choice(answer, {
        a: { en: '2,000 / 0.4 s is 5,000 a second: that is right', zh: '2,000 / 0.4 秒就是每秒 5,000：没有错' },
        b: true,
        c: { en: 'a share of the total is not a time on the way', zh: '总时间的一份并不是路上的时间' },
      });
    },
  },
];
