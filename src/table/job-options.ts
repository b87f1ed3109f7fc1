import type { ExecuteOptions } from '../datastream/environment.js';
import type { TableConfig } from './config.js';
import type { SinkTarget } from './physical/context.js';

/** Flink 1.20's name, and the one before it. */
const RECOVERY = ['execution.state-recovery.path', 'execution.savepoint.path'] as const;

/**
 * What a job of INSERTs is known by over all its lives, where its sinks say so (`'sink.transactional-id-prefix'`), and the
 * snapshot it goes on from: `SET 'execution.state-recovery.path' = 'latest'`, or a directory.
 *
 * @see Flink: Checkpoints, `execution.state-recovery.path`
 */
export function jobOptions(targets: readonly SinkTarget[], config: TableConfig): Omit<ExecuteOptions, 'name'> {
  const uids = [...new Set(targets.flatMap(({ jobUid }) => (jobUid === undefined ? [] : [jobUid])))].sort();
  const restoreFrom = RECOVERY.map((key) => config.get(key)).find((path) => path !== undefined);
  return {
    ...(uids.length === 0 ? {} : { uid: uids.join('+') }),
    ...(restoreFrom === undefined ? {} : { restoreFrom }),
  };
}
