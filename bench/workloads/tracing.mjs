import { compare, own, pairedCost } from '../throughput.mjs';

const WORDS = 8;
const LINES = 500_000;
/** A traced job is many times slower. */
const TRACED_LINES = 20_000;

/**
 * @param {string} program
 * @param {string} first
 * @param {string} second
 * @param {number} lines
 */
const jobs = (program, first, second, lines = LINES) => ({
  command: own('tracing', program, first, second, String(lines)).toSpliced(1, 0, '--expose-gc'),
  events: lines * WORDS,
  end: new RegExp(`^END sum=${lines * WORDS} rate=(?<eventsPerSecond>\\d+)$`),
});

/** How far a rate may lie below the other by chance. */
const NOISE = 10;

export default {
  about: 'tracing switched off, after a job that was not traced, and after one that was; tracing switched on',
  // What V8 makes of a program differs from process to process, by more than what is looked for.
  runs: 15,
  /** @param {{ runs: number, report: (line: string) => void }} options */
  async run(options) {
    /** @type {Record<string, { costPercent?: number, runs: readonly unknown[] }>} */
    const results = {};
    for (const program of ['words', 'windows']) {
      const never = `${program}-never-traced`;
      const after = `${program}-off-after-on`;
      const on = `${program}-on`;
      const some = await compare(
        {
          [never]: jobs(program, 'off', 'off'),
          [after]: jobs(program, 'on', 'off'),
          [on]: jobs(program, 'off', 'on', TRACED_LINES),
        },
        options,
      );
      const cost = (/** @type {string} */ engine) => ({ costPercent: 100 * pairedCost(some, engine, never) });
      Object.assign(results, some, {
        [after]: { ...some[after], ...cost(after) },
        [on]: { ...some[on], ...cost(on) },
      });
    }
    return results;
  },
  /** @param {Record<string, { costPercent?: number }>} results */
  misses: (results) =>
    Object.entries(results).flatMap(([engine, { costPercent = 0 }]) =>
      engine.endsWith('-off-after-on') && !(costPercent < NOISE)
        ? [`${engine}: tracing that is off costs ${costPercent.toFixed(1)} %; the goal is nothing that can be measured`]
        : [],
    ),
};
