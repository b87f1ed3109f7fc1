import { streamEnv } from '../../datastream/index.js';
import type { Examiner } from '../examiner.js';
import type { Exercise } from '../exercise.js';

const row = (card: string, amount: string, direction: 'in' | 'out') => ({
  'Credit Card Number': card,
  Name: '某人',
  'ID Number': '010101001',
  Amount: amount,
  Direction: direction,
  'Transaction Time': '2001-02-03 04:05:06',
});

export const exercises: readonly Exercise[] = [
  {
    id: '06.1',
    title: { en: 'A new group', zh: '一个新的组' },
    hints: [
      {
        en: 'The box above names the default of `auto.offset.reset`.',
        zh: '上面的方框里写着 `auto.offset.reset` 的默认值。',
      },
      { en: 'It decides where to begin, not whether to read at all.', zh: '它决定从哪里开始，而不是读不读。' },
    ],
    solution: {
      code: `await check('06.1', 'c');`,
      why: {
        en: 'With `latest` a group without a committed place begins at the end: what comes afterwards is read, what was there before is not.',
        zh: '在 `latest` 下，没有提交过位置的组从末尾开始：之后来的会读到，之前的读不到。',
      },
    },
    check(answer, t: Examiner) {
      t.choice(answer, {
        a: { en: 'that would be `earliest`, which is not the default', zh: '那是 `earliest`，但它不是默认值' },
        b: { en: 'a reader does not stop at what was there', zh: '读者不会停在已有的消息上' },
        c: true,
        d: { en: 'a new group reads, too; the question is from where', zh: '新的组也会读；问题是从哪里开始' },
      });
    },
  },
  {
    id: '06.2',
    title: { en: 'UTF-8 or GB18030', zh: 'UTF-8 还是 GB18030' },
    hints: [
      {
        en: 'Which of the two can say that bytes are impossible? Ask that one first.',
        zh: '两者之中，哪一个更能判定“这些字节不可能”？先问它。',
      },
      {
        en: '`new TextDecoder("utf-8", { fatal: true })` throws where bytes cannot be UTF-8; it also takes off a byte order mark.',
        zh: '`new TextDecoder("utf-8", { fatal: true })` 遇到不可能是 UTF-8 的字节会抛错；它也会去掉字节序标记。',
      },
    ],
    solution: {
      code: `function readable(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
await check('06.2', readable);`,
      why: {
        en: 'UTF-8 has strict rules, so a text in another encoding hardly ever passes for it; GB18030 takes nearly everything. The strict one is asked first.',
        zh: 'UTF-8 规则严格，别的编码很难冒充它；GB18030 几乎什么都接受。先问严格的那个。',
      },
    },
    async check(answer, t) {
      const { default: iconv } = await import('iconv-lite');
      const gb = (text: string) => new Uint8Array(iconv.encode(text, 'gb18030'));
      const utf8 = (text: string) => new Uint8Array(Buffer.from(text));
      await t.cases(answer, [
        { given: [utf8('张三,支付话费50元')], expected: '张三,支付话费50元', about: { en: 'UTF-8', zh: 'UTF-8' } },
        { given: [gb('邱君浩,4790')], expected: '邱君浩,4790', about: { en: 'GB18030', zh: 'GB18030' } },
        { given: [utf8('plain ASCII, 1999')], expected: 'plain ASCII, 1999', about: { en: 'ASCII', zh: 'ASCII' } },
        {
          given: [utf8('\uFEFF王𬱖')],
          expected: '王𬱖',
          about: { en: 'UTF-8 with a byte order mark', zh: '带字节序标记的 UTF-8' },
        },
        {
          given: [gb('陈𬭎的卡')],
          expected: '陈𬭎的卡',
          about: { en: 'a character of four bytes', zh: '四个字节的字' },
        },
        { given: [utf8('')], expected: '', about: { en: 'nothing', zh: '空的' } },
      ]);
    },
  },
  {
    id: '06.3',
    title: { en: 'A thousand per cent', zh: '百分之一千' },
    hints: [
      {
        en: 'How many lines does the last batch have? And are the others really ten?',
        zh: '最后一批有多少行？其他批真的都是十行吗？',
      },
      { en: 'Count what was read, not what was asked for.', zh: '数实际读到的，而不是想要读的。' },
    ],
    solution: {
      code: `function progress(batches: string[][], total: number): number[] {
  let sent = 0;
  return batches.map((lines) => {
    sent += lines.length;
    return (100 * sent) / total;
  });
}
await check('06.3', progress);`,
      why: {
        en: 'The call that was asked for ten gave one line at a time, and nobody looked. A progress counts what has happened.',
        zh: '要求读十行的调用每次只给了一行，却没人去看。进度要数已经发生的事。',
      },
    },
    async check(answer, t) {
      const lines = (n: number) => Array.from({ length: n }, (_, i) => `line ${i}`);
      await t.cases(answer, [
        {
          given: [[lines(1), lines(1), lines(1), lines(1)], 4],
          expected: [25, 50, 75, 100],
          about: { en: 'batches that hold one line', zh: '每批只有一行' },
        },
        {
          given: [[lines(10), lines(10), lines(5)], 25],
          expected: [40, 80, 100],
          about: { en: 'a last batch that is not full', zh: '最后一批不满' },
        },
        { given: [[], 0], expected: [], about: { en: 'nothing to send', zh: '没有可发送的' } },
      ]);
    },
  },
  {
    id: '06.4',
    title: { en: 'A year is not an amount', zh: '年份不是金额' },
    hints: [
      { en: 'In which of the six fields does the year stand?', zh: '年份在六个字段的哪一个里？' },
      {
        en: 'The first four characters of the last field. What is `Number("Tran")`?',
        zh: '最后一个字段的前四个字符。`Number("Tran")` 等于什么？',
      },
    ],
    solution: {
      code: `function inYears(line: string): boolean {
  const year = Number(line.split(',')[5].slice(0, 4));
  return 1999 <= year && year <= 2023;
}
await check('06.4', inYears);`,
      why: {
        en: 'A number means something by its place. The header becomes NaN, and NaN lies between nothing.',
        zh: '数字的含义由它的位置决定。表头会变成 NaN，而 NaN 不在任何两数之间。',
      },
    },
    async check(answer, t) {
      const line = (amount: string, time: string) => `4161618233494745,邱君浩,630513393,${amount},out,${time}`;
      await t.cases(answer, [
        { given: [line('4790', '2010-01-01 23:49:36')], expected: true },
        { given: [line('4790', '1990-01-01 23:49:36')], expected: false },
        {
          given: [line('2021', '1990-02-12 07:49:04')],
          expected: false,
          about: { en: 'an amount that looks like a year', zh: '看着像年份的金额' },
        },
        {
          given: [line('2021', '2024-02-12 20:20:20\r')],
          expected: false,
          about: { en: 'the same after 2023', zh: '2023 年之后的同样情形' },
        },
        { given: [line('5', '1999-01-01 00:00:00\r')], expected: true, about: { en: 'the first year', zh: '第一年' } },
        { given: [line('5', '2023-12-31 23:59:59\r')], expected: true, about: { en: 'the last year', zh: '最后一年' } },
        {
          given: ['Credit Card Number,Name,ID Number,Amount,Direction,Transaction Time\r'],
          expected: false,
          about: { en: 'the header', zh: '表头' },
        },
      ]);
    },
  },
  {
    id: '06.5',
    title: { en: 'Balances', zh: '余额' },
    hints: [
      {
        en: 'First make a signed number of every payment: plus for `in`, minus for `out`.',
        zh: '先把每笔变成带符号的数：`in` 为正，`out` 为负。',
      },
      { en: 'Then `keyBy("card")`, and a running sum.', zh: '然后 `keyBy("card")`，再累加。' },
    ],
    solution: {
      code: `function balances(stream: DataStream<Record<string, string>>): DataStream<{ card: string; balance: number }> {
  return stream
    .map((row) => ({
      card: row['Credit Card Number'],
      balance: row.Direction === 'in' ? Number(row.Amount) : -Number(row.Amount),
    }))
    .keyBy('card')
    .sum('balance');
}
await check('06.5', balances);`,
      why: {
        en: 'Sign first, then sum per key; and the card number stays a text, or cards with a zero in front would melt together.',
        zh: '先定符号，再按键累加；卡号保持文本，否则前面有零的卡会混到一起。',
      },
    },
    async check(answer, t: Examiner) {
      const build = t.function(answer);
      const rows = [
        row('0451', '100', 'in'),
        row('7', '30', 'out'),
        row('0451', '40', 'out'),
        row('451', '1', 'in'),
        row('7', '5.5', 'in'),
      ];
      const got = await t.rows(build(streamEnv().fromCollection(rows)));
      t.must(
        got.every((each) => typeof (each as { card?: unknown } | null)?.card === 'string'),
        'a card number is a text: `0451` and `451` are two cards',
        '卡号是文本：`0451` 和 `451` 是两张卡',
        { got },
      );
      t.same(got, [
        { card: '0451', balance: 100 },
        { card: '7', balance: -30 },
        { card: '0451', balance: 60 },
        { card: '451', balance: 1 },
        { card: '7', balance: -24.5 },
      ]);
    },
  },
];
