import type { Exercise } from '../exercise.js';

const left = ['both', 'event', 'both', 'event'] as const;

export const exercises: readonly Exercise[] = [
  {
    id: '03.1',
    title: { en: 'What is left?', zh: '还剩下什么？' },
    hints: [
      { en: 'Where does a variable live, and where an event?', zh: '变量住在哪里？事件住在哪里？' },
      { en: 'Variables: the kernel. Events: the broker, on its disk.', zh: '变量：内核。事件：代理的磁盘。' },
      {
        en: '`npm start` is the parent of both server and broker; the kernels end with it.',
        zh: '`npm start` 管着服务器和代理；它一停，内核也就停了。',
      },
    ],
    solution: {
      code: `await check('03.1', ['both', 'event', 'both', 'event']);`,
      why: {
        en: "Events are on the broker's disk; variables end with their kernel.",
        zh: '事件在代理的磁盘上；变量随内核而去。',
      },
    },
    check(answer, t) {
      if (!Array.isArray(answer))
        return t.wrong('an array of four words was expected', '应为四个词组成的数组', { got: answer });
      for (const [index, word] of left.entries()) {
        const got = t.text(answer[index]);
        t.must(got !== '?', `number ${index + 1} is still open`, `第 ${index + 1} 项还没有填`, { got });
        t.must(
          got === word,
          `number ${index + 1}: ask of each program whether it ended`,
          `第 ${index + 1} 项：想一想每个程序有没有结束`,
          { got },
        );
      }
    },
  },
  {
    id: '03.2',
    title: { en: 'Forgotten', zh: '忘了什么' },
    hints: [
      { en: 'Look at the text: it says `[object Promise]`.', zh: '看看那段文字：里面写着 `[object Promise]`。' },
      {
        en: 'What does `source()` return, a number or a promise of one?',
        zh: '`source()` 返回的是数，还是数的 Promise？',
      },
      { en: '`sum += await source()`', zh: '`sum += await source()`' },
    ],
    solution: {
      code: `async function total(sources: (() => Promise<number>)[]) {
  let sum = 0;
  for (const source of sources) sum += await source();
  return sum;
}
await check('03.2', total);`,
      why: {
        en: 'A number and a promise are put together as text. With `sum: number` instead of `any` TypeScript would have refused.',
        zh: '数和 Promise 相加，变成了文字拼接。如果写 `sum: number` 而不是 `any`，TypeScript 就会拒绝。',
      },
    },
    async check(answer, t) {
      const total = t.function(answer);
      const source = (value: number) => async () => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return value;
      };
      for (const values of [[1, 2, 3], [10], []]) {
        const given = values.map((value) => `async () => ${value}`);
        const expected = values.reduce((a, b) => a + b, 0);
        t.same(await total(values.map(source)), expected, { given });
      }
    },
  },
  {
    id: '03.3',
    title: { en: 'Which broker?', zh: '用哪个代理？' },
    hints: [
      { en: 'The first of four that is there wins.', zh: '四个里第一个有的算数。' },
      { en: '`??` lets an empty text through. `||` does not.', zh: '`??` 会放过空字符串，`||` 不会。' },
      {
        en: "`option || variable || file || 'localhost:9092'`",
        zh: "`option || variable || file || 'localhost:9092'`",
      },
    ],
    solution: {
      code: `function brokerAddress(option?: string, variable?: string, file?: string) {
  return option || variable || file || 'localhost:9092';
}
await check('03.3', brokerAddress);`,
      why: {
        en: 'What is nearest to the call wins: option, environment, project, default.',
        zh: '离调用最近的优先：选项、环境变量、项目、默认值。',
      },
    },
    check: (answer, t) =>
      t.cases(answer, [
        { given: [], expected: 'localhost:9092' },
        { given: ['a:1', 'b:2', 'c:3'], expected: 'a:1' },
        { given: [undefined, 'b:2', 'c:3'], expected: 'b:2' },
        { given: [undefined, undefined, 'c:3'], expected: 'c:3' },
        { given: ['', '', 'c:3'], expected: 'c:3', about: { en: 'empty texts count as none', zh: '空字符串算没有' } },
      ]),
  },
];
