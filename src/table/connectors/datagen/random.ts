import type { Clock } from '../../../core/clock.js';
import { rowClassOf } from '../../../core/rows/index.js';
import { type AnyType, MAX_LENGTH } from '../../../core/types/index.js';
import { DAY_MS, decimalOfUnits, INTEGER_RANGES, longOf, powerOfTen, Timestamp } from '../../../core/values/index.js';
import { planSchema } from '../../plan/field.js';
import type { TableDescription } from '../contract.js';
import { optionError, type TableOptions } from '../options.js';

/** A number from 0 up to but not including 1. */
export type Random = () => number;
/** Makes one value of a column, of the row with that number. */
export type Generate = (index: number, random: Random, clock: Clock) => unknown;

/** Flink's default for texts and bytes. */
const USUAL_LENGTH = 100;
/** Flink's default for collections. */
const USUAL_COLLECTION = 3;

/** Reads the options of one column, or of a part of one: `fields.tags.element.length`. */
class ColumnOptions {
  constructor(
    private readonly path: string,
    private readonly options: TableOptions,
    private readonly table: TableDescription,
  ) {}

  /** Those of a part of this column. */
  of(part: string): ColumnOptions {
    return new ColumnOptions(`${this.path}.${part}`, this.options, this.table);
  }

  /** @param low the least of the type */
  range(low: number, high: number): { readonly min: number; readonly max: number; readonly given: boolean } {
    const min = this.options.number(this.key('min'));
    const max = this.options.number(this.key('max'));
    if ((min ?? low) > (max ?? high)) {
      throw this.error(`'fields.${this.path}.min' is above '...max'`);
    }
    return { min: min ?? low, max: max ?? high, given: min !== undefined || max !== undefined };
  }

  /** How many letters, bytes or elements. */
  length(): number | undefined {
    return this.options.integer(this.key('length'), 1);
  }

  varies(): boolean {
    return this.options.flag(this.key('var-len')) ?? false;
  }

  maxPastMs(): number {
    return this.options.duration(this.key('max-past')) ?? 0;
  }

  /** NULL now and then, if the column says so. */
  nullable(make: Generate): Generate {
    const rate = this.options.number(this.key('null-rate')) ?? 0;
    if (!(rate >= 0 && rate <= 1)) throw this.error(`'fields.${this.path}.null-rate' = '${rate}': from 0 to 1`);
    if (rate === 0) return make;
    return (index, random, clock) => (random() < rate ? null : make(index, random, clock));
  }

  error(message: string): Error {
    return optionError(this.table, message);
  }

  private key(name: string): string {
    return this.options.column(`fields.#.${name}`, this.path);
  }
}

function hexText(length: number, random: Random): string {
  let text = '';
  while (text.length < length)
    text += Math.floor(random() * 0x10000000)
      .toString(16)
      .padStart(7, '0');
  return text.slice(0, length);
}

function whole(low: number, high: number): Generate {
  return (_, random) => low + Math.floor(random() * (high - low + 1));
}

function wide(low: bigint, high: bigint): Generate {
  const span = high - low + 1n;
  return (_, random) => {
    const bits = (BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32));
    return longOf(low + (bits % span));
  };
}

/** The length of a text of a type whose length is a bound. */
function lengthUpTo(type: { readonly length: number }, options: ColumnOptions): (random: Random) => number {
  const given = options.length();
  if (given !== undefined && type.length !== MAX_LENGTH && given > type.length) {
    throw options.error(`a length of ${given} is more than the ${type.length} of the column`);
  }
  const length = given ?? (type.length < USUAL_LENGTH ? type.length : USUAL_LENGTH);
  return options.varies() ? (random) => 1 + Math.floor(random() * length) : () => length;
}

function bytes(length: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

/**
 * A generator of random values of a type; which options there are depends on it.
 *
 * @param path the column's name, with that of the part: `tags.element`
 * @see Flink: `RandomGeneratorVisitor`
 */
export function randomColumn(
  type: AnyType,
  path: string,
  options: TableOptions,
  table: TableDescription,
): Generate | undefined {
  return randomOf(type, new ColumnOptions(path, options, table));
}

function randomOf(type: AnyType, options: ColumnOptions): Generate | undefined {
  switch (type.root) {
    case 'BOOLEAN':
      return options.nullable((_, random) => random() < 0.5);
    case 'CHAR':
      return options.nullable((_, random) => hexText(type.length, random));
    case 'VARCHAR': {
      const length = lengthUpTo(type, options);
      return options.nullable((_, random) => hexText(length(random), random));
    }
    case 'BINARY':
      return (_, random) => bytes(type.length, random);
    case 'VARBINARY': {
      const length = lengthUpTo(type, options);
      return (_, random) => bytes(length(random), random);
    }
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT': {
      const { min, max } = options.range(INTEGER_RANGES[type.root][0], INTEGER_RANGES[type.root][1]);
      return options.nullable(whole(min, max));
    }
    case 'BIGINT': {
      const [low, high] = [-(2 ** 63), 2 ** 63];
      const { min, max } = options.range(low, high);
      const between =
        min !== low && max !== high
          ? whole(min, max)
          : wide(min === low ? -(2n ** 63n) : BigInt(min), max === high ? 2n ** 63n - 1n : BigInt(max));
      return options.nullable(between);
    }
    case 'FLOAT':
    case 'DOUBLE': {
      const most = type.root === 'FLOAT' ? 3.4028234663852886e38 : Number.MAX_VALUE;
      const { min, max } = options.range(-most, most);
      const make = (random: Random): number => min + random() * (max / 2 - min / 2) * 2;
      return options.nullable(
        type.root === 'FLOAT' ? (_, random) => Math.fround(make(random)) : (_, random) => make(random),
      );
    }
    case 'DECIMAL': {
      const { precision, scale } = type;
      const { min, max } = options.range(0, Number(powerOfTen(precision - scale)) - 10 ** -scale);
      return options.nullable((_, random) => {
        const units = BigInt(Math.floor((min + random() * (max - min)) * 10 ** scale));
        return decimalOfUnits(units, scale, type);
      });
    }
    case 'DATE':
      return (_, __, clock) => Math.floor(clock.now() / DAY_MS);
    case 'TIME':
      return (_, __, clock) => ((clock.now() % DAY_MS) + DAY_MS) % DAY_MS;
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const maxPastMs = options.maxPastMs();
      const past = (random: Random): number => Math.floor(random() * (maxPastMs + 1));
      if (type.precision <= 3) return options.nullable((_, random, clock) => clock.now() - past(random));
      return options.nullable((_, random, clock) => Timestamp.ofMs(clock.now() - past(random)));
    }
    case 'INTERVAL_YEAR_MONTH':
      return whole(0, 120_000);
    case 'INTERVAL_DAY_TIME':
      return whole(0, 2 ** 31);
    case 'ARRAY': {
      const element = randomOf(type.element, options.of('element'));
      if (element === undefined) return undefined;
      const length = options.length() ?? USUAL_COLLECTION;
      return options.nullable((index, random, clock) => Array.from({ length }, () => element(index, random, clock)));
    }
    case 'MULTISET':
    case 'MAP': {
      const [of, to] = type.root === 'MAP' ? [type.key, type.value] : [type.element, undefined];
      const key = randomOf(of, options.of(to === undefined ? 'element' : 'key'));
      const value = to === undefined ? whole(1, 9) : randomOf(to, options.of('value'));
      if (key === undefined || value === undefined) return undefined;
      const length = options.length() ?? USUAL_COLLECTION;
      return options.nullable(
        (index, random, clock) =>
          new Map(Array.from({ length }, () => [key(index, random, clock), value(index, random, clock)])),
      );
    }
    case 'ROW': {
      const fields = type.fields.map((field) => randomOf(field.type, options.of(field.name)));
      if (fields.some((field) => field === undefined)) return undefined;
      const Inner = rowClassOf(planSchema(type.fields));
      return options.nullable((index, random, clock) =>
        Inner.of(fields.map((field) => (field as Generate)(index, random, clock))),
      );
    }
    default:
      return undefined;
  }
}
