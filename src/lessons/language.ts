import { basename } from 'node:path';
import { ArgumentError } from '../core/errors.js';

/** The languages the course is written in. */
export type Language = 'en' | 'zh';

/** What a reader sees, in both languages. `` `code` `` is set as code; nothing else is markup. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

let chosen: Language | undefined;

/**
 * Sets the language of the lessons by hand. Without it they speak the language of the notebook's folder: a kernel runs
 * where its notebook lies, and `notebooks/zh` is Chinese. `STREAMBOOK_LANG=zh` does the same from outside.
 *
 * @example
 *   lesson({ lang: 'zh' });
 * @throws `bad-argument` for a language there is not
 */
export function lesson(options: { readonly lang?: Language }): void {
  const { lang } = options;
  if (lang !== undefined && lang !== 'en' && lang !== 'zh') {
    throw new ArgumentError(`lesson: lang is ${JSON.stringify(lang)}`, { hint: "'en' or 'zh'" });
  }
  chosen = lang;
}

/** The language in force. */
export function language(): Language {
  if (chosen !== undefined) return chosen;
  const told = process.env.STREAMBOOK_LANG;
  if (told === 'en' || told === 'zh') return told;
  return basename(process.cwd()) === 'zh' ? 'zh' : 'en';
}

/** The text in the language in force. */
export function say(text: Text): string {
  return text[language()];
}
