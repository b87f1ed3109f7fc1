import { describe, expect, test } from 'vitest';
import { checkedIn, exerciseTag, verdictsIn } from '../../src/cli/notebooks/solutions.js';
import type { Output } from '../../src/kernel/client/index.js';
import { allExercises } from '../../src/lessons/index.js';
import { notebooks } from './files.js';

const exercises = await allExercises();

test('numbers are given once, and in both languages everything is said', () => {
  const ids = exercises.map((each) => each.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, title, hints, solution } of exercises) {
    expect(id).toMatch(/^\d\d\.[1-9]\d*$/);
    expect(hints.length, id).toBeGreaterThan(1);
    for (const text of [title, ...hints, solution.why]) {
      expect(text.en.trim(), id).not.toBe('');
      expect(text.en, id).not.toMatch(/\p{Script=Han}{6}/u);
      expect(text.zh, id).toMatch(/\p{Script=Han}|^`[^`]+`$|^[\w|'`\s.():+*/-]+$/u);
    }
    for (const code of typeof solution.code === 'string' ? [solution.code] : [solution.code.en, solution.code.zh]) {
      expect(checkedIn(code), id).toEqual([id]);
    }
  }
});

describe.each(['en', 'zh'] as const)('in %s', (lang) => {
  const cells = notebooks(lang).flatMap((notebook) =>
    notebook.cells.map((cell) => ({ ...cell, notebook: notebook.name })),
  );

  test('each stands in one cell, which is tagged, and no other cell is', () => {
    const places = cells.flatMap((cell) =>
      cell.kind === 'code' ? checkedIn(cell.source).map((id) => ({ id, cell })) : [],
    );
    expect(places.map(({ id }) => id).sort()).toEqual(exercises.map(({ id }) => id).sort());
    for (const { id, cell } of places) {
      expect(cell.tags, id).toContain(exerciseTag);
      expect(cell.notebook.slice(0, 2), id).toBe(id.slice(0, 2));
    }
    for (const cell of cells.filter(({ tags }) => tags.includes(exerciseTag))) {
      expect(checkedIn(cell.source), `${cell.notebook} ${cell.id}`).toHaveLength(1);
    }
  });

  test('each starts unsolved, and its cell says so', () => {
    for (const { id, tags, outputs, notebook } of cells) {
      if (!tags.includes(exerciseTag)) continue;
      const verdicts = verdictsIn(outputs as unknown as Output[]);
      expect(
        verdicts.map(({ ok }) => ok),
        `${notebook} ${id}`,
      ).toEqual([false]);
    }
  });

  test('each chapter has three or more', () => {
    const chapters = new Set(cells.map(({ notebook }) => notebook.slice(0, 2)));
    for (const chapter of chapters) {
      if (chapter === '00') continue;
      expect(exercises.filter(({ id }) => id.startsWith(`${chapter}.`)).length, chapter).toBeGreaterThanOrEqual(3);
    }
  });
});
