import { median } from '../table.mjs';
import { compare, own } from '../throughput.mjs';

/**
 * @param {number} keys
 * @param {number} warmUp rounds that do not count; a round is an event per key
 * @param {number} rounds
 * @param {number} pairs how often without checkpoints and with them
 */
function sums(keys, warmUp, rounds, pairs) {
  const each = warmUp + rounds;
  const jobs = 1 + 2 * pairs;
  return {
    command: own('checkpoint', String(keys), String(keys * warmUp), String(keys * rounds), String(pairs)),
    events: jobs * keys * each,
    end: new RegExp(
      `^END events=${jobs * keys * each} sumsq=${jobs * keys * each ** 2} failed=0 rate=(?<eventsPerSecond>\\d+) ` +
        'checkpoints=(?<checkpoints>\\d+) pauseMs=(?<pauseMs>\\d+) sizeMb=(?<sizeMb>\\d+) costPercent=(?<costPercent>-?[\\d.]+)$',
    ),
  };
}

export default {
  about: 'checkpoints to disk: one a second with 100,000 keys against none; how long one of a million keys holds up',
  /** @param {{ runs: number, report: (line: string) => void }} options */
  async run(options) {
    const { second, million } = await compare(
      { second: sums(100_000, 10, 100, 7), million: sums(1_000_000, 1, 8, 0) },
      options,
    );
    // The cost is that of the process in the middle, not that of the one whose rate is.
    const runs = /** @type {readonly unknown[]} */ (second?.runs ?? []);
    const costs = /** @type {{ costPercent: number }[]} */ (runs).map(({ costPercent }) => costPercent);
    return {
      'one-a-second': { ...second, costPercent: median(costs) },
      'million-keys': { ...million, costPercent: undefined },
    };
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
