import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { messageOf } from '../../src/core/errors.js';
import { type Cluster, cluster, streamEnv, virtualClock } from '../../src/index.js';
import { tableEnv } from '../../src/table/index.js';
import type { SqlGot } from '../conformance/sql/cases.js';
import { collected } from '../conformance/sql/run.js';
import { cases, programOf } from './support/cases.js';

const gateway = inject('gateway');

/** What is allowed to be refused there, with what is said: the list in docs/cluster.md. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  // Flink 2 has mended this.
  ...(inject('flinkVersion').startsWith('1.')
    ? { 'sql-scalar-collection-010-unnest-ordinality': /Cannot add expression of different type to set/ }
    : {}),
  'sql-scalar-collection-012-collect-multiset': /MULTISET<INT>.*: the gateway can only write those with keys/,
  'sql-set-subquery-010-exists-correlated': /unexpected correlate variable/,
  'sql-set-subquery-011-not-exists-correlated': /unexpected correlate variable/,
  'sql-set-subquery-018-correlated-scalar-agg': /unexpected correlate variable/,
  'sql-table-api-025-flatten-row-unnest': /MapDataForMapFromArrays cannot be cast/,
};

describe.skipIf(gateway === '')('SQL and table programs on a real Flink', () => {
  let flink: Cluster;
  beforeAll(async () => {
    flink = await cluster(gateway);
  });
  afterAll(() => flink?.close());

  it('are at least nine of ten of those whose tables are values', () => {
    expect(cases.length).toBeGreaterThanOrEqual(109);
    expect(Object.keys(REFUSED).length).toBeLessThanOrEqual(cases.length / 10);
  });

  it.concurrent.each(cases.map((kase) => [kase.id, kase] as const))('%s', async (_, kase) => {
    const program = programOf(kase);
    const clock = virtualClock({ startMs: 1_700_000_000_000, autoAdvance: true });
    const here = await outcome(() => collected(program(tableEnv({ streamEnv: streamEnv({ clock }) }))));
    const t = flink.tableEnv();
    const there = await outcome(() => collected(program(t)));
    const refused = REFUSED[kase.id];
    if (refused !== undefined) expect(errorIn(there)).toMatch(refused);
    else if ('error' in here) expect(there).toHaveProperty('error');
    else {
      expect(there).toHaveProperty('final', here.final);
      expect(there).toHaveProperty('schema', here.schema);
    }
  });
});

async function outcome(run: () => Promise<SqlGot>): Promise<SqlGot> {
  try {
    return await run();
  } catch (error) {
    return { error: { phase: 'plan', code: 'thrown', message: messageOf(error) } };
  }
}

const errorIn = (got: SqlGot): string => ('error' in got ? got.error.message : 'no error');
