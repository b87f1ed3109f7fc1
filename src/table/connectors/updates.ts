import { ValidationError } from '../errors.js';
import type { TableDescription } from './contract.js';
import { tableName } from './options.js';

/** Says that a sink only takes new rows, in words for learners. */
export function refuseUpdates(table: TableDescription): never {
  throw new ValidationError(
    `the table \`${tableName(table)}\` only takes new rows, and the query changes rows that it gave before`,
    {
      hint:
        'a GROUP BY without a window gives a new result for a group with every row. Use a window (each result once, when it is complete), ' +
        "or a sink that takes changes: 'connector' = 'print', or 'upsert-kafka' with a PRIMARY KEY",
    },
  );
}
