import { StreambookError } from '../../core/errors.js';
import type { Field } from '../../core/types/index.js';
import { fromCell } from '../../core/values/index.js';

/** Makes the function that takes a row in which a function of the user's gave: an object, or a list in column order. */
export function rowFrom(fields: readonly Field[], name: string): (row: unknown) => readonly unknown[] {
  const outside = fields.map((field) => fromCell(field.type, `column \`${field.name}\` of ${name}`));
  return (row) => {
    if (typeof row !== 'object' || row === null) {
      throw new StreambookError('bad-value', `${name} gave ${String(row)}, which is no row`, {
        hint: `a row is an object: { ${fields.map((field) => field.name).join(', ')} }`,
      });
    }
    const given = Array.isArray(row)
      ? (_: string, i: number) => row[i]
      : (key: string) => (Object.hasOwn(row, key) ? (row as Record<string, unknown>)[key] : undefined);
    return fields.map((field, i) => outside[i]?.(given(field.name, i)));
  };
}

/** The same for functions that give many rows: a list, or anything else that `for ... of` goes through. */
export function rowsFrom(fields: readonly Field[], name: string): (rows: unknown) => Iterable<readonly unknown[]> {
  const one = rowFrom(fields, name);
  return function* (rows) {
    if (typeof rows !== 'object' || rows === null || !(Symbol.iterator in rows)) {
      throw new StreambookError('bad-value', `${name} gave ${String(rows)}, and no rows`, {
        hint: 'give a list of objects; an empty one for no rows',
      });
    }
    for (const row of rows as Iterable<unknown>) yield one(row);
  };
}
