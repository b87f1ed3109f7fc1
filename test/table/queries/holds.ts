import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type Cells, type Change, folded, type Program, RUNS, run, standing } from './run.js';

/** What a query gives for tables that stand still. */
export type Query = (first: readonly Cells[], second: readonly Cells[]) => readonly Cells[];

export interface Tried extends Program {
  readonly tables: readonly [string, string] | readonly string[];
  readonly rows: Query;
}

/** Declares the tests: folding the changes of each query gives its rows, and so it does when the job goes on from a savepoint. */
export function holds(queries: readonly Tried[], feeds: fc.Arbitrary<Change[]>): void {
  const expected = ({ rows, tables: [first = '', second = ''] }: Tried, feed: readonly Change[]): string[] =>
    rows(standing(feed, first), standing(feed, second))
      .map((row) => JSON.stringify(row))
      .sort();

  describe('folding the changes gives what the query means', () => {
    test.each(queries)('$sql', async (query) => {
      await fc.assert(
        fc.asyncProperty(feeds, async (feed) => {
          expect(folded(await run(query, feed))).toEqual(expected(query, feed));
        }),
        { numRuns: RUNS },
      );
    });
  });

  describe('also when the job goes on from a savepoint after any row', () => {
    const folder = mkdtempSync(join(tmpdir(), 'streambook-queries-'));
    let made = 0;
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test.each(queries)('$sql', async (query) => {
      await fc.assert(
        fc.asyncProperty(feeds, fc.nat(), async (feed, at) => {
          const savepoint = join(folder, String(made++));
          const before = await run(query, feed, { savepoint, stopAfter: at % (feed.length + 1) });
          const after = await run(query, feed, { savepoint });
          expect(folded([...before, ...after])).toEqual(expected(query, feed));
        }),
        { numRuns: Math.ceil(RUNS / 4) },
      );
    });
  });
}
