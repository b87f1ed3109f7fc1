import { compare, own } from '../throughput.mjs';

/**
 * @param {number} keys
 * @param {number} rounds events per key
 * @param {number} intervalMs
 */
const sums = (keys, rounds, intervalMs) => ({
  command: own('checkpoint', String(keys), String(keys * rounds), String(intervalMs)),
  events: keys * rounds,
  end: new RegExp(
    `^END events=${keys * rounds} sumsq=${keys * rounds ** 2} failed=0 ` +
      'checkpoints=(?<checkpoints>\\d+) pauseMs=(?<pauseMs>\\d+) sizeMb=(?<sizeMb>\\d+)$',
  ),
});

export default {
  about: 'checkpoints to disk: one a second with 100,000 keys against none; how long one of a million keys holds up',
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: (options) =>
    compare(
      {
        'without-checkpoints': sums(100_000, 150, 0),
        'one-a-second': sums(100_000, 150, 1000),
        'million-keys': sums(1_000_000, 8, 1000),
      },
      options,
    ),
  /** @param {Record<string, { eventsPerSecond?: number, pauseMs?: number }>} results */
  misses(results) {
    const without = results['without-checkpoints']?.eventsPerSecond ?? Number.NaN;
    const cost = 1 - (results['one-a-second']?.eventsPerSecond ?? Number.NaN) / without;
    const pauseMs = results['million-keys']?.pauseMs ?? Number.NaN;
    return [
      ...(cost <= 0.1
        ? []
        : [`one checkpoint a second costs ${(100 * cost).toFixed(0)} % of the throughput; the goal is 10`]),
      ...(pauseMs < 1000
        ? []
        : [`a checkpoint of a million keys pauses for ${pauseMs} ms; the goal is less than 1000`]),
    ];
  },
};
