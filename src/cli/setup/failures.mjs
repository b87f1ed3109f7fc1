// A failure as the reader meets it: the sentence, the step, what the program said, what to do.
import { SetupError } from './say.mjs';
import { inWords } from './trouble.mjs';

/**
 * @param {unknown} failure
 * @param {string} [step]
 */
export function explain(failure, step) {
  const where = step === undefined ? '' : ` (step: ${step})`;
  const error = inWords(failure);
  if (error instanceof SetupError) {
    const detail = error.detail === undefined || error.detail === '' ? '' : `\n\n${indent(error.detail)}`;
    return `${error.message}${where}${detail}\n\n${error.hint}`;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Something unexpected went wrong${where}:\n\n${indent(text)}\n\nRun the same command again; if it stays, please report it with these lines.`;
}

/**
 * All failures of a run: those of its steps, or the one that stands in none.
 *
 * @param {import('./say.mjs').Steps} steps
 * @param {unknown} error
 */
export function explainAll(steps, error) {
  const failures = steps.failures.length > 0 ? steps.failures : [{ step: undefined, error }];
  return failures.map((failure) => explain(failure.error, failure.step)).join('\n\n');
}

/** @param {string} text */
function indent(text) {
  return text.replace(/^/gm, '    ');
}
