import type { Cluster, ClusterOptions } from './cluster.js';
import { findCluster } from './find-cluster.js';

/**
 * Connects to a real Flink.
 *
 * @param url its SQL Gateway, `http://127.0.0.1:8083`. By default: `STREAMBOOK_CLUSTER`, then the cluster that
 *   `streambook cluster start` has started, then port 8083 of this machine
 * @throws ClusterConnectionError when nobody answers there
 * @example
 *   const program = (t: TableEnvironment) => t.sqlQuery('SELECT name, SUM(price) AS total FROM orders GROUP BY name');
 *   await tableEnv().execute(program).show();
 *   await (await (await cluster()).execute(program)).show();
 */
export async function cluster(url?: string, options: ClusterOptions = {}): Promise<Cluster> {
  // Loaded when it is asked for: most notebooks need none of it.
  const [{ Cluster: Connected }, { Gateway }] = await Promise.all([
    import('./cluster.js'),
    import('./gateway/gateway.js'),
  ]);
  const { timeoutMs } = options;
  return new Connected(await Gateway.connect(findCluster(url), timeoutMs === undefined ? {} : { timeoutMs }), options);
}
