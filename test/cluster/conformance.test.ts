import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { messageOf } from '../../src/core/errors.js';
import { type Cluster, cluster, streamEnv, virtualClock } from '../../src/index.js';
import { tableEnv } from '../../src/table/index.js';
import type { SqlGot } from '../conformance/sql/cases.js';
import { collected } from '../conformance/sql/run.js';
import { cases, programOf } from './support/cases.js';

const gateway = inject('gateway');

/** What is allowed to be refused there: the list in docs/cluster.md. */
const ALLOWED: readonly RegExp[] = [
  /unexpected correlate variable/,
  /the gateway can only write those with keys that are texts/,
  // PIVOT: a defect of Flink 2.2.
  /because "validator" is null/,
  // Flink 2 has mended this.
  /Cannot add expression of different type to set/,
];

const NOT_COMPARED: ReadonlySet<string> = new Set([
  // The gateway writes moments as a clock on the wall shows them, and in one hour of the year it shows the same twice.
  'sql-more-dst-america-new-york-01',
  // Two rankings of one table joined: Flink's rows depend on which of them comes first, and differ from run to run.
  'sql-more-top-scores-36',
]);

const NOT_COMPARED_ON_2: ReadonlySet<string> = new Set([
  // A new row without the old one taken back, of a query that does not select its key.
  'sql-more-negative-zero-01',
]);

describe.skipIf(gateway === '')('SQL and table programs on a real Flink', () => {
  let flink: Cluster;
  beforeAll(async () => {
    flink = await cluster(gateway);
  });
  const refused: string[] = [];
  afterAll(async () => {
    await flink?.close();
    // At least nine of ten are the same.
    expect(cases.length).toBeGreaterThanOrEqual(109);
    expect(refused.length, refused.join()).toBeLessThanOrEqual(cases.length / 10);
  });

  it.concurrent.each(cases.map((kase) => [kase.id, kase] as const))('%s', async (_, kase) => {
    const program = programOf(kase);
    const clock = virtualClock({ startMs: 1_700_000_000_000, autoAdvance: true });
    const here = await outcome(() => collected(program(tableEnv({ streamEnv: streamEnv({ clock }) }))));
    const t = flink.tableEnv();
    const there = await outcome(() => collected(program(t)));
    const knownOn2 = flink.version.startsWith('2.') && NOT_COMPARED_ON_2.has(kase.id);
    if (knownOn2 || NOT_COMPARED.has(kase.id) || ALLOWED.some((message) => message.test(errorIn(there))))
      refused.push(kase.id);
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
