import { type AnyType, type as types } from '../../core/types/index.js';
import { quoteText } from '../sql/unparse/index.js';
import { castType } from './literals.js';
import { refuseType, refuseValue, travelOf } from './travel-texts.js';

const SMALL: ReadonlySet<string> = new Set(['TINYINT', 'SMALLINT']);
const NESTED: ReadonlySet<string> = new Set(['ARRAY', 'MAP', 'ROW']);

/**
 * The columns of literals that a collection travels as. A value that is one literal is one; any other is a text, NULL the
 * empty one and others behind an equals sign. Lists, maps and rows are taken apart into columns of their parts and put
 * together again by the expression above: constructors in VALUES meet several defects of Flink's planner.
 */
export class TravellingColumns {
  /** Each with a literal for every row. */
  readonly lists: (readonly string[])[] = [];

  constructor(private readonly timeZone: string) {}

  /**
   * Adds what a column of values travels as.
   *
   * @returns the expression that makes it again
   * @throws NotInFlinkSqlError for a type or a value that has no words in Flink SQL
   */
  column(type: AnyType, values: readonly unknown[], where: string): string {
    refuseType(type, where);
    if (NESTED.has(type.root)) {
      const made = this.nested(type, values, where);
      // An INTERVAL inside of another type cannot be named in a CAST, and needs none where there are no names of fields.
      return /INTERVAL/.test(String(type)) ? made : `CAST(${made} AS ${castType(type)})`;
    }
    if (!values.every((value) => isPlain(type, value))) return this.text(type, values, where);
    for (const value of values) refuseValue(type, value, where, this.timeZone);
    return `CAST(${this.add(values.map(plainText))} AS ${castType(type)})`;
  }

  private add(list: readonly string[]): string {
    this.lists.push(list);
    return `v.c${this.lists.length - 1}`;
  }

  private part(type: AnyType, values: readonly unknown[], where: string): string {
    if (NESTED.has(type.root)) return this.nested(type, values, where);
    // Code that Flink makes of a small one inside of another type does not compile; the CAST around makes it small.
    return this.text(SMALL.has(type.root) ? types.int() : type, values, where);
  }

  private text(type: AnyType, values: readonly unknown[], where: string): string {
    const { write, read } = travelOf(type, values);
    const texts = values.map((value) => {
      if (isNull(value)) return quoteText('');
      refuseValue(type, value, where, this.timeZone);
      return quoteText(`=${write(value as never, type)}`);
    });
    const name = this.add(texts);
    return read(`CASE WHEN ${name} <> '' THEN SUBSTRING(${name} FROM 2) END`, type);
  }

  private nested(type: AnyType, values: readonly unknown[], where: string): string {
    switch (type.root) {
      case 'ARRAY':
        return this.array(type.element, values as (readonly unknown[] | null)[], `an element of ${where}`);
      case 'MAP':
        return this.map(type, values as (ReadonlyMap<unknown, unknown> | null)[], where);
      case 'ROW': {
        const rows = values as (Readonly<Record<string, unknown>> | null)[];
        const fields = type.fields.map((field) =>
          this.part(
            field.type,
            rows.map((row) => row?.[field.name]),
            `\`${field.name}\` of ${where}`,
          ),
        );
        const there = this.add(rows.map((row) => quoteText(isNull(row) ? '' : '=')));
        return `CASE WHEN ${there} <> '' THEN ROW(${fields.join(', ')}) END`;
      }
      default:
        throw new TypeError(type.root);
    }
  }

  /** The longest of all lists, cut: from 1 to its length, from 2 to 1 for an empty one, from NULL for NULL. */
  private array(element: AnyType, values: readonly (readonly unknown[] | null)[], where: string): string {
    const longest = Math.max(1, ...values.map((list) => list?.length ?? 0));
    const elements = Array.from({ length: longest }, (_, i) =>
      this.part(
        element,
        values.map((list) => list?.[i]),
        where,
      ),
    );
    const from = this.add(values.map((list) => (isNull(list) ? '0' : list.length === 0 ? '2' : '1')));
    const to = this.add(values.map((list) => String(Math.max(1, list?.length ?? 0))));
    return `ARRAY_SLICE(ARRAY[${elements.join(', ')}], NULLIF(${from}, 0), ${to})`;
  }

  private map(
    type: Extract<AnyType, { root: 'MAP' }>,
    values: readonly (ReadonlyMap<unknown, unknown> | null)[],
    where: string,
  ): string {
    const entries = values.map((map) => (isNull(map) ? undefined : [...map]));
    const largest = Math.max(1, ...entries.map((list) => list?.length ?? 0));
    const parts = Array.from({ length: largest }, (_, i) => {
      const [keys, items] = [0, 1].map((side) => entries.map((list) => list?.[i]?.[side])) as [unknown[], unknown[]];
      return [
        this.part(type.key, keys, `a key of ${where}`),
        this.part(type.value, items, `a value of ${where}`),
      ] as const;
    });
    const sizes = entries.map((list) => list?.length ?? -1);
    const size = this.add(sizes.map((n) => String(n + 1)));
    const cases = [...new Set([...sizes, 1])].filter((n) => n >= 0);
    const made = cases.map((n) => {
      const map =
        n === 0 ? emptyMap(type, parts[0] as readonly [string, string]) : `MAP[${parts.slice(0, n).flat().join(', ')}]`;
      return `WHEN ${n + 1} THEN ${map}`;
    });
    return `CASE ${size} ${made.join(' ')} END`;
  }
}

/** A MAP with nothing in it has no literal. */
function emptyMap(type: Extract<AnyType, { root: 'MAP' }>, [key, value]: readonly [string, string]): string {
  if (!NESTED.has(type.key.root) && !NESTED.has(type.value.root) && !/INTERVAL/.test(String(type))) {
    return `CAST(STR_TO_MAP('') AS ${castType(type).replace(/\b(TINY|SMALL)INT/g, 'INT')})`;
  }
  return `MAP_FROM_ARRAYS(ARRAY_SLICE(ARRAY[${key}], 2, 1), ARRAY_SLICE(ARRAY[${value}], 2, 1))`;
}

function isNull(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Whether a value is one literal of SQL, without a sign or a conversion. */
function isPlain({ root }: AnyType, value: unknown): boolean {
  if (isNull(value)) return false;
  if (root === 'BOOLEAN' || root === 'CHAR' || root === 'VARCHAR') return true;
  return (root === 'TINYINT' || root === 'SMALLINT' || root === 'INT') && (value as number) >= 0;
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return quoteText(value);
  return typeof value === 'boolean' ? (value ? 'TRUE' : 'FALSE') : String(value);
}
