import { kernelHook } from '../../../core/kernel.js';
import { type FunctionSource, functionsIn, writtenText } from '../../functions/source.js';

/** A function within a text: where it begins, and its text as the engine has it, which is as long. */
export interface Part {
  readonly start: number;
  readonly original: string;
}

/** Where the functions of a source stand in a text that was made of them. */
export function partsOf(text: string, source: FunctionSource): Part[] {
  return functionsIn(source).flatMap((fn) => {
    const original = String(fn);
    const written = writtenText(original);
    const start = text === written ? 0 : text.indexOf(`(\n${written}\n)`) + 2;
    return start === 1 ? [] : [{ start, original }];
  });
}

/** The part that a place is in. */
export function partAt(parts: readonly Part[], at: number): Part | undefined {
  return parts.find(({ start, original }) => at >= start && at < start + original.length);
}

/** `cell [4], line 7, column 12`; `undefined` outside of a notebook. */
export function placeInCells(parts: readonly Part[], at: number): string | undefined {
  const part = partAt(parts, at);
  const place = part && kernelHook()?.placeIn?.(part.original, at - part.start);
  return place && `${place.file}, line ${place.line}, column ${place.column}`;
}
