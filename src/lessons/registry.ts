import { ArgumentError, StreambookError } from '../core/errors.js';
import type { Exercise } from './exercise.js';

/** A chapter's exercises are loaded when the first of them is asked for. */
const chapters: Readonly<Record<string, () => Promise<{ readonly exercises: readonly Exercise[] }>>> = {
  '00': () => import('./chapters/chapter-00.js'),
  '01': () => import('./chapters/chapter-01.js'),
  '02': () => import('./chapters/chapter-02.js'),
  '03': () => import('./chapters/chapter-03.js'),
  '04': () => import('./chapters/chapter-04.js'),
  '05': () => import('./chapters/chapter-05.js'),
  '06': () => import('./chapters/chapter-06.js'),
  '07': () => import('./chapters/chapter-07.js'),
  '08': () => import('./chapters/chapter-08.js'),
  '09': () => import('./chapters/chapter-09.js'),
  '10': () => import('./chapters/chapter-10.js'),
};

/** Every exercise of the course, by chapter and number. */
export async function allExercises(): Promise<Exercise[]> {
  const loaded = await Promise.all(
    Object.keys(chapters)
      .sort()
      .map((chapter) => chapters[chapter]!()),
  );
  return loaded.flatMap(({ exercises }) => exercises);
}

/**
 * The exercise of that number; `5.2` is `05.2`.
 *
 * @throws `bad-argument` for what is no number of an exercise, `no-such-exercise` with those there are
 */
export async function exerciseOf(id: unknown): Promise<Exercise> {
  const [, chapter, number] = /^\s*(\d{1,2})\.(\d{1,3})\s*$/.exec(String(id)) ?? [];
  if (typeof id !== 'string' || chapter === undefined || number === undefined) {
    throw new ArgumentError(`${String(JSON.stringify(id))} is no number of an exercise`, {
      hint: "chapter, dot, number, in quotes: check('05.2', answer)",
    });
  }
  const name = chapter.padStart(2, '0');
  const { exercises } = (await chapters[name]?.()) ?? { exercises: [] };
  const found = exercises.find((each) => each.id === `${name}.${Number(number)}`);
  if (found !== undefined) return found;
  const there = exercises.map((each) => each.id).join(', ');
  throw new StreambookError('no-such-exercise', `there is no exercise ${name}.${number}`, {
    hint: there === '' ? `chapter ${name} has none` : `chapter ${name} has ${there}`,
  });
}
