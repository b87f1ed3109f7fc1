import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect, types } from 'node:util';
import { messageOf, StreambookError } from '../core/errors.js';
import { packageRoot } from '../core/package-root.js';
import { writtenAt } from './source-lines.js';
import { NO_TIMESTAMP } from './time/time.js';

/** What a value looks like in one line of a message, cut to 200 characters. */
export function preview(value: unknown): string {
  const text = inspect(value, {
    depth: 3,
    breakLength: Number.POSITIVE_INFINITY,
    maxStringLength: 120,
    maxArrayLength: 10,
  });
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

/** A job that was cancelled while somebody waited for its result. */
export class JobCancelledError extends StreambookError {
  constructor(job: string) {
    super('job-cancelled', `the job \`${job}\` was cancelled`);
  }
}

/** What a user function threw, with the operator and the element it happened at. */
export class OperatorError extends StreambookError {
  constructor(
    /** The name of the operator. */
    readonly operator: string,
    /** The element that was being processed; `undefined` in a timer or at the end. */
    readonly element: unknown,
    what: string,
    cause: unknown,
    /** Where the operator was written, for errors that did not arise in a line of the user's. */
    written?: string,
  ) {
    const own = userLine(cause);
    const line = own === undefined ? placeOf(written) : writtenAt(own);
    const { text, hint } = saidBy(cause);
    super('operator-failed', `${operator} failed ${what}: ${text}`, {
      cause,
      ...(line === undefined ? {} : { where: line }),
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

function placeOf(written: string | undefined): string | undefined {
  return written === undefined ? undefined : `${writtenAt(written)} (where the operator was written)`;
}

/** The message of what was thrown, and its hint apart, which comes last in the error around it. */
function saidBy(cause: unknown): { readonly text: string; readonly hint: string | undefined } {
  const message = messageOf(cause);
  const { hint } = cause instanceof StreambookError ? cause : { hint: undefined };
  const end = `\n  hint: ${hint}`;
  return { text: message.endsWith(end) ? message.slice(0, -end.length) : message, hint };
}

/** Whose fault an error is. */
export interface AtFault {
  readonly name: string;
  /** Where in the user's program it was written. */
  readonly line?: string | undefined;
}

/** Wraps what was thrown once: the innermost operator is the one at fault. */
export function atElement(operator: AtFault, value: unknown, timestamp: number, cause: unknown): OperatorError {
  if (cause instanceof OperatorError) return cause;
  const time = timestamp === NO_TIMESTAMP ? '' : ` (timestamp ${timestamp})`;
  const what = `at the element ${preview(value)}${time}`;
  return wrapped(() => new OperatorError(operator.name, value, what, cause, operator.line), cause);
}

/** Wraps what was thrown outside of an element: opening, a timer, the end of the input. */
export function during(operator: AtFault, what: string, cause: unknown): OperatorError {
  if (cause instanceof OperatorError) return cause;
  return wrapped(() => new OperatorError(operator.name, undefined, what, cause, operator.line), cause);
}

// Source maps lead from dist/ to src/, and a notebook's kernel calls our files by the package's name.
const OWN_FOLDERS = ['src', 'dist'].flatMap((name) => {
  const folder = join(packageRoot, name) + sep;
  return [pathToFileURL(folder).href, folder];
});

function isOwn(place: string): boolean {
  return (
    place.startsWith('streambook/src/') ||
    place.includes('streambook:generated') ||
    OWN_FOLDERS.some((folder) => place.includes(folder))
  );
}

const FRAME = /^ {4}at (?:.* \(|async )?(.*?:\d+:\d+)\)?$/;

/** A stack in three: what comes before the frames, those of them that are the user's, and their places. */
interface UserStack {
  readonly head: string;
  readonly frames: readonly string[];
  readonly places: readonly string[];
}

function userStack(error: unknown): UserStack | undefined {
  // A notebook's cells have a realm, and an Error class, of their own.
  if (!types.isNativeError(error) || typeof error.stack !== 'string') return undefined;
  const { stack, message } = error;
  // A message may have lines that look like frames.
  const begin = stack.indexOf('\n    at ', Math.max(0, stack.indexOf(message)) + message.length);
  const head = begin < 0 ? stack : stack.slice(0, begin);
  const frames: string[] = [];
  const places: string[] = [];
  for (const frame of stack.slice(head.length).split('\n')) {
    const place = FRAME.exec(frame)?.[1];
    if (place === undefined || place.startsWith('node:') || place.includes('/node_modules/') || isOwn(place)) continue;
    frames.push(`\n${frame}`);
    places.push(place);
  }
  return { head, frames, places };
}

/** The first line of the stack that is not ours: the user's. */
export function userLine(error: unknown): string | undefined {
  return userStack(error)?.places[0];
}

/**
 * Takes our frames out of the stack of what was thrown in a user's function, or by ourselves on purpose. What is a fault of
 * ours keeps them.
 *
 * @returns the frames that are left
 */
function onlyUserFrames(error: unknown): string {
  const stack = userStack(error);
  if (stack === undefined) return '';
  const frames = stack.frames.join('');
  if (frames === '' && !(error instanceof StreambookError)) return '';
  try {
    (error as Error).stack = stack.head + frames;
  } catch {
    // Frozen: it is shown as it is.
  }
  return frames;
}

/** Makes an error without a stack of its own: where it was wrapped is of no use to anybody. */
function wrapped(make: () => OperatorError, cause: unknown): OperatorError {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    const error = make();
    error.stack = `${error.name}: ${error.message}${onlyUserFrames(cause)}`;
    return error;
  } finally {
    Error.stackTraceLimit = limit;
  }
}
