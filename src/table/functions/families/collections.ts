import { StreambookError } from '../../../core/errors.js';
import { rowClassOf } from '../../../core/rows/index.js';
import { type AnyType, Schema, type } from '../../../core/types/index.js';
import { idOf } from '../../aggregates/bags.js';
import { compareColumn, compareValues } from '../../codegen/compare.js';
import { sameValue } from '../../codegen/same-value.js';
import { invalid } from '../../expressions/call-site.js';
import { castTo } from '../../expressions/casting.js';
import { commonArgumentType, leastRestrictive } from '../../expressions/least-restrictive.js';
import type { Rex } from '../../plan/rex.js';
import type { CallRequest, ScalarFunction } from '../definition.js';
import { elementOf, requireElement } from '../elements.js';
import { cannotApply, checkForms, scalar } from '../signature.js';
import { isCharacter, isNullable, T, withNull } from '../types.js';

type List = unknown[];

/** `ARRAY[a, b]`: elements of one type. */
const ARRAY: ScalarFunction = {
  name: 'ARRAY',
  resolve({ operands, site }) {
    if (operands.length === 0) throw invalid('Require at least 1 argument', site, 'an empty array has no type');
    const element = leastRestrictive(operands.map((operand) => operand.type));
    if (element === undefined) throw invalid('Parameters must be of the same type', site);
    return { operands: operands.map((operand) => castTo(operand, element)), type: withNull(T.array(element), false) };
  },
  nulls: 'pass',
  inline: (operands) => `[${operands.join(', ')}]`,
};

const MAP: ScalarFunction = {
  name: 'MAP',
  resolve({ operands, site }) {
    if (operands.length === 0) throw invalid('Map requires at least 2 arguments', site);
    if (operands.length % 2 !== 0) throw invalid('Map requires an even number of arguments', site);
    const keys = operands.filter((_, i) => i % 2 === 0);
    const values = operands.filter((_, i) => i % 2 === 1);
    const key = leastRestrictive(keys.map((operand) => operand.type));
    const value = leastRestrictive(values.map((operand) => operand.type));
    if (key === undefined || value === undefined) throw invalid('Parameters must be of the same type', site);
    const cast = operands.map((operand, i) => castTo(operand, i % 2 === 0 ? key : value));
    return { operands: cast, type: withNull(type.map(key, value) as AnyType, false) };
  },
  nulls: 'pass',
  implement:
    () =>
    (...operands: unknown[]) => {
      const made = new Map<unknown, unknown>();
      for (let i = 0; i < operands.length; i += 2) made.set(operands[i], operands[i + 1]);
      return made;
    },
};

const ROW: ScalarFunction = {
  name: 'ROW',
  resolve({ operands, options, site }) {
    const names = (options.names as readonly string[] | undefined) ?? operands.map((_, i) => `EXPR$${i}`);
    if (operands.some((operand) => operand.type.root === 'NULL')) {
      throw invalid('Illegal type: NULL', site, 'write CAST(NULL AS ...) within a row');
    }
    const fields = operands.map((operand, i) => ({ name: names[i] as string, type: operand.type }));
    return { type: withNull(type.row(fields) as AnyType, false), options: {} };
  },
  nulls: 'pass',
  inline(operands, { type: t }, writer) {
    const Made = rowClassOf(new Schema((t as Extract<AnyType, { root: 'ROW' }>).fields));
    return `new ${writer.constant(Made)}(${operands.join(', ')})`;
  },
};

/** `a[1]`, `m['k']`: NULL where there is none. */
const ITEM: ScalarFunction = {
  name: 'ITEM',
  resolve({ operands, site }) {
    const [collection, index] = operands as [Rex, Rex];
    const t = collection.type;
    if (t.root === 'ARRAY') {
      checkForms(
        'ITEM',
        operands.map((o) => o.type),
        [['ARRAY', 'INTEGER']],
        site,
      );
      if (index.kind === 'literal' && typeof index.value === 'number' && index.value < 1) {
        throw invalid(`Array element access needs an index starting at 1 but was ${index.value}.`, site);
      }
      return { type: withNull(t.element, true) };
    }
    if (t.root === 'MAP' && leastRestrictive([t.key, index.type]) === undefined) {
      const forms = ['<ARRAY>[<INTEGER>]', '<MAP>[<ANY>]', '<ROW>[<CHARACTER>|<INTEGER>]'];
      throw cannotApply('ITEM', [t, index.type], forms, site);
    }
    if (t.root === 'MAP') return { operands: [collection, castTo(index, t.key)], type: withNull(t.value, true) };
    if ((t.root === 'ROW' || t.root === 'STRUCTURED') && index.kind === 'literal') {
      const at =
        typeof index.value === 'string' ? t.fields.findIndex((f) => f.name === index.value) : Number(index.value) - 1;
      const field = t.fields[at];
      if (field === undefined)
        throw invalid(`Cannot infer type of field at position ${at + 1} within ROW type: ${t}`, site);
      const nullable = isNullable(t) || isNullable(field.type);
      return {
        type: field.type,
        instead: {
          kind: 'field',
          operand: collection,
          index: at,
          name: field.name,
          type: withNull(field.type, nullable),
        },
      };
    }
    checkForms(
      'ITEM',
      operands.map((o) => o.type),
      [
        ['ARRAY', 'INTEGER'],
        ['MAP', 'ANY'],
      ],
      site,
    );
    throw invalid(`Cannot apply 'ITEM' to ${t}`, site);
  },
  implement({ operands }) {
    const t = operands[0]?.type as AnyType;
    if (t.root === 'ARRAY') return (list: List, index: number | bigint) => list[Number(index) - 1] ?? null;
    return (map: Map<unknown, unknown>, key: unknown) => lookUp(map, key) ?? null;
  },
};

function lookUp(map: Map<unknown, unknown>, key: unknown): unknown {
  if (map.has(key) || typeof key !== 'object') return map.get(key);
  for (const [other, value] of map) if (sameValue(other, key)) return value;
  return undefined;
}

/** Raised by ELEMENT of a collection with more than one element. */
class ElementError extends StreambookError {
  constructor(count: number) {
    super('more-than-one-element', `ELEMENT of a collection with ${count} elements`, { hint: 'take one with a[1]' });
  }
}

/** The element operand converted to the array's type; the array widened for a NULL. */
function withElement({ operands }: CallRequest): { operands: Rex[] } {
  const [list, value, ...rest] = operands as [Rex, Rex, ...Rex[]];
  const element = elementOf(list.type);
  return { operands: [list, castTo(value, element), ...rest] };
}

function containing(name: string, result: AnyType, run: (list: List, value: unknown) => unknown): ScalarFunction {
  return {
    name,
    resolve(request) {
      const types = request.operands.map((o) => o.type);
      checkForms(name, types, [['ARRAY', 'ANY']], request.site);
      requireElement(request);
      const nullable = name === 'ARRAY_CONTAINS' ? types.slice(0, 1) : types;
      return { ...withElement(request), type: withNull(result, nullable.some(isNullable)) };
    },
    nulls: 'pass',
    implement: () => (list: List | null, value: unknown) => (list === null ? null : run(list, value)),
  };
}

/** A function of a list and an element that gives a list. */
function changing(name: string, run: (list: List, value: unknown) => unknown): ScalarFunction {
  return {
    name,
    resolve(request) {
      const { operands, site } = request;
      const [list, value] = operands as [Rex, Rex];
      checkForms(
        name,
        operands.map((o) => o.type),
        [['ARRAY', 'ANY']],
        site,
      );
      requireElement(request);
      const own = elementOf(list.type);
      const element = name === 'ARRAY_REMOVE' ? own : commonArgumentType([own, value.type]);
      if (element === undefined) throw invalid(`Invalid function call:\n${name}(${list.type}, ${value.type})`, site);
      return {
        operands: [castTo(list, T.array(element)), castTo(value, element)],
        type: withNull(T.array(element), isNullable(list.type) || (name !== 'ARRAY_REMOVE' && isNullable(value.type))),
      };
    },
    nulls: 'pass',
    implement: () => (list: List | null, value: unknown) => (list === null ? null : run(list, value)),
  };
}

/** A function of lists of one type that gives a list. */
function combining(
  name: string,
  forms: readonly (readonly string[])[],
  run: (...lists: List[]) => List,
): ScalarFunction {
  return {
    name,
    resolve(request) {
      const { operands, site } = request;
      const types = operands.map((o) => o.type);
      checkForms(name, types, forms, site);
      const common = leastRestrictive(types);
      if (common === undefined) throw invalid(`Invalid function call:\n${name}(${types.join(', ')})`, site);
      return { operands: operands.map((o) => castTo(o, common)), type: common };
    },
    implement: () => run as (...lists: never[]) => unknown,
  };
}

function distinct(list: List): List {
  const seen = new Set<unknown>();
  return list.filter((value) => {
    const id = value === 0 ? 0 : idOf(value);
    if (Number.isNaN(id)) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** Elements are compared as generated code does: NaN is equal to nothing, -0 to 0. */
const sameElement = (a: unknown, b: unknown): boolean => (typeof a === 'number' ? a === b : sameValue(a, b));

/** For what is looked up by hash: NaN is not found there either, and -0 is not 0. */
const ids = (list: List): Set<unknown> => new Set(list.map(idOf).filter((id) => !Number.isNaN(id)));

function extreme(name: 'ARRAY_MAX' | 'ARRAY_MIN', sign: 1 | -1): ScalarFunction {
  return scalar(name, [['ARRAY']], ([t]) => elementOf(t), {
    nullable: 'always',
    implement({ operands }) {
      const compare = compareColumn(elementOf(operands[0]?.type)) as (a: unknown, b: unknown) => number;
      return (list: List) => {
        let best: unknown = null;
        for (const value of list)
          if (value !== null && (best === null || compare(value, best) * sign > 0)) best = value;
        return best;
      };
    },
  });
}

/** ARRAY_SLICE: positions from 1, from the end below 0; both ends are included. */
function slice(list: List, start: number, end?: number): List {
  const count = list.length;
  const position = (given: number): number => (given < 0 ? count + given + 1 : given === 0 ? 1 : given);
  const from = position(start);
  const to = end === undefined ? count : position(end);
  if (from > to || to < 1 || from > count) return [];
  return list.slice(Math.max(1, from) - 1, Math.min(to, count));
}

const ARRAY_SORT = scalar('ARRAY_SORT', [['ARRAY', 'BOOLEAN?', 'BOOLEAN?']], ([t]) => t as AnyType, {
  implement({ operands }) {
    const compare = compareValues(elementOf(operands[0]?.type)) as (a: unknown, b: unknown) => number;
    return (list: List, given?: boolean, nulls?: boolean) => {
      const ascending = given ?? true;
      const nullsFirst = nulls ?? ascending;
      return [...list].sort((a, b) => {
        if (a === null || b === null) return a === b ? 0 : (a === null) === nullsFirst ? -1 : 1;
        return ascending ? compare(a, b) : compare(b, a);
      });
    };
  },
});

const mapOf = (t: AnyType | undefined): Extract<AnyType, { root: 'MAP' }> => t as Extract<AnyType, { root: 'MAP' }>;

const MAP_ENTRIES = scalar(
  'MAP_ENTRIES',
  [['MAP']],
  ([t]) =>
    T.array(
      type.row([
        { name: 'key', type: mapOf(t).key },
        { name: 'value', type: mapOf(t).value },
      ]) as AnyType,
    ),
  {
    implement({ type: t }) {
      const row = elementOf(t) as Extract<AnyType, { root: 'ROW' }>;
      const Made = rowClassOf(new Schema(row.fields));
      return (map: Map<unknown, unknown>) => [...map].map((entry) => Made.of(entry));
    },
  },
);

const MAP_UNION: ScalarFunction = {
  name: 'MAP_UNION',
  resolve({ operands, site }) {
    const types = operands.map((o) => o.type);
    checkForms('MAP_UNION', types, [['MAP...']], site);
    const common = leastRestrictive(types);
    if (common === undefined) throw invalid(`Invalid function call:\nMAP_UNION(${types.join(', ')})`, site);
    return { operands: operands.map((o) => castTo(o, common)), type: common };
  },
  implement:
    () =>
    (...maps: Map<unknown, unknown>[]) =>
      new Map(maps.flatMap((map) => [...map])),
};

const CARDINALITY = scalar('CARDINALITY', [['COLLECTION']], T.int, {
  implement: ({ operands }) => {
    switch (operands[0]?.type.root) {
      case 'ARRAY':
        return (list: List) => list.length;
      default:
        return (map: Map<unknown, unknown>) => map.size;
    }
  },
});

const ELEMENT = scalar('ELEMENT', [['ARRAY'], ['MULTISET']], ([t]) => elementOf(t), {
  nullable: 'base',
  mayBeNull: () => true,
  implement: () => (given: List | Map<unknown, number>) => {
    const list = Array.isArray(given) ? given : [...given.keys()];
    if (list.length > 1) throw new ElementError(list.length);
    return list[0] ?? null;
  },
});

const ARRAY_JOIN = scalar('ARRAY_JOIN', [['ARRAY', 'CHARACTER', 'CHARACTER?']], T.string, {
  prepare({ operands, site }) {
    const list = operands[0]?.type as AnyType;
    if (list.root === 'ARRAY' && !isCharacter(list.element))
      throw invalid(
        `Invalid function call:\nARRAY_JOIN(${operands.map(({ type: t }) => t).join(', ')})`,
        site,
        'it joins an ARRAY of texts',
      );
    return {};
  },
  implement: () => (list: (string | null)[], separator: string, forNull?: string) =>
    list.flatMap((item) => item ?? forNull ?? []).join(separator),
});

export const COLLECTIONS: readonly ScalarFunction[] = [
  ARRAY,
  MAP,
  ROW,
  ITEM,
  CARDINALITY,
  ELEMENT,
  ARRAY_SORT,
  ARRAY_JOIN,
  containing('ARRAY_CONTAINS', T.boolean, (list, value) => list.some((item) => sameElement(item, value))),
  containing('ARRAY_POSITION', T.int, (list, value) =>
    value === null ? null : list.findIndex((item) => sameElement(item, value)) + 1,
  ),
  changing('ARRAY_APPEND', (list, value) => [...list, value]),
  changing('ARRAY_PREPEND', (list, value) => [value, ...list]),
  changing('ARRAY_REMOVE', (list, value) => list.filter((item) => !sameElement(item, value))),
  combining('ARRAY_CONCAT', [['ARRAY...']], (...lists) => lists.flat(1)),
  combining('ARRAY_UNION', [['ARRAY', 'ARRAY']], (a, b) => distinct([...(a as List), ...(b as List)])),
  combining('ARRAY_INTERSECT', [['ARRAY', 'ARRAY']], (a, b) => {
    const other = ids(b as List);
    return distinct(a as List).filter((value) => other.has(idOf(value)));
  }),
  combining('ARRAY_EXCEPT', [['ARRAY', 'ARRAY']], (a, b) => {
    const other = ids(b as List);
    return distinct(a as List).filter((value) => !other.has(idOf(value)));
  }),
  combining('ARRAY_DISTINCT', [['ARRAY']], (list) => distinct(list as List)),
  combining('ARRAY_REVERSE', [['ARRAY']], (list) => [...(list as List)].reverse()),
  extreme('ARRAY_MAX', 1),
  extreme('ARRAY_MIN', -1),
  scalar('ARRAY_SLICE', [['ARRAY', 'INTEGER', 'INTEGER?']], ([t]) => t as AnyType, {
    implement: () => slice as (...operands: never[]) => unknown,
  }),
  MAP_ENTRIES,
  MAP_UNION,
  scalar('MAP_KEYS', [['MAP']], ([t]) => T.array(mapOf(t).key), {
    implement: () => (map: Map<unknown, unknown>) => [...map.keys()],
  }),
  scalar('MAP_VALUES', [['MAP']], ([t]) => T.array(mapOf(t).value), {
    implement: () => (map: Map<unknown, unknown>) => [...map.values()],
  }),
  scalar('MAP_FROM_ARRAYS', [['ARRAY', 'ARRAY']], ([k, v]) => type.map(elementOf(k), elementOf(v)) as AnyType, {
    implement: () => (keys: List, values: List) => {
      if (keys.length !== values.length) {
        throw new StreambookError(
          'array-lengths',
          `Invalid function MAP_FROM_ARRAYS call:\nThe length of the keys array ${keys.length} is not equal to the length of the values array ${values.length}`,
        );
      }
      return new Map(keys.map((key, i) => [key, values[i]]));
    },
  }),
];
