import type { Exercise } from '../exercise.js';

export const exercises: readonly Exercise[] = [
  {
    id: '00.1',
    title: { en: 'How exercises work', zh: '练习怎么做' },
    hints: [
      { en: 'What stands behind the arrow is what the function gives.', zh: '箭头后面就是函数的返回值。' },
      { en: 'Twice 3 is `2 * 3`.', zh: '3 的两倍是 `2 * 3`。' },
      { en: 'Write `2 * n` behind the arrow.', zh: '在箭头后面写 `2 * n`。' },
    ],
    solution: {
      code: `const twice = (n: number) => 2 * n;
await check('00.1', twice);`,
      why: {
        en: 'Your function was tried on numbers you had not seen. So are all others in this course.',
        zh: '你的函数用你没见过的数试过了。本课程的其他练习也都是这样。',
      },
    },
    check: (answer, t) =>
      t.cases(answer, [
        { given: [3], expected: 6 },
        { given: [0], expected: 0 },
        { given: [-2.5], expected: -5, about: { en: 'a number below zero', zh: '负数' } },
      ]),
  },
];
