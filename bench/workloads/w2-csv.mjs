import { transactionsFile } from '../inputs.mjs';
import { compare, own, peer, ratioMisses } from '../throughput.mjs';

const ROWS = 2_000_000;
const END = /^END (rows=2000000 )?results=27800 total=7507916117( late=0)?$/;

export default {
  about: 'transactions, read by the csv format, filtered, summed per name and minute',
  /** @param {{ runs: number, report: (line: string) => void }} options */
  async run(options) {
    const file = await transactionsFile(2_000_000);
    return compare(
      {
        streambook: { command: own('w2', file, 'csv'), end: END },
        'js-objects': { command: peer('tx_objects', file), end: END },
        'js-fast': { command: peer('tx_fast', file), end: END },
      },
      ROWS,
      options,
    );
  },
  misses: ratioMisses(3.5),
};
