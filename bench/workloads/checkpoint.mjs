import { compare, own, pairedCost } from '../throughput.mjs';

/**
 * @param {number} keys
 * @param {number} warmUp rounds that do not count; a round is an event per key
 * @param {number} rounds
 * @param {number} intervalMs
 */
const sums = (keys, warmUp, rounds, intervalMs) => ({
  command: own('checkpoint', String(keys), String(keys * warmUp), String(keys * rounds), String(intervalMs)),
  events: keys * (warmUp + rounds),
  end: new RegExp(
    `^END events=${keys * (warmUp + rounds)} sumsq=${keys * (warmUp + rounds) ** 2} failed=0 ` +
      'rate=(?<eventsPerSecond>\\d+) checkpoints=(?<checkpoints>\\d+) pauseMs=(?<pauseMs>\\d+) sizeMb=(?<sizeMb>\\d+)$',
  ),
});

export default {
  about: 'checkpoints to disk: one a second with 100,000 keys against none; how long one of a million keys holds up',
  runs: 5,
  /** @param {{ runs: number, report: (line: string) => void }} options */
  async run(options) {
    const pair = await compare(
      { 'without-checkpoints': sums(100_000, 50, 200, 0), 'one-a-second': sums(100_000, 50, 200, 1000) },
      options,
    );
    const costPercent = 100 * pairedCost(pair, 'one-a-second', 'without-checkpoints');
    const million = await compare(
      { 'million-keys': sums(1_000_000, 1, 8, 1000) },
      { ...options, runs: Math.min(3, options.runs) },
    );
    return { ...pair, 'one-a-second': { ...pair['one-a-second'], costPercent }, ...million };
  },
  /** @param {Record<string, { costPercent?: number, pauseMs?: number }>} results */
  misses(results) {
    const cost = results['one-a-second']?.costPercent ?? Number.NaN;
    const pauseMs = results['million-keys']?.pauseMs ?? Number.NaN;
    return [
      ...(cost <= 10 ? [] : [`one checkpoint a second costs ${cost.toFixed(1)} % of the throughput; the goal is 10`]),
      ...(pauseMs < 1000
        ? []
        : [`a checkpoint of a million keys pauses for ${pauseMs} ms; the goal is less than 1000`]),
    ];
  },
};
