import type { AnyType } from '../../../core/types/index.js';
import { sameTypeIgnoringNull } from '../../../core/types/index.js';
import { COMPACT_PRECISION, compareDecimals, Timestamp } from '../../../core/values/index.js';
import { compareStrings, compareValues } from '../../codegen/compare.js';
import { sameValue } from '../../codegen/same-value.js';
import { invalid } from '../../expressions/call-site.js';
import { castTo } from '../../expressions/casting.js';
import { leastRestrictive } from '../../expressions/least-restrictive.js';
import { call, type Rex } from '../../plan/rex.js';
import type { CallRequest, CodeWriter, ScalarFunction } from '../definition.js';
import { asDouble } from '../numbers.js';
import { cannotApply, resultType, shownCall } from '../signature.js';
import {
  decimalShape,
  isApproximate,
  isBinary,
  isCharacter,
  isDatetime,
  isExact,
  isInteger,
  isInterval,
  isNumeric,
  isTimestampType,
  T,
  withNull,
} from '../types.js';

const NEVER_NULL = withNull(T.boolean, false);

/** Converts two sides so that they can be compared; `undefined` when they cannot. */
function comparable(a: Rex, b: Rex, request: CallRequest): readonly [Rex, Rex] | undefined {
  const [x, y] = [a.type, b.type];
  if (x.root === 'NULL') return [y.root === 'NULL' ? a : castTo(a, y), b];
  if (y.root === 'NULL') return [a, castTo(b, x)];
  if (isNumeric(x) && isNumeric(y)) return [a, b];
  if (isCharacter(x) && isCharacter(y)) return [a, b];
  if (isBinary(x) && isBinary(y)) return [a, b];
  if (isTimestampType(x) && isTimestampType(y)) {
    if (x.root === y.root) return [a, b];
    return x.root === 'TIMESTAMP'
      ? [castTo(a, T.timestampLtz(x.precision)), b]
      : [a, castTo(b, T.timestampLtz(y.precision))];
  }
  if (x.root === y.root && (isDatetime(x) || isInterval(x) || x.root === 'BOOLEAN')) return [a, b];
  if (isCharacter(x) && isCharacterComparable(y)) return [convertText(a, x, y, true, request), b];
  if (isCharacter(y) && isCharacterComparable(x)) return [a, convertText(b, y, x, false, request)];
  const common = leastRestrictive([x, y]);
  return common === undefined ? undefined : [castTo(a, common), castTo(b, common)];
}

const isCharacterComparable = (t: AnyType): boolean => isNumeric(t) || isDatetime(t) || t.root === 'BOOLEAN';

const rootName = ({ root }: AnyType): string => (root === 'INT' ? 'INTEGER' : root);
const ORDERING = new Set(['<', '>', '<=', '>=']);

/** A text beside a number is read as one where they are ordered, and refused where they are to be equal, as in Flink. */
function convertText(text: Rex, from: AnyType, to: AnyType, left: boolean, { site, name }: CallRequest): Rex {
  if ((isNumeric(to) || to.root === 'BOOLEAN') && !ORDERING.has(name)) {
    throw invalid(
      `implicit type conversion between ${(left ? [from, to] : [to, from]).map(rootName).join(' and ')} is not supported now`,
      site,
      `write CAST(... AS ${to.nullable()})`,
    );
  }
  return castTo(text, to);
}

/** Refuses `<` of what has no order. */
export function requireOrdered(operands: readonly Rex[], site: CallRequest['site']): void {
  const found = operands.find(({ type }) => ['ARRAY', 'MAP', 'MULTISET', 'ROW'].includes(type.root));
  if (found !== undefined) throw invalid(`Comparable type expected, but was '${found.type}'.`, site);
}

function comparison(name: string): ScalarFunction {
  return {
    name,
    resolve(request) {
      const [a, b] = request.operands;
      const types = request.operands.map((operand) => operand.type);
      const form = [shownCall(name, ['COMPARABLE_TYPE', 'COMPARABLE_TYPE'])];
      if (a === undefined || b === undefined) throw cannotApply(name, types, form, request.site);
      const sides = comparable(a, b, request);
      if (sides === undefined) throw cannotApply(name, types, form, request.site);
      if (name.startsWith('<') ? name !== '<>' : name.startsWith('>')) requireOrdered(sides, request.site);
      return { operands: sides, type: resultType(T.boolean, types, 'args') };
    },
    inline: ([a, b], { operands }, writer) =>
      compareCode(name, a as string, b as string, operands[0]?.type as AnyType, operands[1]?.type as AnyType, writer),
  };
}

/** `a = b`, for functions that are written with it. */
export function equals(a: Rex, b: Rex, request: CallRequest): Rex {
  const made = comparison('=').resolve({ ...request, name: '=', operands: [a, b] });
  return call('=', made.operands ?? [a, b], made.type);
}

const JS: Readonly<Record<string, string>> = { '=': '===', '<>': '!==', '<': '<', '>': '>', '<=': '<=', '>=': '>=' };

/** `a op b` in generated code for values that are not NULL. */
function compareCode(name: string, a: string, b: string, x: AnyType, y: AnyType, writer: CodeWriter): string {
  const js = JS[name] as string;
  const plain = `${a} ${js} ${b}`;
  const ordered = (compare: unknown): string => `${writer.constant(compare)}(${a}, ${b}) ${js} 0`;
  if (isApproximate(x) || isApproximate(y)) return `${asDouble(a, x, writer)} ${js} ${asDouble(b, y, writer)}`;
  if (isExact(x) && isExact(y)) return exactCode(plain, a, b, js, x, y, writer);
  if (isCharacter(x)) return js === '===' || js === '!==' ? plain : ordered(compareStrings);
  if (isTimestampType(x) && isTimestampType(y)) {
    if (x.precision <= 3 && y.precision <= 3) return plain;
    const full = (value: string, t: { precision: number }): string =>
      t.precision <= 3 ? `${writer.constant(Timestamp)}.ofMs(${value})` : value;
    return `${writer.constant(Timestamp.compare)}(${full(a, x)}, ${full(b, y)}) ${js} 0`;
  }
  if (x.root === 'BOOLEAN' || isDatetime(x) || isInterval(x)) return plain;
  if (js === '===') return `${writer.constant(sameValue)}(${a}, ${b})`;
  if (js === '!==') return `!${writer.constant(sameValue)}(${a}, ${b})`;
  return ordered(compareValues(x));
}

function exactCode(
  plain: string,
  a: string,
  b: string,
  js: string,
  x: AnyType,
  y: AnyType,
  writer: CodeWriter,
): string {
  if (isInteger(x) && isInteger(y)) return plain;
  const [p, q] = [decimalShape(x), decimalShape(y)];
  const compact = (t: AnyType): boolean => isInteger(t) || decimalShape(t).precision <= COMPACT_PRECISION;
  if (p.scale === q.scale && compact(x) && compact(y) && x.root !== 'BIGINT' && y.root !== 'BIGINT') return plain;
  return `${writer.constant(compareDecimals)}(${a}, ${p.scale}, ${b}, ${q.scale}) ${js} 0`;
}

/** IS [NOT] DISTINCT FROM: NULL is a value like any other. */
function distinct(name: string, negated: boolean): ScalarFunction {
  return {
    name,
    resolve(request) {
      const [a, b] = request.operands;
      const types = request.operands.map((operand) => operand.type);
      const sides = a === undefined || b === undefined ? undefined : comparable(a, b, request);
      if (sides === undefined)
        throw cannotApply(name, types, [shownCall(name, ['COMPARABLE_TYPE', 'COMPARABLE_TYPE'])], request.site);
      return { operands: sides, type: NEVER_NULL };
    },
    nulls: 'pass',
    inline([a, b], { operands }, writer) {
      const [x, y] = operands.map((operand) => operand.type) as [AnyType, AnyType];
      const equal =
        x.root === 'NULL' || y.root === 'NULL'
          ? `${a} === ${b}`
          : `(${a} === null || ${b} === null ? ${a} === ${b} : ${compareCode('=', a as string, b as string, x, y, writer)})`;
      return negated ? equal : `!(${equal})`;
    },
  };
}

/** Texts in a list are read as what is looked for, and what is looked for in texts is written as one. */
function textOrValue([value, ...list]: readonly AnyType[]): AnyType | undefined {
  const common = leastRestrictive(list.filter((t) => t.root !== 'NULL'));
  if (value === undefined || common === undefined) return undefined;
  const mixed =
    (isCharacter(value) && isCharacterComparable(common)) || (isCharacter(common) && isCharacterComparable(value));
  return mixed ? (isCharacter(value) ? T.string : value) : undefined;
}

/** IN and NOT IN with a list: an OR of comparisons; long lists of plain constants are looked up in a set. */
function inList(name: 'IN' | 'NOT IN'): ScalarFunction {
  return {
    name,
    resolve(request) {
      const [value, ...list] = request.operands;
      const types = request.operands.map((operand) => operand.type);
      const common = leastRestrictive(types.filter((t) => t.root !== 'NULL')) ?? textOrValue(types);
      const same = common !== undefined && value !== undefined;
      if (!same) throw invalid('Values in expression list must have compatible types', request.site);
      const sides = list.map((item) => (sameTypeIgnoringNull(item.type, common) ? item : castTo(item, common)));
      return { operands: [castTo(value, common), ...sides], type: resultType(T.boolean, types, 'args') };
    },
    generate(writer, { operands, type }) {
      const [value, ...list] = operands as [Rex, ...Rex[]];
      const tested = writer.expression(value);
      const [found, missing] = name === 'IN' ? ['true', 'false'] : ['false', 'true'];
      const constants = list.flatMap((item) => (item.kind === 'literal' ? [item] : []));
      const withNulls = constants.some((item) => item.value === null);
      const result = writer.variable();
      const look = (): void => {
        const set = constants.length === list.length && isLookup(value.type);
        if (set) {
          const values = new Set(constants.map((item) => item.value));
          values.delete(null);
          const miss = withNulls ? 'null' : missing;
          writer.line(`${result} = ${writer.constant(values)}.has(${tested.value}) ? ${found} : ${miss};`);
          return;
        }
        // Flink looks several constants up in a set of objects, where -0 is not 0.
        const exact = constants.length === list.length && list.length > 1 && isApproximate(value.type);
        writer.line(`${result} = ${missing};`);
        for (const item of list) {
          writer.when(`${result} !== ${found}`, () => {
            const side = writer.expression(item);
            if (side.value === 'null') {
              writer.line(`${result} = null;`);
              return;
            }
            const same = exact
              ? `Object.is(${tested.value}, ${side.value})`
              : compareCode('=', tested.value, side.value, value.type, item.type, writer);
            const hit = `if (${same}) ${result} = ${found};`;
            writer.line(side.nullable ? `if (${side.value} === null) ${result} = null; else ${hit}` : hit);
          });
        }
      };
      if (tested.value === 'null') writer.line(`${result} = null;`);
      else if (tested.nullable) writer.when(`${tested.value} === null`, () => writer.line(`${result} = null;`), look);
      else look();
      return { value: result, nullable: tested.nullable || type.nullability === 'nullable' };
    },
  };
}

function isLookup(t: AnyType): boolean {
  return isInteger(t) || isCharacter(t) || t.root === 'DATE' || t.root === 'BOOLEAN';
}

/** BETWEEN is written out as two comparisons. */
function between(name: string, negated: boolean, symmetric: boolean): ScalarFunction {
  return {
    name,
    resolve(request) {
      const [value, low, high] = request.operands;
      if (value === undefined || low === undefined || high === undefined) {
        throw invalid(`${name} takes three operands`, request.site);
      }
      const compare = (operator: string, a: Rex, b: Rex): Rex => {
        const sides = comparable(a, b, { ...request, name: operator });
        if (sides === undefined) {
          const types = request.operands.map((operand) => operand.type);
          throw cannotApply(
            name,
            types,
            ["'<COMPARABLE_TYPE> BETWEEN <COMPARABLE_TYPE> AND <COMPARABLE_TYPE>'"],
            request.site,
          );
        }
        requireOrdered(sides, request.site);
        return call(operator, sides, resultType(T.boolean, [a.type, b.type], 'args'));
      };
      const both = (x: Rex, y: Rex, operator: 'AND' | 'OR'): Rex =>
        call(operator, [x, y], resultType(T.boolean, [x.type, y.type], 'args'));
      const within = (from: Rex, to: Rex): Rex =>
        negated
          ? both(compare('<', value, from), compare('>', value, to), 'OR')
          : both(compare('>=', value, from), compare('<=', value, to), 'AND');
      const made = symmetric ? both(within(low, high), within(high, low), negated ? 'AND' : 'OR') : within(low, high);
      return { type: made.type, instead: made };
    },
  };
}

export const COMPARISON: readonly ScalarFunction[] = [
  ...['=', '<>', '<', '>', '<=', '>='].map(comparison),
  distinct('IS DISTINCT FROM', false),
  distinct('IS NOT DISTINCT FROM', true),
  inList('IN'),
  inList('NOT IN'),
  between('BETWEEN', false, false),
  between('NOT BETWEEN', true, false),
  between('BETWEEN SYMMETRIC', false, true),
  between('NOT BETWEEN SYMMETRIC', true, true),
];
