import { compare, own } from '../throughput.mjs';

const KEYS = 1_000_000;

export default {
  about: 'GROUP BY with a million keys, two rows each: memory per key',
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: (options) =>
    compare(
      {
        streambook: {
          command: own('sql-groups', String(KEYS)),
          events: 2 * KEYS,
          // One row for the first of a key; for the second the old one is taken back.
          end: /^END changes=3000000 total=4000000 bytesPerKey=(?<bytesPerKey>\d+)$/,
        },
      },
      options,
    ),
};
