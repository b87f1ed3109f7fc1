import { randomInt } from 'node:crypto';
import { generatorSource } from '../../connectors/generator.js';
import type { Clock } from '../../core/clock.js';
import { type Row, rowClassOf } from '../../core/rows/index.js';
import { type AnyType, type Field, MAX_LENGTH } from '../../core/types/index.js';
import { DAY_MS, decimalOfUnits, INTEGER_RANGES, longOf, powerOfTen, Timestamp } from '../../core/values/index.js';
import { INSERT_ONLY } from '../physical/changelog-mode.js';
import { planSchema } from '../plan/field.js';
import type { TableConnector, TableDescription } from './contract.js';
import { optionError, TableOptions } from './options.js';

/** A number from 0 up to but not including 1. */
type Random = () => number;
/** Makes one value of a column, of the row with that number. */
type Generate = (index: number, random: Random, clock: Clock) => unknown;

/** Flink's default for texts and bytes. */
const USUAL_LENGTH = 100;
/** Flink's default for collections. */
const USUAL_COLLECTION = 3;
const DEFAULT_RATE = 10_000;

/** What a column's options say. */
interface FieldOptions {
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly length: number | undefined;
  readonly varLength: boolean;
  readonly maxPastMs: number;
}

function hexText(length: number, random: Random): string {
  let text = '';
  while (text.length < length)
    text += Math.floor(random() * 0x10000000)
      .toString(16)
      .padStart(7, '0');
  return text.slice(0, length);
}

function between(low: number, high: number): Generate {
  return (_, random) => low + Math.floor(random() * (high - low + 1));
}

function wide(low: bigint, high: bigint): Generate {
  const span = high - low + 1n;
  return (_, random) => {
    const bits = (BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32));
    return longOf(low + (bits % span));
  };
}

function lengthOf(
  type: { readonly length: number },
  options: FieldOptions,
  fixed: boolean,
): (random: Random) => number {
  const most = options.length ?? (fixed || type.length < USUAL_LENGTH ? type.length : USUAL_LENGTH);
  const length = Math.min(most, type.length === MAX_LENGTH ? most : type.length);
  return options.varLength ? (random) => 1 + Math.floor(random() * length) : () => length;
}

/** A generator of random values of a type. */
function randomOf(type: AnyType, options: FieldOptions): Generate | undefined {
  const { min, max } = options;
  switch (type.root) {
    case 'BOOLEAN':
      return (_, random) => random() < 0.5;
    case 'CHAR':
    case 'VARCHAR': {
      const length = lengthOf(type, options, type.root === 'CHAR');
      return (_, random) => hexText(length(random), random);
    }
    case 'BINARY':
    case 'VARBINARY': {
      const length = lengthOf(type, options, type.root === 'BINARY');
      return (_, random) => Buffer.from(Array.from({ length: length(random) }, () => Math.floor(random() * 256)));
    }
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT': {
      const [least, most] = INTEGER_RANGES[type.root];
      return between(min ?? least, max ?? most);
    }
    case 'BIGINT':
      if (min !== undefined && max !== undefined) return between(min, max);
      return wide(min === undefined ? -(2n ** 63n) : BigInt(min), max === undefined ? 2n ** 63n - 1n : BigInt(max));
    case 'FLOAT':
    case 'DOUBLE': {
      const most = type.root === 'FLOAT' ? 3.4028234663852886e38 : Number.MAX_VALUE;
      const low = min ?? -most;
      const high = max ?? most;
      const make = (random: Random): number => low + random() * (high / 2 - low / 2) * 2;
      return type.root === 'FLOAT' ? (_, random) => Math.fround(make(random)) : (_, random) => make(random);
    }
    case 'DECIMAL': {
      const { precision, scale } = type;
      const low = min ?? 0;
      const high = max ?? Number(powerOfTen(precision - scale)) - 10 ** -scale;
      return (_, random) => {
        const units = BigInt(Math.floor((low + random() * (high - low)) * 10 ** scale));
        return decimalOfUnits(units, scale, type);
      };
    }
    case 'DATE':
      return (_, __, clock) => Math.floor(clock.now() / DAY_MS);
    case 'TIME':
      return (_, __, clock) => ((clock.now() % DAY_MS) + DAY_MS) % DAY_MS;
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const past = (random: Random): number => Math.floor(random() * (options.maxPastMs + 1));
      if (type.precision <= 3) return (_, random, clock) => clock.now() - past(random);
      return (_, random, clock) => Timestamp.ofMs(clock.now() - past(random));
    }
    case 'INTERVAL_YEAR_MONTH':
      return between(0, 120_000);
    case 'INTERVAL_DAY_TIME':
      return between(0, 2 ** 31);
    case 'ARRAY': {
      const element = randomOf(type.element, options);
      if (element === undefined) return undefined;
      const length = options.length ?? USUAL_COLLECTION;
      return (index, random, clock) => Array.from({ length }, () => element(index, random, clock));
    }
    case 'MAP': {
      const key = randomOf(type.key, options);
      const value = randomOf(type.value, options);
      if (key === undefined || value === undefined) return undefined;
      const length = options.length ?? USUAL_COLLECTION;
      return (index, random, clock) =>
        new Map(Array.from({ length }, () => [key(index, random, clock), value(index, random, clock)]));
    }
    case 'ROW': {
      const fields = type.fields.map((field) => randomOf(field.type, options));
      if (fields.some((field) => field === undefined)) return undefined;
      const Inner = rowClassOf(planSchema(type.fields));
      return (index, random, clock) => Inner.of(fields.map((field) => (field as Generate)(index, random, clock)));
    }
    default:
      return undefined;
  }
}

/** Which numbers a sequence can become. */
function sequenceOf(type: AnyType, start: number): Generate | undefined {
  switch (type.root) {
    case 'CHAR':
    case 'VARCHAR':
      return (index) => String(start + index);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
    case 'FLOAT':
    case 'DOUBLE':
      return (index) => start + index;
    case 'DECIMAL':
      return (index) => decimalOfUnits(BigInt(start + index) * powerOfTen(type.scale), type.scale, type);
    default:
      return undefined;
  }
}

interface Column {
  readonly generate: Generate;
  /** How many rows there can be. */
  readonly count: number;
}

function columnOf(field: Field, options: TableOptions, table: TableDescription): Column {
  const prefix = `fields.${field.name}.`;
  const kind = options.oneOf(`${prefix}kind`, ['random', 'sequence'], 'random');
  const start = options.number(`${prefix}start`);
  const end = options.number(`${prefix}end`);
  const nullRate = options.number(`${prefix}null-rate`) ?? 0;
  const found: FieldOptions = {
    min: options.number(`${prefix}min`),
    max: options.number(`${prefix}max`),
    length: options.integer(`${prefix}length`, 1),
    varLength: options.flag(`${prefix}var-len`) ?? false,
    maxPastMs: options.duration(`${prefix}max-past`) ?? 0,
  };
  if (found.min !== undefined && found.max !== undefined && found.min > found.max) {
    throw optionError(table, `'${prefix}min' is above '${prefix}max'`);
  }
  if (!(nullRate >= 0 && nullRate <= 1)) throw optionError(table, `'${prefix}null-rate' = '${nullRate}': from 0 to 1`);
  if (kind === 'sequence') {
    if (start === undefined || end === undefined) {
      throw optionError(table, `a sequence needs '${prefix}start' and '${prefix}end'`);
    }
    const generate = sequenceOf(field.type, start);
    if (generate === undefined) throw optionError(table, `\`${field.name}\`: a ${field.type} cannot be a sequence`);
    return { generate, count: Math.max(0, end - start + 1) };
  }
  const make = randomOf(field.type, found);
  if (make === undefined) throw optionError(table, `\`${field.name}\`: datagen makes no ${field.type}`);
  const generate: Generate =
    nullRate === 0 ? make : (index, random, clock) => (random() < nullRate ? null : make(index, random, clock));
  return { generate, count: Number.POSITIVE_INFINITY };
}

/**
 * `'connector' = 'datagen'`: rows made by a rule, random or in sequence, at a rate. With `'seed'` (which Flink does not have)
 * the same rows in every run.
 *
 * @see Flink: DataGen SQL Connector
 */
export const datagenConnector: TableConnector = {
  name: 'datagen',
  source(table) {
    const options = new TableOptions('datagen', table);
    const perSecond = options.integer('rows-per-second', 1) ?? DEFAULT_RATE;
    const rows = options.integer('number-of-rows', 0);
    const seed = options.integer('seed', 0) ?? randomInt(2 ** 31);
    const columns = new Map(table.fields.map((field) => [field.name, columnOf(field, options, table)]));
    options.done();
    const count = Math.min(rows ?? Number.POSITIVE_INFINITY, ...[...columns.values()].map((column) => column.count));
    return {
      changelogMode: INSERT_ONLY,
      stream: (env, wanted) => {
        const RowOf = rowClassOf(planSchema(wanted));
        // All columns are made, so that what one holds does not depend on which others are read.
        const made = table.fields.map(({ name }) => ({
          at: wanted.findIndex((field) => field.name === name),
          generate: (columns.get(name) as Column).generate,
        }));
        const make = (index: number, random: Random): Row => {
          const values: unknown[] = [];
          for (const { at, generate } of made) {
            const value = generate(index, random, env.clock);
            if (at >= 0) values[at] = value;
          }
          return RowOf.of(values);
        };
        const limit = count === Number.POSITIVE_INFINITY ? {} : { count };
        return env
          .fromSource(generatorSource<Row>(make, { perSecond, seed, ...limit }))
          .name(`Source: ${table.identifier[2]}`);
      },
    };
  },
};
