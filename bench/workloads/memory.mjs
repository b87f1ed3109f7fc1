import { compare, own } from '../throughput.mjs';

const EVENTS = 10_000_000;

export default {
  about: 'ten million events of a thousand keys: resident memory after the first million, and at the end',
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: (options) =>
    compare(
      {
        streambook: {
          command: own('memory', String(EVENTS)),
          events: EVENTS,
          end: /^END events=10000000 windowed=10000000 atMillionMb=(?<atMillionMb>\d+) atEndMb=(?<atEndMb>\d+)$/,
        },
      },
      options,
    ),
  /** @param {Record<string, { atMillionMb?: number, atEndMb?: number }>} results */
  misses({ streambook }) {
    const ratio = (streambook?.atEndMb ?? Number.NaN) / (streambook?.atMillionMb ?? Number.NaN);
    return ratio <= 1.1
      ? []
      : [`memory grew to ${ratio.toFixed(2)} times that after the first million; the goal is 1.1`];
  },
};
