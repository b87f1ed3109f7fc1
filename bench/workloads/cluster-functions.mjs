import { withCluster } from '../cluster/with-cluster.mjs';
import { compare, own } from '../throughput.mjs';

const ROWS = 2_000_000;
const end = new RegExp(`^END rows=${ROWS} rowsPerSecond=(?<rowsPerSecond>\\d+)$`);

/** @type {import('../run.mjs').Workload} */
export default {
  about:
    'the same as an expression of SQL and as a function of TypeScript, inside a real Flink (start of the job included)',
  run: (options) =>
    withCluster((gateway) => {
      const programs = ['numeric', 'filter', 'text'].flatMap((task) =>
        ['sql', 'function'].map((who) => [
          `${task}-${who}`,
          { command: own('cluster-functions', task, who, gateway, String(ROWS)), events: ROWS, end },
        ]),
      );
      return compare(Object.fromEntries(programs), options);
    }, options.report),
};
