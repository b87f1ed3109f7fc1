import { compare, own } from '../throughput.mjs';

const GOAL_MS = 50;

export default {
  about: 'from the call to the first result of the smallest program, in a process that has just begun',
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: (options) =>
    compare({ streambook: { command: own('first'), events: 4, end: /^END ms=(?<callToResultMs>[\d.]+)$/ } }, options),
  /** @param {Record<string, { callToResultMs?: number }>} results */
  misses({ streambook }) {
    const ms = streambook?.callToResultMs ?? Number.NaN;
    return ms <= GOAL_MS ? [] : [`the first result came after ${ms} ms; the goal is ${GOAL_MS}`];
  },
};
