import type { Call, Expression } from '../sql/ast/expressions.js';

const QUERY_KINDS = new Set(['select', 'values', 'tableQuery', 'setOperation', 'with', 'ordered']);

/** Visits every expression within a part of a statement, outermost first; `false` leaves out what is in it. Queries in it are not entered. */
export function walk(part: unknown, visit: (node: Expression) => boolean | undefined): void {
  if (Array.isArray(part)) {
    for (const one of part) walk(one, visit);
    return;
  }
  if (typeof part !== 'object' || part === null) return;
  const { kind } = part as { kind?: unknown };
  if (typeof kind === 'string') {
    if (QUERY_KINDS.has(kind)) return;
    if (visit(part as Expression) === false) return;
  }
  for (const [name, value] of Object.entries(part)) if (name !== 'span') walk(value, visit);
}

/** The name of a call as it is looked up. */
export function nameOfCall(call: Call): string {
  const name = call.name.parts.map((part) => part.name).join('.');
  return call.name.parts.length === 1 ? name.toUpperCase() : name;
}
