import { transactionsInSql } from '../engines.mjs';
import { race } from '../throughput.mjs';

export default {
  about: 'transactions in SQL: a csv file, filtered, summed per name and minute',
  ...race(transactionsInSql, 2.0, 'js-fast'),
};
