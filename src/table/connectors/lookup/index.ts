import { inspect } from 'node:util';
import type { Row } from '../../../core/rows/index.js';
import { rowFromCell, rowToCell } from '../../../core/values/index.js';
import { ValidationError } from '../../errors.js';
import { type PlanField, planSchema } from '../../plan/field.js';
import type { LookupTable, TableConnector, TableDescription } from '../contract.js';
import { physicalColumns } from '../metadata.js';
import { optionError, TableOptions } from '../options.js';
import type { LookupCache } from './cache.js';
import { LOOKUP_OPTIONS } from './options.js';

/**
 * Gives the rows of a key: an object with the columns that the join compares. What it returns are objects with the table's
 * columns; none: there are no rows.
 */
export type LookupFunction = (
  // biome-ignore lint/suspicious/noExplicitAny: which columns a join compares is only known when it is planned
  key: any,
) => Promise<Iterable<object>> | Iterable<object>;

/** How a lookup table is asked. */
export interface LookupOptions {
  /** Keeps answers. Default: every row asks. */
  readonly cache?: LookupCache;
  /** After so long without an answer (all tries included) the job fails. Default 3 minutes. */
  readonly timeoutMs?: number;
  /** Calls under way at once. Default 100. */
  readonly capacity?: number;
  /** Further tries after one that failed. Default 3. */
  readonly maxRetries?: number;
  /** Before the first further try; twice as long before each one after that. Default 100. */
  readonly retryDelayMs?: number;
}

/** The options as a WITH clause holds them. */
export function lookupClause(name: string, options: LookupOptions): Record<string, string> {
  const { cache, timeoutMs, capacity, maxRetries, retryDelayMs } = options;
  const clause: Record<string, string | undefined> = {
    connector: 'lookup',
    function: name,
    'lookup.timeout': ms(timeoutMs),
    'lookup.capacity': capacity === undefined ? undefined : String(capacity),
    'lookup.max-retries': maxRetries === undefined ? undefined : String(maxRetries),
    'lookup.retry-delay': ms(retryDelayMs),
  };
  if (cache !== undefined) {
    const prefix = 'lookup.partial-cache.';
    clause['lookup.cache'] = 'PARTIAL';
    clause[`${prefix}max-rows`] = cache.maxRows === undefined ? undefined : String(cache.maxRows);
    clause[`${prefix}expire-after-write`] = ms(cache.expireAfterWriteMs);
    clause[`${prefix}expire-after-access`] = ms(cache.expireAfterAccessMs);
    clause[`${prefix}cache-missing-key`] =
      cache.cacheMissingKey === undefined ? undefined : String(cache.cacheMissingKey);
  }
  return Object.fromEntries(
    Object.entries(clause).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function ms(duration: number | undefined): string | undefined {
  return duration === undefined ? undefined : `${duration} ms`;
}

/**
 * `'connector' = 'lookup'`: rows that a function gives for a key, in joins `FOR SYSTEM_TIME AS OF` a processing time.
 *
 * @see Flink: Lookup Join, `LookupTableSource`
 */
export class LookupConnector implements TableConnector {
  readonly name = 'lookup';
  readonly options = LOOKUP_OPTIONS;
  private readonly functions = new Map<string, LookupFunction>();

  register(name: string, ask: LookupFunction): void {
    this.functions.set(name, ask);
  }

  lookup(table: TableDescription): LookupTable {
    const options = new TableOptions(LOOKUP_OPTIONS, table);
    const name = options.required('function');
    options.checkMissing();
    const ask = this.functions.get(name);
    if (ask === undefined) {
      throw optionError(
        table,
        `no function '${name}' was given for it`,
        't.createLookupTable(name, columns, function)',
      );
    }
    const cache = cacheOf(table, options);
    const retries = options.integer('lookup.max-retries', 0) ?? 3;
    const made: LookupTable = {
      cache,
      timeoutMs: options.duration('lookup.timeout', 1),
      capacity: options.integer('lookup.capacity', 1),
      retry: {
        maxAttempts: retries + 1,
        delayMs: options.duration('lookup.retry-delay') ?? 100,
        multiplier: 2,
      },
      asker: (keys) => asker(table, keys, ask),
    };
    options.done();
    return made;
  }
}

function cacheOf(table: TableDescription, options: TableOptions): LookupCache | undefined {
  const prefix = 'lookup.partial-cache.';
  const kind = options.text('lookup.cache')?.toUpperCase() ?? 'NONE';
  const cache: LookupCache = {
    maxRows: options.integer(`${prefix}max-rows`, 1),
    expireAfterWriteMs: options.duration(`${prefix}expire-after-write`, 1),
    expireAfterAccessMs: options.duration(`${prefix}expire-after-access`, 1),
    cacheMissingKey: options.flag(`${prefix}cache-missing-key`) ?? true,
  };
  if (kind === 'NONE') return undefined;
  if (kind === 'PARTIAL') return cache;
  if (kind !== 'FULL') throw optionError(table, `'lookup.cache' = '${kind}': one of NONE, PARTIAL`);
  throw optionError(
    table,
    "'lookup.cache' = 'FULL' is not carried out here: the function is asked for the rows of a key, never for all rows",
    "'PARTIAL' keeps what was asked for; a whole table that changes is joined FOR SYSTEM_TIME AS OF an event time",
  );
}

/** Makes the function that asks for the rows of a key, from the engine's values to the engine's rows. */
function asker(
  table: TableDescription,
  keys: readonly PlanField[],
  ask: LookupFunction,
): (values: readonly unknown[]) => Promise<Row[]> {
  const convert = rowFromCell(planSchema(physicalColumns(table)), table.identifier[2]);
  const key = rowToCell(planSchema(keys));
  const RowOf = keys.map(({ name }) => name);
  return async (values) => {
    const given = key(Object.fromEntries(RowOf.map((name, i) => [name, values[i]])) as Row);
    const rows: Row[] = [];
    for (const one of (await ask(given)) ?? []) {
      const row = convert(one) as Row | undefined;
      if (row === undefined) throw notARow(table, one);
      rows.push(row);
    }
    return rows;
  };
}

function notARow(table: TableDescription, given: unknown): ValidationError {
  return new ValidationError(`the lookup table \`${table.identifier[2]}\` was given ${inspect(given)}`, {
    hint: `the function returns objects with the columns ${physicalColumns(table)
      .map(({ name, type }) => `${name} ${type}`)
      .join(', ')}`,
  });
}
