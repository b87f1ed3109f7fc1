import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { printed, result, useKernel } from './kernel.js';

const notebook = useKernel();

test.each([0, 50, 150, 190])('a cell sent %d ms after a failing one runs', async (pauseMs) => {
  const { kernel } = notebook;
  expect((await kernel.execute(`throw new Error('no')`)).status).toBe('error');
  await delay(pauseMs);
  const next = await kernel.execute(`console.log('here')`);
  expect(next.status).toBe('ok');
  expect(printed(next)).toBe('here\n');
});

test('twenty failing cells and what follows each, one after the other', async () => {
  const { kernel } = notebook;
  for (let i = 0; i < 20; i++) {
    expect((await kernel.execute(`throw ${i}`)).status).toBe('error');
    expect(result(await kernel.execute(`${i} + 1`))).toBe(String(i + 1));
  }
});

test('Run All stops at the failing cell', async () => {
  const { kernel } = notebook;
  const codes = [`console.log('a')`, `throw new Error('b')`, `console.log('c')`, `console.log('d')`];
  const executed = await Promise.all(codes.map((code) => kernel.execute(code)));
  expect(executed.map(({ status }) => status)).toEqual(['ok', 'error', 'aborted', 'aborted']);
  expect(executed.slice(2).flatMap(({ outputs }) => outputs)).toEqual([]);
  // A number would stand beside the cell, as though it had run.
  expect(executed.map(({ executionCount }) => executionCount !== null)).toEqual([true, true, false, false]);
  expect(result(await kernel.execute('1'))).toBe('1');
});

test('a cell that may fail (tag raises-exception) does not stop Run All', async () => {
  const { kernel } = notebook;
  const failing = kernel.execute(`throw new Error('b')`, { stopOnError: false });
  const next = kernel.execute(`console.log('c')`);
  expect((await failing).status).toBe('error');
  expect(printed(await next)).toBe('c\n');
});

test('a type error counts as a failure, too', async () => {
  const { kernel } = notebook;
  const executed = await Promise.all([`const a: string = 5;`, `'b'`].map((code) => kernel.execute(code)));
  expect(executed.map(({ status }) => status)).toEqual(['error', 'aborted']);
});

test('names whose lines have run survive a failing cell, others are as before', async () => {
  const { kernel } = notebook;
  await kernel.execute(`const kept = 'old'; let other = 1;`);
  await kernel.execute(`const ran = 1; function fails(): number { throw new Error('x'); } const kept = fails();`);
  expect(result(await kernel.execute("[ran, kept.toUpperCase(), other].join(' ')"))).toBe('1 OLD 1');
});

test('errors in the background are told, and the kernel goes on', async () => {
  const { kernel } = notebook;
  const executed = await kernel.execute(
    `setTimeout(() => { throw new Error('from a timer'); }, 5); Promise.reject(new Error('unhandled'));
     await new Promise((done) => setTimeout(done, 100));`,
  );
  expect(executed.status).toBe('ok');
  expect(printed(executed, 'stderr')).toContain('unhandled');
  expect(printed(executed, 'stderr')).toContain('from a timer');
  expect((await kernel.execute('1')).status).toBe('ok');
});

test('process.exit() is refused with a hint', async () => {
  const { kernel } = notebook;
  const executed = await kernel.execute(`process.exit(0)`);
  expect(executed.outputs).toMatchObject([{ output_type: 'error', ename: 'StreambookError' }]);
  expect((await kernel.execute('1')).status).toBe('ok');
});
