import { ValidationError } from '../errors.js';
import { conjunction, conjuncts } from '../expressions/index.js';
import type { PlanField } from '../plan/field.js';
import type { Rex } from '../plan/rex.js';

/** A condition of a join that bounds how far the times of both rows are apart. */
export interface IntervalBounds {
  /** `lower <= left time - right time <= upper`, in ms. */
  readonly lower: number;
  readonly upper: number;
  readonly rowtime: boolean;
  /** Columns of each side. */
  readonly leftTime: number;
  readonly rightTime: number;
  /** What the condition asks besides. */
  readonly rest: Rex;
}

/** A time column, and how much is added to it. */
interface Term {
  readonly column: number;
  readonly offset: number;
}

/** One bound: `left time - right time` is at most, or at least, so many ms. */
interface Bound {
  readonly most?: number;
  readonly least?: number;
  readonly left: number;
  readonly right: number;
}

/**
 * Finds the two bounds of an interval join: `l.time BETWEEN r.time - INTERVAL '4' HOUR AND r.time`. With one bound, or more
 * than two, it is an ordinary join.
 *
 * @see Flink: Interval Joins; `IntervalJoinUtil`
 */
export function intervalBounds(
  condition: Rex,
  left: readonly PlanField[],
  right: readonly PlanField[],
): IntervalBounds | undefined {
  const fields = [...left, ...right];
  const bounds: Bound[] = [];
  const rest: Rex[] = [];
  for (const part of conjuncts(condition)) {
    const bound = boundOf(part, fields, left.length);
    if (bound === undefined) rest.push(part);
    else bounds.push(bound);
  }
  const [first] = bounds;
  if (first === undefined) return undefined;
  const uppers = bounds.flatMap((bound) => bound.most ?? []);
  const lowers = bounds.flatMap((bound) => bound.least ?? []);
  const [upper, lower] = [uppers[0], lowers[0]];
  if (uppers.length !== 1 || lowers.length !== 1 || upper === undefined || lower === undefined) return undefined;
  if (bounds.some((bound) => bound.left !== first.left || bound.right !== first.right)) return undefined;
  const types = [fields[first.left], fields[first.right]].map((field) => field?.type.root);
  if (types[0] !== types[1]) {
    throw new ValidationError(
      `Interval join with rowtime attribute requires same rowtime types, but the types are ${fields[first.left]?.type} and ${fields[first.right]?.type}.`,
      { hint: 'make both columns TIMESTAMP_LTZ, or both TIMESTAMP, where the tables are created' },
    );
  }
  return {
    lower,
    upper,
    rowtime: fields[first.left]?.time === 'rowtime',
    leftTime: first.left,
    rightTime: first.right - left.length,
    rest: conjunction(rest),
  };
}

function boundOf(part: Rex, fields: readonly PlanField[], width: number): Bound | undefined {
  if (part.kind !== 'call' || part.operands.length !== 2) return undefined;
  // A time that is compared with one of the other kind is refused, not joined for ever.
  const bare = (one: Rex): Rex =>
    part.function !== '=' && one.kind === 'call' && one.function === 'CAST' ? (one.operands[0] as Rex) : one;
  const terms = part.operands.map((one) => termOf(bare(one), fields));
  const [a, b] = terms;
  if (a === undefined || b === undefined || a.column < width === b.column < width) return undefined;
  if (fields[a.column]?.time !== fields[b.column]?.time) return undefined;
  const leftFirst = a.column < width;
  const [left, right] = leftFirst ? [a, b] : [b, a];
  // left + p OP right + q  =>  left - right OP q - p
  const distance = right.offset - left.offset;
  const columns = { left: left.column, right: right.column };
  switch (leftFirst ? part.function : FLIPPED[part.function]) {
    case '=':
      return { ...columns, most: distance, least: distance };
    case '<':
      return { ...columns, most: distance - 1 };
    case '<=':
      return { ...columns, most: distance };
    case '>':
      return { ...columns, least: distance + 1 };
    case '>=':
      return { ...columns, least: distance };
    default:
      return undefined;
  }
}

const FLIPPED: Readonly<Record<string, string>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function termOf(rex: Rex, fields: readonly PlanField[]): Term | undefined {
  if (rex.kind === 'input') return fields[rex.index]?.time === undefined ? undefined : { column: rex.index, offset: 0 };
  if (rex.kind !== 'call') return undefined;
  if (rex.function !== '+' && rex.function !== '-') return undefined;
  const [a, b] = rex.operands;
  if (a === undefined || b === undefined) return undefined;
  const [time, distance] = a.kind === 'literal' && rex.function === '+' ? [b, a] : [a, b];
  const term = termOf(time, fields);
  if (term === undefined || distance.kind !== 'literal' || distance.type.root !== 'INTERVAL_DAY_TIME') return undefined;
  const ms = Number(distance.value);
  return { column: term.column, offset: term.offset + (rex.function === '+' ? ms : -ms) };
}
