import { tableEnv } from '../../table/index.js';
import type { Examiner } from '../examiner.js';
import type { Exercise } from '../exercise.js';

type Sum = { readonly sum: number; readonly n: number };

/** The exercises of sources and functions. */
export const functions: readonly Exercise[] = [
  {
    id: '08.4',
    title: { en: 'Fifty rows out of nothing', zh: '凭空造五十行' },
    hints: [
      { en: 'A sequence from 101 to 150 ends by itself.', zh: '从 101 到 150 的序列会自己结束。' },
      {
        en: "`'fields.n.kind' = 'sequence'`, its `start` and `end`, and `'fields.kind.length' = '3'`.",
        zh: "`'fields.n.kind' = 'sequence'`，以及它的 `start` 和 `end`，还有 `'fields.kind.length' = '3'`。",
      },
    ],
    solution: {
      code: `await check('08.4', \`CREATE TEMPORARY TABLE numbers (n BIGINT, kind STRING) WITH (
  'connector' = 'datagen',
  'fields.n.kind' = 'sequence', 'fields.n.start' = '101', 'fields.n.end' = '150',
  'fields.kind.length' = '3')\`);`,
      why: {
        en: 'A table with a sequence is bounded by it; the random text has the length that is asked for.',
        zh: '带序列的表由序列限定行数；随机文本的长度就是要求的长度。',
      },
    },
    async check(answer, examiner: Examiner) {
      const statement = examiner.text(answer);
      const first = await examiner.rows(async function* () {
        const t = tableEnv();
        t.executeSql(statement);
        let taken = 0;
        for await (const row of t
          .sqlQuery('SELECT CAST(n AS STRING) AS n, CHAR_LENGTH(kind) AS letters FROM numbers')
          .execute()) {
          yield row;
          // An endless source would go on also behind a LIMIT, as in Flink.
          taken += 1;
          if (taken === 51) return;
        }
      });
      examiner.must(first.length >= 50, `only ${first.length} rows came`, `只来了 ${first.length} 行`);
      examiner.must(
        first.length === 50,
        'there are more than 50 rows: nothing ends it',
        '多于 50 行：没有什么让它结束',
      );
      examiner.same(
        first,
        Array.from({ length: 50 }, (_, i) => ({ n: String(101 + i), letters: 3 })),
        { anyOrder: true },
      );
    },
  },
  {
    id: '08.5',
    title: { en: 'Only the last four', zh: '只留后四位' },
    hints: [
      {
        en: '`card.slice(-4)` gives the last four. How many stars go before them?',
        zh: '`card.slice(-4)` 给出后四位。前面要几个星号？',
      },
      { en: "`'*'.repeat(n)` must not be given a negative number.", zh: "`'*'.repeat(n)` 不能收到负数。" },
    ],
    solution: {
      code: `const mask = (card: string | null): string | null =>
  card === null ? null : '*'.repeat(Math.max(0, card.length - 4)) + card.slice(-4);
await check('08.5', mask);`,
      why: { en: 'NULL is looked at first, and a short number is no error.', zh: '先看 NULL；号码太短也不算错误。' },
    },
    async check(answer, examiner: Examiner) {
      await examiner.cases(answer, [
        { given: ['6222021234567890'], expected: '************7890' },
        { given: ['12345'], expected: '*2345' },
        { given: [null], expected: null, about: { en: 'NULL', zh: 'NULL' } },
        { given: ['123'], expected: '123', about: { en: 'fewer than four characters', zh: '不足四个字符' } },
        { given: [''], expected: '', about: { en: 'an empty text', zh: '空文本' } },
      ]);
    },
  },
  {
    id: '08.6',
    title: { en: 'Taking back by halves', zh: '只收回一半' },
    hints: [
      {
        en: 'Take 4 in and out again. Is the accumulator what it was?',
        zh: '放进一个 4 再拿出来。累加器恢复原样了吗？',
      },
      { en: '`retract` has to undo *all* that `accumulate` does.', zh: '`retract` 必须撤销 `accumulate` 做的*一切*。' },
    ],
    solution: {
      code: `const average = {
  accumulate: ({ sum, n }: Sum, value: number | null): Sum => (value === null ? { sum, n } : { sum: sum + value, n: n + 1 }),
  retract: ({ sum, n }: Sum, value: number | null): Sum => (value === null ? { sum, n } : { sum: sum - value, n: n - 1 }),
};
await check('08.6', average);`,
      why: {
        en: 'Accumulate and retract of the same value, in any order, must leave everything as it was.',
        zh: '同一个值先加后撤，无论先后，都必须让一切恢复原样。',
      },
    },
    async check(answer, examiner: Examiner) {
      const parts = (answer ?? {}) as { accumulate?: unknown; retract?: unknown };
      const put = examiner.function(parts.accumulate) as (acc: Sum, value: number | null) => Promise<Sum>;
      const take = examiner.function(parts.retract) as (acc: Sum, value: number | null) => Promise<Sum>;
      let acc: Sum = { sum: 0, n: 0 };
      for (const value of [4, 8, null, 6]) acc = await put(acc, value);
      examiner.same(acc, { sum: 18, n: 3 }, { given: [4, 8, null, 6] });
      for (const value of [8, null]) acc = await take(acc, value);
      examiner.same(
        acc,
        { sum: 10, n: 2 },
        { about: { en: 'after 8 and NULL were taken back', zh: '收回 8 和 NULL 之后' } },
      );
    },
  },
];
