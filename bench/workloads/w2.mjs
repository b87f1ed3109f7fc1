import { transactionSums } from '../engines.mjs';
import { race } from '../throughput.mjs';

export default {
  about: 'transactions, split in a map, filtered, summed per name and minute',
  ...race(() => transactionSums('split'), 1.3),
};
