import type { Exercise } from '../exercise.js';
import type { Text } from '../language.js';

const promises: readonly (readonly [word: string, why: Text])[] = [
  [
    'at most once',
    { en: 'dead between the two, it never sends that mail', zh: '死在两者之间，那封邮件就再也不会发了' },
  ],
  ['at least once', { en: 'dead between the two, it adds the money again', zh: '死在两者之间，钱会再加一遍' }],
  [
    'exactly once',
    {
      en: 'the row may be written twice, but under one key it is one row: the effect is there once',
      zh: '这一行可能写两遍，但键相同就还是一行：效果只有一份',
    },
  ],
  [
    'at most once',
    { en: 'what was received and not yet counted is skipped after a crash', zh: '收到了还没计数的，崩溃以后就被跳过' },
  ],
];

export const guarantees: readonly Exercise[] = [
  {
    id: '02.4',
    title: { en: 'What is promised?', zh: '保证了什么？' },
    hints: [
      {
        en: 'Pull the plug between the two steps of each. What happens to the element after the restart?',
        zh: '在每个程序的两步之间拔掉电源。重启以后，那个元素会怎样？',
      },
      { en: 'Position first: skipped. Work first: done again.', zh: '先写位置：被跳过。先干活：再做一遍。' },
      {
        en: 'One of the four does its work again, and nobody can tell.',
        zh: '四个程序里有一个会重做，但谁也看不出来。',
      },
    ],
    solution: {
      code: `await check('02.4', ['at most once', 'at least once', 'exactly once', 'at most once']);`,
      why: {
        en: 'The order of two writes decides, unless doing it again changes nothing.',
        zh: '由两次写入的先后决定，除非重做一遍什么也不改变。',
      },
    },
    check(answer, t) {
      t.must(Array.isArray(answer), 'an array of four answers was expected', '应为四个答案组成的数组', { got: answer });
      for (const [index, [word, why]] of promises.entries()) {
        const got = t.text((answer as unknown[])[index]);
        t.must(
          got === word,
          got === '?' ? `number ${index + 1} is still open` : `number ${index + 1}: ${why.en}`,
          got === '?' ? `第 ${index + 1} 项还没有填` : `第 ${index + 1} 项：${why.zh}`,
          { got },
        );
      }
    },
  },
  {
    id: '02.5',
    title: { en: 'Lost and doubled', zh: '丢失与重复' },
    hints: [
      { en: 'A number that came three times came twice too often.', zh: '出现了三次的编号，多出来两次。' },
      { en: 'Count how often each number was got, in a `Map`.', zh: '用 `Map` 数一数每个编号出现了几次。' },
      {
        en: 'lost: expected numbers with a count of 0. doubled: the sum of (count - 1) over those with more than one.',
        zh: '丢失：计数为 0 的应有编号。重复：计数大于一的编号，把（计数 - 1）加起来。',
      },
    ],
    solution: {
      code: `function compareNumbers(expected: number[], got: number[]) {
  const counts = new Map<number, number>();
  for (const number of got) counts.set(number, (counts.get(number) ?? 0) + 1);
  const lost = expected.filter((number) => !counts.has(number)).length;
  const doubled = [...counts.values()].reduce((sum, count) => sum + count - 1, 0);
  return { lost, doubled };
}
await check('02.5', compareNumbers);`,
      why: {
        en: 'Comparing the totals alone would not do: one lost and one doubled look like nothing happened.',
        zh: '只比较总数不行：丢一个又重一个，看起来就像什么都没发生。',
      },
    },
    check: (answer, t) =>
      t.cases(answer, [
        {
          given: [
            [1, 2, 3],
            [1, 2, 2, 3],
          ],
          expected: { lost: 0, doubled: 1 },
        },
        { given: [[1, 2, 3], [3]], expected: { lost: 2, doubled: 0 } },
        {
          given: [
            [1, 2, 3],
            [1, 2, 2],
          ],
          expected: { lost: 1, doubled: 1 },
          about: { en: 'one lost and one doubled: the totals agree', zh: '丢一个又重一个：总数是相等的' },
        },
        {
          given: [
            [7, 8],
            [8, 8, 8, 7],
          ],
          expected: { lost: 0, doubled: 2 },
          about: { en: 'the same one three times', zh: '同一个出现三次' },
        },
        { given: [[1, 2], []], expected: { lost: 2, doubled: 0 }, about: { en: 'nothing came', zh: '什么也没来' } },
      ]),
  },
  {
    id: '02.6',
    title: { en: 'Two tickets, one price', zh: '两张票，同一个价' },
    hints: [
      {
        en: 'Which two payments does the program take for one and the same?',
        zh: '程序把哪两笔付款当成了同一笔？',
      },
      {
        en: 'Equal values do not make it the same event. What does?',
        zh: '数值相等并不说明是同一个事件。什么才能说明？',
      },
      { en: 'The mark has to be `payment.id`.', zh: '标记应当用 `payment.id`。' },
    ],
    solution: {
      code: `function total(payments: { id: string; card: string; amount: number }[]) {
  const seen = new Set<string>();
  let sum = 0;
  for (const payment of payments) {
    if (seen.has(payment.id)) continue;
    seen.add(payment.id);
    sum += payment.amount;
  }
  return sum;
}
await check('02.6', total);`,
      why: {
        en: 'An event is the same as another only by its identity; that is why events need an id. (The set grows for ever: chapter 7 lets it forget.)',
        zh: '两个事件是不是同一个，只能看身份标识，所以事件需要 id。（这个集合会无限增长：第 7 章教它遗忘。）',
      },
    },
    check: (answer, t) =>
      t.cases(answer, [
        {
          given: [
            [
              { id: 'a', card: '4', amount: 10 },
              { id: 'a', card: '4', amount: 10 },
            ],
          ],
          expected: 10,
          about: { en: 'one payment that came twice', zh: '同一笔付款来了两次' },
        },
        {
          given: [
            [
              { id: 'a', card: '4', amount: 30 },
              { id: 'b', card: '4', amount: 30 },
            ],
          ],
          expected: 60,
          about: { en: 'two payments of one price', zh: '两笔金额相同的付款' },
        },
        {
          given: [
            [
              { id: 'a', card: '4', amount: 5 },
              { id: 'b', card: '5', amount: 5 },
              { id: 'a', card: '4', amount: 5 },
              { id: 'c', card: '4', amount: 5 },
            ],
          ],
          expected: 15,
        },
        { given: [[]], expected: 0 },
      ]),
  },
  {
    id: '02.7',
    title: { en: 'Recover', zh: '恢复' },
    hints: [
      {
        en: 'The element at `lastOffset` is in the sum already. Which is the first that is not?',
        zh: '`lastOffset` 处的元素已经算进去了。第一个还没算的是哪个？',
      },
      {
        en: 'Kafka avoids the question: a committed offset is that of the *next* element.',
        zh: 'Kafka 避开了这个问题：提交的偏移量指的是*下一个*元素。',
      },
      {
        en: 'Begin at `lastOffset + 1`; without a checkpoint, at 0 with a sum of 0.',
        zh: '从 `lastOffset + 1` 开始；没有检查点时，从 0 开始，和为 0。',
      },
    ],
    solution: {
      code: `function recover(log: number[], checkpoint: { sum: number; lastOffset: number } | undefined) {
  let sum = checkpoint?.sum ?? 0;
  for (let offset = (checkpoint?.lastOffset ?? -1) + 1; offset < log.length; offset++) sum += log[offset];
  return sum;
}
await check('02.7', recover);`,
      why: {
        en: '"Last" and "next" differ by one element, counted twice or lost; and the first checkpoint is always missing once.',
        zh: '"最后一个"和"下一个"差一个元素，不是重就是丢；而第一个检查点总有还不存在的时候。',
      },
    },
    check: (answer, t) =>
      t.cases(answer, [
        { given: [[1, 2, 3, 4], { sum: 3, lastOffset: 1 }], expected: 10 },
        {
          given: [[5, 6], undefined],
          expected: 11,
          about: { en: 'killed before the first checkpoint', zh: '在第一个检查点之前被杀' },
        },
        {
          given: [[5, 6], { sum: 11, lastOffset: 1 }],
          expected: 11,
          about: { en: 'killed when all was done', zh: '全部做完时才被杀' },
        },
        {
          given: [[5, 6], { sum: 5, lastOffset: 0 }],
          expected: 11,
          about: { en: 'a checkpoint after the very first element', zh: '在第一个元素之后的检查点' },
        },
      ]),
  },
];
