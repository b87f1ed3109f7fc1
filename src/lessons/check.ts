import { messageOf } from '../core/errors.js';
import { kernelHook } from '../core/kernel.js';
import { checkBundle, hintBundle, solutionBundle } from './card.js';
import { Examiner } from './examiner.js';
import type { Exercise } from './exercise.js';
import { say, type Text } from './language.js';
import { printed } from './printed.js';
import { exerciseOf } from './registry.js';
import { Shown } from './shown.js';
import { type Evidence, NotYet } from './verdict.js';

/** What `check` found, as plain data. */
export interface CheckResult {
  readonly id: string;
  readonly ok: boolean;
  /** Why it is right, or what is wrong. */
  readonly reason: string;
  /** As code: what the answer was tried on, what was expected of it, what it gave. Only where something was compared. */
  readonly given?: string;
  readonly expected?: string;
  readonly got?: string;
}

export interface CheckOptions {
  /** How long the answer may be busy without a pause. Default 5000. */
  readonly busyMs?: number;
  /** How long the answer may take in all, for each question put to it. Default 20,000. */
  readonly waitMs?: number;
}

/** Hints given so far in this kernel. */
const hintsGiven = new Map<string, number>();

/**
 * Looks at the answer to an exercise: a verdict, a reason, and a ladder of hints, as a card below the cell. What is
 * looked at is what the answer does, on data it has not seen; not how it is written. An answer may be asynchronous, and
 * one that never ends is broken off.
 *
 * @param id the exercise: `'05.2'`
 * @param answer what the exercise asks for: a value, a function, a stream, a table
 * @returns the verdict, when awaited
 * @throws `no-such-exercise`, `bad-argument` (an id that is none)
 * @example
 *   const verdict = await check('05.2', (text: string) => text.split(' ').length);
 *   verdict.ok;
 */
export function check(id: string, answer: unknown, options: CheckOptions = {}): Shown<CheckResult> {
  const cellId = kernelHook()?.currentCell()?.id;
  const examiner = new Examiner({ busyMs: options.busyMs ?? 5000, waitMs: options.waitMs ?? 20_000 }, cellId);
  return new Shown(async () => {
    const exercise = await exerciseOf(id);
    const wrong = await examine(exercise, answer, examiner);
    const reason = say(wrong === undefined ? exercise.solution.why : wrong.reason);
    const evidence = wrong?.evidence ?? {};
    const { id: name, title, hints } = exercise;
    const ok = wrong === undefined;
    return {
      result: { id: name, ok, reason, ...asText(evidence) },
      bundle: checkBundle({ id: name, title, ok, reason, evidence, hints }),
    };
  });
}

async function examine(exercise: Exercise, answer: unknown, examiner: Examiner): Promise<NotYet | undefined> {
  try {
    if (answer === undefined) {
      const nothing: Text = {
        en: 'nothing was handed in (`undefined`): has the cell with your answer run, and does it return something?',
        zh: '什么也没有交上来（`undefined`）：写答案的单元格运行过吗？函数有返回值吗？',
      };
      return new NotYet(nothing);
    }
    await exercise.check(answer, examiner);
    return undefined;
  } catch (error) {
    if (error instanceof NotYet) return error;
    // A getter of the student's, a proxy: what cannot even be looked at is not the answer either.
    const said = messageOf(error);
    return new NotYet({ en: `the answer could not be looked at: ${said}`, zh: `无法检查这个答案：${said}` });
  }
}

function asText(evidence: Evidence): Partial<Record<keyof Evidence, string>> {
  return Object.fromEntries(Object.entries(evidence).map(([key, value]) => [key, printed(value)]));
}

/**
 * The next hint of an exercise, below those given before: from a nudge to almost the answer.
 *
 * @throws `no-such-exercise`, `bad-argument`
 * @example
 *   await hint('05.2');
 */
export function hint(
  id: string,
): Shown<{ readonly id: string; readonly hints: readonly string[]; readonly of: number }> {
  return new Shown(async () => {
    const { id: name, title, hints } = await exerciseOf(id);
    const count = Math.min((hintsGiven.get(name) ?? 0) + 1, hints.length);
    hintsGiven.set(name, count);
    return {
      result: { id: name, hints: hints.slice(0, count).map(say), of: hints.length },
      bundle: hintBundle(name, title, hints, count),
    };
  });
}

/**
 * An answer to an exercise, with why it is right. To be looked at after trying.
 *
 * @throws `no-such-exercise`, `bad-argument`
 * @example
 *   await solution('05.2');
 */
export function solution(id: string): Shown<{ readonly id: string; readonly code: string; readonly why: string }> {
  return new Shown(async () => {
    const { id: name, title, solution: known } = await exerciseOf(id);
    const code = typeof known.code === 'string' ? known.code : say(known.code);
    const why = say(known.why);
    return { result: { id: name, code, why }, bundle: solutionBundle(name, title, code, why) };
  });
}
