import { withCluster } from '../cluster/with-cluster.mjs';
import { compare, own } from '../throughput.mjs';

const ROWS = 1_000_000;
/** The bare loop makes no rows of the answers; the gateway makes the pages meanwhile. */
const GOAL = 0.9;
const GROWTH_MB = 50;

const end = new RegExp(
  `^END rows=${ROWS} rowsPerSecond=(?<rowsPerSecond>\\d+) heapGrowthMb=(?<heapGrowthMb>-?[\\d.]+) rssMb=(?<rssMb>\\d+)$`,
);

/** @type {import('../run.mjs').Workload} */
export default {
  about: 'a million rows of six columns from a real Flink, beside a bare loop over its SQL Gateway',
  run: (options) =>
    withCluster((gateway) => {
      /** @param {string} who */
      const program = (who) => ({ command: own('cluster-rows', who, gateway, String(ROWS)), events: ROWS, end });
      return compare({ streambook: program('streambook'), gateway: program('gateway') }, options);
    }, options.report),
  misses(results) {
    const ratio = Number(results.streambook?.rowsPerSecond) / Number(results.gateway?.rowsPerSecond);
    const growth = Number(results.streambook?.heapGrowthMb);
    return [
      ...(ratio >= GOAL
        ? []
        : [`streambook reads ${ratio.toFixed(2)} times as fast as the bare loop; the goal is ${GOAL}`]),
      ...(growth < GROWTH_MB ? [] : [`memory grew by ${growth} MB; the goal is ${GROWTH_MB}`]),
    ];
  },
};
