import { describe, expect, test } from 'vitest';
import { columnBefore, instrument } from '../../../src/kernel/patches/instrument.js';
import { loadTslab } from '../../../src/kernel/tslab.js';

const { typescript } = loadTslab();
const run = (code: string) => instrument(typescript, code, 'R');

describe('what is added', () => {
  test.each([
    ['await f();', 'await R.wait(f(), 0, 6);'],
    ['await (async () => 5)();', 'await R.wait((async () => 5)(), 0, 6);'],
    ['await await x;', 'await R.wait(await R.wait(x, 0, 12), 0, 6);'],
    ['await (a, b);', 'await R.wait((a, b), 0, 6);'],
    ['await x + y;', 'await R.wait(x, 0, 6) + y;'],
    ['(await x).y;', '(await R.wait(x, 0, 7)).y;'],
    [
      'for await (const x of g()) f(x);',
      'for await (const x of R.each(g(), 0, 22)) { R.flag[0] !== 0 && R.hit(); f(x); }',
    ],
    ['while (c) { f(); }', 'while (c) { R.flag[0] !== 0 && R.hit(); f(); }'],
    ['while (true);', 'while (true){ R.flag[0] !== 0 && R.hit(); ; }'],
    ['do f(); while (c);', 'do { R.flag[0] !== 0 && R.hit(); f(); } while (c);'],
    [
      'for (;;) for (const k in o) f(k);',
      'for (;;) { R.flag[0] !== 0 && R.hit(); for (const k in o) { R.flag[0] !== 0 && R.hit(); f(k); } }',
    ],
    ['a: for (;;) { continue a; }', 'a: for (;;) { R.flag[0] !== 0 && R.hit(); continue a; }'],
    ['Object.defineProperty(exports, "a", {});', 'R.Object.defineProperty(exports, "a", {});'],
    ['Object.defineProperty(other, "a", {});', 'Object.defineProperty(other, "a", {});'],
    ['const s = "await x; while (1) {}"; // await y', 'const s = "await x; while (1) {}"; // await y'],
  ])('%s', (code, expected) => {
    // `while (true);` leaves the space of an empty body where it was.
    expect(run(code).code.replace(/\s+/g, ' ')).toBe(expected.replace(/\s+/g, ' '));
  });

  test('the result still runs, with the same answer', async () => {
    const code = `
      const seen = [];
      async function* g() { for (let i = 0; i < 3; i++) yield await Promise.resolve(i); }
      for await (const x of g()) if (x !== 1) seen.push(x); else continue;
      let n = 0; do n += await (async () => 1)(); while (n < 3)
      outer: for (const a of [1, 2]) { for (const b of [1, 2]) { if (b === 2) continue outer; seen.push(a * 10 + b); } }
      return [seen, n];`;
    const { code: instrumented } = run(code);
    const runtime = { flag: [0], hit: () => expect.unreachable(), wait: (v: unknown) => v, each: (v: unknown) => v };
    const plain = await new Function(`return (async () => {${code}})()`)();
    expect(await new Function('R', `return (async () => {${instrumented}})()`)(runtime)).toEqual(plain);
    expect(plain).toEqual([[0, 2, 11, 21], 3]);
  });
});

describe('whether the code awaits by itself', () => {
  test.each([
    ['1 + 1;', false],
    ['await f();', true],
    ['for await (const x of g()) { }', true],
    ['const z = await (async () => 5)();', true],
    ['async function f() { await g(); }', false],
    ['const f = async () => { for await (const x of g()) { } };', false],
    ['class A { async m() { await 1; } }', false],
    ['if (c) { { await f(); } }', true],
  ])('%s', (code, expected) => {
    expect(run(code).awaits).toBe(expected);
  });
});

test('a column behind additions leads back to where it was', () => {
  const code = 'const a = await f(await g(1), here);\nwhile (c) there();';
  const { code: instrumented, insertions } = run(code);
  for (const [line, word] of [
    [0, 'here'],
    [1, 'there'],
  ] as const) {
    const after = instrumented.split('\n')[line]!.indexOf(word);
    expect(columnBefore(insertions, line, after)).toBe(code.split('\n')[line]!.indexOf(word));
  }
  // Inside of what was added: where it was added.
  expect(columnBefore(insertions, 0, 'const a = await R.w'.length)).toBe('const a = await '.length);
});

describe('names of earlier cells in short properties', () => {
  const earlier = (code: string) =>
    instrument(typescript, code, 'R', (name) => name === 'a' || name === 'b').code.replace(/\s+/g, ' ');

  test.each([
    ['f({ a });', 'f({ a: exports.a });'],
    ['f({ x, a, b: 1, ...c });', 'f({ x, a: exports.a, b: 1, ...c });'],
    ['({ a, b = 2 } = c);', '({ a: exports.a, b: exports.b = 2 } = c);'],
    ['const g = (x) => ({ x, a });', 'const g = (x) => ({ x, a: exports.a });'],
    ['await f({ a });', 'await R.wait(f({ a: exports.a }), 0, 6);'],
  ])('%s', (code, expected) => expect(earlier(code)).toBe(expected));

  test.each([
    'const a = 1; f({ a });',
    'f({ a }); function a() { }',
    'const g = (a) => ({ a });',
    'const g = ({ a }) => ({ a });',
    'const g = function a() { return { a }; };',
    'const g = class a { m() { return { a }; } };',
    'try { f(); } catch (a) { f({ a }); }',
    'import { a } from "m"; f({ a });',
    'for (const a of []) { f({ a }); }',
    'f({ x });',
    'const { a } = c;',
  ])('left alone: %s', (code) => expect(earlier(code)).not.toContain('exports.'));

  test('only where the own one does not reach', () => {
    expect(earlier('{ const a = 1; f({ a }); } f({ a });')).toBe('{ const a = 1; f({ a }); } f({ a: exports.a });');
  });
});
