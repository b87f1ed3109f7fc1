import type { AnyType } from '../../core/types/index.js';
import { sameType, type } from '../../core/types/index.js';
import { sameValue } from '../codegen/same-value.js';
import { call, inputRef, literal, type Rex } from '../plan/rex.js';

/** BOOLEAN NOT NULL, the type of conditions that are never UNKNOWN. */
export const BOOLEAN_NOT_NULL = type.boolean().notNull() as AnyType;

/** The expressions directly within one (not the queries). */
function childrenOf(rex: Rex): readonly Rex[] {
  switch (rex.kind) {
    case 'call':
    case 'subquery':
      return rex.operands;
    case 'field':
      return [rex.operand];
    case 'over':
      return [...rex.operands, ...rex.partitionBy, ...rex.orderBy.map((key) => key.expression)];
    default:
      return [];
  }
}

/** Visits an expression and all in it (not the queries in it), outermost first. */
export function visitRex(rex: Rex, visit: (rex: Rex) => void): void {
  visit(rex);
  for (const child of childrenOf(rex)) visitRex(child, visit);
}

function mapAll(list: readonly Rex[], map: (rex: Rex) => Rex): readonly Rex[] {
  let changed = false;
  const mapped = list.map((rex) => {
    const made = mapRex(rex, map);
    if (made !== rex) changed = true;
    return made;
  });
  return changed ? mapped : list;
}

/** Rebuilds from inside out; `map` gets every expression with its operands already mapped. What does not change stays. */
export function mapRex(rex: Rex, map: (rex: Rex) => Rex): Rex {
  switch (rex.kind) {
    case 'call':
    case 'subquery': {
      const operands = mapAll(rex.operands, map);
      return map(operands === rex.operands ? rex : { ...rex, operands });
    }
    case 'field': {
      const operand = mapRex(rex.operand, map);
      return map(operand === rex.operand ? rex : { ...rex, operand });
    }
    case 'over': {
      const operands = mapAll(rex.operands, map);
      const partitionBy = mapAll(rex.partitionBy, map);
      const orderBy = rex.orderBy.map((key) => {
        const expression = mapRex(key.expression, map);
        return expression === key.expression ? key : { ...key, expression };
      });
      const same =
        operands === rex.operands &&
        partitionBy === rex.partitionBy &&
        orderBy.every((key, i) => key === rex.orderBy[i]);
      return map(same ? rex : { ...rex, operands, partitionBy, orderBy });
    }
    default:
      return map(rex);
  }
}

/** The columns an expression reads, ascending. */
export function inputsOf(rex: Rex): number[] {
  const found = new Set<number>();
  visitRex(rex, (part) => {
    if (part.kind === 'input') found.add(part.index);
  });
  return [...found].sort((a, b) => a - b);
}

/** The same with other columns: a new position, or an expression in place of the column. */
export function mapInputs(rex: Rex, map: (index: number) => number | Rex): Rex {
  return mapRex(rex, (part) => {
    if (part.kind !== 'input') return part;
    const made = map(part.index);
    if (typeof made !== 'number') return made;
    return made === part.index ? part : inputRef(made, part.type);
  });
}

/** The parts of an AND, left to right. */
export function conjuncts(rex: Rex): Rex[] {
  if (rex.kind === 'call' && rex.function === 'AND') return rex.operands.flatMap(conjuncts);
  if (rex.kind === 'literal' && rex.value === true) return [];
  return [rex];
}

/** AND of the parts; TRUE for none. */
export function conjunction(parts: readonly Rex[]): Rex {
  if (parts.length === 0) return literal(true, BOOLEAN_NOT_NULL);
  if (parts.length === 1) return parts[0] as Rex;
  const nullable = parts.some((part) => part.type.nullability === 'nullable');
  return call('AND', parts, nullable ? (type.boolean() as AnyType) : BOOLEAN_NOT_NULL);
}

/** Structural equality (places in the text do not count, queries only as the same object). */
export function sameRex(a: Rex, b: Rex): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || !sameType(a.type, b.type)) return false;
  switch (a.kind) {
    case 'input':
      return a.index === (b as typeof a).index;
    case 'literal':
      return sameValue(a.value, (b as typeof a).value);
    case 'correlated':
      return a.id === (b as typeof a).id && a.index === (b as typeof a).index;
    case 'field':
      return a.index === (b as typeof a).index && sameRex(a.operand, (b as typeof a).operand);
    case 'call': {
      const other = b as typeof a;
      return (
        a.function === other.function &&
        JSON.stringify(a.options ?? {}) === JSON.stringify(other.options ?? {}) &&
        sameList(a.operands, other.operands)
      );
    }
    case 'over': {
      const { span: _a, ...left } = a;
      const { span: _b, ...right } = b as typeof a;
      return JSON.stringify(left) === JSON.stringify(right);
    }
    default:
      return false;
  }
}

function sameList(a: readonly Rex[], b: readonly Rex[]): boolean {
  return a.length === b.length && a.every((rex, i) => sameRex(rex, b[i] as Rex));
}
