import { cluster } from 'streambook';
import { readBare } from '../cluster/gateway.mjs';
import { withCluster } from '../cluster/with-cluster.mjs';
import { median } from '../table.mjs';

const GOAL_MS = 100;
/** They do not count: the first queries of a cluster are slow, and of a process too. */
const WARM_UP = 3;

const table = `CREATE TABLE ticks (n INT, name STRING) WITH ('connector' = 'datagen', 'rows-per-second' = '1000',
  'fields.n.min' = '0', 'fields.n.max' = '9')`;
const query = 'SELECT n, name FROM ticks WHERE n < 9';

/** @param {import('streambook').Cluster} flink */
async function ours(flink) {
  const began = performance.now();
  const result = await flink.execute((t) => {
    t.executeSql(table);
    return t.sqlQuery(query);
  });
  let ms = Number.NaN;
  for await (const _ of result) {
    ms = performance.now() - began;
    break;
  }
  return ms;
}

/** @param {string} gateway */
async function bare(gateway) {
  const began = performance.now();
  let ms = Number.NaN;
  await readBare(gateway, [table, query], () => {
    ms = performance.now() - began;
    return false;
  });
  return ms;
}

/** @param {import('streambook').Cluster} flink */
async function idle(flink) {
  for (;;) {
    const { slots, freeSlots } = await flink.overview();
    if (freeSlots === slots) return;
  }
}

/** @type {import('../run.mjs').Workload} */
export default {
  about:
    'from the call to the first row of a streaming SELECT on a real Flink, beside a bare loop over its SQL Gateway',
  runs: 15,
  run: ({ runs, report }) =>
    withCluster(async (gateway) => {
      const flink = await cluster(gateway);
      /** @type {{ streambook: number, gateway: number }[]} */
      const pairs = [];
      for (let i = -WARM_UP; i < runs; i++) {
        /** @type {Record<string, number>} */
        const pair = {};
        // Each of them goes first in every other pair.
        for (const who of i % 2 === 0 ? ['streambook', 'gateway'] : ['gateway', 'streambook']) {
          await idle(flink);
          pair[who] = who === 'gateway' ? await bare(gateway) : await ours(flink);
        }
        const { streambook = Number.NaN, gateway: plain = Number.NaN } = pair;
        if (i < 0) continue;
        pairs.push({ streambook, gateway: plain });
        report(`streambook ${streambook.toFixed(0)} ms, bare gateway ${plain.toFixed(0)} ms`);
      }
      await flink.close();
      return {
        streambook: {
          firstResultMs: median(pairs.map((pair) => pair.streambook)),
          addsMs: median(pairs.map((pair) => pair.streambook - pair.gateway)),
          runs: pairs.map((pair) => pair.streambook),
        },
        gateway: { firstResultMs: median(pairs.map((pair) => pair.gateway)), runs: pairs.map((pair) => pair.gateway) },
      };
    }, report),
  misses({ streambook }) {
    const ms = Number(streambook?.addsMs);
    return ms < GOAL_MS
      ? []
      : [`the first row comes ${ms.toFixed(0)} ms after the bare gateway's; the goal is ${GOAL_MS}`];
  },
};
