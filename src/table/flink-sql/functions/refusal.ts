import { StreambookError } from '../../../core/errors.js';
import { kernelHook } from '../../../core/kernel.js';

/** Raised for a function of the user's that a cluster cannot run as it is written, before anything is sent. */
export class FunctionRefusal extends StreambookError {
  constructor(message: string, details: { readonly where?: string; readonly hint: string }) {
    super('not-on-cluster', message, details);
  }
}

/** The text of a function, for saying where in it something is. */
export interface FunctionText {
  readonly label: string;
  readonly text: string;
  /** Where the function itself begins and ends in the text; what is before it was captured. */
  readonly start: number;
  readonly end: number;
  /** The function as the engine has it: of the same length. */
  readonly original: string;
}

/** @param from, to the part of the text that is meant */
export function refuse(of: FunctionText, from: number, to: number, what: string, hint: string): never {
  const lineStart = of.text.lastIndexOf('\n', from - 1) + 1;
  const lineEnd = (of.text.indexOf('\n', from) + of.text.length + 1) % (of.text.length + 1) || of.text.length;
  const whole = of.text.slice(lineStart, lineEnd);
  const line = whole.trimEnd().slice(0, 200);
  const marks = Math.max(1, Math.min(to, lineStart + line.length) - from);
  const caret = `${line.slice(0, from - lineStart).replace(/[^\t]/g, ' ')}${'^'.repeat(marks)}`;
  throw new FunctionRefusal(`${of.label} cannot run on a cluster: ${what}\n    ${line}\n    ${caret}`, {
    where: placeOf(of, from),
    hint,
  });
}

/** `cell [4], line 7, column 12` where the cell is known; else counted from the function's own first line. */
function placeOf({ label, text, start, end, original }: FunctionText, at: number): string {
  if (at < start || at >= end) return `what ${label} captures`;
  const place = kernelHook()?.placeIn?.(original, at - start);
  if (place !== undefined) return `${place.file}, line ${place.line}, column ${place.column}`;
  const before = text.slice(start, at).split('\n');
  return `line ${before.length}, column ${(before.at(-1) as string).length + 1} of ${label}`;
}
