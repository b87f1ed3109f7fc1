import { isStreambookError, messageOf } from '../core/errors.js';
import { stopRunning } from '../core/running.js';
import { difference, type Likeness } from './compare.js';
import type { Text } from './language.js';
import { breakable, TooLong, withinTime } from './limits.js';
import { kindOf, printed } from './printed.js';
import { rowsOf } from './rows-of.js';
import { type Evidence, NotYet } from './verdict.js';

/** One call of the student's function, and what it shall give. */
export interface Case extends Likeness {
  /** The arguments. */
  readonly given: readonly unknown[];
  readonly expected: unknown;
  /** What this case is about, said when it goes wrong: `a year in the middle of an amount`. */
  readonly about?: Text;
}

/** The student's function, made safe: its arguments are copies, it cannot run for ever, and what it throws is a verdict. */
export type SafeFunction = (...given: unknown[]) => Promise<unknown>;

/** How long the synchronous part of a student's function may take, and how long an answer in all. */
export interface Limits {
  readonly busyMs: number;
  readonly waitMs: number;
}

/** What a check asks its questions with. Every method that finds something wrong ends the check. */
export class Examiner {
  constructor(
    private readonly limits: Limits,
    /** What the check itself started is stopped by this cell's number. */
    private readonly cellId: number | undefined,
  ) {}

  /** Ends the check: not right (yet), for this reason. */
  wrong(en: string, zh: string, evidence: Evidence = {}): never {
    throw new NotYet({ en, zh }, evidence);
  }

  /** Ends the check unless `condition` holds. */
  must(condition: boolean, en: string, zh: string, evidence: Evidence = {}): void {
    if (!condition) this.wrong(en, zh, evidence);
  }

  /** The answer as a number. */
  number(answer: unknown): number {
    if (typeof answer === 'bigint') return Number(answer);
    if (typeof answer === 'number' && !Number.isNaN(answer)) return answer;
    return this.unlike(answer, 'a number', '一个数字');
  }

  /** The answer as a text, without the spaces around it. */
  text(answer: unknown): string {
    if (typeof answer === 'string') return answer.trim();
    return this.unlike(answer, 'a string', '一个字符串');
  }

  /**
   * A question with choices, of which one is right; the reasons say what is wrong with the others.
   *
   * @param choices for each letter `true`, or why it is not that one
   */
  choice(answer: unknown, choices: Readonly<Record<string, true | Text>>): void {
    const letter = this.text(answer).toLowerCase();
    const found = choices[letter];
    const letters = Object.keys(choices).join(', ');
    if (found === undefined) this.wrong(`the answer is one of ${letters}`, `答案是 ${letters} 之一`, { got: answer });
    if (found !== true) throw new NotYet(found, { got: answer });
  }

  /** The answer as a function, made safe. */
  function(answer: unknown): SafeFunction {
    if (typeof answer !== 'function') {
      const called =
        answer instanceof Promise || typeof answer !== 'object'
          ? { en: ' Hand in the function itself, not what it returns.', zh: '请交上函数本身，而不是它的返回值。' }
          : { en: '', zh: '' };
      const is = kindOf(answer);
      return this.wrong(
        `a function was expected, this is ${is.en}.${called.en}`,
        `应交上一个函数，实际是${is.zh}。${called.zh}`,
        { got: answer },
      );
    }
    return (...given) => this.call(answer as (...all: unknown[]) => unknown, given);
  }

  /** Calls the student's function once for each case, in order; the first that goes wrong ends the check. */
  async cases(answer: unknown, cases: readonly Case[]): Promise<void> {
    const asked = this.function(answer);
    for (const { given, expected, about, ...likeness } of cases) {
      const got = await asked(...given);
      this.same(got, expected, { given: given.length === 1 ? given[0] : given, ...likeness, ...(about && { about }) });
    }
  }

  /** Ends the check unless `got` is `expected`: structures by their parts, numbers within a tolerance. */
  same(
    got: unknown,
    expected: unknown,
    options: Likeness & { readonly given?: unknown; readonly about?: Text } = {},
  ): void {
    const { about, ...likeness } = options;
    const found = difference(got, expected, likeness);
    if (found === undefined) return;
    const reason = about === undefined ? found : { en: `${about.en}: ${found.en}`, zh: `${about.zh}：${found.zh}` };
    throw new NotYet(reason, { ...('given' in options && { given: options.given }), expected, got });
  }

  /**
   * The elements of whatever holds some: an array, a stream (which is run), a table (likewise; the rows that are left),
   * an asynchronous iterable, a promise or a function of one of these.
   */
  async rows(answer: unknown): Promise<unknown[]> {
    const rows = await this.guard(() => rowsOf(answer), undefined);
    if (rows !== undefined) return rows;
    return this.unlike(answer, 'rows (an array, a stream or a table)', '若干行数据（数组、流或表）');
  }

  private unlike(answer: unknown, en: string, zh: string): never {
    const is = kindOf(answer);
    return this.wrong(`${en} was expected, this is ${is.en}`, `应为${zh}，实际是${is.zh}`, { got: answer });
  }

  private call(answer: (...all: unknown[]) => unknown, given: readonly unknown[]): Promise<unknown> {
    const copies = given.map(copyOf);
    return this.guard(() => answer(...copies), given.length === 1 ? given[0] : given);
  }

  /** Runs the student's code with both limits, and turns what goes wrong into a verdict. */
  private async guard<T>(action: () => T | PromiseLike<T>, given: unknown): Promise<T> {
    const evidence = given === undefined ? {} : { given };
    try {
      return await withinTime(Promise.resolve(breakable(action, this.limits.busyMs)), this.limits.waitMs);
    } catch (error) {
      if (error instanceof NotYet) throw error;
      if (error instanceof TooLong) {
        if (this.cellId !== undefined) await stopRunning(this.cellId);
        const s = error.limitMs / 1000;
        return this.wrong(
          `it had not ended after ${s} s, and was broken off: does a loop never end, or does it wait for a message that never comes?`,
          `运行 ${s} 秒仍未结束，已被中止：是循环停不下来，还是在等一条永远不会来的消息？`,
          evidence,
        );
      }
      const said = thrownText(error);
      return this.wrong(`it throws: ${said}`, `它抛出了错误：${said}`, evidence);
    }
  }
}

function thrownText(error: unknown): string {
  if (isStreambookError(error)) return messageOf(error).replace(/^\[streambook\/[\w-]+\] /, '');
  return error instanceof Error ? `${error.name}: ${error.message}` : printed(error);
}

/** What cannot be copied (functions, handles) is handed over as it is. */
function copyOf(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return value;
  }
}
