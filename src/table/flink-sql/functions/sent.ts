import { type Part, placeInCells } from './parts.js';

/** What was sent last, by what messages call it. */
const sent = new Map<string, { readonly text: string; readonly firstLine: number; readonly parts: readonly Part[] }>();

/** @param firstLine the number that the first line of the text has in messages */
export function rememberSent(label: string, text: string, firstLine: number, parts: readonly Part[]): void {
  sent.delete(label);
  sent.set(label, { text, firstLine, parts });
  // An error comes soon, or not at all.
  if (sent.size > 1000) sent.delete(sent.keys().next().value as string);
}

/** Where in the cells a function failed, of what the cluster says: `cell [4], line 7, column 12`. */
export function placeOfFailure(message: string): string | undefined {
  const [, label = ''] = /^(\S+) (?:failed|cannot be compiled|did not)/.exec(message) ?? [];
  const known = sent.get(label);
  const at = /\n\s*line (-?\d+), column (\d+)/.exec(message);
  if (known === undefined || at === null) return undefined;
  const before = known.text.split('\n').slice(0, Number(at[1]) - known.firstLine);
  const offset = before.reduce((all, line) => all + line.length + 1, 0) + Number(at[2]) - 1;
  return placeInCells(known.parts, offset);
}
