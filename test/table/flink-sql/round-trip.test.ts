import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Table } from '../../../src/table/api/table.js';
import type { FlinkSqlContext } from '../../../src/table/flink-sql/context.js';
import { flinkQueryText } from '../../../src/table/flink-sql/queries.js';
import { parseCase, type SqlCase } from '../../conformance/sql/cases.js';
import { sameSqlResult } from '../../conformance/sql/compare.js';
import { collected, environmentOf } from '../../conformance/sql/run.js';
import { tableOfPython } from '../../conformance/sql/table-api.js';

/** Flink loses the first windows (FLINK-36664); so it is left out where the engine itself is compared. */
const DIFFERENT = new Set(['sql-window-tvf-013-tumble-offset']);

const folder = new URL('../../conformance/sql/cases/', import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseCase(readFileSync(new URL(name, folder), 'utf8')) as unknown as SqlCase)
  .filter(({ id, result }) => result !== undefined && !DIFFERENT.has(id));

/** Queries that have no words in Flink SQL unless they are sent as they were written, with what they say. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'sql-match-recognize-002-v-shape-skip-past': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-match-recognize-003-v-shape-skip-next': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-match-recognize-004-three-fails': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-more-m-tick-07': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-more-m-tick-14': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-more-m-tick-22': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-more-match-tick-34': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-more-match-rowtime-00': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-more-match-rowtime-01': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-more-match-rowtime-02': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-more-match-rowtime-late-00': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-more-mq-q-00': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-more-mq-q-03': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-more-mr-r-35': /MATCH_RECOGNIZE that calls a function of your own/,
  'sql-temporal-join-003-versioned-view': /FOR SYSTEM_TIME AS OF something that is no table/,
};

/** The query of a case as its plan, and not its text, says it. */
function rewritten(kase: SqlCase): { text: string; again: () => Table } | undefined {
  const t = environmentOf(kase);
  const made =
    kase.sql !== undefined
      ? t.sqlQuery(kase.sql)
      : tableOfPython(
          kase.tableApi ?? '',
          t,
          kase.tables.map(({ name }) => name),
        );
  if (!(made instanceof Table)) return undefined;
  const context: FlinkSqlContext = {
    catalog: t.catalog,
    timeZone: 'UTC',
    rowsOf: () => undefined,
    // As if a function of the user's were in it: the text it came from is left aside.
    callsUser: () => true,
    userCall: (call, operands) => `${call.function}(${operands.join(', ')})`,
  };
  const text = flinkQueryText(made.rel, context);
  return { text, again: () => t.sqlQuery(text) };
}

describe('plans as Flink SQL text, read back and carried out', () => {
  it.each(cases.map((kase) => [kase.id, kase] as const))('%s', async (_, kase) => {
    if (kase.sql !== undefined && !/^\s*(SELECT|WITH|VALUES|TABLE|\()/i.test(kase.sql)) return;
    const refused = REFUSED[kase.id];
    if (refused !== undefined) {
      expect(() => rewritten(kase)).toThrow(refused);
      return;
    }
    const made = rewritten(kase);
    if (made === undefined) return;
    const { text, again } = made;
    const got = await collected(again().execute());
    if (!sameSqlResult(kase, got)) expect({ got, text }).toEqual({ got: kase.result, text });
    expect(sameSqlResult(kase, got)).toBe(true);
  });
});
