// node checkpoint.mjs KEYS EVENTS INTERVAL_MS: a rolling sum over as many keys, a checkpoint to disk at intervals (0: none).
// Prints the longest pause, which is what the checkpoints hold processing up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamEnv } from 'streambook';

const [keys = 0, events = 0, intervalMs = 0] = process.argv.slice(2).map(Number);
const storage = mkdtempSync(join(tmpdir(), 'streambook-bench-'));
const env = streamEnv(intervalMs === 0 ? {} : { checkpointing: { intervalMs, storage } });
const seen = { events: 0, sums: 0 };
env
  .fromSequence(0, events - 1)
  .map((i) => ({ key: `key ${(i * 7919) % keys}`, n: 1 }))
  .keyBy((r) => r.key)
  .sum('n')
  .forEach((r) => {
    if (seen.events++ === 0) console.log(`${r.key},${r.n}`);
    // The last count of each key is the sum of its steps.
    seen.sums += 2 * r.n - 1;
  });
const job = await env.executeAsync('checkpoint');
let pauseMs = 0;
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
  `END events=${seen.events} sumsq=${seen.sums} failed=${failed} checkpoints=${completed} pauseMs=${Math.round(pauseMs)} sizeMb=${Math.round(sizeMb)}`,
);
