import type { Exercise } from '../exercise.js';
import type { Text } from '../language.js';

/** The maker's answers to a row of values. */
function means(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value, index) => {
    sum += value;
    return sum / (index + 1);
  });
}

const boundedWhy: readonly Text[] = [
  { en: 'last year is over: nothing will be added', zh: '去年已经过去，不会再添新的了' },
  { en: 'as long as the site is up, somebody may click', zh: '只要网站还在，就随时可能有人点击' },
  { en: 'the file has a last byte', zh: '文件有最后一个字节' },
  { en: 'the gauge was not built to stop', zh: '应变计装上去就没打算停' },
];

export const exercises: readonly Exercise[] = [
  {
    id: '01.1',
    title: { en: 'Bounded or not', zh: '有界还是无界' },
    hints: [
      { en: 'Ask of each: will there be a last element?', zh: '对每一项问一句：会有最后一个元素吗？' },
      { en: 'Two of the four are bounded.', zh: '四项里有两项是有界的。' },
      {
        en: 'What lies in a file is bounded, and so is a time that has passed.',
        zh: '文件里的数据是有界的，已经过去的一段时间也是。',
      },
    ],
    solution: {
      code: `await check('01.1', ['bounded', 'unbounded', 'bounded', 'unbounded']);`,
      why: {
        en: 'A novel and a year that is over have a last element; clicks and sensors go on.',
        zh: '一部小说、已经过去的一年都有最后一个元素；点击和传感器则会一直继续。',
      },
    },
    check(answer, t) {
      t.must(Array.isArray(answer), 'an array of four words was expected', '应为四个词组成的数组', { got: answer });
      const expected = ['bounded', 'unbounded', 'bounded', 'unbounded'];
      for (const [index, word] of expected.entries()) {
        const got = t.text((answer as unknown[])[index]);
        t.must(
          got === 'bounded' || got === 'unbounded',
          `number ${index + 1} is neither \`bounded\` nor \`unbounded\``,
          `第 ${index + 1} 项既不是 \`bounded\` 也不是 \`unbounded\``,
          { got },
        );
        const why = boundedWhy[index]!;
        t.must(got === word, `number ${index + 1}: ${why.en}`, `第 ${index + 1} 项：${why.zh}`, { got });
      }
    },
  },
  {
    id: '01.2',
    title: { en: 'The mean so far', zh: '到目前为止的平均值' },
    hints: [
      {
        en: 'What must be remembered from one value to the next? It is less than the values.',
        zh: '从一个值到下一个值，必须记住什么？比所有的值要少。',
      },
      { en: 'Two numbers: how many values came, and their sum.', zh: '两个数：来了多少个值，以及它们的和。' },
      {
        en: 'Declare both inside `runningMean`, before the function it returns: then each maker has its own.',
        zh: '把两者都声明在 `runningMean` 里面、返回的函数之前：这样每个制造器都有自己的一份。',
      },
    ],
    solution: {
      code: `function runningMean() {
  let count = 0;
  let sum = 0;
  return (value: number) => {
    count += 1;
    sum += value;
    return sum / count;
  };
}
await check('01.2', runningMean);`,
      why: {
        en: 'Two numbers are state enough for a mean, however long the stream is.',
        zh: '无论流有多长，两个数作为状态就足以算出平均值。',
      },
    },
    async check(answer, t) {
      const make = t.function(answer);
      for (const values of [[4], [2, 4, 9], [0.5, -0.5, 3, 3, 3], [1e6, 1, 1]]) {
        const next = t.function(await make());
        const got: unknown[] = [];
        for (const value of values) got.push(await next(value));
        t.same(got, means(values), { given: values });
      }
      const [one, two] = [t.function(await make()), t.function(await make())];
      await one(100);
      t.same(await two(2), 2, {
        given: 2,
        about: { en: 'a second maker must not know of the first', zh: '第二个制造器不应知道第一个的数据' },
      });
    },
  },
  {
    id: '01.3',
    title: { en: 'Overtaken', zh: '被超车' },
    hints: [
      {
        en: 'Go through the list once. What do you compare each time with?',
        zh: '把列表走一遍。每个时刻要和什么比较？',
      },
      {
        en: 'Keep the latest time seen so far; the neighbour alone is not enough.',
        zh: '记住到目前为止见过的最晚时刻；只和前一个邻居比是不够的。',
      },
      {
        en: 'Count the times that are smaller than the largest before them.',
        zh: '数一数有多少个时刻小于它前面的最大值。',
      },
    ],
    solution: {
      code: `function overtaken(madeInOrderOfArrival: number[]) {
  let latest = -Infinity;
  let count = 0;
  for (const made of madeInOrderOfArrival) {
    if (made < latest) count += 1;
    else latest = made;
  }
  return count;
}
await check('01.3', overtaken);`,
      why: {
        en: 'One number of state, the latest time seen: chapter 8 builds the watermark on it.',
        zh: '只需一个数作为状态：见过的最晚时刻。第 8 章的水位线就建立在它上面。',
      },
    },
    check: (answer, t) =>
      t.cases(answer, [
        { given: [[1, 2, 3]], expected: 0 },
        { given: [[1, 3, 2]], expected: 1 },
        {
          given: [[5, 1, 2, 3]],
          expected: 3,
          about: { en: 'all three behind the 5 were overtaken by it', zh: '5 后面的三个都被它超车了' },
        },
        { given: [[2, 2, 2]], expected: 0, about: { en: 'equal times overtake nobody', zh: '时刻相同不算超车' } },
        { given: [[]], expected: 0, about: { en: 'a stream without elements', zh: '没有元素的流' } },
        { given: [[-5, -7, -6, -1]], expected: 2, about: { en: 'times before 1970', zh: '1970 年以前的时刻' } },
      ]),
  },
  {
    id: '01.4',
    title: { en: 'A mean of means', zh: '平均值的平均值' },
    hints: [
      {
        en: 'Try it on two batches of different size: `[[1], [3, 3, 3]]`.',
        zh: '用两个大小不同的批次试一试：`[[1], [3, 3, 3]]`。',
      },
      {
        en: 'A batch of one counts as much as a batch of three. It should not.',
        zh: '只有一个元素的批次和三个元素的批次分量一样，这不应该。',
      },
      {
        en: 'Carry sum and count through the batches and divide once, at the end. And a batch may be empty.',
        zh: '把和与个数一路带过所有批次，最后只除一次。另外，批次也可能是空的。',
      },
    ],
    solution: {
      code: `function meanOfBatches(batches: number[][]) {
  let sum = 0;
  let count = 0;
  for (const batch of batches) {
    for (const value of batch) sum += value;
    count += batch.length;
  }
  return sum / count;
}
await check('01.4', meanOfBatches);`,
      why: {
        en: 'The tests had batches of one size. In production they are as large as the stream was busy.',
        zh: '测试时批次一样大；上线以后，流有多忙，批次就有多大。',
      },
    },
    check: (answer, t) =>
      t.cases(answer, [
        {
          given: [
            [
              [1, 2],
              [3, 4],
            ],
          ],
          expected: 2.5,
        },
        {
          given: [[[1], [3, 3, 3]]],
          expected: 2.5,
          about: { en: 'batches of different size', zh: '大小不同的批次' },
        },
        { given: [[[2], [], [4]]], expected: 3, about: { en: 'a batch in which nothing came', zh: '一个空的批次' } },
        { given: [[[10]]], expected: 10 },
      ]),
  },
  {
    id: '01.5',
    title: { en: 'The smallest batch that keeps up', zh: '跟得上的最小批次' },
    hints: [
      { en: 'How long does it take until n elements have come?', zh: '攒够 n 个元素要多长时间？' },
      {
        en: 'Writing a batch may not take longer than gathering the next: `callMs + n * elementMs <= n * 1000 / perSecond`.',
        zh: '写一个批次的时间不能超过攒下一个批次的时间：`callMs + n * elementMs <= n * 1000 / perSecond`。',
      },
      {
        en: 'Solve for n and round up, but not below 1. What if an element costs as much time as it takes to come?',
        zh: '解出 n，向上取整，但不小于 1。如果处理一个元素的时间不短于它到来的间隔呢？',
      },
    ],
    solution: {
      code: `function smallestBatch(perSecond: number, callMs: number, elementMs: number) {
  const spareMs = 1000 / perSecond - elementMs;
  return spareMs > 0 ? Math.max(1, Math.ceil(callMs / spareMs)) : Infinity;
}
await check('01.5', smallestBatch);`,
      why: {
        en: 'Each element leaves a little time over; the batch must gather enough of it to pay for the call.',
        zh: '每个元素都会省下一点时间，批次要攒够这些时间，才付得起一次调用。',
      },
    },
    check: (answer, t) =>
      t.cases(answer, [
        { given: [100, 50, 5], expected: 10 },
        { given: [100, 1, 1], expected: 1, about: { en: 'one at a time keeps up', zh: '逐条就跟得上' } },
        {
          given: [250, 10, 1],
          expected: 4,
          about: { en: 'a part of an element is a whole one', zh: '不足一个也算一个' },
        },
        {
          given: [1000, 5, 1],
          expected: Number.POSITIVE_INFINITY,
          about: { en: 'no time is left over', zh: '没有剩余的时间' },
        },
        { given: [10, 0, 3], expected: 1, about: { en: 'a call costs nothing', zh: '一次调用不花时间' } },
      ]),
  },
];
