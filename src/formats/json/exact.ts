import { randomUUID } from 'node:crypto';

// JSON.parse rounds numbers to doubles. Those that may not survive it are put into strings first, which begin with
// something that no input can know.
const MARK = `${randomUUID()}:`;
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g');
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
// 15 significant digits always survive.
const LONG = /[\d.]{16}/;

/** Whether a text may hold a number that a double would round. */
export function mayRound(text: string): boolean {
  return LONG.test(text);
}

/** As JSON.parse, but long numbers come as `exactText` knows them. */
export function parseExactly(text: string): unknown {
  return JSON.parse(
    text.replace(TOKENS, (token) => (token.charCodeAt(0) !== 34 && LONG.test(token) ? `"${MARK}${token}"` : token)),
  );
}

/** The digits of a number that `parseExactly` kept; `undefined` for any other value. */
export function exactText(value: unknown): string | undefined {
  return typeof value === 'string' && value.startsWith(MARK) ? value.slice(MARK.length) : undefined;
}

/** JSON text of a value that `parseExactly` gave, with its numbers as they were. */
export function stringifyExactly(value: unknown): string {
  return JSON.stringify(value).replace(MARKED, '$1');
}
