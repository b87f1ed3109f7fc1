import { expect, test } from 'vitest';
import { type Executed, type NotebookKernel, readNotebook, runNotebook } from '../../../src/kernel/client/index.js';
import type { Output } from '../../../src/kernel/client/outputs.js';

const out = (text: string): Output => ({ output_type: 'stream', name: 'stdout', text });

const notebook = (cells: { source: string; tags?: string[]; outputs?: Output[] }[]) =>
  readNotebook(
    JSON.stringify({
      nbformat: 4,
      cells: cells.map(({ source, tags = [], outputs = [] }) => ({
        cell_type: 'code',
        source,
        outputs,
        metadata: { tags },
      })),
    }),
    'test',
  );

/** A kernel that answers each cell as told by its source, and notes what was asked of it. */
function kernelThat(answers: Record<string, Partial<Executed> | 'never' | Error>) {
  const asked: string[] = [];
  const kernel = {
    execute: async (code: string, options?: { stopOnError?: boolean }) => {
      asked.push(options?.stopOnError === false ? `${code}, may fail` : code);
      const answer = answers[code] ?? {};
      if (answer instanceof Error) throw answer;
      if (answer === 'never') return new Promise<Executed>(() => undefined);
      return { status: 'ok', outputs: [], executionCount: 1, ...answer } satisfies Executed;
    },
    interrupt: async () => void asked.push('interrupt'),
  } as unknown as NotebookKernel;
  return { kernel, asked };
}

test('empty cells are not run, others in order', async () => {
  const { kernel, asked } = kernelThat({});
  const result = await runNotebook(notebook([{ source: 'a' }, { source: '  \n' }, { source: 'b' }]), kernel);
  expect(asked).toEqual(['a', 'b']);
  expect(result).toEqual({ outputs: [[], [], []], differs: [false, false, false], problems: [], complete: true });
});

test('outputs are compared when all cells have run: a cell may show something later', async () => {
  const first: Output[] = [];
  const { kernel } = kernelThat({ a: { outputs: first } });
  const execute = kernel.execute.bind(kernel);
  const later = (async (code, options) => {
    if (code === 'b') first.push(out('late'));
    return execute(code, options);
  }) as NotebookKernel['execute'];
  const cells = [{ source: 'a', outputs: [out('late')] }, { source: 'b' }];
  expect((await runNotebook(notebook(cells), { ...kernel, execute: later })).problems).toEqual([]);
});

test('what a cell about a cluster shows is not compared, once there is something', async () => {
  const { kernel } = kernelThat({ a: { outputs: [out('no Flink here')] } });
  const tags = ['cluster'];
  const shown = await runNotebook(notebook([{ source: 'a', tags, outputs: [out('255 rows')] }]), kernel);
  expect(shown).toMatchObject({ problems: [], differs: [false] });
  const never = await runNotebook(notebook([{ source: 'a', tags }]), kernel);
  expect(never).toMatchObject({ problems: ['cell 1 (a): no outputs are committed (--update writes them)'] });
});

test('a failing cell ends the run; what differed before it is told, too', async () => {
  const error: Output = { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['E: v', 'at x'] };
  const { kernel, asked } = kernelThat({ a: { outputs: [out('1')] }, b: { status: 'error', outputs: [error] } });
  const cells = [{ source: 'a', outputs: [out('2')] }, { source: 'b' }, { source: 'c' }];
  const { problems, complete } = await runNotebook(notebook(cells), kernel);
  expect(complete).toBe(false);
  expect(problems[0]).toContain('cell 1 (a): output 1 (stdout) differs');
  expect(problems[1]).toBe('cell 2 (b): failed\n    E: v\n    at x');
  expect(asked).toEqual(['a', 'b']);
});

test('a cell with the tag raises-exception has to fail, and does not stop the next one', async () => {
  const { kernel, asked } = kernelThat({ a: { status: 'error' } });
  const tags = ['raises-exception', 'varies'];
  const cells = [
    { source: 'a', tags },
    { source: 'b', tags },
  ];
  expect((await runNotebook(notebook(cells), kernel)).problems).toEqual([
    'cell 2 (b): was to fail (tag raises-exception), but did not',
  ]);
  expect(asked).toEqual(['a, may fail', 'b, may fail']);
});

test('a kernel that dies is named with its cell', async () => {
  const { kernel } = kernelThat({ a: new Error('gone') });
  expect((await runNotebook(notebook([{ source: 'a' }]), kernel)).problems).toEqual(['cell 1 (a): gone']);
});

test('folders of this machine are hidden', async () => {
  const { kernel } = kernelThat({ a: { outputs: [out('in /home/me/streambook/x')] } });
  const options = { hiddenPath: '/home/me/streambook', compare: false };
  expect((await runNotebook(notebook([{ source: 'a' }]), kernel, options)).outputs).toEqual([[out('in ./x')]]);
});
