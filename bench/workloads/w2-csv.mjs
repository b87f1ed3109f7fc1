import { transactionSums } from '../engines.mjs';
import { race } from '../throughput.mjs';

export default {
  about: 'transactions, read by the csv format, filtered, summed per name and minute',
  ...race(() => transactionSums('csv'), 3.5),
};
