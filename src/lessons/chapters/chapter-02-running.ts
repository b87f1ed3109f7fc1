import type { Exercise } from '../exercise.js';

/** For each column: what will do, and what the wrong one costs. */
const columns = {
  card: {
    fits: /^(BIGINT|STRING|CHAR\(16\)|VARCHAR\(\d+\))$/,
    en: '16 digits need 54 bits',
    zh: '16 位数字需要 54 个比特',
  },
  id: {
    fits: /^(STRING|CHAR\(9\)|VARCHAR\(\d+\))$/,
    en: 'as a number, 050314421 is 50314421: what is only looked up and never added up is text',
    zh: '当作数字，050314421 就变成 50314421：只用来查、不用来加的东西是文本',
  },
  amount: {
    fits: /^DECIMAL\((\d+), ?2\)$/,
    en: 'binary fractions cannot hold 0.10: money needs a decimal with two places',
    zh: '二进制小数存不下 0.10：钱要用两位小数的十进制数',
  },
  epochSeconds: {
    fits: /^(BIGINT|TIMESTAMP(_LTZ)?\(\d\))$/,
    en: '32 bits of seconds end in January 2038',
    zh: '32 位的秒数到 2038 年 1 月就用完了',
  },
} as const;

export const running: readonly Exercise[] = [
  {
    id: '02.8',
    title: { en: 'Whose key group is it?', zh: '键组归谁？' },
    hints: [
      {
        en: 'A subtask owns a *range*: with 2 of 128, key groups 0 to 63 belong to subtask 0.',
        zh: '一个子任务拥有*一段*：128 分给 2 个，键组 0 到 63 归子任务 0。',
      },
      { en: 'The formula stands above, in the box.', zh: '公式就在上面的方框里。' },
      {
        en: '`Math.floor(keyGroup * parallelism / maxParallelism)`',
        zh: '`Math.floor(keyGroup * parallelism / maxParallelism)`',
      },
    ],
    solution: {
      code: `function subtaskOf(keyGroup: number, parallelism: number, maxParallelism: number) {
  return Math.floor((keyGroup * parallelism) / maxParallelism);
}
await check('02.8', subtaskOf);`,
      why: {
        en: 'Ranges, not remainders: with another parallelism whole ranges move, and state moves with them.',
        zh: '按段，不按余数：并行度一变，整段搬走，状态也跟着搬。',
      },
    },
    check: (answer, t) =>
      t.cases(answer, [
        { given: [0, 4, 128], expected: 0 },
        { given: [127, 4, 128], expected: 3 },
        { given: [63, 2, 128], expected: 0, about: { en: 'the end of a range', zh: '一段的末尾' } },
        { given: [64, 2, 128], expected: 1, about: { en: 'the beginning of a range', zh: '一段的开头' } },
        { given: [42, 3, 128], expected: 0, about: { en: '128 is no multiple of 3', zh: '128 不是 3 的倍数' } },
        { given: [43, 3, 128], expected: 1, about: { en: '128 is no multiple of 3', zh: '128 不是 3 的倍数' } },
        { given: [4095, 7, 4096], expected: 6 },
      ]),
  },
  {
    id: '02.9',
    title: { en: 'How many TaskManagers?', zh: '几个 TaskManager？' },
    hints: [
      { en: 'How many slots does the job need when operators share them?', zh: '算子共享槽时，这个作业需要几个槽？' },
      { en: 'As many as its highest parallelism, not the sum.', zh: '等于最高的并行度，而不是总和。' },
      { en: 'Divide by the slots of one, and round up.', zh: '除以每个的槽数，向上取整。' },
    ],
    solution: {
      code: `function taskManagers(parallelism: number[], slotsEach: number) {
  return Math.ceil(Math.max(...parallelism) / slotsEach);
}
await check('02.9', taskManagers);`,
      why: {
        en: 'A slot holds one subtask of each operator, so the widest operator decides.',
        zh: '一个槽容纳每个算子的一个子任务，所以由最宽的算子决定。',
      },
    },
    check: (answer, t) =>
      t.cases(answer, [
        { given: [[1, 4, 4, 2], 4], expected: 1 },
        { given: [[1, 4, 4, 2], 2], expected: 2 },
        {
          given: [[5], 2],
          expected: 3,
          about: { en: 'a half-full TaskManager is one, too', zh: '半满的 TaskManager 也算一个' },
        },
        { given: [[1], 8], expected: 1 },
      ]),
  },
  {
    id: '02.10',
    title: { en: 'The right type', zh: '合适的类型' },
    hints: [
      { en: 'Would you ever add two ID numbers?', zh: '你会把两个身份编号相加吗？' },
      { en: 'Three of the four columns need another type.', zh: '四列里有三列要换类型。' },
      {
        en: 'Text for the ID, DECIMAL for the money, BIGINT for the seconds.',
        zh: '编号用文本，钱用 DECIMAL，秒数用 BIGINT。',
      },
    ],
    solution: {
      code: `const columns = { card: 'BIGINT', id: 'STRING', amount: 'DECIMAL(10, 2)', epochSeconds: 'BIGINT' };
await check('02.10', columns);`,
      why: {
        en: 'A type is a promise about what will never be lost.',
        zh: '类型是一个承诺：什么东西永远不会丢。',
      },
    },
    check(answer, t) {
      if (typeof answer !== 'object' || answer === null) {
        return t.wrong('an object with four columns was expected', '应为有四列的对象', { got: answer });
      }
      for (const [name, { fits, en, zh }] of Object.entries(columns)) {
        const got = t.text((answer as Record<string, unknown>)[name]).toUpperCase();
        t.must(fits.test(got), `\`${name}\`: ${en}`, `\`${name}\`：${zh}`, { got });
      }
    },
  },
];
