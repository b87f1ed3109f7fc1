import { wordsFile } from '../inputs.mjs';
import { compare, own, peer, ratioMisses } from '../throughput.mjs';

const WORDS = 5_000_000;
const END = /^END words=5000000 .*sumsq=45272966862$/;

export default {
  about: "word count with sum('n'): 5 million words, every update comes out",
  /** @param {{ runs: number, report: (line: string) => void }} options */
  async run(options) {
    const file = await wordsFile(500_000);
    return compare(
      {
        streambook: { command: own('w1', file, 'sum'), end: END },
        'js-objects': { command: peer('wordcount_objects', file), end: END },
        'js-fast': { command: peer('wordcount_fast', file), end: END },
      },
      WORDS,
      options,
    );
  },
  misses: ratioMisses(1.25),
};
