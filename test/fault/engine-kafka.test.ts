import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { findBroker, TransactionalPair } from '../../src/kafka/index.js';
import { fresh, type TestBroker, testBroker } from '../kafka/support/broker.js';
import { compileProgram } from './support/compile.js';
import {
  add,
  events,
  expectedResults,
  FEW_KILLS,
  KILLS,
  killPlan,
  noDifference,
  type Total,
} from './support/driver.js';
import { runBetweenTopics } from './support/topics.js';

// Over the embedded broker, or over a real Kafka whose address STREAMBOOK_TEST_BROKERS names.
let broker: TestBroker;
let program = '';
let folder = '';
let transactions = false;
beforeAll(async () => {
  program = compileProgram();
  broker = await testBroker();
  transactions = await servesTransactions();
});
afterAll(() => broker.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-fault-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Guarantee = 'exactly-once' | 'at-least-once' | 'at-most-once';

const POINTS: Record<Guarantee, readonly string[]> = {
  'exactly-once': ['before-fsync', 'after-fsync', 'control-record', 'end-txn-sent', 'end-txn-answered', 'confirmed'],
  'at-least-once': ['before-fsync', 'after-fsync'],
  'at-most-once': [],
};
const PER_SCENARIO = 7;

async function servesTransactions(): Promise<boolean> {
  try {
    const pair = await TransactionalPair.open(findBroker(broker.brokers), {
      transactionalId: fresh('try'),
      controlTopic: fresh('try'),
      transactionTimeoutMs: 10_000,
    });
    await pair.close();
    return true;
  } catch {
    return false;
  }
}

async function scenarios(guarantee: Guarantee): Promise<Total> {
  const total = noDifference();
  const points = POINTS[guarantee];
  const killAt =
    points.length === 0
      ? () => ({ afterMs: 500 + Math.random() * 1500 })
      : killPlan(points, guarantee === 'exactly-once' ? 3000 : 2000);
  const most = guarantee === 'exactly-once' ? KILLS : FEW_KILLS;
  for (let scenario = 0; total.kills < most; scenario++) {
    const list = events(20_000);
    const difference = await runBetweenTopics({
      program,
      guarantee,
      brokers: broker.brokers,
      storage: join(folder, `${scenario}`),
      pauseMs: 25,
      list,
      expected: guarantee === 'at-most-once' ? list.map(({ n }) => JSON.stringify({ n })) : expectedResults(list),
      killAt,
      mostKills: Math.min(PER_SCENARIO, most - total.kills),
    });
    add(total, difference);
  }
  console.log(`Kafka -> engine -> Kafka, ${guarantee}:`, JSON.stringify(total));
  return total;
}

test('exactly once: nothing lost, nothing doubled', async ({ skip }) => {
  if (!transactions) skip('the broker serves no transactions');
  const { lost, doubled, wrong } = await scenarios('exactly-once');
  expect({ lost, doubled, wrong }).toEqual({ lost: 0, doubled: 0, wrong: 0 });
});

test('at least once: nothing lost, some doubled', async () => {
  const { lost, doubled } = await scenarios('at-least-once');
  expect(lost).toBe(0);
  expect(doubled).toBeGreaterThan(0);
});

test('at most once: nothing doubled, some lost', async () => {
  const { lost, doubled, wrong } = await scenarios('at-most-once');
  expect({ doubled, wrong }).toEqual({ doubled: 0, wrong: 0 });
  expect(lost).toBeGreaterThan(0);
});
