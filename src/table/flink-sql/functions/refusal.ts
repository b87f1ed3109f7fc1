import { StreambookError } from '../../../core/errors.js';
import { type Part, partAt, placeInCells } from './parts.js';

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
  /** The function itself, and the functions that it captures. */
  readonly parts: readonly Part[];
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
function placeOf({ label, text, parts }: FunctionText, at: number): string {
  const known = placeInCells(parts, at);
  if (known !== undefined) return known;
  const part = partAt(parts, at);
  const before = text.slice(part?.start ?? 0, at).split('\n');
  const of = part === parts[0] ? label : `a function that ${label} captures`;
  return `line ${before.length}, column ${(before.at(-1) as string).length + 1} of ${of}`;
}
