/** What an error can carry besides its message. */
export interface ErrorDetails {
  /** What the reader can do next, as one or two sentences. */
  readonly hint?: string;
  /** Where it happened: a file and line, a topic with partition and offset, an operator. */
  readonly where?: string;
  /** The error underneath, if there is one. */
  readonly cause?: unknown;
}

/**
 * The base of every error that this library raises on purpose: what is wrong, where, and what to do next.
 *
 * `code` is stable between releases and made for programs; `message` is made for people.
 *
 * @example
 *   throw new StreambookError('topic-not-found', 'no topic `novel`', { hint: 'topics.list() shows what exists' });
 */
export class StreambookError extends Error {
  /** Stable, kebab-case, without the prefix `streambook/`. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly where: string | undefined;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    const where = details.where === undefined ? '' : `\n  at ${details.where}`;
    const hint = details.hint === undefined ? '' : `\n  hint: ${details.hint}`;
    super(
      `[streambook/${code}] ${message}${where}${hint}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = new.target.name;
    this.code = code;
    this.hint = details.hint;
    this.where = details.where;
  }
}

/** Whether `error` is one of ours, optionally with the given code. Works across copies of the package. */
export function isStreambookError(error: unknown, code?: string): error is StreambookError {
  return (
    error instanceof Error &&
    error.message.startsWith('[streambook/') &&
    (code === undefined || (error as { code?: unknown }).code === code)
  );
}

/** Raised by constructors and functions that check their arguments; quotes the offending value. */
export class ArgumentError extends StreambookError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('bad-argument', message, details);
  }
}

/** The message of whatever was thrown, for putting into a sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
