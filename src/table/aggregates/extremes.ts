import { StreambookError } from '../../core/errors.js';
import { ownString } from '../../core/keys.js';
import type { AnyType } from '../../core/types/index.js';
import { compareStrings, compareValues } from '../codegen/compare.js';
import { sameValue } from '../codegen/same-value.js';
import { isCharacter, isTimestampType } from '../functions/types.js';
import { bagAdd, bagExtreme, bagRemove, idOf } from './bags.js';
import type { AggregateFunction, AggregateWriter } from './code.js';

/** A value that stays in state: strings with memory of their own. */
export function kept(value: string, type: AnyType, { constant }: AggregateWriter): string {
  return isCharacter(type) ? `${constant(ownString)}(${value})` : value;
}

const ORDERED = new Set<AnyType['root']>([
  'BOOLEAN',
  'TINYINT',
  'SMALLINT',
  'INT',
  'BIGINT',
  'FLOAT',
  'DOUBLE',
  'DECIMAL',
  'DATE',
  'TIME',
  'INTERVAL_DAY_TIME',
  'INTERVAL_YEAR_MONTH',
]);

/** MIN and MAX. With retraction all values are kept, and the next best is looked for when the best one goes. */
const extreme =
  (sign: '<' | '>'): AggregateFunction =>
  (writer) => {
    const { retract, slot, constant } = writer;
    const type = writer.types[0] as AnyType;
    const m = slot('best');
    const compare = isCharacter(type) ? compareStrings : compareValues(type);
    // With retraction Flink compares objects: NaN is above all, and -0 below 0.
    const real = type.root === 'FLOAT' || type.root === 'DOUBLE';
    const plain = (ORDERED.has(type.root) && !(real && retract)) || (isTimestampType(type) && type.precision <= 3);
    const better = (x: string): string =>
      plain ? `${x} ${sign} acc.${m}` : `${constant(compare)}(${x}, acc.${m}) ${sign} 0`;
    const take = (x: string): string => `if (acc.${m} === null || ${better(x)}) acc.${m} = ${kept(x, type, writer)};`;
    if (!retract) {
      return {
        slots: { [m]: 'null' },
        add: ([x]) => take(x as string),
        merge: `if (other.${m} !== null && (acc.${m} === null || ${better(`other.${m}`)})) acc.${m} = other.${m};`,
        value: `acc.${m}`,
      };
    }
    const bag = slot('bag');
    const order = sign === '<' ? compare : (a: never, b: never) => -(compare as (a: never, b: never) => number)(a, b);
    const again = `acc.${m} = ${constant(bagExtreme)}(acc.${bag}, ${constant(order)});`;
    return {
      slots: { [bag]: 'new Map()', [m]: 'null' },
      add: ([x]) => `if (${constant(bagAdd)}(acc.${bag}, ${constant(idOf)}(${x}))) { ${take(x as string)} }`,
      remove: ([x]) =>
        `if (${constant(bagRemove)}(acc.${bag}, ${constant(idOf)}(${x})) && ${constant(sameValue)}(${x}, acc.${m})) ${again}`,
      merge: `for (const [id, n] of other.${bag}) acc.${bag}.set(id, (acc.${bag}.get(id) ?? 0) + n); ${again}`,
      value: `acc.${m}`,
    };
  };

/** FIRST_VALUE and LAST_VALUE: of the values that are not NULL, in the order in which they came. */
const edge =
  (which: 'first' | 'last'): AggregateFunction =>
  (writer) => {
    const { retract, slot, constant } = writer;
    const type = writer.types[0] as AnyType;
    const v = slot('value');
    if (!retract) {
      const add = (x: string): string => `acc.${v} = ${kept(x, type, writer)};`;
      return {
        slots: { [v]: 'null' },
        add: ([x]) => (which === 'first' ? `if (acc.${v} === null) ${add(x as string)}` : add(x as string)),
        merge:
          which === 'first'
            ? `if (acc.${v} === null) acc.${v} = other.${v};`
            : `if (other.${v} !== null) acc.${v} = other.${v};`,
        value: `acc.${v}`,
      };
    }
    return {
      slots: { [v]: '[]' },
      add: ([x]) => `acc.${v}.push(${kept(x as string, type, writer)});`,
      remove: ([x]) => `${constant(removeFirst)}(acc.${v}, ${x});`,
      merge: `acc.${v} = acc.${v}.concat(other.${v});`,
      value: `(acc.${v}.length === 0 ? null : acc.${v}[${which === 'first' ? '0' : `acc.${v}.length - 1`}])`,
    };
  };

/** Takes the first that equals `value` out of a list. */
export function removeFirst(list: unknown[], value: unknown): void {
  if (list.length > 0 && sameValue(list[0], value)) {
    list.shift();
    return;
  }
  const at = list.findIndex((item) => sameValue(item, value));
  if (at >= 0) list.splice(at, 1);
}

/** Raised when a query in place of a value gives more than one row. */
class MoreThanOneRowError extends StreambookError {
  constructor() {
    super('more-than-one-row', 'SingleValueAggFunction received more than one element.', {
      hint: 'a query in place of a value may give one row only; use MAX(...), or LIMIT 1 with ORDER BY',
    });
  }
}

const fail = (): never => {
  throw new MoreThanOneRowError();
};

/** SINGLE_VALUE: the value of a query that may give one row only. */
const single: AggregateFunction = ({ slot, constant }) => {
  const [v, n] = [slot('value'), slot('count')];
  return {
    slots: { [v]: 'null', [n]: '0' },
    nulls: 'pass',
    add: ([x]) => `if (acc.${n} > 0) ${constant(fail)}(); acc.${v} = ${x}; acc.${n} += 1;`,
    remove: () => `acc.${n} -= 1; if (acc.${n} <= 0) acc.${v} = null;`,
    merge: `if (other.${n} > 0) { if (acc.${n} > 0) ${constant(fail)}(); acc.${v} = other.${v}; acc.${n} = other.${n}; }`,
    value: `acc.${v}`,
  };
};

export const EXTREMES: Readonly<Record<string, AggregateFunction>> = {
  MIN: extreme('<'),
  MAX: extreme('>'),
  FIRST_VALUE: edge('first'),
  LAST_VALUE: edge('last'),
  ANY_VALUE: edge('first'),
  SINGLE_VALUE: single,
};
