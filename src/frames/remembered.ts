import type { AnyType } from '../core/types/index.js';

/**
 * The types that columns had in the table they came from. arquero's verbs hand columns on as they are, so a column that was
 * filtered, sorted, joined or selected is still known; one that was computed is not.
 */
const types = new WeakMap<object, AnyType>();

export function remember(column: unknown, type: AnyType): void {
  if (typeof column === 'object' && column !== null) types.set(column, type);
}

export function remembered(column: unknown): AnyType | undefined {
  return typeof column === 'object' && column !== null ? types.get(column) : undefined;
}
