import type { Exercise } from '../exercise.js';

const day = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((minute) => ({ minute, yuan: 10 ** (minute % 4) }));
const truth = (now: number): number =>
  day.filter(({ minute }) => minute <= now).reduce((sum, { yuan }) => sum + yuan, 0);

const fitting = ['flink', 'spark', 'storm', 'trident'] as const;

export const frameworks: readonly Exercise[] = [
  {
    id: '02.1',
    title: { en: 'Where the layers meet', zh: '两层相接之处' },
    hints: [
      { en: 'Which minute belongs to both layers?', zh: '哪一分钟同时属于两层？' },
      {
        en: 'The batch includes `until`, so the speed layer begins after it.',
        zh: '批处理包含 `until`，所以速度层要从它之后开始。',
      },
      {
        en: 'And if `until > now`, the batch knows receipts that have not come yet at `now`: it must not count them.',
        zh: '另外，如果 `until > now`，批处理里有 `now` 时还没来的小票，不能算进去。',
      },
    ],
    solution: {
      code: `function turnoverAt(now: number, until: number, all: { minute: number; yuan: number }[]) {
  const add = (some: { yuan: number }[]) => some.reduce((sum, r) => sum + r.yuan, 0);
  const batch = add(all.filter((r) => r.minute <= until && r.minute <= now));
  const speed = add(all.filter((r) => r.minute > until && r.minute <= now));
  return batch + speed;
}
await check('02.1', turnoverAt);`,
      why: {
        en: 'Borders are where two layers lose or double: one of them must own the minute.',
        zh: '两层相接的边界最容易丢或重：那一分钟只能归其中一层。',
      },
    },
    check: (answer, t) =>
      t.cases(answer, [
        { given: [9, 5, day], expected: truth(9) },
        { given: [5, 5, day], expected: truth(5), about: { en: 'right at the border', zh: '正好在边界上' } },
        { given: [9, -1, day], expected: truth(9), about: { en: 'no batch has run yet', zh: '批处理还没运行过' } },
        {
          given: [3, 7, day],
          expected: truth(3),
          about: { en: 'the batch is ahead of `now`', zh: '批处理超过了 `now`' },
        },
      ]),
  },
  {
    id: '02.6',
    title: { en: 'Which framework?', zh: '选哪个框架？' },
    hints: [
      { en: 'Look at the rows *guarantee* and *latency* of the table.', zh: '看表里"一致性保证"和"延迟"两行。' },
      { en: 'Each of the four words is used once.', zh: '四个词各用一次。' },
      {
        en: 'The last two are the same system, without and with an addition.',
        zh: '后两个是同一套系统，一个不带附加层，一个带。',
      },
    ],
    solution: {
      code: `await check('02.6', ['flink', 'spark', 'storm', 'trident']);`,
      why: {
        en: 'Guarantee and latency decide first; what is already there decides next.',
        zh: '先看一致性保证和延迟，再看手头已有什么。',
      },
    },
    check(answer, t) {
      t.must(Array.isArray(answer), 'an array of four names was expected', '应为四个名字组成的数组', { got: answer });
      for (const [index, word] of fitting.entries()) {
        const got = t.text((answer as unknown[])[index]).toLowerCase();
        t.must(got !== '?', `number ${index + 1} is still open`, `第 ${index + 1} 项还没有填`, { got });
        t.must(got === word, `number ${index + 1}: another one fits better`, `第 ${index + 1} 项：另一个更合适`, {
          got,
        });
      }
    },
  },
];
