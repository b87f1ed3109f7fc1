import { wordCounts } from '../engines.mjs';
import { compare, ratioMisses } from '../throughput.mjs';

export default {
  about: "word count with the user's own reduce: 5 million words, every update comes out",
  runs: 5,
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: async (options) => compare(await wordCounts('reduce'), options),
  misses: ratioMisses(1.0),
};
