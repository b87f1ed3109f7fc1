import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { MimeBundle } from '../../src/core/display.js';
import { type CellHandle, setKernelHook } from '../../src/core/kernel.js';
import { check, hint, solution } from '../../src/lessons/check.js';
import type { Exercise } from '../../src/lessons/exercise.js';
import { lesson } from '../../src/lessons/language.js';

const double: Exercise = {
  id: '04.2',
  title: { en: 'Double it', zh: '翻倍' },
  hints: [
    { en: 'How *often* is `n*1*1` added, in 2*3*4?', zh: '`n` 要加*几次*？' },
    { en: '<b>n * 2</b>', zh: '<b>n * 2</b>' },
  ],
  solution: {
    code: { en: 'await check("04.2", (n) => n * 2); // <twice>', zh: 'await check("04.2", (n) => n * 2); // 两倍' },
    why: { en: 'Twice is `n * 2`.', zh: '两倍就是 `n * 2`。' },
  },
  check: (answer, t) => t.cases(answer, [{ given: ['<i>'], expected: '<i><i>' }]),
};
vi.mock('../../src/lessons/chapters/chapter-04.js', () => ({ exercises: [double] }));

let shown: MimeBundle[] = [];
beforeEach(() => {
  shown = [];
  const cell: CellHandle = { id: 1, write: (bundle) => void shown.push(bundle) };
  setKernelHook({ currentCell: () => cell });
});
afterEach(() => {
  setKernelHook(undefined);
  lesson({});
});

const html = (): string => String(shown.at(-1)?.['text/html']);
const plain = (): string => String(shown.at(-1)?.['text/plain']);

test('a right answer', async () => {
  const verdict = await check('4.2', (text: string) => text + text);
  expect(verdict).toEqual({ id: '04.2', ok: true, reason: 'Twice is `n * 2`.' });
  expect(shown).toHaveLength(1);
  expect(plain()).toBe('Right (04.2): Twice is `n * 2`.');
  expect(html()).toContain('<code>n * 2</code>');
  expect(shown[0]?.['application/vnd.streambook.check+json']).toEqual({ id: '04.2', ok: true });
});

test('a wrong one: the reason, what was tried, hints one in the other, nothing taken for HTML', async () => {
  const verdict = await check('04.2', (text: string) => `${text}<script>`);
  expect(verdict).toMatchObject({ ok: false, given: "'<i>'", expected: "'<i><i>'", got: "'<i><script>'" });
  expect(plain()).toContain("Not yet (04.2): '<i><script>' instead of '<i><i>'");
  expect(html()).not.toMatch(/<script|<i>|<b>n/);
  expect(html()).toContain('Hint 1 of 2');
  expect(html().match(/<details/g)).toHaveLength(2);
});

test('Chinese, where the lesson is Chinese', async () => {
  lesson({ lang: 'zh' });
  await check('04.2', (text: string) => text);
  expect(plain()).toContain('还不对 (04.2)');
  expect(html()).toContain('提示 1/2');
  await solution('04.2');
  expect(plain()).toContain('// 两倍');
});

test('an answer that is nothing, or that cannot be looked at', async () => {
  expect((await check('04.2', undefined)).reason).toContain('nothing was handed in');
  const hostile = new Proxy(() => 1, {
    apply: () => {
      throw new Error('mine');
    },
    get: () => {
      throw new Error('hands off');
    },
  });
  expect((await check('04.2', hostile)).ok).toBe(false);
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  expect((await check('04.2', revoked.proxy)).ok).toBe(false);
});

test('as the last value of a cell it is not shown again, awaited or not', async () => {
  const checking = check('04.2', 5) as unknown as Record<symbol, () => unknown>;
  expect(await checking[Symbol.for('Jupyter.display')]?.()).toBeNull();
  const verdict = (await check('04.2', 5)) as unknown as Record<symbol, () => unknown>;
  expect(verdict[Symbol.for('Jupyter.display')]?.()).toBeNull();
  expect(Object.keys(verdict)).not.toContain('Jupyter.display');
  expect(shown).toHaveLength(2);
});

test('hints come one after the other, then the solution is named', async () => {
  expect((await hint('04.2')).hints).toEqual(['How *often* is `n*1*1` added, in 2*3*4?']);
  expect(html()).toContain('How <em>often</em> is <code>n*1*1</code> added, in 2*3*4?');
  expect(plain()).toContain("`await hint('04.2')` once more");
  expect((await hint('04.2')).hints).toHaveLength(2);
  expect(html()).not.toContain('<b>n');
  expect((await hint('04.2')).hints).toHaveLength(2);
  expect(plain()).toContain("`await solution('04.2')`");
  expect((await solution('04.2')).code).toContain('n * 2');
  expect(html()).toContain('&lt;twice&gt;');
});

test('an exercise there is not', async () => {
  await expect(check('04.9', 1)).rejects.toThrow(/no exercise 04\.9[\s\S]*chapter 04 has 04\.2/);
  await expect(check('five', 1)).rejects.toThrow(/no number of an exercise/);
  await expect(hint('99.1')).rejects.toThrow(/chapter 99 has none/);
});
