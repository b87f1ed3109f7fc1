import { streamEnv } from '../../datastream/index.js';
import type { Exercise } from '../exercise.js';

export const exercises: readonly Exercise[] = [
  {
    id: '05.1',
    title: { en: 'How many messages?', zh: '多少条消息？' },
    hints: [
      { en: 'What becomes of the bytes that do not fill a chunk?', zh: '凑不满一块的字节去了哪里？' },
      { en: 'There is another rounding in `Math`.', zh: '`Math` 里还有另一种取整。' },
    ],
    solution: {
      code: `function chunkCount(bytes: number, chunkBytes: number): number {
  return Math.ceil(bytes / chunkBytes);
}
await check('05.1', chunkCount);`,
      why: {
        en: 'The last chunk is shorter, but it is a chunk. (A sender that never cuts a character may need one more.)',
        zh: '最后一块短一些，但也是一块。（不切断字符的发送方可能还要多一块。）',
      },
    },
    async check(answer, t) {
      await t.cases(answer, [
        { given: [180_700, 1024], expected: 177, about: { en: 'Hamlet', zh: '《哈姆雷特》' } },
        { given: [1024, 1024], expected: 1, about: { en: 'exactly one', zh: '正好一块' } },
        { given: [1025, 1024], expected: 2, about: { en: 'one byte too many', zh: '多出一个字节' } },
        { given: [5, 1024], expected: 1, about: { en: 'a short text', zh: '很短的文本' } },
        { given: [0, 1024], expected: 0, about: { en: 'no text', zh: '没有文本' } },
      ]);
    },
  },
  {
    id: '05.2',
    title: { en: 'A progress that ends at 33 %', zh: '停在 33 % 的进度' },
    hints: [
      {
        en: 'What does `length` of a string count? What is `totalBytes`?',
        zh: '字符串的 `length` 数的是什么？`totalBytes` 又是什么？',
      },
      { en: '`Buffer.byteLength(part)`', zh: '`Buffer.byteLength(part)`' },
    ],
    solution: {
      code: `function percentages(parts: string[], totalBytes: number): string[] {
  let sent = 0;
  return parts.map((part) => {
    sent += Buffer.byteLength(part);
    return ((100 * sent) / totalBytes).toFixed(2);
  });
}
await check('05.2', percentages);`,
      why: {
        en: 'Bytes against bytes: in UTF-8 a dash takes three and a Chinese character three, but each counts as one character.',
        zh: '字节对字节：在 UTF-8 里，破折号占三个字节，汉字也占三个，但都只算一个字符。',
      },
    },
    async check(answer, t) {
      await t.cases(answer, [
        {
          given: [Array.from({ length: 5 }, () => 'x'.repeat(1024)), 180_700],
          expected: ['0.57', '1.13', '1.70', '2.27', '2.83'],
          about: { en: 'the first five chunks of Hamlet', zh: '《哈姆雷特》的前五块' },
        },
        {
          given: [['满纸荒唐言', '一把辛酸泪'], 30],
          expected: ['50.00', '100.00'],
          about: { en: 'Chinese', zh: '汉字' },
        },
        {
          given: [['né', '—🐋'], 10],
          expected: ['30.00', '100.00'],
          about: { en: 'é, a dash, a whale', zh: 'é、破折号和鲸鱼' },
        },
      ]);
    },
  },
  {
    id: '05.3',
    title: { en: 'Words that nobody has written', zh: '没人写过的词' },
    hints: [
      { en: 'Which letters does JavaScript’s `\\w` know?', zh: 'JavaScript 的 `\\w` 认识哪些字母？' },
      {
        en: '`/[^\\p{L}\\p{N}_\\s]/gu`; and what does `split` make of white space at the ends?',
        zh: '`/[^\\p{L}\\p{N}_\\s]/gu`；另外，`split` 遇到首尾的空白会得到什么？',
      },
    ],
    solution: {
      code: `function mostFrequent(text: string): string {
  const words = text.replace(/[^\\p{L}\\p{N}_\\s]/gu, '').split(/\\s+/).filter((word) => word !== '');
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}
await check('05.3', mostFrequent);`,
      why: {
        en: '`\\w` is a to z, A to Z, digits and _: with the é goes half of French. And an empty string is no word.',
        zh: '`\\w` 只是 a 到 z、A 到 Z、数字和 _：é 一走，法语就少了一半。另外，空字符串不是单词。',
      },
    },
    async check(answer, t) {
      await t.cases(answer, [
        { given: ['to be, or not to be; be!'], expected: 'be' },
        {
          given: ['été, été! été'],
          expected: 'été',
          about: { en: 'letters beyond a to z', zh: 'a 到 z 之外的字母' },
        },
        { given: ['鲸 海 鲸。 船'], expected: '鲸', about: { en: 'Chinese', zh: '汉字' } },
        {
          given: ['The the The the'],
          expected: 'The',
          about: { en: 'a tie: the first wins', zh: '次数相同：先出现的赢' },
        },
        { given: ['  a  '], expected: 'a', about: { en: 'white space at the ends', zh: '首尾的空白' } },
        { given: [' \n '], expected: '', about: { en: 'no word at all', zh: '一个词也没有' } },
      ]);
    },
  },
  {
    id: '05.4',
    title: { en: 'Cut words', zh: '被切断的词' },
    hints: [
      {
        en: 'Which word of a chunk may not be whole yet? Only one, and you know where it stands.',
        zh: '一块里哪个词可能还不完整？只有一个，而且你知道它在哪里。',
      },
      {
        en: 'Keep back what stands after the last white space, and put it before the next chunk.',
        zh: '把最后一个空白之后的部分留下，放到下一块前面。',
      },
      {
        en: '`(rest + chunk).search(/\\S*$/)` is where the piece to keep begins. And at the very end, `rest` is a word, if it is not empty.',
        zh: '`(rest + chunk).search(/\\S*$/)` 就是要留下的部分的开头。到最后，`rest` 不空的话也是一个词。',
      },
    ],
    solution: {
      code: `function countWords(chunks: string[]): number {
  const wordsIn = (text: string) => text.split(/\\s+/).filter((word) => word !== '').length;
  let words = 0;
  let rest = '';
  for (const chunk of chunks) {
    const both = rest + chunk;
    const cut = both.search(/\\S*$/);
    words += wordsIn(both.slice(0, cut));
    rest = both.slice(cut);
  }
  return words + wordsIn(rest);
}
await check('05.4', countWords);`,
      why: {
        en: 'Each border that cuts a word makes two of one. What is carried over is half a word, or nothing.',
        zh: '每条切在词中间的边界，都把一个词变成两个。带过去的是半个词，或者什么也没有。',
      },
    },
    async check(answer, t) {
      await t.cases(answer, [
        { given: [['to be or', ' not to be']], expected: 6 },
        { given: [['alm', 'ost all']], expected: 2, about: { en: 'a cut word', zh: '被切断的词' } },
        {
          given: [['to be ', 'or']],
          expected: 3,
          about: { en: 'white space at the border', zh: '边界上是空白' },
        },
        {
          given: [['un', 'be', 'liev', 'able']],
          expected: 1,
          about: { en: 'a word over four chunks', zh: '跨四块的一个词' },
        },
        {
          given: [['  a\n', '\n\tb  ', '']],
          expected: 2,
          about: { en: 'white space of all kinds', zh: '各种空白' },
        },
        { given: [[]], expected: 0, about: { en: 'nothing', zh: '什么也没有' } },
      ]);
    },
  },
  {
    id: '05.5',
    title: { en: 'Lines out of chunks', zh: '从块里取出行' },
    hints: [
      {
        en: 'What stands after the last `\\n` of a chunk is not finished. Keep it for the next one.',
        zh: '一块里最后一个 `\\n` 之后的还没写完。留给下一块。',
      },
      { en: 'A `\\r\\n` may be cut between its two characters, too.', zh: '`\\r\\n` 也可能从中间切开。' },
      {
        en: 'Put everything before the last `\\n` out, then take off a `\\r` at the end of each line.',
        zh: '先输出最后一个 `\\n` 之前的，再去掉每行末尾的 `\\r`。',
      },
    ],
    solution: {
      code: `function wholeLines(chunks: string[]): string[] {
  const lines: string[] = [];
  let rest = '';
  for (const chunk of chunks) {
    const pieces = (rest + chunk).split('\\n');
    rest = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  if (rest !== '') lines.push(rest);
  return lines.map((line) => line.replace(/\\r$/, ''));
}
await check('05.5', wholeLines);`,
      why: {
        en: 'The piece after the last line end waits for its other half; what is left at the end is a line as well.',
        zh: '最后一个行尾之后的部分等着它的另一半；最后剩下的也是一行。',
      },
    },
    async check(answer, t) {
      await t.cases(answer, [
        {
          given: [['one\ntw', 'o\nthree\n']],
          expected: ['one', 'two', 'three'],
          about: { en: 'a cut line', zh: '被切开的行' },
        },
        {
          given: [['one\n', 'two']],
          expected: ['one', 'two'],
          about: { en: 'no line end at the very end', zh: '末尾没有行尾' },
        },
        {
          given: [['a\r\nb\r', '\nc']],
          expected: ['a', 'b', 'c'],
          about: { en: 'a cut `\\r\\n`', zh: '被切开的 `\\r\\n`' },
        },
        {
          given: [['a', 'b', 'c\n', '']],
          expected: ['abc'],
          about: { en: 'a line over several chunks', zh: '跨好几块的一行' },
        },
        {
          given: [['x\n\ny\n']],
          expected: ['x', '', 'y'],
          about: { en: 'an empty line in the middle', zh: '中间的空行' },
        },
        { given: [[]], expected: [], about: { en: 'nothing', zh: '什么也没有' } },
      ]);
    },
  },
  {
    id: '05.6',
    title: { en: 'The leader so far', zh: '目前领先的词' },
    hints: [
      {
        en: 'Per word you need a count, and all counts in one place: one key for everything.',
        zh: '每个词要有一个计数，而且所有计数放在一处：全部用同一个键。',
      },
      {
        en: 'A `ValueState<Record<string, number>>`, or better a `MapState<string, number>`; and the leader and its count beside it.',
        zh: '用 `ValueState<Record<string, number>>`，或者更好：`MapState<string, number>`；旁边再记住领先者和它的次数。',
      },
      {
        en: 'Only a word that has *more* than the leader takes its place.',
        zh: '只有次数*超过*领先者的词才能取而代之。',
      },
    ],
    solution: {
      code: `type Race = { counts: [string, number][]; leader: string };

class Leaders extends KeyedProcessFunction<string, string, string> {
  private race!: ValueState<Race>;
  open(context: RuntimeContext) { this.race = context.getState(new ValueStateDescriptor<Race>('race')); }

  processElement(word: string, _context: unknown, out: Collector<string>) {
    const { counts, leader } = this.race.value() ?? { counts: [], leader: word };
    const all = new Map(counts);
    all.set(word, (all.get(word) ?? 0) + 1);
    const first = all.get(word)! > (all.get(leader) ?? 0) ? word : leader;
    this.race.update({ counts: [...all], leader: first });
    out.collect(first);
  }
}
await check('05.6', (words: DataStream<string>) => words.keyBy(() => 'all').process(new Leaders()));`,
      why: {
        en: 'A question about *all* words needs one place where all are known. That does not scale: with a million words a second one would count per word first, and compare the counts only now and then.',
        zh: '关于*所有*词的问题，需要一处知道所有词的地方。这不能扩展：每秒一百万个词时，应先按词计数，再时不时地比较。',
      },
    },
    async check(answer, t) {
      const build = t.function(answer);
      const run = (text: string) => t.rows(build(streamEnv().fromCollection(text.split(' '))));
      const cases = [
        ['a b b a a', 'a a b b a'],
        ['x y z', 'x x x'],
        ['one two two one two', 'one one two two two'],
      ] as const;
      for (const [words, expected] of cases) t.same(await run(words), expected.split(' '), { given: words });
    },
  },
];
