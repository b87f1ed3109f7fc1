import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { compileProgram } from './support/compile.js';
import * as driver from './support/driver.js';

let program = '';
let folder = '';
beforeAll(() => {
  program = compileProgram();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streambook-fault-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const POINTS = { 'exactly-once': ['before-fsync', 'after-fsync', 'published'], 'at-least-once': ['before-fsync'] };
const PER_SCENARIO = 7;

async function scenarios(guarantee: 'exactly-once' | 'at-least-once'): Promise<driver.Total> {
  const total = driver.noDifference();
  const killAt = driver.killPlan(POINTS[guarantee], 2000);
  const most = guarantee === 'exactly-once' ? driver.KILLS : driver.FEW_KILLS;
  for (let scenario = 0; total.kills < most; scenario++) {
    const base = join(folder, `${scenario}`);
    const input = `${base}-input.jsonl`;
    const list = driver.events(20_000);
    writeFileSync(input, list.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const output = `${base}-output`;
    const before = total.kills;
    const { kills } = await driver.runKilling(
      program,
      { kind: 'file', guarantee, input, output, storage: `${base}-checkpoints`, uid: 'fault', pauseMs: 25 },
      killAt,
      Math.min(PER_SCENARIO, most - before),
    );
    const written = readdirSync(output)
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) => readFileSync(join(output, name), 'utf8').split('\n').filter(Boolean));
    driver.add(total, { ...driver.compare(written, driver.expectedResults(list)), kills });
  }
  console.log(`file -> engine -> file, ${guarantee}:`, JSON.stringify(total));
  return total;
}

test('exactly once: nothing lost, nothing doubled', async () => {
  const { lost, doubled, wrong } = await scenarios('exactly-once');
  expect({ lost, doubled, wrong }).toEqual({ lost: 0, doubled: 0, wrong: 0 });
});

test('at least once: nothing lost', async () => {
  const { lost } = await scenarios('at-least-once');
  expect(lost).toBe(0);
});
