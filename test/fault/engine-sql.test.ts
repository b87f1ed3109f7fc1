import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestBroker, testBroker } from '../kafka/support/broker.js';
import { compileProgram } from './support/compile.js';
import { add, events, expectedResults, KILLS, killPlan, noDifference } from './support/driver.js';
import { runBetweenTopics } from './support/topics.js';

/** The engine's own tests are killed often enough; here it is the SQL around it. */
const SQL_KILLS = process.env.FAULT_KILLS === undefined ? 6 : KILLS;
const POINTS = ['before-fsync', 'after-fsync', 'control-record', 'end-txn-sent', 'end-txn-answered', 'confirmed'];
const PER_SCENARIO = 8;

let broker: TestBroker;
let program = '';
let folder = '';
beforeAll(async () => {
  program = compileProgram('sql-program');
  folder = mkdtempSync(join(tmpdir(), 'streambook-fault-'));
  broker = await testBroker();
});
afterAll(async () => {
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('from topic to topic through SQL, exactly once: nothing lost, nothing doubled', async () => {
  const total = noDifference();
  const killAt = killPlan(POINTS, 1800);
  for (let scenario = 0; total.kills < SQL_KILLS; scenario++) {
    const list = events(20_000);
    const difference = await runBetweenTopics({
      program,
      guarantee: 'exactly-once',
      brokers: broker.brokers,
      partitions: 1,
      storage: join(folder, `${scenario}`),
      pauseMs: 40,
      list,
      expected: expectedResults(list),
      killAt,
      mostKills: Math.min(PER_SCENARIO, SQL_KILLS - total.kills),
    });
    add(total, difference);
  }
  console.log('Kafka -> SQL -> Kafka, exactly-once:', JSON.stringify(total));
  expect(total).toMatchObject({ lost: 0, doubled: 0, wrong: 0 });
});
