import type { MimeBundle } from '../core/display.js';
import { escapeHtml, QUIET, segmentsHtml, strong, tint } from './html.js';
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

interface Title {
  /** `UnknownColumnError [streambook/unknown-column]` */
  readonly name: string;
  readonly message: string;
}

function title(error: unknown): Title {
  if (!(error instanceof Error)) return { name: '', message: cut(String(error), MAX_MESSAGE).text };
  const { name, message } = read(error);
  const [, code = '', rest = ''] = /^(\[streambook\/[\w-]+\]) (.*)$/s.exec(message) ?? [];
  const part = cut(code === '' ? message : rest, MAX_MESSAGE);
  const more = part.hidden === 0 ? '' : ` … ${part.hidden} more characters`;
  return { name: code === '' ? name : `${name} ${code}`, message: part.text + more };
}

/** The error and what lies beneath it, from the outside in. */
function chain(error: Error): Title[] {
  const titles: Title[] = [];
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

function lineText({ name, message }: Title): string {
  return name === '' ? message : `${name}: ${message}`;
}

/** The first line is the message; the others carry the place (in code, where columns matter) and the hint. */
function messageHtml(message: string): string {
  const [first = '', ...others] = message.split('\n');
  const rest = others.map((line) => {
    const text = segmentsHtml(visible(line.trimStart()));
    if (/^\s*(?:hint|at):? /.test(line)) return `<div>${text}</div>`;
    const indent = '&nbsp;'.repeat(line.length - line.trimStart().length);
    return `<div style="font-family:monospace;font-family:var(--jp-code-font-family,monospace);white-space:pre-wrap;">${indent}${text}</div>`;
  });
  return `<div>${strong(segmentsHtml(visible(first)))}</div>${rest.join('')}`;
}

/** An error as a view of its own: its message with what to do next, what lies beneath it, and the stack folded away. */
export function errorView(error: Error): MimeBundle {
  const [first = { name: '', message: '' }, ...causes] = chain(error);
  const below = causes.map(
    (cause) => `<div style="margin-top:.4em;${QUIET}">caused by ${segmentsHtml(visible(lineText(cause)))}</div>`,
  );
  const stack = read(error)
    .stack.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 30)
    .join('\n');
  const trace =
    stack === ''
      ? ''
      : `<details style="margin-top:.4em;${QUIET}"><summary>stack</summary><pre style="white-space:pre-wrap;">${escapeHtml(stack)}</pre></details>`;
  const name = `<div style="font-size:.9em;${QUIET}">${segmentsHtml(visible(first.name))}</div>`;
  const html = `<div role="alert" style="border-left:3px solid #e53935;border-left:3px solid var(--jp-error-color1,#e53935);padding:.25em .9em;margin:.25em 0 .5em;max-width:60em;overflow-wrap:break-word;${tint('color', 'text')}">${name}${messageHtml(first.message)}${below.join('')}${trace}</div>`;
  return {
    'text/html': html,
    'text/plain': [lineText(first), ...causes.map((cause) => `caused by ${lineText(cause)}`)].join('\n'),
  };
}
