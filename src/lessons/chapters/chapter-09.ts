import { streamEnv } from '../../datastream/index.js';
import type { Examiner } from '../examiner.js';
import type { Exercise } from '../exercise.js';

const monday = Date.UTC(2024, 5, 3);

/** One reading a minute, from these values; `undefined` is a minute without one. */
function readings(values: readonly (number | undefined)[]): { time: number; value: number }[] {
  return values.flatMap((value, i) => (value === undefined ? [] : [{ time: monday + i * 60_000, value }]));
}

export const exercises: readonly Exercise[] = [
  {
    id: '09.1',
    title: { en: 'Two empty partitions', zh: '两个空分区' },
    hints: [
      {
        en: 'What is the watermark of a partition in which nothing has ever come?',
        zh: '一个从来没有来过消息的分区，水位线是多少？',
      },
      { en: 'And what is the smallest of six, if two have none?', zh: '六个里有两个没有水位线，最小的是多少？' },
    ],
    solution: {
      code: `await check('09.1', 'c');`,
      why: {
        en: 'Event time is as late as the slowest input says, and two of six say nothing at all. `why(job)` names them, `withIdleness` lets them go.',
        zh: '事件时间以最慢的输入为准，而六个里有两个什么也不说。`why(job)` 会点出它们的名字，`withIdleness` 让它们不再拖累别人。',
      },
    },
    check(answer, t: Examiner) {
      t.choice(answer, {
        a: {
          en: 'a delay would pass; here somebody never says how late it is',
          zh: '延迟总会过去；这里是有人始终不说现在几点',
        },
        b: {
          en: 'keys do not matter here: the watermark is made per partition, and empty ones count, too',
          zh: '这里与键无关：水位线按分区产生，空分区也算在内',
        },
        c: true,
        d: { en: 'an empty partition is nothing unusual, so nobody reports it', zh: '空分区并不稀奇，所以没有人报错' },
      });
    },
  },
  {
    id: '09.2',
    title: { en: 'The first alarm', zh: '最初的警报' },
    hints: [
      { en: 'Steel bends both ways. And: “from 0.5 on”.', zh: '钢材会向两边弯。还有：“0.5 及以上”。' },
      { en: 'Try `-0.66`, `0.5`, and the header line.', zh: '试试 `-0.66`、`0.5` 和表头那一行。' },
    ],
    solution: {
      code: `function isLoud(line: string): boolean {
  return Math.abs(Number(line.split(',')[1])) >= 0.5;
}
await check('09.2', isLoud);`,
      why: {
        en: 'The amount counts, the limit itself belongs to it, and a header becomes NaN, which is never large.',
        zh: '看的是绝对值，界限本身也算在内；表头会变成 NaN，永远不会“大”。',
      },
    },
    async check(answer, t) {
      await t.cases(answer, [
        { given: ['2024-06-06 14:32:00,1.1793'], expected: true },
        { given: ['2024-06-03 00:00:00,-0.0645'], expected: false },
        {
          given: ['2024-06-04 10:05:00,-0.6600'],
          expected: true,
          about: { en: 'bent the other way', zh: '向另一边弯' },
        },
        { given: ['2024-06-04 10:05:00,0.5'], expected: true, about: { en: 'exactly the limit', zh: '正好在界限上' } },
        {
          given: ['2024-06-04 10:05:00,-0.5000\r'],
          expected: true,
          about: { en: 'a `\\r` at the end', zh: '末尾有 `\\r`' },
        },
        { given: ['Time,Value'], expected: false, about: { en: 'the header', zh: '表头' } },
      ]);
    },
  },
  {
    id: '09.3',
    title: { en: 'Gaps', zh: '空当' },
    hints: [
      { en: 'What must be remembered from one reading to the next?', zh: '从一个读数到下一个，需要记住什么？' },
      {
        en: 'A process function behind `keyBy(() => "the bridge")`, with a `ValueState` of the last time.',
        zh: '在 `keyBy(() => "这座桥")` 后面写处理函数，用 `ValueState` 记住上一次的时间。',
      },
    ],
    solution: {
      code: `class Gaps extends KeyedProcessFunction<string, Reading, { from: number; to: number }> {
  private last!: ValueState<number>;
  open(context: RuntimeContext) { this.last = context.getState(new ValueStateDescriptor<number>('last')); }

  processElement({ time }: Reading, _context: unknown, out: Collector<{ from: number; to: number }>) {
    const from = this.last.value();
    if (from !== null && time - from > minutes(5)) out.collect({ from, to: time });
    this.last.update(time);
  }
}
await check('09.3', (stream: DataStream<Reading>) => stream.keyBy(() => 'the bridge').process(new Gaps()));`,
      why: {
        en: 'It tells of a gap when it is over. Who wants to know while it lasts needs a timer, and another input or the wall clock to move it.',
        zh: '它在空当结束时才报告。想在空当期间就知道，需要定时器，还需要别的输入或者墙上的钟来推动它。',
      },
    },
    async check(answer, t) {
      const build = t.function(answer);
      const minute = (i: number) => monday + i * 60_000;
      const cases = [
        [[0, 0, 0, 0], [], { en: 'one reading a minute', zh: '每分钟一个读数' }],
        [
          [0, 0, undefined, undefined, undefined, undefined, undefined, 0, 0],
          [{ from: minute(1), to: minute(7) }],
          { en: 'six minutes between two readings', zh: '两个读数之间隔了六分钟' },
        ],
        [
          [0, undefined, undefined, undefined, undefined, 0],
          [],
          { en: 'five minutes are not more than five', zh: '五分钟不算超过五分钟' },
        ],
        [
          [0, ...Array(9).fill(undefined), 0, ...Array(19).fill(undefined), 0],
          [
            { from: minute(0), to: minute(10) },
            { from: minute(10), to: minute(30) },
          ],
          { en: 'two gaps, one after the other', zh: '接连两个空当' },
        ],
      ] as const;
      for (const [values, expected, about] of cases) {
        const stream = streamEnv().fromCollection(readings(values as readonly (number | undefined)[]));
        t.same(await t.rows(build(stream)), expected, { about });
      }
    },
  },
  {
    id: '09.4',
    title: { en: 'A recent normal', zh: '近来的常态' },
    hints: [
      {
        en: 'Which values does `slice(i - 2, i + 1)` take? Is the one at `i` among them?',
        zh: '`slice(i - 2, i + 1)` 取了哪些值？其中有没有位置 `i` 的那个？',
      },
      {
        en: 'The three before it are `slice(i - 3, i)`, and the first has none.',
        zh: '它前面的三个是 `slice(i - 3, i)`，而第一个前面没有。',
      },
    ],
    solution: {
      code: `function aroundNormal(values: number[]): number[] {
  return values.map((value, i) => {
    const before = values.slice(Math.max(0, i - 3), i);
    return before.length === 0 ? value : value - mean(before);
  });
}
await check('09.4', aroundNormal);`,
      why: {
        en: 'What is judged must not help to set the measure. (After a needle the next three are compared with a mean that it has spoilt: a median would not mind.)',
        zh: '被评判的东西不能参与制定标准。（尖峰之后的三个读数，会和被它带偏的均值比较；用中位数就不怕。）',
      },
    },
    async check(answer, t) {
      await t.cases(answer, [
        {
          given: [[0, 0, 0, 0.9]],
          expected: [0, 0, 0, 0.9],
          about: { en: 'a needle after a calm', zh: '平静之后的一个尖峰' },
        },
        { given: [[2, 2, 2, 2, 2]], expected: [2, 0, 0, 0, 0], about: { en: 'a steady load', zh: '恒定的荷载' } },
        {
          given: [[1, 2, 4, 8, 16]],
          expected: [1, 1, 2.5, 8 - 7 / 3, 16 - 14 / 3],
          about: { en: 'fewer than three before it', zh: '前面不足三个' },
        },
        { given: [[]], expected: [], about: { en: 'no readings', zh: '没有读数' } },
      ]);
    },
  },
  {
    id: '09.5',
    title: { en: 'On and off', zh: '开与关' },
    hints: [
      {
        en: 'Between 0.3 and 0.5 nothing changes: what was on stays on.',
        zh: '在 0.3 和 0.5 之间什么也不变：开着的还开着。',
      },
      {
        en: 'A `ValueState<boolean>`; put something out only where it changes.',
        zh: '用 `ValueState<boolean>`；只在变化时输出。',
      },
    ],
    solution: {
      code: `class OnOff extends KeyedProcessFunction<string, Reading, string> {
  private on!: ValueState<boolean>;
  open(context: RuntimeContext) { this.on = context.getState(new ValueStateDescriptor<boolean>('on')); }

  processElement({ value }: Reading, _context: unknown, out: Collector<string>) {
    const strain = Math.abs(value);
    const on = this.on.value() ?? false;
    if (!on && strain >= 0.5) out.collect('on');
    if (on && strain < 0.3) out.collect('off');
    this.on.update(on ? strain >= 0.3 : strain >= 0.5);
  }
}
await check('09.5', (stream: DataStream<Reading>) => stream.keyBy(() => 'the bridge').process(new OnOff()));`,
      why: {
        en: 'Two limits and one bit of memory: between the limits the past decides.',
        zh: '两个界限，加一位记忆：在界限之间由过去决定。',
      },
    },
    async check(answer, t) {
      const build = t.function(answer);
      const cases = [
        [[0.1, 0.6, 0.1], ['on', 'off'], { en: 'one short event', zh: '一个短事件' }],
        [[0.6, 0.7, 0.4, 0.5, 0.31, 0.2, 0.1], ['on', 'off'], { en: 'between the limits', zh: '在两个界限之间' }],
        [[0.6, -0.6, 0.1, -0.5], ['on', 'off', 'on'], { en: 'bent the other way', zh: '向另一边弯' }],
        [[0.4, 0.3, 0.49], [], { en: 'never reached 0.5', zh: '从未达到 0.5' }],
        [[0.5, 0.3, 0.29], ['on', 'off'], { en: 'exactly at the limits', zh: '正好在界限上' }],
      ] as const;
      for (const [values, expected, about] of cases) {
        const got = await t.rows(build(streamEnv().fromCollection(readings(values))));
        t.same(got, expected, { given: values, about });
      }
    },
  },
];
