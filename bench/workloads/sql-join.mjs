import { compare, own } from '../throughput.mjs';

const ROWS = 1_000_000;

export default {
  about: 'an inner join of two inputs of a million rows each: memory per row kept',
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: (options) =>
    compare(
      {
        streambook: {
          command: own('sql-join', String(ROWS)),
          events: 2 * ROWS,
          end: /^END joined=1000000 total=6000000 bytesPerRow=(?<bytesPerRow>\d+)$/,
        },
      },
      options,
    ),
};
