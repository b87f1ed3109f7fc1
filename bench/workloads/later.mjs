import { compare, own, pairedRatio } from '../throughput.mjs';

/** How many events a program has, and their sum. */
const JOBS = { steps: { events: 20_000_000, sum: 266666693333310 }, words: { events: 4_000_000, sum: 8_002_000_000 } };

/** How much of its rate a job keeps when others have run before. */
const GOAL = 0.9;

export default {
  about: 'a job run again in the same process: at once, and after eight others',
  runs: 7,
  /** @param {{ runs: number, report: (line: string) => void }} options */
  async run(options) {
    /** @type {Record<string, { ratio?: number, runs: readonly unknown[] }>} */
    const results = {};
    for (const [program, { events, sum }] of Object.entries(JOBS)) {
      const job = (/** @type {string} */ when) => ({
        command: own('later', program, when),
        events,
        end: new RegExp(`^END sum=${sum} rate=(?<eventsPerSecond>\\d+)$`),
      });
      const second = `${program}-second`;
      const later = `${program}-later`;
      const two = await compare({ [second]: job('second'), [later]: job('later') }, options);
      Object.assign(results, two, { [later]: { ...two[later], ratio: pairedRatio(two, later, second) } });
    }
    return results;
  },
  /** @param {Record<string, { ratio?: number }>} results */
  misses: (results) =>
    Object.entries(results).flatMap(([engine, { ratio = 1 }]) =>
      ratio >= GOAL ? [] : [`${engine}: ${ratio.toFixed(2)} of the rate that it has at once; the goal is ${GOAL}`],
    ),
};
