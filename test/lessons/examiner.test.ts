import { expect, test } from 'vitest';
import { streamEnv } from '../../src/datastream/index.js';
import { Examiner } from '../../src/lessons/examiner.js';
import { NotYet } from '../../src/lessons/verdict.js';
import { tableEnv } from '../../src/table/index.js';

const examiner = new Examiner({ busyMs: 20_000, waitMs: 30_000 }, undefined);
const impatient = new Examiner({ busyMs: 200, waitMs: 100 }, undefined);

/** The reason of a check that ends. */
async function reason(check: () => unknown): Promise<string> {
  try {
    await check();
  } catch (error) {
    if (error instanceof NotYet) return error.reason.en;
    throw error;
  }
  return 'right';
}

const double = [
  { given: [2], expected: 4 },
  { given: [-3], expected: -6, about: { en: 'below zero', zh: '负数' } },
];

test('a function is tried on every case, synchronous or not', async () => {
  expect(await reason(() => examiner.cases((n: number) => n * 2, double))).toBe('right');
  expect(await reason(() => examiner.cases(async (n: number) => n * 2, double))).toBe('right');
  expect(await reason(() => examiner.cases((n: number) => Math.abs(n) * 2, double))).toBe(
    'below zero: 6 instead of -6',
  );
});

test('what is no function is told apart', async () => {
  expect(await reason(() => examiner.cases(4, double))).toContain('Hand in the function itself');
  expect(await reason(() => examiner.cases({}, double))).toBe('a function was expected, this is an object.');
});

test('a loop that never ends is broken off', async () => {
  const endless = () => {
    for (;;);
  };
  expect(await reason(() => impatient.cases(endless, double))).toContain('it had not ended after 0.2 s');
});

test('a promise that never comes is not waited for', async () => {
  expect(await reason(() => impatient.cases(() => new Promise(() => undefined), double))).toContain(
    'it had not ended after 0.1 s',
  );
});

test('what it throws becomes the reason, whatever it is', async () => {
  const throwing = (what: unknown) => () => {
    throw what;
  };
  expect(await reason(() => examiner.cases(throwing(new TypeError('no')), double))).toBe('it throws: TypeError: no');
  expect(await reason(() => examiner.cases(throwing('plain'), double))).toBe("it throws: 'plain'");
  expect(await reason(() => examiner.cases(throwing(undefined), double))).toBe('it throws: undefined');
  const rejecting = () => Promise.reject(new Error('later'));
  expect(await reason(() => examiner.cases(rejecting, double))).toBe('it throws: Error: later');
});

test('it cannot spoil the next case', async () => {
  const given = [[3, 1, 2]];
  const cases = [
    { given, expected: 3 },
    { given, expected: 3 },
  ];
  expect(await reason(() => examiner.cases((all: number[]) => all.sort().splice(0).length, cases))).toBe('right');
  expect(given).toEqual([[3, 1, 2]]);
});

test('rows come out of whatever holds some', async () => {
  const rows = [{ a: 1 }, { a: 2 }];
  const stream = streamEnv().fromCollection(rows);
  async function* generated() {
    yield* rows;
  }
  for (const answer of [
    rows,
    stream,
    Promise.resolve(rows),
    () => rows,
    async () => stream,
    generated(),
    new Set(rows),
  ])
    expect(await examiner.rows(answer)).toEqual(rows);
  const table = tableEnv().fromRows(rows);
  expect((await examiner.rows(table)).map((row) => ({ ...(row as object) }))).toEqual(rows);
  expect(await reason(() => examiner.rows(5))).toContain('this is a number');
  expect(await reason(() => examiner.rows(Promise.reject(new Error('broken'))))).toBe('it throws: Error: broken');
});

test('numbers, texts and choices', async () => {
  expect(examiner.number(5n)).toBe(5);
  expect(await reason(() => examiner.number('5'))).toBe('a number was expected, this is a string');
  expect(await reason(() => examiner.number(Number.NaN))).toContain('`NaN`');
  expect(examiner.text(' b ')).toBe('b');
  const choices = { a: { en: 'because', zh: '因为' }, b: true } as const;
  expect(await reason(() => examiner.choice('B', choices))).toBe('right');
  expect(await reason(() => examiner.choice('a', choices))).toBe('because');
  expect(await reason(() => examiner.choice('z', choices))).toBe('the answer is one of a, b');
});
