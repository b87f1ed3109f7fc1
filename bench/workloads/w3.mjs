import { transactionsInSql } from '../engines.mjs';
import { compare, ratioMisses } from '../throughput.mjs';

export default {
  about: 'transactions in SQL: a csv file, filtered, summed per name and minute',
  /** @param {{ runs: number, report: (line: string) => void }} options */
  run: async (options) => compare(await transactionsInSql(), options),
  misses: ratioMisses(2.0, 'js-fast'),
};
