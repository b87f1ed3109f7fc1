import { buildCall, mapInputs, visitRex } from '../expressions/index.js';
import type { Rel } from '../plan/rel.js';
import type { Rex } from '../plan/rex.js';
import { inputsOfRel, mapExpressions } from '../plan/visit-rel.js';

/** Whether an expression refers to the row outside that has this id. */
export function refersTo(rex: Rex, id: number): boolean {
  let found = false;
  visitRex(rex, (one) => {
    if (one.kind === 'correlated' && one.id === id) found = true;
    if (one.kind === 'subquery' && relRefersTo(one.rel, id)) found = true;
  });
  return found;
}

/** Whether any expression of a plan refers to the row outside that has this id. */
export function relRefersTo(rel: Rel, id: number): boolean {
  let found = false;
  mapExpressions(rel, (rex) => {
    if (refersTo(rex, id)) found = true;
    return rex;
  });
  return found || inputsOfRel(rel).some((input) => relRefersTo(input, id));
}

/** Puts expressions in place of columns. */
export function substitute(rex: Rex, columns: readonly Rex[]): Rex {
  return mapInputs(rex, (index) => columns[index] as Rex);
}

/** Whether an expression reads columns of the row at hand. */
export function readsInputs(rex: Rex): boolean {
  let found = false;
  visitRex(rex, (one) => {
    if (one.kind === 'input') found = true;
  });
  return found;
}

/** `inner = outer`, where `outer` is made of the row outside alone and `inner` of the row at hand alone. */
export function equalityOf(condition: Rex, id: number): { readonly inner: Rex; readonly outer: Rex } | undefined {
  if (condition.kind !== 'call' || condition.function !== '=') return undefined;
  const [a, b] = condition.operands as [Rex, Rex];
  if (refersTo(a, id) && !readsInputs(a) && !refersTo(b, id)) return { inner: b, outer: a };
  if (refersTo(b, id) && !readsInputs(b) && !refersTo(a, id)) return { inner: a, outer: b };
  return undefined;
}

export const equal = (a: Rex, b: Rex): Rex => buildCall('=', [a, b]);
