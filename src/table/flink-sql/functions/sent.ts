import { kernelHook } from '../../../core/kernel.js';

/** The texts of the functions that were sent last, by what messages call them. */
const sent = new Map<string, string>();

/** @param original the function's text as the engine has it */
export function rememberSent(label: string, original: string): void {
  sent.delete(label);
  sent.set(label, original);
  // An error comes soon, or not at all.
  if (sent.size > 1000) sent.delete(sent.keys().next().value as string);
}

/** Where in the cells a function failed, of what the cluster says: `cell [4], line 7, column 12`. */
export function placeOfFailure(message: string): string | undefined {
  const [, label = ''] = /^(\S+) (?:failed|cannot be compiled|did not)/.exec(message) ?? [];
  const original = sent.get(label);
  const at = /\n\s*line (\d+), column (\d+)/.exec(message);
  if (original === undefined || at === null) return undefined;
  const before = original.split('\n').slice(0, Number(at[1]) - 1);
  const offset = before.reduce((all, line) => all + line.length + 1, 0) + Number(at[2]) - 1;
  const place = offset >= original.length ? undefined : kernelHook()?.placeIn?.(original, offset);
  return place && `${place.file}, line ${place.line}, column ${place.column}`;
}
