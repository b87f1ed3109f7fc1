import { compare, own } from '../throughput.mjs';

const ROWS = 1_000_000;
const GOAL_MS = 1000;

export default {
  about:
    'a million rows of four columns, from an arquero frame and to one; 100,000 to danfojs (loading it included) and back',
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: (options) =>
    compare(
      {
        streambook: {
          command: own('frames', String(ROWS)),
          events: ROWS,
          end: /^END rows=1000000 fromArqueroMs=(?<fromArqueroMs>\d+) toArqueroMs=(?<toArqueroMs>\d+) toDanfoMs=(?<toDanfoMs>\d+) fromDanfoMs=(?<fromDanfoMs>\d+)$/,
        },
      },
      options,
    ),
  /** @param {Record<string, { toArqueroMs?: number }>} results */
  misses({ streambook }) {
    const ms = streambook?.toArqueroMs ?? Number.NaN;
    return ms <= GOAL_MS ? [] : [`a million rows to arquero took ${ms} ms; the goal is ${GOAL_MS}`];
  },
};
