import { ValidationError } from '../errors.js';
import type { TableDescription } from './contract.js';
import { tableName } from './options.js';

/** The step of a query that changes rows which it gave before. */
export interface ChangingStep {
  /** As in plans: `GroupAggregate`. */
  readonly kind: string;
  /** With its columns. */
  readonly text: string;
}

const TAKES_CHANGES = "or a sink that takes changes: 'connector' = 'print', or 'upsert-kafka' with a PRIMARY KEY";
const GROUPS = `a GROUP BY without a window gives a new result for a group with every row. Use a window (each result once, when it is complete), ${TAKES_CHANGES}`;

/** What each kind of step does, and what would not do it. */
const WHY: Readonly<Record<string, string>> = {
  Rank: `a Top-N takes a row back when a better one comes. Use a window Top-N (PARTITION BY window_start, window_end), ${TAKES_CHANGES}`,
  Deduplicate: `the last row of a key takes the place of the one before. Keep the first (ORDER BY the time ASC), which stays, ${TAKES_CHANGES}`,
  Join: `a join changes a row when one of its sides does, and an outer join takes back the row it filled with NULLs when a match comes. Use an inner join of tables that only grow, an interval join or a window join, ${TAKES_CHANGES}`,
  ChangelogNormalize: `the table that is read changes its own rows. Use ${TAKES_CHANGES.replace(/^or /, '')}`,
  TableSourceScan: `the table that is read changes its own rows. Use ${TAKES_CHANGES.replace(/^or /, '')}`,
};

/** Says that a sink only takes new rows, in words for learners: which step changes them, and what would help. */
export function refuseUpdates(table: TableDescription, step: ChangingStep | undefined): never {
  throw new ValidationError(
    `the table \`${tableName(table)}\` only takes new rows, and the query changes rows that it gave before`,
    { hint: WHY[step?.kind ?? ''] ?? GROUPS },
  );
}
