import { describe, expect, test } from 'vitest';
import { printed, result, useKernel } from './kernel.js';

const notebook = useKernel();

describe('cells with awaits of every shape run, and their names stay', () => {
  test.each([
    [
      'for await alone',
      `const got: number[] = []; for await (const x of [1, Promise.resolve(2)]) got.push(x);`,
      'got.join()',
      '1,2',
    ],
    ['await before a parenthesis', `const z = await (async () => 5)();`, 'z + 1', '6'],
    ['await of a template', `const t = await (\`a\${1}\`);`, 't', 'a1'],
    ['await on the next line', `const n = await\n(Promise.resolve(3));`, 'n', '3'],
    ['await in a block', `let b = 0; { b = await (Promise.resolve(4)); }`, 'b', '4'],
    ['await as an argument', `const m = Math.max(await (async () => 1)(), await (async () => 2)());`, 'm', '2'],
    ['await of import()', `const os = await import('node:os');`, 'typeof os.cpus', 'function'],
    ['destructuring', `const { p, q: [r] } = await (async () => ({ p: 1, q: [2] }))();`, 'p + r', '3'],
    ['no await', `const plain = 7;`, 'plain', '7'],
  ])('%s', async (_name, code, then, expected) => {
    const { kernel } = notebook;
    const executed = await kernel.execute(code);
    expect(executed).toMatchObject({ status: 'ok', outputs: [] });
    expect(result(await kernel.execute(then))).toBe(expected);
  });
});

test('a name of an earlier cell as a short property', async () => {
  const { kernel } = notebook;
  await kernel.execute(`const short = 1; let shorter = 2;`);
  expect(result(await kernel.execute(`JSON.stringify({ short, shorter })`))).toBe('{"short":1,"shorter":2}');
  await kernel.execute(`({ shorter } = { shorter: 5 });`);
  expect(result(await kernel.execute(`shorter`))).toBe('5');
});

test('types of awaited values are known to later cells', async () => {
  const { kernel } = notebook;
  await kernel.execute(`const typed = await (async () => ({ name: 'a', n: 1 }))();`);
  const wrong = await kernel.execute(`const text: string = typed.n;`);
  expect(wrong.outputs).toMatchObject([{ ename: 'TypeScriptError' }]);
  expect((await kernel.complete('typed.')).matches).toEqual(['n', 'name']);
});

test('a source that is not one is named', async () => {
  const executed = await notebook.kernel.execute(`const nothing: any = 5; for await (const x of nothing) {}`);
  expect(executed.outputs).toMatchObject([{ ename: 'TypeError', evalue: 'for await: number is not async iterable' }]);
});

test('break and return close the source, as without the kernel', async () => {
  const executed = await notebook.kernel.execute(
    `async function* source() { try { yield 1; yield 2; } finally { console.log('closed'); } }
     for await (const x of source()) { console.log(x); break; }
     const first = async () => { for await (const x of source()) return x; };
     console.log('first', await first());`,
  );
  expect(printed(executed)).toBe('1\nclosed\nclosed\nfirst 1\n');
});

test('what a cell prints after its end goes below that cell, not the next', async () => {
  const { kernel } = notebook;
  const first = await kernel.execute(`setTimeout(() => console.log('late'), 100); null;`);
  const next = await kernel.execute(`await new Promise((done) => setTimeout(done, 300)); console.log('own');`);
  expect(printed(next)).toBe('own\n');
  expect(printed(first)).toBe('late\n');
});
