import { ownString, SHORTEST_SLICE } from './keys.js';

/**
 * Gives the strings of a value memory of their own, before it is put into state for the first time: a field that was cut
 * out of a line keeps the line, and the chunk of the file around it, alive. Looks at the value itself and at its own fields;
 * what cannot be written stays as it is. The same value comes back: nobody can tell the strings apart.
 */
export function ownStrings<T>(value: T): T {
  if (typeof value === 'string') return ownString(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  for (const name in fields) {
    const field = fields[name];
    if (typeof field !== 'string' || field.length < SHORTEST_SLICE) continue;
    const property = Object.getOwnPropertyDescriptor(fields, name);
    if (property?.writable === true) fields[name] = ownString(field);
  }
  return value;
}
