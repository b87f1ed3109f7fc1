// node checkpoint.mjs KEYS WARM_UP EVENTS PAIRS: a rolling sum over as many keys with a checkpoint to disk each second, and, in
// the same process, as many pairs of jobs without and with them. Prints the rate of the events after those of the warm-up, the
// longest pause, which is what a checkpoint holds processing up, and what checkpoints cost in the pair in the middle.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamEnv } from 'streambook';
import { median } from '../table.mjs';
import { ownTime } from './own-time.mjs';

const [keys = 0, warmUp = 0, events = 0, pairs = 0] = process.argv.slice(2).map(Number);
const seen = { events: 0, sums: 0, pauseMs: 0, sizeMb: 0, completed: 0, failed: 0 };

/**
 * @param {boolean} checkpoints
 * @returns {Promise<number>} events per second after the warm-up
 */
async function rate(checkpoints) {
  const storage = mkdtempSync(join(tmpdir(), 'streambook-bench-'));
  const env = streamEnv(checkpoints ? { checkpointing: { intervalMs: 1000, storage } } : {});
  let began = 0;
  let ended = 0;
  let count = 0;
  env
    .fromSequence(0, warmUp + events - 1)
    .map((i) => ({ key: `key ${(i * 7919) % keys}`, n: 1 }))
    .keyBy((r) => r.key)
    .sum('n')
    .forEach((r) => {
      count++;
      if (count === 1 && seen.events === 0) console.log(`${r.key},${r.n}`);
      if (count === warmUp) began = ownTime();
      if (count === warmUp + events) ended = ownTime();
      // The last count of each key is the sum of its steps.
      seen.sums += 2 * r.n - 1;
    });
  const job = await env.executeAsync('checkpoint');
  const look = setInterval(() => {
    const { last } = job.checkpoints;
    if (last === undefined) return;
    seen.pauseMs = Math.max(seen.pauseMs, last.pauseMs);
    seen.sizeMb = Math.max(seen.sizeMb, last.sizeBytes / 1_000_000);
  }, 5);
  await job.wait();
  clearInterval(look);
  rmSync(storage, { recursive: true });
  seen.events += count;
  seen.completed += job.checkpoints.completed;
  seen.failed += job.checkpoints.failed;
  return (1000 * events) / (ended - began);
}

/** @type {number[]} */
const costs = [];
const rates = [await rate(true)];
for (let i = 0; i < pairs; i++) {
  // Every other time the other way round: neither always comes first.
  const first = await rate(i % 2 === 0);
  const second = await rate(i % 2 !== 0);
  const [on, off] = i % 2 === 0 ? [first, second] : [second, first];
  rates.push(on);
  costs.push(100 * (1 - on / off));
}
console.log(
  `END events=${seen.events} sumsq=${seen.sums} failed=${seen.failed} rate=${Math.round(median(rates))} ` +
    `checkpoints=${seen.completed} pauseMs=${Math.round(seen.pauseMs)} sizeMb=${Math.round(seen.sizeMb)} ` +
    `costPercent=${(pairs === 0 ? 0 : median(costs)).toFixed(2)}`,
);
