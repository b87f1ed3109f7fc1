import { inspect, types } from 'node:util';
import { messageOf, StreambookError } from '../core/errors.js';
import { NO_TIMESTAMP } from './time.js';

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
    const line = userLine(cause) ?? (written === undefined ? undefined : `${written} (where the operator was written)`);
    super('operator-failed', `${operator} failed ${what}: ${messageOf(cause)}`, {
      cause,
      ...(line === undefined ? {} : { where: line }),
    });
  }
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
  return new OperatorError(operator.name, value, `at the element ${preview(value)}${time}`, cause, operator.line);
}

/** Wraps what was thrown outside of an element: opening, a timer, the end of the input. */
export function during(operator: AtFault, what: string, cause: unknown): OperatorError {
  return cause instanceof OperatorError
    ? cause
    : new OperatorError(operator.name, undefined, what, cause, operator.line);
}

// .../src/engine/ or .../dist/engine/: everything beside it is ours, too.
const OWN_FOLDER = new URL('..', import.meta.url).href;
const OWN_PATH = decodeURIComponent(new URL('..', import.meta.url).pathname);

/** The first line of the stack that is not ours: the user's. */
export function userLine(error: unknown): string | undefined {
  // A notebook's cells have a realm, and an Error class, of their own.
  if (!types.isNativeError(error) || typeof error.stack !== 'string') return undefined;
  for (const frame of error.stack.split('\n')) {
    const match = /^\s+at (?:(.*) \()?(.*?:\d+:\d+)\)?$/.exec(frame);
    const place = match?.[2];
    if (place === undefined || place.startsWith('node:') || place.includes('/node_modules/')) continue;
    if (place.includes(OWN_FOLDER) || place.includes(OWN_PATH) || frame.includes('streambook:generated')) continue;
    return place;
  }
  return undefined;
}
