import { inspect, stripVTControlCharacters } from 'node:util';
import { isStreambookError } from '../core/errors.js';
import { framesFor, isCell, type Place, sourceOf } from './stack.js';
import type { Diagnostic } from './tslab.js';

/** What Jupyter shows in red. @see Jupyter's messaging protocol: execution errors */
export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  /** Lines, which may carry ANSI colours. */
  readonly traceback: readonly string[];
}

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;

const maxFrames = 12;
const maxDiagnostics = 10;
const maxCauses = 5;

/** An error as a message of the protocol. tslab prints errors as plain text, which no tool recognises as an error. */
export function reportError(error: unknown): ErrorReport {
  if (!(error instanceof Error)) {
    const shown = stripVTControlCharacters(inspect(error));
    return { ename: 'Thrown', evalue: shown, traceback: [`${red('Thrown')}: ${shown}`] };
  }
  const ename = error.name || error.constructor.name || 'Error';
  return { ename, evalue: error.message, traceback: traceback(error, new Set()) };
}

function traceback(error: Error, seen: Set<unknown>): string[] {
  seen.add(error);
  const compact = isStreambookError(error);
  const frames = framesFor(error);
  const first = frames.find((frame) => isCell(frame.place))?.place;
  const lines = [`${red(error.name || 'Error')}: ${error.message}`];
  if (first !== undefined) lines.push(...excerpt(first));
  if (!compact) {
    // The excerpt has said this one.
    const rest = frames.filter((frame) => first === undefined || frame.place !== first);
    lines.push(...rest.slice(0, maxFrames).map((frame) => dim(`    at ${frame.text}`)));
    if (rest.length > maxFrames) lines.push(dim(`    ... ${rest.length - maxFrames} more`));
  }
  for (const [label, inner] of innerErrors(error))
    if (!seen.has(inner) && seen.size <= maxCauses) {
      const text = inner instanceof Error ? traceback(inner, seen) : [inspect(inner)];
      // One of ours has put its cause into words already.
      lines.push(
        ...(compact ? firstLine(text) : text).map((line, index) => (index === 0 ? `${label}: ${line}` : line)),
      );
    }
  return lines;
}

/** Without the hint, which the error around it has taken over. */
function firstLine(text: readonly string[]): string[] {
  return (text[0] ?? '').split('\n').slice(0, 1);
}

function innerErrors(error: Error): [string, unknown][] {
  const inner: [string, unknown][] = [];
  if (error instanceof AggregateError) for (const each of error.errors) inner.push(['one of', each]);
  if (error.cause !== undefined) inner.push(['caused by', error.cause]);
  return inner;
}

/** The line of a cell, its neighbour before, and a caret. */
function excerpt(place: Place): string[] {
  const lines = sourceOf(place.file)?.split('\n') ?? [];
  const result = [`  ${place.file}, line ${place.line}, column ${place.column}`];
  const width = String(place.line).length;
  for (const number of [place.line - 1, place.line]) {
    const text = lines[number - 1];
    if (text === undefined) continue;
    result.push(`  ${number === place.line ? red('>') : ' '} ${String(number).padStart(width)} | ${text}`);
  }
  // Tabs stay tabs, so that the caret stands below its character.
  const before = (lines[place.line - 1] ?? '').slice(0, place.column - 1).replace(/[^\t]/g, ' ');
  result.push(`    ${' '.repeat(width)} | ${before}${red('^')}`);
  return result;
}

/** A mistake, and the steps in which TypeScript came to it. */
interface Complaint extends Diagnostic {
  readonly steps: readonly string[];
}

const unknownName = 2304;
const boilerplate = /^(No overload matches this call|The last overload gave|Overload \d+ of \d+)/;

/**
 * TypeScript explains one mistake in several steps, from the whole call down to the word that is wrong, and tslab makes
 * a complaint of each. The last step says what to mend; of a call that fits no overload, the steps are those of the last.
 */
function complaints(diagnostics: readonly Diagnostic[]): Complaint[] {
  const result: Complaint[] = [];
  const unknown = new Set<string>();
  for (const diagnostic of diagnostics) {
    const before = result.at(-1);
    const same = before !== undefined && samePlace(before, diagnostic) ? before : undefined;
    if (diagnostic.code === unknownName) {
      // Once is enough, however often the cell uses it.
      if (unknown.has(diagnostic.messageText)) continue;
      unknown.add(diagnostic.messageText);
    }
    if (same !== undefined) result.pop();
    const steps = same === undefined ? [] : [...same.steps, same.messageText];
    const fresh = diagnostic.messageText.startsWith('Overload ') ? [] : steps;
    result.push({ ...diagnostic, steps: fresh.filter((step) => !boilerplate.test(step)) });
  }
  return result;
}

function samePlace(a: Diagnostic, b: Diagnostic): boolean {
  return a.fileName === b.fileName && a.start.line === b.start.line && a.start.character === b.start.character;
}

/** What is to be done about what the type checker says, by what it says. Of those with one subject the first counts. */
const HINTS: readonly (readonly [subject: string, says: RegExp, hint: string])[] = [
  ['name', /^Invalid character\./, 'code wants the plain " \' ( ) , ; : and takes neither “ ” ‘ ’ nor （ ） ， ； ：'],
  [
    'name',
    /^Cannot find name '[^']*'\.$/,
    'run the cell that declares or imports it; a restarted kernel knows no names',
  ],
  ['wait', /ype 'Promise</, 'a promise is what will be there later: put `await` before what makes it'],
  ['wait', /'\[Symbol\.iterator\]\(\)' method/, 'what arrives over time is read by `for await (const each of ...)`'],
  ['void', /on type 'void'/, 'a function in braces gives nothing back without `return`'],
  [
    'key',
    /^Property '(?:sum|min|max|minBy|maxBy|reduce|window|countWindow)' does not exist on type 'DataStream</,
    'it works per key: `.keyBy(...)` comes before it',
  ],
  [
    'from',
    /not assignable to type 'From'/,
    "`from` is 'earliest', 'latest', { offsets: { 0: 5 } } (partition: offset) or { timestamp: Date.parse(...) }",
  ],
];

function hintsFor(complaints: readonly Complaint[]): string[] {
  const found = HINTS.filter(([, says]) => complaints.some(({ messageText }) => says.test(messageText)));
  return found
    .filter(([subject], i) => found.findIndex(([other]) => other === subject) === i)
    .map(([, , hint]) => hint);
}

/** What the type checker found, in one report. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], cell: string): ErrorReport {
  const traceback: string[] = [];
  const told = complaints(diagnostics);
  for (const complaint of told.slice(0, maxDiagnostics)) {
    const line = complaint.start.line + 1;
    const column = complaint.start.character + 1;
    traceback.push(`${red('TypeScript')}: ${complaint.messageText}`);
    if (complaint.fileName === undefined) traceback.push(...excerpt({ file: cell, line, column }));
    else traceback.push(`  ${complaint.fileName}, line ${line}, column ${column}`);
    traceback.push(...complaint.steps.map((step) => dim(`  ${step}`)));
  }
  const more = told.length - maxDiagnostics;
  if (more > 0) traceback.push(`... and ${more} more`);
  traceback.push(...hintsFor(told).map((hint) => `hint: ${hint}`));
  return { ename: 'TypeScriptError', evalue: told[0]?.messageText ?? '', traceback };
}

/** An interrupt needs no stack: the student knows what was running. */
export function reportInterrupt(): ErrorReport {
  const evalue = 'the cell was interrupted';
  return { ename: 'KeyboardInterrupt', evalue, traceback: [`${red('KeyboardInterrupt')}: ${evalue}`] };
}
