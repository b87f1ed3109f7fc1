import { ValidationError } from '../errors.js';
import { conjunction, conjuncts } from '../expressions/index.js';
import type { OverAggregate, Project, Rel } from '../plan/rel.js';
import { inputRef, literal, type Rex } from '../plan/rex.js';
import { mapRel } from '../plan/visit-rel.js';

/** Ranks that a condition lets through, from 1. */
interface Range {
  readonly from: number;
  readonly to: number;
  /** The column of the row that is compared, if it is no constant. */
  readonly toColumn?: number;
}

/**
 * Makes a Top-N of a filter on ROW_NUMBER: `WHERE rn <= 3` over `ROW_NUMBER() OVER (...) AS rn`. Where only one rank goes
 * through, its column is a constant.
 *
 * @see Flink: Top-N, Deduplication; `FlinkLogicalRankRule`, `ConstantRankNumberColumnRemoveRule`
 */
export function rewriteRanks(rel: Rel): Rel {
  return mapRel(rel, (one) => {
    if (one.kind !== 'filter') return one;
    const parts = conjuncts(one.condition);
    const about = parts.map((part) => rangeOf(part, one.input));
    const found = about.find((part) => part !== undefined);
    if (found === undefined) return one;
    let range: Range = { from: 1, to: Number.POSITIVE_INFINITY };
    const rest = parts.filter((_, i) => {
      const part = about[i];
      if (part === undefined) return true;
      range = {
        from: Math.max(range.from, part.from),
        to: Math.min(range.to, part.to),
        ...(part.toColumn === undefined ? {} : { toColumn: part.toColumn }),
      };
      return false;
    });
    // A bound by a column goes with no other; it is no Top-N then.
    if (range.toColumn !== undefined && parts.length - rest.length > 1) return one;
    if (range.toColumn !== undefined) {
      const input = replaceOver(one.input, range);
      return rest.length === 0 ? input : { ...one, input, condition: conjunction(rest) };
    }
    if (range.to === Number.POSITIVE_INFINITY) {
      throw new ValidationError(
        'Rank end is not specified. Currently rank only support TopN, which means the rank end must be specified.',
        { hint: 'bound the rank: WHERE rn <= 10' },
      );
    }
    if (range.to < 1) {
      throw new ValidationError(`Rank end should not less than zero, but now is ${range.to}`, {
        hint: 'ranks begin with 1: WHERE rn <= 10',
      });
    }
    if (range.to < range.from) return { kind: 'values', fields: one.fields, rows: [] };
    const input = replaceOver(one.input, range);
    return rest.length === 0 ? input : { ...one, input, condition: conjunction(rest) };
  });
}

const FLIPPED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' };

/** The ranks for which a comparison of the rank with a constant holds; `undefined`: it is something else. */
function rangeOf(part: Rex, input: Rel): Range | undefined {
  if (part.kind !== 'call' || part.operands.length !== 2) return undefined;
  let [column, bound] = (part.operands as [Rex, Rex]).map(withoutCast) as [Rex, Rex];
  let comparison: string | undefined = part.function;
  if (
    column.kind === 'literal' ||
    (column.kind === 'input' && bound.kind === 'input' && isRowNumber(input, bound.index))
  ) {
    [column, bound] = [bound, column];
    comparison = FLIPPED[comparison];
  }
  if (comparison === undefined || FLIPPED[comparison] === undefined || column.kind !== 'input') return undefined;
  if (bound.kind === 'input') return columnRange(column.index, comparison, bound, input);
  if (bound.kind !== 'literal') return undefined;
  const value = numberOf(bound);
  if (value === undefined || !isRowNumber(input, column.index)) return undefined;
  switch (comparison) {
    case '=':
      return Number.isInteger(value) ? { from: value, to: value } : { from: 1, to: 0 };
    case '<':
      return { from: 1, to: Math.ceil(value) - 1 };
    case '<=':
      return { from: 1, to: Math.floor(value) };
    case '>':
      return { from: Math.floor(value) + 1, to: Number.POSITIVE_INFINITY };
    default:
      return { from: Math.ceil(value), to: Number.POSITIVE_INFINITY };
  }
}

function withoutCast(rex: Rex): Rex {
  let inner = rex;
  while (inner.kind === 'call' && inner.function === 'CAST') inner = inner.operands[0] as Rex;
  return inner.kind === 'input' ? inner : rex;
}

/**
 * A bound that a column says. Flink takes `<` and `=` for `<=`.
 *
 * @see Flink: `RankUtil.extractRankRange`, `VariableRankRange`
 */
function columnRange(
  rank: number,
  comparison: string,
  { index, type }: Rex & { readonly index: number },
  input: Rel,
): Range | undefined {
  const upper = comparison === '<' || comparison === '<=' || comparison === '=';
  if (!upper || !['SMALLINT', 'INT', 'BIGINT'].includes(type.root) || !isRowNumber(input, rank)) return undefined;
  const column = columnBelow(input, index);
  return column === undefined ? undefined : { from: 1, to: Number.POSITIVE_INFINITY, toColumn: column };
}

/** Where a column comes from: one of the rows that are ranked. */
function columnBelow(rel: Rel, index: number): number | undefined {
  switch (rel.kind) {
    case 'project': {
      const expression = rel.expressions[index];
      return expression?.kind === 'input' ? columnBelow(rel.input, expression.index) : undefined;
    }
    case 'filter':
      return columnBelow(rel.input, index);
    case 'overAggregate':
      return index < rel.input.fields.length ? index : undefined;
    default:
      return undefined;
  }
}

function numberOf({ value, type }: { readonly value: unknown; readonly type: Rex['type'] }): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  switch (type.root) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
    case 'FLOAT':
    case 'DOUBLE':
      return Number(value);
    case 'DECIMAL':
      return Number(value) / 10 ** type.scale;
    default:
      return undefined;
  }
}

/** Whether a column is the ROW_NUMBER of an OVER below, through projections and filters. */
function isRowNumber(rel: Rel, index: number): boolean {
  switch (rel.kind) {
    case 'project': {
      const expression = rel.expressions[index];
      return expression?.kind === 'input' && isRowNumber(rel.input, expression.index);
    }
    case 'filter':
      return isRowNumber(rel.input, index);
    case 'overAggregate': {
      if (index < rel.input.fields.length || rel.calls.length !== 1) return false;
      const [call] = rel.calls;
      if (call?.function === 'RANK' || call?.function === 'DENSE_RANK') {
        throw new ValidationError(`${call.function}() on streaming table is not supported currently`, {
          ...(call.span === undefined ? {} : { span: call.span }),
          hint: 'use ROW_NUMBER()',
        });
      }
      return call?.function === 'ROW_NUMBER';
    }
    default:
      return false;
  }
}

function replaceOver(rel: Rel, range: Range): Rel {
  switch (rel.kind) {
    case 'project':
    case 'filter':
      return { ...rel, input: replaceOver(rel.input, range) };
    default:
      return rankFor(rel as OverAggregate, range);
  }
}

function rankFor(over: OverAggregate, { from, to, toColumn }: Range): Rel {
  const { input, partitionBy, orderBy, fields } = over;
  const numbered = from !== to;
  const kept = numbered ? fields : input.fields;
  const rank: Rel = { kind: 'rank', input, partitionBy, orderBy, from, to, withNumber: numbered, fields: kept };
  if (toColumn !== undefined) return { ...rank, toColumn };
  if (numbered) return rank;
  const columns: Rex[] = input.fields.map((field, i) => inputRef(i, field.type));
  const number = literal(from, (fields.at(-1) as Project['fields'][number]).type);
  return { kind: 'project', input: rank, expressions: [...columns, number], fields };
}
