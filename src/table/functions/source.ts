import { ArgumentError } from '../../core/errors.js';
import type { AnyType, Field } from '../../core/types/index.js';
import { Timestamp } from '../../core/values/index.js';
import { type Captured, capturedSource } from './captured.js';

/** A function as somebody wrote it, and what has to be known to run it elsewhere. */
export interface FunctionSource {
  /** What messages call it: the function's own name, or the one it was registered under. */
  readonly label: string;
  readonly fn: (...values: never[]) => unknown;
  /** What it is called with: values side by side, or one object with these fields. */
  readonly takes: 'values' | 'row';
  readonly accepts: readonly Field[];
  /** One value, one row (an object), or many rows. */
  readonly gives: 'value' | 'row' | 'rows';
  /** The type of the value; of rows a ROW. */
  readonly returns: AnyType;
  readonly bigint: 'number' | 'bigint';
  readonly deterministic: boolean;
  /** The captured constants as declarations; empty if there are none. */
  readonly declarations: string;
  /** Their names. */
  readonly captured: readonly string[];
}

/**
 * A function that sees, of all that stands outside of it, only what was captured: the values of the moment it was defined,
 * as on a cluster. Without captured values it is the function itself.
 */
export function bound<Fn extends (...values: never[]) => unknown>(
  fn: Fn,
  captured: Captured | undefined,
  where: string,
): { readonly fn: Fn; readonly declarations: string; readonly captured: readonly string[] } {
  if (captured === undefined) return { fn, declarations: '', captured: [] };
  const names = Object.keys(captured);
  const declarations = capturedSource(captured, where);
  const text = functionText(fn, declarations, names);
  try {
    return { fn: new Function('Timestamp', `'use strict'; return ${text}`)(Timestamp), declarations, captured: names };
  } catch (cause) {
    throw new ArgumentError(`${where}: captured: the function cannot be read as text`, {
      hint: 'write it as `(row) => ...` or `function name(row) { ... }`: no method, no bound function',
      cause,
    });
  }
}

/** An expression that gives the function, its text standing in lines of its own. */
export function functionText(fn: unknown, declarations: string, names: readonly string[]): string {
  const text = String(fn);
  if (declarations === '') return text;
  // What a cell or a module in the older form declares is a property of its `exports`.
  const shared = /\bexports\b/.test(`${text}${declarations}`) ? ` const exports = { ${names.join(', ')} };` : '';
  return `(() => { ${declarations}${shared} return (\n${text}\n); })()`;
}
