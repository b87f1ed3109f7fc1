import { randomInt } from 'node:crypto';
import { generatorSource } from '../../../connectors/generator.js';
import { type Row, rowClassOf } from '../../../core/rows/index.js';
import type { AnyType, Field } from '../../../core/types/index.js';
import { decimalOfUnits, powerOfTen } from '../../../core/values/index.js';
import { INSERT_ONLY } from '../../physical/changelog-mode.js';
import { planSchema } from '../../plan/field.js';
import type { TableConnector, TableDescription } from '../contract.js';
import { optionError, TableOptions } from '../options.js';
import { withParallelism } from '../parallelism.js';
import { DATAGEN_OPTIONS } from './options.js';
import { type Generate, type Random, randomColumn } from './random.js';

const DEFAULT_RATE = 10_000;

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
  const key = (name: string): string => options.column(`fields.#.${name}`, field.name);
  const kind = options.oneOf(key('kind'), ['random', 'sequence'], 'random');
  if (kind === 'random') {
    const generate = randomColumn(field.type, field.name, options, table);
    if (generate === undefined) throw optionError(table, `\`${field.name}\`: datagen makes no ${field.type}`);
    return { generate, count: Number.POSITIVE_INFINITY };
  }
  const start = options.integer(key('start'), Number.MIN_SAFE_INTEGER);
  const end = options.integer(key('end'), Number.MIN_SAFE_INTEGER);
  if (start === undefined || end === undefined) {
    const prefix = `fields.${field.name}`;
    throw optionError(table, `a sequence needs '${prefix}.start' and '${prefix}.end'`);
  }
  const generate = sequenceOf(field.type, start);
  if (generate === undefined) throw optionError(table, `\`${field.name}\`: a ${field.type} cannot be a sequence`);
  return { generate, count: Math.max(0, end - start + 1) };
}

/**
 * `'connector' = 'datagen'`: rows made by a rule, random or in sequence, at a rate. With `'seed'` (which Flink does not have)
 * the same rows in every run.
 *
 * @see Flink: DataGen SQL Connector
 */
export const datagenConnector: TableConnector = {
  name: 'datagen',
  options: DATAGEN_OPTIONS,
  source(table) {
    const options = new TableOptions(DATAGEN_OPTIONS, table);
    const perSecond = options.integer('rows-per-second', 1) ?? DEFAULT_RATE;
    const rows = options.integer('number-of-rows', 0);
    const parallelism = options.integer('scan.parallelism', 1);
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
        const stream = env
          .fromSource(generatorSource<Row>(make, { perSecond, seed, ...limit }))
          .name(`Source: ${table.identifier[2]}`);
        return withParallelism(stream, parallelism);
      },
    };
  },
};
