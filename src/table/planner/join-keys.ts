import type { AnyType } from '../../core/types/index.js';
import { ValidationError } from '../errors.js';
import { conjunction, conjuncts, inputsOf, isDeterministic, mapInputs } from '../expressions/index.js';
import { inputRef, type Rex } from '../plan/rex.js';

/** One equality of a join: an expression of the left side, one of the right, each over its own side's columns. */
export interface JoinPair {
  readonly left: Rex;
  readonly right: Rex;
  /** `=`: a NULL equals nothing. Otherwise IS NOT DISTINCT FROM. */
  readonly filterNulls: boolean;
}

/** A join's condition: equalities, and what has to hold besides over both sides (`undefined`: nothing). */
export interface JoinCondition {
  readonly pairs: readonly JoinPair[];
  readonly rest: Rex | undefined;
}

/** Takes a condition over the columns of both sides apart. */
export function joinCondition(condition: Rex, leftWidth: number): JoinCondition {
  const pairs: JoinPair[] = [];
  const rest: Rex[] = [];
  for (const part of conjuncts(condition)) {
    const pair = pairOf(part, leftWidth);
    if (pair !== undefined) pairs.push(pair);
    else if (!isTrue(part)) rest.push(part);
  }
  return { pairs, rest: rest.length === 0 ? undefined : conjunction(rest) };
}

export function isTrue(rex: Rex): boolean {
  return rex.kind === 'literal' && rex.value === true;
}

export function isFalse(rex: Rex): boolean {
  return rex.kind === 'literal' && rex.value !== true;
}

function pairOf(part: Rex, leftWidth: number): JoinPair | undefined {
  if (part.kind !== 'call' || part.operands.length !== 2) return undefined;
  if (part.function !== '=' && part.function !== 'IS NOT DISTINCT FROM') return undefined;
  const [a, b] = part.operands as [Rex, Rex];
  const sides = [sideOf(a, leftWidth), sideOf(b, leftWidth)];
  if (sides[0] === undefined || sides[1] === undefined || sides[0] === sides[1]) return undefined;
  const [left, right] = sides[0] === 'left' ? [a, b] : [b, a];
  if (part.function !== '=' && !interoperable(left.type, right.type)) {
    throw new ValidationError(
      `Join: Equality join predicate on incompatible types: ${left.type} IS NOT DISTINCT FROM ${right.type}`,
      { hint: '= converts by itself, IS NOT DISTINCT FROM does not: CAST one side to the type of the other' },
    );
  }
  return { left, right: mapInputs(right, (i) => i - leftWidth), filterNulls: part.function === '=' };
}

/** Whether keys can be compared as they are. @see Flink: `PlannerTypeUtils.isInteroperable` */
function interoperable(a: AnyType, b: AnyType): boolean {
  const family = ({ root }: AnyType): string => root.replace(/^(VAR)?(CHAR|BINARY)$/, 'VAR$2');
  return family(a).startsWith('VAR') ? family(a) === family(b) : String(a.nullable()) === String(b.nullable());
}

function sideOf(rex: Rex, leftWidth: number): 'left' | 'right' | undefined {
  const columns = inputsOf(rex);
  if (columns.length === 0 || !isDeterministic(rex)) return undefined;
  if (columns.every((i) => i < leftWidth)) return 'left';
  return columns.every((i) => i >= leftWidth) ? 'right' : undefined;
}

/** The column an expression is, or the place of a new one. */
export function columnFor(rex: Rex, width: number, added: Rex[]): number {
  if (rex.kind === 'input') return rex.index;
  added.push(rex);
  return width + added.length - 1;
}

/** All columns of something, as expressions. */
export function allColumns(fields: readonly { readonly type: Rex['type'] }[]): Rex[] {
  return fields.map((field, i) => inputRef(i, field.type));
}
