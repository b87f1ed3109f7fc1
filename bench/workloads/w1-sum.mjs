import { wordCounts } from '../engines.mjs';
import { compare, ratioMisses } from '../throughput.mjs';

export default {
  about: "word count with sum('n'): 5 million words, every update comes out",
  runs: 5,
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: async (options) => compare(await wordCounts('sum'), options),
  misses: ratioMisses(1.25),
};
