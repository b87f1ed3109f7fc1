import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReader, send, topics } from '../../src/kafka/index.js';
import { fresh, type TestBroker, testBroker } from '../kafka/support/broker.js';
import { compileProgram } from './support/compile.js';
import { compare, events, expectedResults, KILLS, killPlan, runKilling } from './support/driver.js';

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

async function written(topic: string): Promise<string[]> {
  const reader = await openReader({ topic, until: 'end', brokers: broker.brokers });
  const all: string[] = [];
  for await (const { records } of reader) for (const record of records) all.push(String(record.value));
  reader.close();
  return all;
}

test('from topic to topic through SQL, exactly once: nothing lost, nothing doubled', async () => {
  const total = { lost: 0, doubled: 0, wrong: 0, kills: 0 };
  const killAt = killPlan(POINTS, 1800);
  for (let scenario = 0; total.kills < SQL_KILLS; scenario++) {
    const input = fresh('fault-sql-in');
    const output = fresh('fault-sql-out');
    const list = events(20_000);
    await topics.create(input, { partitions: 1, brokers: broker.brokers });
    await topics.create(output, { partitions: 1, brokers: broker.brokers });
    await send(input, list, { brokers: broker.brokers }).done;
    const { kills } = await runKilling(
      program,
      {
        kind: 'kafka',
        guarantee: 'exactly-once',
        input,
        output,
        storage: join(folder, `${scenario}`),
        uid: fresh('fault-sql'),
        brokers: broker.brokers,
        pauseMs: 40,
      },
      killAt,
      Math.min(PER_SCENARIO, SQL_KILLS - total.kills),
    );
    total.kills += kills;
    const expected = expectedResults(list);
    let difference = compare(await written(output), expected);
    // A commit is promised a moment before its last marker is there to be read.
    for (let i = 0; difference.lost > 0 && i < 20; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      difference = compare(await written(output), expected);
    }
    total.lost += difference.lost;
    total.doubled += difference.doubled;
    total.wrong += difference.wrong;
  }
  console.log('Kafka -> SQL -> Kafka, exactly-once:', JSON.stringify(total));
  expect(total).toMatchObject({ lost: 0, doubled: 0, wrong: 0 });
});
