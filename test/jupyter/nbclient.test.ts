import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';

const { folder, command, args, env } = inject('server');

/** nbconvert belongs to JupyterLab: in the same environment, called the same way. */
const nbconvert = (file: string): Promise<unknown> => {
  const program = args[0] === '-m' ? ['-m', 'nbconvert'] : ['nbconvert'];
  const options = ['--to', 'notebook', '--execute', '--allow-errors', '--inplace', file];
  return promisify(execFile)(command, [...program, ...options], { env, cwd: folder });
};

const cell = (source: string): object => ({
  cell_type: 'code',
  execution_count: null,
  id: `id-${source.length}`,
  metadata: {},
  outputs: [],
  source,
});

interface Written {
  cells: { outputs: { output_type: string; name?: string; text?: string | string[]; ename?: string }[] }[];
}

test('nbclient, which nbconvert and CI systems use, keeps a burst, sees an error, and runs the cell behind it', async () => {
  const file = join(folder, 'nbclient.ipynb');
  const kernelspec = { name: 'streambook', language: 'typescript', display_name: 'x' };
  const sources = [
    `for (let i = 0; i < 5000; i++) console.log('line ' + i);`,
    `throw new RangeError('no');`,
    `console.log('behind');`,
    `for await (const x of [1, 2]) console.log(x);`,
  ];
  writeFileSync(
    file,
    JSON.stringify({ cells: sources.map(cell), metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }),
  );
  await nbconvert(file);
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as Written;
  const text = (index: number): string => cells[index]!.outputs.map((each) => [each.text].flat().join('')).join('');
  expect(text(0).split('\n')).toHaveLength(5001);
  expect(text(0).endsWith('line 4999\n')).toBe(true);
  expect(cells[1]!.outputs).toMatchObject([{ output_type: 'error', ename: 'RangeError', evalue: 'no' }]);
  expect(text(2)).toBe('behind\n');
  expect(text(3)).toBe('1\n2\n');
});
