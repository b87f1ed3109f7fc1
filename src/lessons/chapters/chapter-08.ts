import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Table, type TableEnvironment, tableEnv } from '../../table/index.js';
import type { Examiner } from '../examiner.js';
import type { Exercise } from '../exercise.js';
import { changes } from './chapter-08-changes.js';
import { functions } from './chapter-08-functions.js';
import { windows } from './chapter-08-windows.js';

/** A table of payments that the student has not seen. */
function payments(t: TableEnvironment): Table {
  return t.fromRows([
    { name: 'Mia', product: 'book', amount: 30 },
    { name: 'Noah', product: 'pen', amount: 2 },
    { name: 'Mia', product: 'ink', amount: 8 },
    { name: 'Noah', product: 'lamp', amount: 40 },
    { name: 'Zoe', product: 'pen', amount: 20 },
  ]);
}

type OverPayments = (t: TableEnvironment, payments: Table) => Promise<unknown>;

/** The statement handed in makes a table over a file of this text, and a query over it gives these rows, in any order. */
async function overFile(
  examiner: Examiner,
  answer: unknown,
  given: { readonly text: string; readonly query: string; readonly rows: readonly object[] },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'streambook-check-'));
  try {
    const path = join(folder, 'data.csv').replaceAll('\\', '/');
    writeFileSync(path, given.text);
    const statement = examiner.text(await examiner.function(answer)(path));
    const rows = await examiner.rows(() => {
      const t = tableEnv();
      t.executeSql(statement);
      return t.sqlQuery(given.query);
    });
    examiner.same(rows, given.rows, { anyOrder: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const exercises: readonly Exercise[] = [
  {
    id: '08.1',
    title: { en: 'The dearest of each', zh: '每人最贵的一笔' },
    hints: [
      {
        en: 'A row per *name*: which word of SQL puts rows together?',
        zh: '每个*名字*一行：SQL 里哪个词把行合在一起？',
      },
      {
        en: '`GROUP BY name`, and an aggregate that is not `SUM`.',
        zh: '`GROUP BY name`，再加一个不是 `SUM` 的聚合。',
      },
    ],
    solution: {
      code: `const highest = (t: TableEnvironment, payments: Table): Table => t.sql\`SELECT name, MAX(amount) AS highest FROM \${payments} GROUP BY name\`;
await check('08.1', highest);`,
      why: {
        en: 'While rows come, the highest changes; in the end there is one row for each name.',
        zh: '行不断到来，最高值不断变化；最终每个名字只有一行。',
      },
    },
    async check(answer, examiner: Examiner) {
      const t = tableEnv();
      const rows = await examiner.rows(await (examiner.function(answer) as OverPayments)(t, payments(t)));
      examiner.same(
        rows,
        [
          { name: 'Mia', highest: 30 },
          { name: 'Noah', highest: 40 },
          { name: 'Zoe', highest: 20 },
        ],
        { anyOrder: true },
      );
    },
  },
  {
    id: '08.2',
    title: { en: 'In Fahrenheit, without gaps', zh: '换成华氏度，去掉空缺' },
    hints: [
      {
        en: 'A gap is `NULL` in the table: `WHERE degrees IS NOT NULL`.',
        zh: '空缺在表里是 `NULL`：`WHERE degrees IS NOT NULL`。',
      },
      {
        en: '`9 / 5` is 1 if both are whole numbers. `degrees * 9 / 5` begins with a DOUBLE.',
        zh: '两个整数相除，`9 / 5` 得 1。`degrees * 9 / 5` 则从 DOUBLE 开始。',
      },
    ],
    solution: {
      code: `const inFahrenheit = async (celsius: unknown) => {
  const table = t.fromArquero(celsius);
  return t.sql\`SELECT place, degrees, degrees * 9 / 5 + 32 AS fahrenheit FROM \${table} WHERE degrees IS NOT NULL\`.toArquero();
};
await check('08.2', inFahrenheit);`,
      why: {
        en: 'The frame goes in by columns, SQL does the work, and a frame comes out again.',
        zh: '数据框按列进去，SQL 干活，再出来一个数据框。',
      },
    },
    async check(answer, examiner: Examiner) {
      const t = tableEnv();
      const frame = await t
        .sqlQuery(
          "SELECT * FROM (VALUES ('Oslo', -10.5e0), ('Rome', CAST(NULL AS DOUBLE)), ('Pune', 31e0), ('Lima', 0e0)) AS v(place, degrees)",
        )
        .toArquero();
      // A check hands over copies of what can be copied; a copy of a frame would have no methods.
      const given = Object.assign(frame, { own: () => undefined });
      const got = (await examiner.function(answer)(given)) as { objects?: () => object[] } | undefined;
      examiner.must(
        got !== undefined && typeof got.objects === 'function',
        'an arquero table was expected: does the function return what `toArquero()` gives?',
        '应返回一个 arquero 表：函数有没有返回 `toArquero()` 的结果？',
        { got },
      );
      examiner.same(
        got?.objects?.(),
        [
          { place: 'Oslo', degrees: -10.5, fahrenheit: 13.1 },
          { place: 'Pune', degrees: 31, fahrenheit: 87.8 },
          { place: 'Lima', degrees: 0, fahrenheit: 32 },
        ],
        { tolerance: 1e-9 },
      );
    },
  },
  {
    id: '08.3',
    title: { en: 'A share of nothing', zh: '份额总是零' },
    hints: [
      { en: 'What is `30 / 100` among whole numbers?', zh: '在整数里，`30 / 100` 等于多少？' },
      {
        en: '`CAST(amount AS DOUBLE)` before dividing, or a literal such as `100e0`.',
        zh: '先 `CAST(amount AS DOUBLE)` 再除，或者用 `100e0` 这样的字面量。',
      },
    ],
    solution: {
      code: `const share = (t: TableEnvironment, payments: Table, all: number): Table =>
  t.sql\`SELECT name, CAST(amount AS DOUBLE) / \${all} * 100 AS pct FROM \${payments}\`;
await check('08.3', share);`,
      why: {
        en: 'BIGINT divided by INT is a whole number, cut off; with a DOUBLE on one side it is not.',
        zh: 'BIGINT 除以 INT 得到截断的整数；有一边是 DOUBLE 就不会。',
      },
    },
    async check(answer, examiner: Examiner) {
      const t = tableEnv();
      const given = examiner.function(answer) as (t: TableEnvironment, table: Table, all: number) => Promise<unknown>;
      const rows = (await examiner.rows(await given(t, payments(t), 100))) as { pct: unknown }[];
      examiner.same(
        rows.map((row) => Number(row.pct)),
        [30, 2, 8, 40, 20],
        { tolerance: 1e-9, anyOrder: true },
      );
      const odd = (await examiner.rows(await given(t, payments(t), 300))) as { pct: unknown }[];
      examiner.same(
        odd.map((row) => Number(row.pct)),
        [10, 2 / 3, 8 / 3, 40 / 3, 20 / 3],
        { tolerance: 0.01, anyOrder: true, about: { en: 'shares that are no whole numbers', zh: '不是整数的份额' } },
      );
    },
  },
  ...functions,
  {
    id: '08.7',
    title: { en: 'A comma inside a field', zh: '字段里的逗号' },
    hints: [
      {
        en: 'The csv format knows quotes by itself; it only wants all three columns.',
        zh: 'csv 格式自己认得引号，只差把三列都写上。',
      },
      { en: '`id INT, place STRING, note STRING`', zh: '`id INT, place STRING, note STRING`' },
    ],
    solution: {
      code: `const places = (path: string): string => \`CREATE TABLE places (id INT, place STRING, note STRING)
  WITH ('connector' = 'filesystem', 'path' = '\${path}', 'format' = 'csv')\`;
await check('08.7', places);`,
      why: {
        en: 'Quotes protect a comma, and two quotes are one. Splitting a line at its commas knows neither.',
        zh: '引号保护逗号，两个引号算一个。按逗号切行的办法两样都不懂。',
      },
    },
    check: (answer, examiner) =>
      overFile(examiner, answer, {
        text: '7,"Berlin, Mitte","say ""hi"""\n8,Köln,\n9,"two\nlines",ok\n',
        query: 'SELECT * FROM places',
        rows: [
          { id: 7, place: 'Berlin, Mitte', note: 'say "hi"' },
          { id: 8, place: 'Köln', note: '' },
          { id: 9, place: 'two\nlines', note: 'ok' },
        ],
      }),
  },
  {
    id: '08.8',
    title: { en: 'The lost zero', zh: '丢失的零' },
    hints: [
      {
        en: 'Is an account number a number? Would you ever add two of them?',
        zh: '账号是数吗？你会把两个账号相加吗？',
      },
      { en: '`account STRING`', zh: '`account STRING`' },
    ],
    solution: {
      code: `const accounts = (path: string): string => \`CREATE TABLE accounts (account STRING, owner STRING)
  WITH ('connector' = 'filesystem', 'path' = '\${path}', 'format' = 'csv')\`;
await check('08.8', accounts);`,
      why: {
        en: 'What names something is a text, also when it consists of digits.',
        zh: '用来称呼某物的就是文本，哪怕全是数字。',
      },
    },
    check: (answer, examiner) =>
      overFile(examiner, answer, {
        text: '050314421,Ann\n7,Bo\n00012,Cy\n',
        query: 'SELECT account, owner FROM accounts',
        rows: [
          { account: '050314421', owner: 'Ann' },
          { account: '7', owner: 'Bo' },
          { account: '00012', owner: 'Cy' },
        ],
      }),
  },
  {
    id: '08.9',
    title: { en: 'Good lines and bad ones', zh: '好行与坏行' },
    hints: [
      { en: 'Which of them lets you look at the bad lines?', zh: '哪一种能让你看到坏行？' },
      {
        en: 'A field that became NULL cannot be told from one that was empty; a job that has ended reads nothing more.',
        zh: '变成 NULL 的字段和本来就空的分不开；已经结束的作业什么也不再读。',
      },
    ],
    solution: {
      code: `await check('08.9', 'b');`,
      why: {
        en: 'Texts never fail to be read; what they mean is tried afterwards, and what fails is a row like any other.',
        zh: '文本总能读进来；它的含义之后再尝试转换，失败的也是一行普通的数据。',
      },
    },
    check(answer, examiner) {
      examiner.choice(answer, {
        a: {
          en: 'what cannot be read becomes NULL, and looks like a value that was never there',
          zh: '读不懂的变成 NULL，看上去就像本来没有值',
        },
        b: true,
        c: {
          en: 'the first bad line ends the job, and the good ones after it are not read',
          zh: '第一个坏行就让作业失败，后面的好行也读不到',
        },
      });
    },
  },
  ...windows,
  ...changes,
];
