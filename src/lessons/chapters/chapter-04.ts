import { type PartitionOffsets, topics } from '../../kafka/index.js';
import type { Examiner } from '../examiner.js';
import type { Exercise } from '../exercise.js';

export const exercises: readonly Exercise[] = [
  {
    id: '04.1',
    title: { en: 'One sentence of four', zh: '四句里的一句' },
    hints: [
      {
        en: 'Each sentence was tried in a cell above: `tills` with partitions, 5 and then 7 events, Ada and Ben, reading a topic twice.',
        zh: '每一句都在上面的单元格里试过：`tills` 的分区，先 5 条再 7 条，Ada 和 Ben，同一个主题读两遍。',
      },
      { en: 'What is the difference between *received* and *committed*?', zh: '“收到”和“提交”有什么不同？' },
    ],
    solution: {
      code: `await check('04.1', 'c');`,
      why: {
        en: 'Within a group a partition has one reader at a time; that is what keeps its order.',
        zh: '在一个组内，一个分区同一时间只有一个读者；顺序正是靠这一点保住的。',
      },
    },
    check(answer, t: Examiner) {
      t.choice(answer, {
        a: {
          en: 'any number of producers may write to one partition; partitions are there for scale, and order holds within each',
          zh: '一个分区可以有任意多个生产者；分区是为了扩展，顺序只在分区内部成立',
        },
        b: {
          en: 'from the last one it *committed*: what was received and not committed comes again',
          zh: '是从上次提交的位置继续：收到但没有提交的会再来一次',
        },
        c: true,
        d: {
          en: 'reading removes nothing; retention does, whether anybody has read or not',
          zh: '读取不会删除任何东西；删除靠保留期限，不管有没有人读过',
        },
      });
    },
  },
  {
    id: '04.2',
    title: { en: 'How far behind?', zh: '落后了多少？' },
    hints: [
      {
        en: 'What is `5 - null` in JavaScript? And what should it be here?',
        zh: 'JavaScript 里 `5 - null` 是多少？这里应该是多少？',
      },
      {
        en: 'A group may have committed an offset that retention has removed since. What is gone cannot be read any more.',
        zh: '组提交过的位置，可能已经被保留期限删掉了。没有了的就读不到了。',
      },
    ],
    solution: {
      code: `function lag(first: number, next: number, committed: number | null): number {
  return next - Math.max(first, committed ?? first);
}
await check('04.2', lag);`,
      why: {
        en: '`null` counts as 0 in a subtraction, and the first events of the log may be gone already.',
        zh: '减法里 `null` 当作 0，而日志开头的事件可能早已不在。',
      },
    },
    async check(answer, t) {
      await t.cases(answer, [
        { given: [0, 12, 5], expected: 7 },
        { given: [0, 12, 12], expected: 0 },
        {
          given: [40, 60, null],
          expected: 20,
          about: { en: 'nothing committed yet, and 40 events gone by retention', zh: '还没提交过，前 40 条已被清理' },
        },
        {
          given: [40, 60, 10],
          expected: 20,
          about: { en: 'what lay behind the committed offset is gone', zh: '提交位置之后的一段已经被清理' },
        },
        { given: [60, 60, null], expected: 0, about: { en: 'an empty log', zh: '空的日志' } },
      ]);
    },
  },
  {
    id: '04.3',
    title: { en: 'In order per account', zh: '每个账户按顺序' },
    hints: [
      {
        en: 'Where do two transfers of one account go if their keys differ?',
        zh: '同一账户的两笔转账，键不同时会去哪里？',
      },
      { en: 'What has to stay in order has to have the same key.', zh: '要保持顺序的东西，键必须相同。' },
    ],
    solution: {
      code: `function keyOf(transfer: Transfer): string {
  return transfer.account;
}
await check('04.3', keyOf);`,
      why: {
        en: 'The key is what must stay in order, and nothing more. That partitions fill unevenly is the smaller evil.',
        zh: '键就是需要保持顺序的那个东西，不多也不少。分区不均匀是较小的代价。',
      },
    },
    async check(answer, t: Examiner) {
      const keyOf = t.function(answer);
      const transfers = ['DE1', 'DE2', 'DE1', 'CN11', 'DE1', 'CN1'].map((account, i) => ({
        account,
        amount: i % 2 === 0 ? 100 : -100,
        time: 1_700_000_000_000 + i * 997,
      }));
      const keys = await Promise.all(transfers.map((transfer) => keyOf(transfer)));
      t.must(
        keys[0] === keys[2] && keys[2] === keys[4],
        'two transfers of one account have different keys, so nothing keeps them in order',
        '同一账户的两笔转账键不同，顺序就没有保证',
        { given: [transfers[0], transfers[2]], got: [keys[0], keys[2]] },
      );
      t.must(
        new Set(keys).size === 4,
        'different accounts share a key: all their work would fall on one reader',
        '不同账户用了同一个键：所有工作都会落到一个读者头上',
        { got: keys },
      );
      t.must(
        keys.every((key) => typeof key === 'string' && key !== ''),
        'a key is a text',
        '键是文本',
        { got: keys },
      );
    },
  },
  {
    id: '04.4',
    title: { en: 'Be the broker', zh: '来当一次代理' },
    hints: [
      { en: 'For which event is there a later one with the same key?', zh: '哪些事件后面还有同键的事件？' },
      {
        en: 'A `Map` from key to the last event; then throw away the tombstones, and sort by offset.',
        zh: '用 `Map` 从键对应到最后一个事件；再去掉墓碑，按偏移量排序。',
      },
    ],
    solution: {
      code: `function compacted(log: Entry[]): Entry[] {
  const last = new Map(log.map((entry) => [entry.key, entry]));
  return log.filter((entry) => last.get(entry.key) === entry && entry.value !== null);
}
await check('04.4', compacted);`,
      why: {
        en: 'What stays keeps its offset and its place; compaction only takes away.',
        zh: '留下的事件偏移量和次序都不变；压缩只会拿走，不会移动。',
      },
    },
    async check(answer, t) {
      const entry = (offset: number, key: string, value: string | null) => ({ offset, key, value });
      const prices = [
        entry(0, 'tea', '3.00'),
        entry(1, 'coffee', '4.50'),
        entry(2, 'tea', '3.20'),
        entry(3, 'milk', '1.10'),
        entry(4, 'tea', '3.50'),
        entry(5, 'milk', null),
      ];
      const back = [
        entry(7, 'a', '1'),
        entry(9, 'b', '2'),
        entry(10, 'a', null),
        entry(12, 'a', '3'),
        entry(13, 'c', null),
      ];
      await t.cases(answer, [
        { given: [prices], expected: [prices[1], prices[4]] },
        {
          given: [back],
          expected: [back[1], back[3]],
          about: { en: 'a key that was deleted and came back', zh: '删除之后又回来的键' },
        },
        { given: [[]], expected: [], about: { en: 'an empty log', zh: '空的日志' } },
      ]);
    },
  },
  {
    id: '04.5',
    title: { en: 'Once more from the beginning', zh: '从头再来一遍' },
    hints: [
      {
        en: '`until` says where to stop. Which option says where to begin?',
        zh: '`until` 说的是到哪里停。哪个选项说从哪里开始？',
      },
      { en: '`from` counts also where a group has committed.', zh: '即使组已经提交过，`from` 也算数。' },
    ],
    solution: {
      code: `const readAgain = () => receive('tills', { group: 'two-clerks', from: 'earliest', until: 'end' });
await check('04.5', readAgain);`,
      why: {
        en: '`from` moves the group, whatever it has committed; without it a group goes on where it stopped.',
        zh: '`from` 会移动这个组，不管它提交到哪里；不写它，组就从停下的地方继续。',
      },
    },
    async check(answer, t: Examiner) {
      const messages = await t.rows(answer);
      const there = await topics.offsets('tills').catch((): PartitionOffsets[] => []);
      const count = there.reduce((sum, one) => sum + one.messages, 0);
      // No numbers: how many there are depends on how long the till of the rebalance ran.
      t.must(
        count > 0,
        'there is nothing in `tills`: run the cells above first',
        '`tills` 里什么也没有：请先运行上面的单元格',
      );
      t.must(
        messages.length >= count,
        'events are missing: the group went on where it had committed',
        '少了一些事件：这个组从它提交过的位置继续了',
      );
      t.must(messages.length === count, 'there are more events than the topic holds', '事件比主题里的还多');
      const lag = await topics.lag({ group: 'two-clerks', topic: 'tills' });
      t.must(
        lag.length === there.length && lag.every((one) => one.lag === 0),
        'all events, but the group `two-clerks` has not committed them: was it another group, or none?',
        '事件都在，但 `two-clerks` 这个组没有提交：是用了别的组，还是没有组？',
      );
    },
  },
];
