import { streamEnv } from '../../datastream/index.js';
import type { Examiner } from '../examiner.js';
import type { Exercise } from '../exercise.js';
import { stateAndTime } from './chapter-07-state.js';

const entry = (id: number, name: string, country: string, city: string) => ({
  id,
  info: JSON.stringify({ name, tel: 100 + id, addr: { country, city } }),
});

const book = [
  entry(1, 'Ada', 'Norway', 'Oslo'),
  entry(2, 'Bo', 'Chile', 'Arica'),
  entry(3, 'Chen', 'Norway', 'Bergen'),
  entry(4, 'Dara', 'Norway', 'Oslo'),
  entry(5, 'Ezra', 'Chile', 'Arica'),
  entry(6, 'Norway', 'Kenya', 'Oslo'),
];

export const exercises: readonly Exercise[] = [
  {
    id: '07.1',
    title: { en: 'The people of one country', zh: '某个国家的人' },
    hints: [
      {
        en: 'Two steps: keep some, then pick out a field. Which first?',
        zh: '两步：先留下一部分，再取出一个字段。哪一步在前？',
      },
      {
        en: '`filter` first, while the country is still there: `JSON.parse(info).addr.country === country`.',
        zh: '先 `filter`，这时国家还在：`JSON.parse(info).addr.country === country`。',
      },
    ],
    solution: {
      code: {
        en: `function namesIn(stream: DataStream<Entry>, country: string): DataStream<string> {
  return stream
    .map(({ info }) => JSON.parse(info))   // parse once, not in every step
    .filter((person) => person.addr.country === country)
    .map((person) => person.name as string);
}
await check('07.1', namesIn);`,
        zh: `function namesIn(stream: DataStream<Entry>, country: string): DataStream<string> {
  return stream
    .map(({ info }) => JSON.parse(info))   // 只解析一次，而不是每一步都解析
    .filter((person) => person.addr.country === country)
    .map((person) => person.name as string);
}
await check('07.1', namesIn);`,
      },
      why: {
        en: 'What a later step needs must still be there: after the names have been picked out nobody knows the country.',
        zh: '后面的步骤要用的东西必须还在：取出姓名之后，就没人知道国家了。',
      },
    },
    async check(answer, t: Examiner) {
      const build = t.function(answer);
      for (const [country, names] of [
        ['Norway', ['Ada', 'Chen', 'Dara']],
        ['Chile', ['Bo', 'Ezra']],
        ['Peru', []],
      ] as const) {
        const got = await t.rows(build(streamEnv().fromCollection(book), country));
        t.same(got, names, { given: country });
      }
    },
  },
  {
    id: '07.2',
    title: { en: 'How many in each city', zh: '每个城市有多少人' },
    hints: [
      {
        en: 'The starter already makes a 1 of every person. What is missing: who belongs together, and adding up.',
        zh: '起始代码已经把每个人变成了 1。还缺：谁和谁一组，以及相加。',
      },
      { en: '`keyBy`, then `sum` or `reduce`.', zh: '先 `keyBy`，再 `sum` 或 `reduce`。' },
    ],
    solution: {
      code: `function perCity(stream: DataStream<Entry>): DataStream<{ city: string; n: number }> {
  return stream
    .map(({ info }) => ({ city: JSON.parse(info).addr.city as string, n: 1 }))
    .keyBy('city')
    .sum('n');
}
await check('07.2', perCity);`,
      why: {
        en: '`keyBy` computes nothing, it says whose running sum an element belongs to; one result per element, because nobody knows which is the last.',
        zh: '`keyBy` 本身不计算，它只说明元素归哪一个累计；每个元素都有一个结果，因为没人知道哪个是最后一个。',
      },
    },
    async check(answer, t: Examiner) {
      const build = t.function(answer);
      const got = await t.rows(build(streamEnv().fromCollection(book)));
      const last = got.at(-1) as { n?: unknown } | undefined;
      t.must(
        got.length === book.length,
        'there must be one result after every person: six went in',
        '每来一个人都要有一个结果：输入了六个人',
        { got },
      );
      t.must(
        last?.n !== 1,
        'every count is 1: each person still stands alone, nothing is added up',
        '每个计数都是 1：每个人还是各算各的，没有相加',
        { got },
      );
      t.same(got, [
        { city: 'Oslo', n: 1 },
        { city: 'Arica', n: 1 },
        { city: 'Bergen', n: 1 },
        { city: 'Oslo', n: 2 },
        { city: 'Arica', n: 2 },
        { city: 'Oslo', n: 3 },
      ]);
    },
  },
  {
    id: '07.3',
    title: { en: 'The best game', zh: '最好的一场' },
    hints: [
      {
        en: 'Of which element are `team` and `player`, after `max`?',
        zh: '经过 `max` 之后，`team` 和 `player` 来自哪个元素？',
      },
      { en: 'There is a reduction that keeps the whole element.', zh: '有一种归约会保留整个元素。' },
    ],
    solution: {
      code: `function best(stream: DataStream<Game>): DataStream<Game> {
  return stream.keyBy('team').maxBy('score');
}
await check('07.3', best);`,
      why: {
        en: '`max` changes one field of the first element; `maxBy` keeps the element itself.',
        zh: '`max` 只改第一个元素的一个字段；`maxBy` 保留元素本身。',
      },
    },
    async check(answer, t: Examiner) {
      const build = t.function(answer);
      const games = [
        { team: 'red', player: 'Ann', score: 2 },
        { team: 'blue', player: 'Bea', score: 4 },
        { team: 'red', player: 'Cem', score: 7 },
        { team: 'red', player: 'Dan', score: 7 },
        { team: 'blue', player: 'Eve', score: 1 },
      ];
      const [ann, bea, cem] = games;
      const got = await t.rows(build(streamEnv().fromCollection(games)));
      const third = got[2] as { player?: unknown; score?: unknown } | undefined;
      t.must(
        !(third?.player === 'Ann' && third.score === 7),
        'Ann never scored 7: that was Cem',
        'Ann 从来没有得过 7 分：那是 Cem',
        { got: third, expected: cem },
      );
      t.same(got, [ann, bea, cem, cem, bea]);
    },
  },
  {
    id: '07.4',
    title: { en: 'Numbers that can be dialled', zh: '能拨通的号码' },
    hints: [
      {
        en: 'What does `parseInt` make of `0301234`, and of `0151 777`?',
        zh: '`parseInt` 会把 `0301234` 和 `0151 777` 变成什么？',
      },
      {
        en: 'A telephone number is a text. Only the white space around it has to go.',
        zh: '电话号码是文本。只需去掉两端的空白。',
      },
    ],
    solution: {
      code: `function numbers(lines: DataStream<string>): DataStream<Dial> {
  return lines.flatMap((line) => {
    const [name, list] = line.split(': ');
    return list.split(',').map((tel) => ({ name, tel: tel.trim() }));
  });
}
await check('07.4', numbers);`,
      why: {
        en: 'What nobody adds up is no number: as one it loses its leading zeros and what stands after a space.',
        zh: '没人拿来做加法的就不是数：当成数就会丢掉前导零和空格后面的部分。',
      },
    },
    async check(answer, t: Examiner) {
      const build = t.function(answer);
      const lines = ['Mika: 0301234, 0151 777', 'Nora: 42', 'Olaf: 007,+49 30 0, 12'];
      const got = await t.rows(build(streamEnv().fromCollection(lines)));
      const tels = got.map((row) => String((row as { tel?: unknown } | null)?.tel));
      t.must(!tels.includes('301234'), 'a leading zero is lost', '前导零丢了', { got: '301234', expected: '0301234' });
      t.must(!tels.includes('0151'), 'what stands after a space is lost', '空格后面的部分丢了', {
        got: '0151',
        expected: '0151 777',
      });
      t.same(got, [
        { name: 'Mika', tel: '0301234' },
        { name: 'Mika', tel: '0151 777' },
        { name: 'Nora', tel: '42' },
        { name: 'Olaf', tel: '007' },
        { name: 'Olaf', tel: '+49 30 0' },
        { name: 'Olaf', tel: '12' },
      ]);
    },
  },
  ...stateAndTime,
];
