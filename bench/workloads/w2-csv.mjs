import { transactionSums } from '../engines.mjs';
import { compare, ratioMisses } from '../throughput.mjs';

export default {
  about: 'transactions, read by the csv format, filtered, summed per name and minute',
  runs: 5,
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: async (options) => compare(await transactionSums('csv'), options),
  misses: ratioMisses(3.5),
};
