import { expect, test } from 'vitest';
import { csvField } from '../../../src/cli/notebooks/csv-field.js';
import { markCells } from '../../../src/cli/notebooks/submissions.js';
import type { CodeCell, Executed } from '../../../src/kernel/client/index.js';

const cell = (source: string): CodeCell => ({ position: 1, source, tags: [], outputs: [] });

/** Answers a check by what stands behind its name: `check('04.1', right)`. */
function kernel() {
  const ran: string[] = [];
  const interrupts: ((executed: Executed) => void)[] = [];
  return {
    ran,
    interrupt: async () => {
      ran.push('interrupted');
      for (const end of interrupts) end({ status: 'error', outputs: [], executionCount: 1 });
    },
    execute: async (code: string): Promise<Executed> => {
      ran.push(code);
      if (code.includes('hangs')) return new Promise((done) => interrupts.push(done));
      if (code.includes('dies')) throw new Error('the kernel is gone\nits process ended');
      if (code.includes('throws')) return { status: 'error', outputs: [], executionCount: 1 };
      const id = /'(\d\d\.\d+)'/.exec(code)?.[1];
      const data = {
        'text/plain': '',
        'application/vnd.streambook.check+json': { id, ok: code.includes('right') },
      };
      const outputs = id === undefined ? [] : [{ output_type: 'display_data' as const, data, metadata: {} }];
      return { status: 'ok', outputs, executionCount: 1 };
    },
  };
}

test('each exercise has its verdict; a cell that fails or hangs does not end the notebook', async () => {
  const cells = ['1 + 1', `check('04.1', right)`, `check('04.2', wrong)`, `check('04.3', throws)`];
  const answers = kernel();
  expect(await markCells([...cells, `check('04.4', hangs)`, `check('04.5', right)`].map(cell), answers, 0.05)).toEqual([
    { exercise: '04.1', verdict: 'right' },
    { exercise: '04.2', verdict: 'not yet' },
    { exercise: '04.3', verdict: 'error' },
    { exercise: '04.4', verdict: 'error', note: 'broken off after 0.05 s' },
    { exercise: '04.5', verdict: 'right' },
  ]);
  expect(answers.ran).toContain('interrupted');
});

test('what was found before the kernel went away is kept, and what could not be asked is listed', async () => {
  const cells = [`check('04.1', right)`, `check('04.2', dies)`, `check('04.1', wrong)`, `check('04.3', right)`];
  expect(await markCells(cells.map(cell), kernel(), 60)).toEqual([
    { exercise: '04.1', verdict: 'right' },
    { exercise: '04.2', verdict: 'error', note: 'the kernel is gone' },
    { exercise: '04.3', verdict: 'error', note: 'the kernel is gone' },
  ]);
});

test('a verdict on an exercise that its cell does not check is none', async () => {
  expect(await markCells([`show('04.1', right)`].map(cell), kernel(), 60)).toEqual([]);
});

test('the last verdict counts', async () => {
  const cells = [`check('04.1', wrong)`, `check('04.1', right)`];
  expect(await markCells(cells.map(cell), kernel(), 60)).toEqual([{ exercise: '04.1', verdict: 'right' }]);
});

test('a name is no formula, and a comma no border', () => {
  expect(csvField('张三/05.ipynb')).toBe('张三/05.ipynb');
  expect(csvField('=cmd()')).toBe("'=cmd()");
  expect(csvField('a, "b".ipynb')).toBe('"a, ""b"".ipynb"');
});
