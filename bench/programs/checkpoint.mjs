// node checkpoint.mjs KEYS WARM_UP EVENTS INTERVAL_MS: a rolling sum over as many keys, a checkpoint to disk at intervals
// (0: none). Prints the rate of the events after those of the warm-up, and the longest pause, which is what a
// checkpoint holds processing up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamEnv } from 'streambook';
import { ownTime } from './own-time.mjs';

const [keys = 0, warmUp = 0, events = 0, intervalMs = 0] = process.argv.slice(2).map(Number);
const storage = mkdtempSync(join(tmpdir(), 'streambook-bench-'));
const env = streamEnv(intervalMs === 0 ? {} : { checkpointing: { intervalMs, storage } });
const seen = { events: 0, sums: 0 };
let pauseMs = 0;
let began = 0;
let ended = 0;
env
  .fromSequence(0, warmUp + events - 1)
  .map((i) => ({ key: `key ${(i * 7919) % keys}`, n: 1 }))
  .keyBy((r) => r.key)
  .sum('n')
  .forEach((r) => {
    const count = ++seen.events;
    if (count === 1) console.log(`${r.key},${r.n}`);
    if (count === warmUp) began = ownTime();
    if (count === warmUp + events) ended = ownTime();
    // The last count of each key is the sum of its steps.
    seen.sums += 2 * r.n - 1;
  });
const job = await env.executeAsync('checkpoint');
let sizeMb = 0;
const look = setInterval(() => {
  const { last } = job.checkpoints;
  if (last === undefined) return;
  pauseMs = Math.max(pauseMs, last.pauseMs);
  sizeMb = Math.max(sizeMb, last.sizeBytes / 1_000_000);
}, 5);
await job.wait();
clearInterval(look);
rmSync(storage, { recursive: true });
const { completed, failed } = job.checkpoints;
console.log(
  `END events=${seen.events} sumsq=${seen.sums} failed=${failed} rate=${Math.round((1000 * events) / (ended - began))} ` +
    `checkpoints=${completed} pauseMs=${Math.round(pauseMs)} sizeMb=${Math.round(sizeMb)}`,
);
