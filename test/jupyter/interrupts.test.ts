import { describe, expect, test } from 'vitest';
import { failure, interrupted, printed, result, useKernel } from './kernel.js';

const notebook = useKernel();

const ticks = `async function* ticks() {
  let i = 0;
  try { while (true) { await new Promise((done) => setTimeout(done, 20)); yield i++; } }
  finally { console.log('source closed'); }
}`;

test('a stream stops, its finally blocks run in its own cell, and the next cell works', async () => {
  const { kernel } = notebook;
  const stopped = await interrupted(
    kernel,
    `${ticks}
const before = 42;
try { for await (const x of ticks()) console.log(x); } finally { console.log('loop left'); }
console.log('never');`,
    '3\n',
  );
  expect(stopped.status).toBe('error');
  expect(failure(stopped)).toEqual({
    ename: 'KeyboardInterrupt',
    evalue: 'the cell was interrupted',
    text: 'KeyboardInterrupt: the cell was interrupted',
  });
  expect(printed(stopped)).toMatch(/3\n(\d+\n)*source closed\nloop left\n$/);
  // Long enough for ten more ticks, if there were any.
  const next = await kernel.execute(`await new Promise((done) => setTimeout(done, 200)); console.log('next', before);`);
  expect(next.status).toBe('ok');
  expect(printed(next)).toBe('next 42\n');
});

test('what the cell has started through the library stops, what other cells have started does not', async () => {
  const { kernel } = notebook;
  // As the library's senders and jobs do it.
  const track = (name: string): string => `{
    const timer = setInterval(() => console.log('${name}'), 10);
    const entry = { stoppable: { what: '${name}', stop() { clearInterval(timer); console.log('${name} stopped'); } },
      cellId: (globalThis as any)[Symbol.for('streambook.kernel')].currentCell().id };
    ((globalThis as any)[Symbol.for('streambook.running')] ??= new Set()).add(entry);
  }`;
  const other = kernel.execute(`${track('other')} console.log('started');`);
  expect(printed(await other)).toContain('started');
  const stopped = await interrupted(kernel, `${track('mine')} await new Promise(() => {});`, 'mine\n');
  expect(printed(stopped)).toMatch(/mine stopped\n$/);
  expect(printed(stopped)).not.toContain('other');
  const left = await kernel.execute(
    `[...(globalThis as any)[Symbol.for('streambook.running')]].map((each) => each.stoppable.what).join()`,
  );
  expect(result(left)).toBe('other');
  await kernel.execute(
    `for (const each of (globalThis as any)[Symbol.for('streambook.running')]) each.stoppable.stop();
     (globalThis as any)[Symbol.for('streambook.running')].clear();`,
  );
});

describe('a cell that waits or is busy ends', () => {
  test.each([
    ['a long timer', `console.log('go'); await new Promise((done) => setTimeout(done, 1e8));`],
    ['a promise nobody keeps', `console.log('go'); await new Promise(() => {});`],
    ['a loop that waits', `console.log('go'); while (true) await new Promise((done) => setTimeout(done, 10));`],
    ['a synchronous loop', `console.log('go'); while (true) { Math.random(); }`],
    ['one behind an await', `console.log('go'); await new Promise((done) => setTimeout(done, 50)); for (;;);`],
    ['one that never leaves the microtasks', `console.log('go'); while (true) await null;`],
    [
      'a source that never does',
      `console.log('go'); for await (const x of (async function* () { while (1) yield 1; })());`,
    ],
    ['one in a function', `function spin() { do {} while (true); } console.log('go'); [1].map(spin);`],
    ['a wait in a function', `const f = async () => { await new Promise(() => {}); }; console.log('go'); await f();`],
    [
      'a cell that ignores it',
      `console.log('go'); while (true) try { await new Promise((d) => setTimeout(d, 9)); } catch {}`,
    ],
    [
      'a source that cannot close',
      `console.log('go'); for await (const x of (async function* () { try { yield 1; await new Promise(() => {}); } finally { await new Promise(() => {}); } })());`,
    ],
  ])('%s', async (_name, code) => {
    const { kernel } = notebook;
    // Printed text of a busy cell may come late, so the start is told by a status of its own.
    const stopped = await interrupted(kernel, code, 'go');
    expect(failure(stopped).ename).toBe('KeyboardInterrupt');
    expect(await kernel.execute(`'alive'`)).toMatchObject({
      status: 'ok',
      outputs: [{ data: { 'text/plain': 'alive' } }],
    });
  });
});

test('finally blocks of a busy loop run', async () => {
  const stopped = await interrupted(
    notebook.kernel,
    `await null; console.log('go'); try { while (true) {} } finally { console.log('left'); }`,
    'go',
  );
  expect(printed(stopped)).toBe('go\nleft\n');
});

test('code behind a finally with an await of its own is waited for', async () => {
  const stopped = await interrupted(
    notebook.kernel,
    `console.log('go'); try { await new Promise(() => {}); }
     finally { await new Promise((done) => setTimeout(done, 100)); console.log('tidied'); }`,
    'go',
  );
  expect(printed(stopped)).toBe('go\ntidied\n');
});

test('an interrupt while nothing runs harms nobody', async () => {
  const { kernel } = notebook;
  await kernel.interrupt();
  await kernel.interrupt();
  expect(result(await kernel.execute('await new Promise((done) => setTimeout(done, 300)); 6 * 7'))).toBe('42');
});

test('Run All stops at an interrupted cell', async () => {
  const { kernel } = notebook;
  const first = interrupted(kernel, `console.log('go'); await new Promise(() => {});`, 'go');
  const second = kernel.execute(`console.log('not run')`);
  expect((await first).status).toBe('error');
  expect((await second).status).toBe('aborted');
});
