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
        ...(compact ? text.slice(0, 1) : text).map((line, index) => (index === 0 ? `${label}: ${line}` : line)),
      );
    }
  return lines;
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

/** What the type checker found, in one report. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], cell: string): ErrorReport {
  const traceback: string[] = [];
  for (const diagnostic of diagnostics.slice(0, maxDiagnostics)) {
    const line = diagnostic.start.line + 1;
    const column = diagnostic.start.character + 1;
    traceback.push(`${red('TypeScript')}: ${diagnostic.messageText}`);
    if (diagnostic.fileName === undefined) traceback.push(...excerpt({ file: cell, line, column }));
    else traceback.push(`  ${diagnostic.fileName}, line ${line}, column ${column}`);
  }
  const more = diagnostics.length - maxDiagnostics;
  if (more > 0) traceback.push(`... and ${more} more`);
  return { ename: 'TypeScriptError', evalue: diagnostics[0]?.messageText ?? '', traceback };
}

/** An interrupt needs no stack: the student knows what was running. */
export function reportInterrupt(): ErrorReport {
  const evalue = 'the cell was interrupted';
  return { ename: 'KeyboardInterrupt', evalue, traceback: [`${red('KeyboardInterrupt')}: ${evalue}`] };
}
