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
  /** The captured values, as they were then. */
  readonly constants: Captured;
}

/**
 * A function that sees, of all that stands outside of it, only what was captured: the values of the moment it was defined,
 * as on a cluster. Without captured values it is the function itself.
 */
export function bound<Fn extends (...values: never[]) => unknown>(
  fn: Fn,
  captured: Captured | undefined,
  where: string,
): { readonly fn: Fn; readonly declarations: string; readonly constants: Captured } {
  if (captured === undefined) return { fn, declarations: '', constants: {} };
  const names = Object.keys(captured);
  const declarations = capturedSource(captured, where);
  const text = functionText(String(fn), declarations, names);
  try {
    const seen = new Function('Timestamp', `'use strict'; ${declarations} return { ${names.join(', ')} };`)(Timestamp);
    const made = new Function('Timestamp', `'use strict'; return ${text}`)(Timestamp);
    return { fn: made, declarations, constants: seen };
  } catch (cause) {
    throw new ArgumentError(`${where}: captured: the function cannot be read as text`, {
      hint: 'write it as `(row) => ...` or `function name(row) { ... }`: no method, no bound function',
      cause,
    });
  }
}

/** An expression that gives the function, its text standing in lines of its own. */
export function functionText(text: string, declarations: string, names: readonly string[]): string {
  const all = `${text}${declarations}`;
  const head = [declarations];
  // What a cell or a module in the older form declares is a property of its `exports`.
  if (/\bexports\b/.test(all)) head.push(`const exports = { ${['Timestamp', ...names].join(', ')} };`);
  for (const [, module] of all.matchAll(/\b([\w$]+_\d+_*|import_\w+)\.Timestamp\b/g)) {
    head.push(`const ${module} = { Timestamp };`);
  }
  // What esbuild writes around functions to keep their names.
  if (all.includes('__name(')) head.push('const __name = (fn) => fn;');
  const before = [...new Set(head)].filter((part) => part !== '').join(' ');
  return before === '' ? text : around(text, before);
}

/** The function stands first, so that its lines are counted from one; the others are there when it is called. */
const around = (text: string, others: string): string =>
  `(() => { const $function = (\n${text}\n); ${others} return $function; })()`;

/** A function with what it captures around it, and nothing else that it could see. */
export function visibleText(text: string, declarations: string): string {
  return declarations === '' ? text : around(text, declarations);
}

/** Code without what a notebook's kernel has put into its loops; as long as it was. */
export function writtenText(code: string): string {
  return code.replace(/__streambook__\.flag\[0\] !== 0 && __streambook__\.hit\(\);/g, (all) => ' '.repeat(all.length));
}

/** The functions that a function consists of: itself first, and those that it captures. */
export function functionsIn({ fn, constants }: FunctionSource): readonly unknown[] {
  const found: unknown[] = [fn];
  const look = (value: unknown): void => {
    if (typeof value === 'function') found.push(value);
    else if (value instanceof Map || value instanceof Set) for (const part of value) look(part);
    else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) look(part);
  };
  look(constants);
  return found;
}
