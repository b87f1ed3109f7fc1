import { compare, own } from '../throughput.mjs';

const GOAL_MS = 300;

export default {
  about: "import 'streambook' in a process that has just begun",
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: (options) =>
    compare({ streambook: { command: own('import'), events: 1, end: /^END ms=(?<importMs>[\d.]+)$/ } }, options),
  /** @param {Record<string, { importMs?: number }>} results */
  misses({ streambook }) {
    const ms = streambook?.importMs ?? Number.NaN;
    return ms <= GOAL_MS ? [] : [`the import took ${ms} ms; the goal is ${GOAL_MS}`];
  },
};
