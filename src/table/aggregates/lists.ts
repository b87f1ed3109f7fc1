import { StreambookError } from '../../core/errors.js';
import type { AnyType } from '../../core/types/index.js';
import { jsonWriter, objectText } from '../functions/json/write.js';
import { type Bag, bagAdd, bagRemove, idOf, valueOfId } from './bags.js';
import type { AggregateFunction } from './code.js';
import { kept, removeFirst } from './extremes.js';

/** LISTAGG: texts joined by a separator, a comma unless given. */
const listagg: AggregateFunction = (writer) => {
  const { retract, slot, constant } = writer;
  const type = writer.types[0] as AnyType;
  const [s, separator] = [slot('text'), slot('separator')];
  if (!retract) {
    return {
      slots: { [s]: 'null', [separator]: '","' },
      add: ([x, y]) =>
        `${y === undefined ? '' : `acc.${separator} = ${y}; `}acc.${s} = acc.${s} === null ? ${kept(x as string, type, writer)} : acc.${s} + acc.${separator} + ${x};`,
      merge: `if (other.${s} !== null) { acc.${separator} = other.${separator}; acc.${s} = acc.${s} === null ? other.${s} : acc.${s} + acc.${separator} + other.${s}; }`,
      value: `acc.${s}`,
    };
  }
  return {
    slots: { [s]: '[]', [separator]: '","' },
    add: ([x, y]) =>
      `${y === undefined ? '' : `acc.${separator} = ${y}; `}acc.${s}.push(${kept(x as string, type, writer)});`,
    remove: ([x]) => `${constant(removeFirst)}(acc.${s}, ${x});`,
    merge: `acc.${s} = acc.${s}.concat(other.${s}); acc.${separator} = other.${separator};`,
    value: `(acc.${s}.length === 0 ? null : acc.${s}.join(acc.${separator}))`,
  };
};

function mapOfBag(bag: Bag): Map<unknown, number> {
  const made = new Map<unknown, number>();
  for (const [id, count] of bag) if (count > 0) made.set(valueOfId(id), count);
  return made;
}

/** COLLECT: a MULTISET of the values that are not NULL. */
const collect: AggregateFunction = ({ slot, constant }) => {
  const bag = slot('bag');
  return {
    slots: { [bag]: 'new Map()' },
    add: ([x]) => `${constant(bagAdd)}(acc.${bag}, ${constant(idOf)}(${x}));`,
    remove: ([x]) => `${constant(bagRemove)}(acc.${bag}, ${constant(idOf)}(${x}));`,
    merge: `for (const [id, n] of other.${bag}) acc.${bag}.set(id, (acc.${bag}.get(id) ?? 0) + n);`,
    value: `${constant(mapOfBag)}(acc.${bag})`,
  };
};

/** ARRAY_AGG: all values in the order in which they came, NULLs too; NULL for no rows. */
const arrayAgg: AggregateFunction = (writer) => {
  const { slot, constant, call } = writer;
  const type = writer.types[0] as AnyType;
  const list = slot('list');
  return {
    slots: { [list]: '[]' },
    ...(call.options?.nulls === 'IGNORE' ? {} : { nulls: 'pass' as const }),
    add: ([x]) => `acc.${list}.push(${x} === null ? null : ${kept(x as string, type, writer)});`,
    remove: ([x]) => `${constant(removeFirst)}(acc.${list}, ${x});`,
    merge: `acc.${list} = acc.${list}.concat(other.${list});`,
    value: `(acc.${list}.length === 0 ? null : acc.${list}.slice())`,
  };
};

function putOnce(entries: Map<string, string>, key: string, value: string): void {
  if (entries.has(key)) {
    throw new StreambookError(
      'json-object-key',
      `Key '${key}' is already present. Duplicate keys are not allowed in JSON_OBJECTAGG. Please ensure that keys are unique.`,
      { hint: 'group by the key, or make it part of GROUP BY' },
    );
  }
  entries.set(key, value);
}

/** JSON_OBJECTAGG: an object of keys and values; a NULL stays as null unless ABSENT ON NULL. */
const jsonObject: AggregateFunction = ({ slot, constant, call, types }) => {
  const map = slot('entries');
  const write = constant(jsonWriter(types[1] as AnyType));
  const absent = call.options?.nulls === 'ABSENT';
  const put = constant(putOnce);
  const text = (entries: Map<string, string>): string => objectText([...entries]);
  return {
    slots: { [map]: 'new Map()' },
    nulls: 'pass',
    add: ([k, v]) =>
      `if (${v} !== null) ${put}(acc.${map}, ${k}, ${write}(${v}));${absent ? '' : ` else ${put}(acc.${map}, ${k}, 'null');`}`,
    remove: ([k]) => `acc.${map}.delete(${k});`,
    merge: `for (const [k, v] of other.${map}) acc.${map}.set(k, v);`,
    value: `${constant(text)}(acc.${map})`,
  };
};

/** JSON_ARRAYAGG: a list of values; NULLs are left out unless NULL ON NULL. */
const jsonArray: AggregateFunction = ({ slot, constant, call, types }) => {
  const list = slot('list');
  const write = constant(jsonWriter(types[0] as AnyType));
  const nulls = call.options?.nulls === 'NULL';
  const item = (x: string): string => `(${x} === null ? 'null' : ${write}(${x}))`;
  const guard = (x: string): string => (nulls ? '' : `if (${x} !== null) `);
  return {
    slots: { [list]: '[]' },
    nulls: 'pass',
    add: ([x]) => `${guard(x as string)}acc.${list}.push(${item(x as string)});`,
    remove: ([x]) => `${guard(x as string)}${constant(removeFirst)}(acc.${list}, ${item(x as string)});`,
    merge: `acc.${list} = acc.${list}.concat(other.${list});`,
    value: `('[' + acc.${list}.join(',') + ']')`,
  };
};

export const LISTS: Readonly<Record<string, AggregateFunction>> = {
  LISTAGG: listagg,
  COLLECT: collect,
  ARRAY_AGG: arrayAgg,
  JSON_OBJECTAGG: jsonObject,
  JSON_ARRAYAGG: jsonArray,
};
