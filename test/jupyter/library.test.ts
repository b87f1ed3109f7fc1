import { expect, test } from 'vitest';
import { printed, result, useKernel } from './kernel.js';

const notebook = useKernel();

test('the library is imported without a warning', async () => {
  const executed = await notebook.kernel.execute(`import { seconds, minutes } from 'streambook';`);
  expect(executed).toMatchObject({ status: 'ok', outputs: [] });
  expect(result(await notebook.kernel.execute('minutes(1) + seconds(5)'))).toBe('65000');
});

test('what the library registers belongs to the cell that runs', async () => {
  const executed = await notebook.kernel.execute(
    `const hook = (globalThis as any)[Symbol.for('streambook.kernel')];
     const cell = hook.currentCell();
     cell.write({ 'text/plain': 'one' }, 'id', false);
     setTimeout(() => cell.write({ 'text/plain': 'two' }, 'id', true), 50);`,
  );
  expect(executed.outputs).toMatchObject([{ output_type: 'display_data', data: { 'text/plain': 'one' } }]);
  await notebook.kernel.execute(`await new Promise((done) => setTimeout(done, 200));`);
  // The later cell has taken the update to where the display stands.
  expect(executed.outputs).toMatchObject([{ data: { 'text/plain': 'two' } }]);
});

test('an imported name can be declared anew by a later cell', async () => {
  const { kernel } = notebook;
  await kernel.execute(
    `import { hours, days as tage } from 'streambook'; import os from 'node:os'; import * as path from 'node:path';`,
  );
  expect(result(await kernel.execute(`[hours(1), tage(1), typeof os.cpus, typeof path.join].join()`))).toBe(
    '3600000,86400000,function,function',
  );
  await kernel.execute(`let hours = 'mine';`);
  await kernel.execute(`hours += '!';`);
  expect(result(await kernel.execute(`hours`))).toBe('mine!');
});

test('completion offers names and members with our types', async () => {
  const { kernel } = notebook;
  await kernel.execute(`import { StreambookError } from 'streambook'; const error = new StreambookError('a', 'b');`);
  expect((await kernel.complete('error.hi')).matches).toEqual(['hint']);
  expect((await kernel.complete('minu')).matches).toContain('minutes');
  const inLambda = `[error].map((each) => each.co`;
  expect((await kernel.complete(inLambda)).matches).toContain('code');
  const inAwait = `for await (const x of [error]) { await x.whe`;
  expect((await kernel.complete(inAwait)).matches).toEqual(['where']);
});

test('completion counts characters as Jupyter does', async () => {
  const code = `'😀'; 'x'.toUpp`;
  expect(await notebook.kernel.complete(code, [...code].length)).toEqual({
    matches: ['toUpperCase'],
    start: [...code].length - 'toUpp'.length,
    end: [...code].length,
  });
});

test('hover shows signature and docstring', async () => {
  const { kernel } = notebook;
  await kernel.execute(`import { seconds as secs } from 'streambook';`);
  const text = await kernel.inspect('secs(5)', 2);
  expect(text).toContain('seconds(5) === 5000');
  // Where Jupyter's readers press it: behind the parenthesis.
  expect(await kernel.inspect('secs(', 5)).toBe(text);
  expect(await kernel.inspect('   ', 1)).toBeUndefined();
});

test('completion beside a running cell is answered, and the kernel stays busy', async () => {
  const { kernel } = notebook;
  const running = kernel.execute(`await new Promise((done) => setTimeout(done, 500)); console.log('end');`);
  expect((await kernel.complete('Math.flo')).matches).toEqual(['floor']);
  await expect.poll(() => kernel.connection.status).toBe('busy');
  expect(printed(await running)).toBe('end\n');
  await expect.poll(() => kernel.connection.status).toBe('idle');
});

test('the last value is the result; nothing for undefined and null', async () => {
  const { kernel } = notebook;
  const shown = async (code: string): Promise<unknown> => result(await kernel.execute(code));
  expect(await shown(`[1, { a: 'b' }]`)).toBe(`[ 1, { a: 'b' } ]`);
  expect(await shown(`'text'`)).toBe('text');
  expect(await shown('Promise.resolve(5)')).toMatch(/^Promise \{ 5 \}\nhint: .*await/);
  expect(await shown('null')).toBeUndefined();
  expect(await shown('setTimeout(() => {})')).toBeUndefined();
  expect(await shown('const quiet = 1;')).toBeUndefined();
  expect(await shown(`({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'itself' }) })`)).toBe('itself');
});

test('rows, errors, jobs and tables that are a last value show themselves', async () => {
  const { kernel } = notebook;
  const kinds = async (code: string): Promise<string[]> => {
    const { outputs } = await kernel.execute(code);
    return outputs.flatMap((output) => ('data' in output ? Object.keys(output.data) : [])).sort();
  };
  const table = ['text/html', 'text/plain'];
  await kernel.execute(`import { streamEnv, tableEnv } from 'streambook'; const t = tableEnv();`);
  expect(await kinds(`[{ word: 'whale', n: 1 }]`)).toEqual(table);
  expect(await kinds(`[1, 2]`)).toEqual(['text/plain']);
  expect(await kinds(`new Error('<b>')`)).toEqual(table);
  expect(
    await kinds(`const env = streamEnv(); env.fromElements(1).forEach(() => {}); await env.executeAsync('one')`),
  ).toEqual(table);
  expect(await kinds(`t.fromRows([{ a: 1 }])`)).toEqual(['text/plain']);
  expect(result(await kernel.execute(`t.fromRows([{ a: 1 }])`))).toContain('nothing runs until');
});

test('the doctor looks at the machine from a cell', async () => {
  const { kernel } = notebook;
  const executed = await kernel.execute(`import { doctor } from 'streambook'; const found = doctor(); await found;`);
  expect(executed.status).toBe('ok');
  expect(executed.outputs.flatMap((output) => ('data' in output ? Object.keys(output.data) : [])).sort()).toEqual([
    'text/html',
    'text/plain',
  ]);
  expect(result(executed)).toMatch(/The notebooks\n[\s\S]*TypeScript kernel[\s\S]*This machine\n/);
  const names = await kernel.execute(`(await found.data()).checks.map((check) => check.name).join()`);
  expect(result(names)).toContain('Node.js,npm,npm packages,Python,JupyterLab,TypeScript kernel,streambook');
});
