import { compare, own } from '../throughput.mjs';

const GOAL_MS = 100;

export default {
  about: 'from the call to the first row of a SELECT over VALUES, in a process that has just begun',
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: (options) =>
    compare(
      { streambook: { command: own('sql-first'), events: 2, end: /^END rows=2 ms=(?<callToFirstRowMs>[\d.]+)$/ } },
      options,
    ),
  /** @param {Record<string, { callToFirstRowMs?: number }>} results */
  misses({ streambook }) {
    const ms = streambook?.callToFirstRowMs ?? Number.NaN;
    return ms <= GOAL_MS ? [] : [`the first row came after ${ms} ms; the goal is ${GOAL_MS}`];
  },
};
