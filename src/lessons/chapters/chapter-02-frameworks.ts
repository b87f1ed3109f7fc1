import type { Exercise } from '../exercise.js';

const day = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((minute) => ({ minute, yuan: 10 ** (minute % 4) }));
const truth = (now: number): number =>
  day.filter(({ minute }) => minute <= now).reduce((sum, { yuan }) => sum + yuan, 0);

const fitting = ['flink', 'spark', 'storm', 'trident'] as const;

/** Batches as they come after crashes, and what they make. */
const replays = [
  {
    batches: [
      { id: 0, amounts: [10, 20] },
      { id: 1, amounts: [5] },
    ],
    sum: 35,
    about: { en: 'nothing is replayed', zh: '没有重放' },
  },
  {
    batches: [
      { id: 0, amounts: [10, 20] },
      { id: 0, amounts: [10, 20] },
      { id: 1, amounts: [5] },
    ],
    sum: 35,
    about: { en: 'the first batch comes twice', zh: '第一批来了两遍' },
  },
  {
    batches: [0, 1, 1, 1, 2].map((id) => ({ id, amounts: [id + 1] })),
    sum: 6,
    about: { en: 'one batch comes three times', zh: '有一批来了三遍' },
  },
  {
    batches: [
      { id: 0, amounts: [7] },
      { id: 1, amounts: [7] },
      { id: 2, amounts: [] },
      { id: 2, amounts: [] },
    ],
    sum: 14,
    about: { en: 'two batches that look alike, and an empty one', zh: '两个一模一样的批次，还有一个空的' },
  },
];

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
    id: '02.2',
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
      code: `await check('02.2', ['flink', 'spark', 'storm', 'trident']);`,
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
  {
    id: '02.3',
    title: { en: 'A batch that comes twice', zh: '来了两遍的批次' },
    hints: [
      {
        en: 'What can the state keep, besides the sum, so that it knows the batch again?',
        zh: '除了总和，状态里还能记下什么，好认出来过的批次？',
      },
      {
        en: 'Batches come in order, and one that comes again has the number of the last one.',
        zh: '批次按顺序来，重来的批次编号和上一个相同。',
      },
      {
        en: 'If `batch.id === state.lastId`, the state is right as it is. Otherwise sum and number change together.',
        zh: '如果 `batch.id === state.lastId`，状态本来就是对的。否则总和与编号一起变。',
      },
    ],
    solution: {
      code: `function apply(
  state: { sum: number; lastId: number },
  batch: { id: number; amounts: number[] },
) {
  if (batch.id === state.lastId) return state;
  const added = batch.amounts.reduce((a, b) => a + b, 0);
  return { sum: state.sum + added, lastId: batch.id };
}
await check('02.3', apply);`,
      why: {
        en: 'Sum and number are written together, so a batch that is replayed finds its own number and changes nothing: at least once on the way, exactly once in effect.',
        zh: '总和与编号一起写入，重放的批次看到自己的编号，什么也不改：路上是至少一次，效果是精确一次。',
      },
    },
    async check(answer, t) {
      const apply = t.function(answer);
      for (const { batches, sum, about } of replays) {
        let state: unknown = { sum: 0, lastId: -1 };
        for (const batch of batches) state = await apply(state, batch);
        t.same((state as { sum?: unknown } | undefined)?.sum, sum, { given: batches, about });
      }
    },
  },
];
