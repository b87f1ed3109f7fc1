// A real cluster
export type { Cluster, ClusterOptions } from './cluster.js';
export { cluster } from './connect.js';
export { ClusterConnectionError, ClusterRefusal, FlinkError } from './errors.js';
