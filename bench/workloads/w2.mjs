import { transactionSums } from '../engines.mjs';
import { compare, ratioMisses } from '../throughput.mjs';

export default {
  about: 'transactions, split in a map, filtered, summed per name and minute',
  runs: 5,
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: async (options) => compare(await transactionSums('split'), options),
  misses: ratioMisses(1.3),
};
