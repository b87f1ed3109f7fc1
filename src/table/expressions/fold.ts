import { StreambookError } from '../../core/errors.js';
import type { AnyType } from '../../core/types/index.js';
import { compileExpression } from '../codegen/compile.js';
import type { EvaluationContext } from '../codegen/context.js';
import { isApproximate, isNullable } from '../functions/types.js';
import { call, literal, type Rex, type RexCall } from '../plan/rex.js';
import { isDeterministicCall } from './build-call.js';
import { type CallSite, invalid } from './call-site.js';
import { BOOLEAN_NOT_NULL, mapRex, sameRex, visitRex } from './visit.js';

/** Whether it gives the same value for the same row, always. */
export function isDeterministic(rex: Rex, site: CallSite = {}): boolean {
  let all = true;
  visitRex(rex, (part) => {
    if (part.kind === 'subquery' || part.kind === 'over') all = false;
    if (part.kind === 'call' && !isDeterministicCall(part.function, site)) all = false;
  });
  return all;
}

/**
 * Evaluates what is constant, so that it costs nothing for each row and fails before the run, as in Flink: `SELECT 1/0`
 * is an error of planning. What changes from call to call (RAND, NOW) stays. Throws `ValidationError`.
 */
export function foldConstants(rex: Rex, context: EvaluationContext): Rex {
  const site: CallSite = context.functions === undefined ? {} : { functions: context.functions };
  return mapRex(rex, (part) => (part.kind === 'call' ? foldCall(part, context, site) : part));
}

const CONSTRUCTORS = new Set(['ROW', 'ARRAY', 'MAP', 'MULTISET']);

function foldCall(part: RexCall, context: EvaluationContext, site: CallSite): Rex {
  if (part.function === 'AND' || part.function === 'OR') return foldConnective(part);
  if (part.function === 'CASE') {
    const taken = foldCase(part);
    if (taken !== undefined) return taken;
  }
  if (part.function === 'NOT') return foldNot(part);
  if (ALIKE.has(part.function) || UNLIKE.has(part.function)) {
    const same = foldSame(part, site);
    if (same !== undefined) return same;
  }
  const constant = part.operands.every((operand) => operand.kind === 'literal');
  if (!constant || !isDeterministicCall(part.function, site)) return part;
  // Rows and collections stay as they are written: their parts are constants already.
  if (CONSTRUCTORS.has(part.function)) return part;
  if (
    part.function === '/' &&
    Number((part.operands[1] as { value: unknown }).value) === 0 &&
    (part.operands[0] as { value: unknown }).value !== null &&
    (part.operands[1] as { value: unknown }).value !== null
  ) {
    // At planning also DOUBLE refuses it, which gives Infinity at the run.
    throw invalid('Division by zero', { ...site, ...(part.span === undefined ? {} : { span: part.span }) });
  }
  let value: unknown;
  try {
    value = compileExpression(part, [], context)({} as never);
  } catch (error) {
    if (error instanceof StreambookError && error.code === 'not-implemented') throw error;
    // What else cannot work fails at the run, as in Flink.
    return part;
  }
  // A NULL where the type says there is none is found at the run, by whoever takes the row in.
  if (value === null && !isNullable(part.type)) return part;
  return literal(part.function === 'CAST' ? cut(value, part) : value, part.type);
}

/** A TIME that is a constant has the fraction of its precision; that of a column keeps its milliseconds. */
function cut(value: unknown, { options, type }: RexCall): unknown {
  const to = (options?.type as AnyType | undefined) ?? type;
  if (to.root !== 'TIME' || typeof value !== 'number') return value;
  return value - (value % 10 ** Math.max(0, 3 - to.precision));
}

/** What is true of a value beside itself, and what is not. */
const ALIKE = new Set(['=', '<=', '>=', 'IS NOT DISTINCT FROM']);
const UNLIKE = new Set(['<>', '<', '>', 'IS DISTINCT FROM']);

/** `x = x` does not look at x, so that in Flink also NaN is equal to itself where it is written twice. */
function foldSame({ function: name, operands, type }: RexCall, site: CallSite): Rex | undefined {
  const [a, b] = operands as [Rex, Rex];
  if (!isApproximate(a.type) || !sameRex(a, b) || !isDeterministic(a, site)) return undefined;
  const alike = ALIKE.has(name);
  if (!isNullable(type)) return literal(alike, BOOLEAN_NOT_NULL);
  const unknown = literal(null, type);
  return alike
    ? call('OR', [call('IS NOT NULL', [a], BOOLEAN_NOT_NULL), unknown], type)
    : call('AND', [call('IS NULL', [a], BOOLEAN_NOT_NULL), unknown], type);
}

const NEGATED: Readonly<Record<string, string>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

/** `NOT x > y` is `x <= y`, also for NaN, as in Flink. */
function foldNot(part: RexCall): Rex {
  const [inner] = part.operands as [Rex];
  if (inner.kind === 'literal') {
    return typeof inner.value === 'boolean' ? literal(!inner.value, BOOLEAN_NOT_NULL) : literal(null, part.type);
  }
  if (inner.kind !== 'call') return part;
  const negated = NEGATED[inner.function];
  return negated === undefined ? part : { ...inner, function: negated };
}

const isTrue = (rex: Rex): boolean => rex.kind === 'literal' && rex.value === true;
const isFalse = (rex: Rex): boolean => rex.kind === 'literal' && rex.value === false;

function foldConnective(part: RexCall): Rex {
  const [decides, neutral] = part.function === 'AND' ? [isFalse, isTrue] : [isTrue, isFalse];
  const decided = part.operands.find(decides);
  if (decided !== undefined) return literal(part.function === 'OR', BOOLEAN_NOT_NULL);
  const rest = part.operands.filter((operand) => !neutral(operand));
  if (rest.length === part.operands.length) return part;
  if (rest.length === 0) return literal(part.function === 'AND', BOOLEAN_NOT_NULL);
  return rest.length === 1 ? (rest[0] as Rex) : { ...part, operands: rest };
}

/** Drops branches that are never taken; the result, if the first that is left is always taken. */
function foldCase({ operands, type }: RexCall): Rex | undefined {
  for (let i = 0; i + 1 < operands.length; i += 2) {
    const condition = operands[i] as Rex;
    if (isTrue(condition)) return typed(operands[i + 1] as Rex, type);
    if (!(condition.kind === 'literal')) return undefined;
  }
  return typed(operands.at(-1) as Rex, type);
}

function typed(rex: Rex, type: AnyType): Rex {
  return rex.kind === 'literal' ? literal(rex.value, rex.value === null ? (type.nullable() as AnyType) : type) : rex;
}
