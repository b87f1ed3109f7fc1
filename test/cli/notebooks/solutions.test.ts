import { expect, test, vi } from 'vitest';
import { checkedIn, trySolutions, verdictsIn } from '../../../src/cli/notebooks/solutions.js';
import type { CodeCell, Executed, NotebookKernel } from '../../../src/kernel/client/index.js';
import type { Exercise } from '../../../src/lessons/exercise.js';

const exercise = (id: string, code: Exercise['solution']['code']): Exercise => ({
  id,
  title: { en: 'a', zh: 'b' },
  hints: [{ en: 'a', zh: 'b' }],
  solution: { code, why: { en: 'a', zh: 'b' } },
  check: () => undefined,
});
vi.mock('../../../src/lessons/chapters/chapter-04.js', () => ({
  exercises: [exercise('04.1', 'right'), exercise('04.2', { en: 'wrong', zh: 'right' }), exercise('04.3', 'hangs')],
}));

const cell = (source: string, tags = ['exercise']): CodeCell => ({ position: 1, source, tags, outputs: [] });

function kernel(id: () => string): NotebookKernel {
  const execute = async (code: string): Promise<Executed> => {
    if (code === 'hangs') return new Promise(() => undefined);
    const data = {
      'text/plain': `${code} it is`,
      'application/vnd.streambook.check+json': { id: id(), ok: code === 'right' },
    };
    return { status: 'ok', outputs: [{ output_type: 'display_data', data, metadata: {} }], executionCount: 1 };
  };
  return { execute } as NotebookKernel;
}

test('the exercises of a cell are those it checks', () => {
  expect(checkedIn(`await check('05.2', a);\nawait check( "05.10" , b); recheck('01.1'); check(id, 3)`)).toEqual([
    '05.2',
    '05.10',
  ]);
});

test('verdicts are read from outputs', () => {
  const data = { 'text/plain': 'x', 'application/vnd.streambook.check+json': { id: '04.1', ok: true } };
  const outputs = [
    { output_type: 'stream' as const, name: 'stdout' as const, text: '' },
    { output_type: 'display_data' as const, data, metadata: {} },
  ];
  expect(verdictsIn(outputs)).toEqual([{ id: '04.1', ok: true }]);
});

test('a right solution passes, a wrong one is shown, in the language that is run', async () => {
  const one = cell(`await check('04.1', 1)`);
  expect(
    await trySolutions(
      [one],
      kernel(() => '04.1'),
      { lang: 'en', limit: 60 },
    ),
  ).toEqual({ problems: [], solved: 1 });
  const two = cell(`await check('04.2', 1)`);
  const wrong = await trySolutions(
    [two],
    kernel(() => '04.2'),
    { lang: 'en', limit: 60 },
  );
  expect(wrong.problems).toEqual(['exercise 04.2: its solution is not found right\n    wrong it is']);
  expect(
    (
      await trySolutions(
        [two],
        kernel(() => '04.2'),
        { lang: 'zh', limit: 60 },
      )
    ).solved,
  ).toBe(1);
});

test('a solution that does not end, and an exercise nobody knows', async () => {
  const cells = [cell(`check('04.3', 1)`), cell(`check('04.9', 1)`)];
  const { problems } = await trySolutions(
    [...cells].reverse(),
    kernel(() => ''),
    { lang: 'en', limit: 0.01 },
  );
  expect(problems).toHaveLength(2);
  expect(problems[0]).toContain('exercise 04.9: [streambook/no-such-exercise] there is no exercise 04.9');
  expect(problems[1]).toBe('exercise 04.3: its solution is not found right\n    it did not end');
});

test('cells without the tag are left alone', async () => {
  const untagged = cell(`check('04.2', 1)`, []);
  expect(
    await trySolutions(
      [untagged],
      kernel(() => ''),
      { lang: 'en', limit: 1 },
    ),
  ).toEqual({ problems: [], solved: 0 });
});
