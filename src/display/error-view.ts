import type { MimeBundle } from '../core/display.js';
import { colour, escapeHtml, segmentsHtml } from './html.js';
import { cut, visible } from './visible.js';

const MAX_CAUSES = 8;
const MAX_MESSAGE = 4000;

function read(error: Error): { name: string; message: string; stack: string; under: unknown[] } {
  try {
    const under: unknown[] = error instanceof AggregateError ? [...error.errors] : [];
    if (error.cause !== undefined) under.push(error.cause);
    return { name: String(error.name), message: String(error.message), stack: String(error.stack ?? ''), under };
  } catch {
    return { name: 'Error', message: 'an error that cannot be read', stack: '', under: [] };
  }
}

function title(error: unknown): string {
  if (!(error instanceof Error)) return cut(String(error), MAX_MESSAGE).text;
  const { name, message } = read(error);
  const { text, hidden } = cut(`${name}: ${message}`, MAX_MESSAGE);
  return hidden === 0 ? text : `${text} … ${hidden} more characters`;
}

/** The error and what lies beneath it, from the outside in. */
function chain(error: Error): string[] {
  const titles: string[] = [];
  const seen = new Set<unknown>();
  const queue: unknown[] = [error];
  while (queue.length > 0 && titles.length < MAX_CAUSES) {
    const next = queue.shift();
    if (seen.has(next)) continue;
    seen.add(next);
    titles.push(title(next));
    if (next instanceof Error) queue.push(...read(next).under);
  }
  return titles;
}

/** An error as a view of its own: its message with what to do next, what lies beneath it, and the stack folded away. */
export function errorView(error: Error): MimeBundle {
  const [first = '', ...causes] = chain(error);
  // Lines are part of a message: they carry the place and the hint.
  const lines = (text: string): string =>
    text
      .split('\n')
      .map((line) => segmentsHtml(visible(line.trimStart())).replace(/^/, /^\s/.test(line) ? '&emsp;' : ''))
      .join('<br>');
  const below = causes.map((cause) => `<div style="margin-top:.4em;opacity:.8;">caused by ${lines(cause)}</div>`);
  const stack = read(error)
    .stack.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 30)
    .join('\n');
  const trace =
    stack === ''
      ? ''
      : `<details style="margin-top:.4em;color:${colour.quiet};"><summary>stack</summary><pre style="white-space:pre-wrap;">${escapeHtml(stack)}</pre></details>`;
  const html = `<div role="alert" style="border-left:3px solid ${colour.error};padding:.25em .9em;margin:.25em 0 .5em;max-width:60em;overflow-wrap:break-word;color:${colour.text};"><div style="font-weight:600;">${lines(first)}</div>${below.join('')}${trace}</div>`;
  return { 'text/html': html, 'text/plain': [first, ...causes.map((cause) => `caused by ${cause}`)].join('\n') };
}
