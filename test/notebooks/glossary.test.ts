import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allExercises } from '../../src/lessons/index.js';
import { folder, notebooks, textOf } from './files.js';

interface Term {
  readonly en: string;
  readonly zh: string;
  /** Other words for it, which this course does not use. */
  readonly not?: readonly string[];
}

const terms = JSON.parse(readFileSync(join(folder, 'glossary.json'), 'utf8')) as Term[];
const english = notebooks('en');
const chinese = notebooks('zh');

test('terms are sorted, and none stands there twice', () => {
  const names = terms.map((term) => term.en);
  expect(names).toEqual([...new Set(names)].sort());
  expect(new Set(terms.map((term) => term.zh)).size).toBe(terms.length);
});

test.each([
  ['en', english],
  ['zh', chinese],
] as const)('the glossary of the first notebook in %s is that of the file', (_lang, all) => {
  const cell = all[0]?.cells.find(({ id }) => id === 'glossary');
  const rows = [...(cell?.source ?? '').matchAll(/^\| (.+) \| (.+) \|$/gm)].map(([, en, zh]) => ({ en, zh }));
  expect(rows.slice(2)).toEqual(terms.map(({ en, zh }) => ({ en, zh })));
});

const exercises = await allExercises();
const exercisesZh = exercises.flatMap(({ title, hints, solution }) =>
  [title, ...hints, solution.why].map((each) => each.zh),
);

describe.each(terms.map((term) => [term.en, term] as const))('%s', (_name, { en, zh, not = [] }) => {
  test('is used, in both languages', () => {
    const used = (text: string): boolean => text.replaceAll('*', '').toLowerCase().includes(en);
    expect(english.slice(1).some((notebook) => used(textOf(notebook)))).toBe(true);
    expect(chinese.slice(1).some((notebook) => textOf(notebook).replaceAll('*', '').includes(zh))).toBe(true);
  });

  test('has no other name in Chinese', () => {
    const texts = [
      ...chinese.map((each) => [each.name, each.cells.map((cell) => cell.source).join('\n')] as const),
      ...exercisesZh.map((text) => ['exercises', text] as const),
    ];
    for (const other of not) {
      for (const [where, text] of texts) expect(text.includes(other), `${where}: ${other} for ${zh}`).toBe(false);
    }
  });

  test('where English introduces it in bold, Chinese names it in the same cell', () => {
    for (const notebook of english) {
      const twin = chinese.find((each) => each.name === notebook.name);
      for (const cell of notebook.cells) {
        const bold = [...cell.source.matchAll(/\*\*([^*]+)\*\*/g)].map(([, text]) => text!.toLowerCase());
        if (cell.kind !== 'markdown' || !bold.some((text) => text === en || text === `${en}s`)) continue;
        const other = twin?.cells.find(({ id }) => id === cell.id)?.source ?? zh;
        expect(other.includes(zh), `${notebook.name}, cell ${cell.id}: ${zh}`).toBe(true);
      }
    }
  });
});
