import { streamEnv } from '../../datastream/index.js';
import { monotonousTimestamps } from '../../engine/time/watermarks.js';
import type { Examiner } from '../examiner.js';
import type { Exercise } from '../exercise.js';

const payment = (card: string, amount: number, minute: number) => ({
  card,
  what: 'something',
  amount,
  time: Date.UTC(2024, 4, 13, 9, minute),
});

/** The exercises of the second half of the chapter: state, time, payments from a topic. */
export const stateAndTime: readonly Exercise[] = [
  {
    id: '07.5',
    title: { en: 'When is the coffee forgotten?', zh: '咖啡什么时候被忘掉？' },
    hints: [
      {
        en: 'Whose clock is an event-time timer? Look at the picture of C’s sofa.',
        zh: '事件时间定时器看的是谁的钟？看看 C 的沙发那张图。',
      },
      { en: 'The watermark follows the element that raises it.', zh: '水位线跟在抬高它的那个元素后面。' },
    ],
    solution: {
      code: `await check('07.5', 'b');`,
      why: {
        en: 'The watermark of one subtask holds for all keys in it: B’s payment moves it past 09:01, but only after B’s payment itself has been looked at.',
        zh: '子任务的水位线对其中所有键有效：B 的支付把它推过了 09:01，但要等 B 的支付本身处理完之后。',
      },
    },
    check(answer, t: Examiner) {
      t.choice(answer, {
        a: {
          en: 'the timer is in event time: the clock on the wall does not concern it',
          zh: '这个定时器是事件时间的：墙上的钟与它无关',
        },
        b: true,
        c: {
          en: 'the watermark *follows* the element that raises it, so B is looked at first',
          zh: '水位线跟在抬高它的元素后面，所以先处理 B',
        },
        d: {
          en: 'the watermark belongs to the subtask, not to a key: other cards move it, too',
          zh: '水位线属于子任务而不是某个键：别的卡也会推动它',
        },
      });
    },
  },
  {
    id: '07.6',
    title: { en: 'Three small payments', zh: '三笔小额支付' },
    hints: [
      { en: 'What has to be remembered per card is one number.', zh: '每张卡要记住的只是一个数。' },
      {
        en: 'In `open`: `context.getState(new ValueStateDescriptor<number>("small ones"))`; `value()` is `null` at first.',
        zh: '在 `open` 里：`context.getState(new ValueStateDescriptor<number>("小额次数"))`；起初 `value()` 是 `null`。',
      },
      {
        en: 'A large payment clears the state; so does the third small one, after its alarm.',
        zh: '大额支付清空状态；第三笔小额在报警之后也清空。',
      },
    ],
    solution: {
      code: `class ThreeInARow extends KeyedProcessFunction<string, Payment, string> {
  private count!: ValueState<number>;
  open(context: RuntimeContext) { this.count = context.getState(new ValueStateDescriptor<number>('count')); }

  processElement(p: Payment, context: KeyedProcessContext<string>, out: Collector<string>) {
    const n = p.amount < 10 ? (this.count.value() ?? 0) + 1 : 0;
    if (n === 3) out.collect(\`card \${p.card}\`);
    if (n === 0 || n === 3) this.count.clear();
    else this.count.update(n);
  }
}
await check('07.6', (stream: DataStream<Payment>) => stream.keyBy('card').process(new ThreeInARow()));`,
      why: {
        en: 'A field of the class (`private n = 0`) would count over all cards of a subtask and be gone after a crash; state is per key and part of checkpoints.',
        zh: '类的普通字段（`private n = 0`）会把子任务里所有卡一起数，崩溃后也就没了；状态按键分开，并且进入检查点。',
      },
    },
    async check(answer, t: Examiner) {
      const build = t.function(answer);
      const run = async (list: readonly (readonly [string, number])[]) => {
        const payments = list.map(([card, amount], i) => payment(card, amount, i));
        const stream = streamEnv()
          .fromCollection(payments)
          .assignTimestampsAndWatermarks(monotonousTimestamps((p) => p.time));
        return t.rows(build(stream));
      };
      const cases = [
        [
          [
            ['A', 3],
            ['A', 4],
            ['A', 5],
          ],
          ['card A'],
          { en: 'three small ones', zh: '三笔小额' },
        ],
        [
          [
            ['A', 3],
            ['B', 4],
            ['A', 5],
            ['B', 6],
            ['C', 1],
          ],
          [],
          { en: 'small ones of several cards: each card counts for itself', zh: '几张卡的小额：每张卡各数各的' },
        ],
        [
          [
            ['A', 3],
            ['A', 4],
            ['A', 500],
            ['A', 5],
            ['A', 6],
          ],
          [],
          { en: 'a larger payment in between', zh: '中间有一笔大额' },
        ],
        [
          [
            ['A', 3],
            ['A', 4],
            ['A', 5],
            ['A', 6],
            ['A', 7],
            ['A', 8],
            ['A', 9],
          ],
          ['card A', 'card A'],
          {
            en: 'seven small ones in a row: two alarms, then one begins anew',
            zh: '连续七笔小额：报警两次，然后重新开始数',
          },
        ],
        [
          [
            ['A', 3],
            ['A', 10],
            ['A', 4],
            ['A', 5],
          ],
          [],
          { en: '10 is not below 10', zh: '10 并不小于 10' },
        ],
      ] as const;
      for (const [given, expected, about] of cases) t.same(await run(given), expected, { given, about });
    },
  },
  {
    id: '07.7',
    title: { en: 'The simplified parser', zh: '“简化”过的解析器' },
    hints: [
      {
        en: 'Try it on `4149025028086396,Kevin Thompson,050314421,4843,in,2022-12-30 00:00:05\\r`.',
        zh: '拿 `4149025028086396,Kevin Thompson,050314421,4843,in,2022-12-30 00:00:05\\r` 试试。',
      },
      { en: 'Which of the six fields is a number that one computes with?', zh: '六个字段里，哪个才是用来计算的数？' },
      { en: 'And what does it make of the header?', zh: '那么它会把表头变成什么？' },
    ],
    solution: {
      code: `function parseWell(line: string): CardPayment {
  const [card, name, id, amount, direction, time] = line.trimEnd().split(',');
  const payment = { card, name, id, amount: Number(amount), direction, time: Date.parse(\`\${time}Z\`.replace(' ', 'T')) };
  if (!Number.isFinite(payment.amount) || Number.isNaN(payment.time)) throw new Error('not a payment');
  return payment;
}
await check('07.7', parseWell);`,
      why: {
        en: 'Numbers are what one computes with; line ends belong to the file, not to the last field; and what is not a payment must say so.',
        zh: '用来计算的才是数；行尾属于文件而不属于最后一个字段；不是支付的东西必须明说。',
      },
    },
    async check(answer, t: Examiner) {
      const parse = t.function(answer);
      const lines: readonly (readonly [string, object])[] = [
        [
          '4149025028086396,Kevin Thompson,050314421,4843,in,2022-12-30 00:00:05',
          {
            card: '4149025028086396',
            name: 'Kevin Thompson',
            id: '050314421',
            amount: 4843,
            direction: 'in',
            time: Date.UTC(2022, 11, 30, 0, 0, 5),
          },
        ],
        [
          '0049025028086396,Li Na,98062296,12.5,out,2024-02-29 23:59:59\r',
          {
            card: '0049025028086396',
            name: 'Li Na',
            id: '98062296',
            amount: 12.5,
            direction: 'out',
            time: Date.UTC(2024, 1, 29, 23, 59, 59),
          },
        ],
      ];
      for (const [line, expected] of lines) {
        const got = (await parse(line)) as { id?: unknown; card?: unknown; time?: unknown };
        t.must(
          !(typeof got?.id === 'number' || typeof got?.card === 'number'),
          'card and ID have become numbers: whoever has a zero in front has lost it',
          '卡号和证件号变成了数：前面有零的人，零就丢了',
          { given: line, got, expected },
        );
        t.must(
          !Number.isNaN(got?.time as number),
          'the time cannot be read: look at the end of the line with JSON.stringify',
          '时间读不出来：用 JSON.stringify 看看行尾',
          { given: line, got, expected },
        );
        t.same(got, expected, { given: line });
      }
      for (const line of ['Credit Card Number,Name,ID Number,Amount,Direction,Transaction Time\r', '']) {
        let got: unknown;
        try {
          got = await parse(line);
        } catch {
          continue;
        }
        t.wrong(
          'a line that is no payment must not become one: throw an error, so that it can be put aside',
          '不是支付的行不能变成支付：要抛出错误，这样才能把它放到一边',
          { given: line, got },
        );
      }
    },
  },
  {
    id: '07.8',
    title: { en: 'From five thousand on', zh: '五千及以上' },
    hints: [
      { en: "What is `'900' >= '5000'`? Try it in a cell.", zh: "`'900' >= '5000'` 等于什么？在单元格里试试。" },
      { en: 'Texts are compared letter by letter, from the left.', zh: '文本是从左往右逐个字符比较的。' },
    ],
    solution: {
      code: `function fromFiveThousand(rows: DataStream<string[]>): DataStream<string[]> {
  return rows.filter((row) => Number(row[3]) >= 5000);
}
await check('07.8', fromFiveThousand);`,
      why: {
        en: "As texts, '9' comes after '5' and '1' before it. A header becomes NaN, which is never large.",
        zh: "作为文本，'9' 排在 '5' 之后，'1' 排在它之前。表头会变成 NaN，永远不会“大”。",
      },
    },
    async check(answer, t: Examiner) {
      const build = t.function(answer);
      const rows = [
        ['Credit Card Number', 'Name', 'ID Number', 'Amount', 'Direction', 'Transaction Time'],
        ...['900', '12000', '5000', '4999.99', '5000.00', '50', '-6000', '1e4'].map((amount, i) => [
          `${i}`,
          'N',
          '0',
          amount,
          'out',
          '2024-05-13 09:00:00',
        ]),
      ];
      const got = (await t.rows(build(streamEnv().fromCollection(rows)))) as string[][];
      const amounts = got.map((row) => row?.[3]);
      t.must(!amounts.includes('900'), '900 is not large', '900 并不大', { got: amounts });
      t.must(!amounts.includes('Amount'), 'the header is no payment', '表头不是支付', { got: amounts });
      t.must(amounts.includes('12000'), '12000 is missing', '缺少 12000', { got: amounts });
      t.same(amounts, ['12000', '5000', '5000.00', '1e4']);
    },
  },
];
