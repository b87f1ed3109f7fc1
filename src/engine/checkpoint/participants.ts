import { type AtFault, during } from '../errors.js';
import { stateIdOf } from '../graph/graph.js';
import type { Execution } from '../run/execution.js';
import type { SourceTask } from '../run/source-task.js';
import { writeSnapshot } from './directory.js';
import type { Snapshot } from './snapshot.js';
import type { CompletedCheckpoint } from './stats.js';

/** What one wants of the next snapshot. */
export interface CheckpointRequest {
  /** Write it here besides: a savepoint. */
  readonly savepoint?: string | undefined;
  /** Nothing is processed after it. */
  readonly suspend?: boolean | undefined;
}

/** Somebody who waits for it. */
export interface Waiting extends CheckpointRequest {
  resolve(completed: CompletedCheckpoint): void;
  reject(error: unknown): void;
}

/** Says who failed, at once or later. */
export function named(who: AtFault, what: string, call: () => void | Promise<void>): Promise<void> | undefined {
  const failed = (error: unknown): never => {
    throw during(who, what, error);
  };
  try {
    const promise = call();
    return promise === undefined ? undefined : Promise.resolve(promise).catch(failed);
  } catch (error) {
    return failed(error);
  }
}

/** The job goes on without a savepoint that cannot be written, but one that stands still for it cannot. */
export async function writeSavepoint(snapshot: Snapshot, { savepoint, suspend, reject }: Waiting): Promise<void> {
  if (savepoint === undefined) return;
  try {
    await writeSnapshot(snapshot, savepoint);
  } catch (error) {
    reject(error);
    if (suspend) throw error;
  }
}

/** The readers of an attempt, and the positions that a snapshot holds of them. */
export function positionsIn(
  { meta }: Snapshot,
  { topology, graph }: Execution,
): { readonly source: SourceTask; readonly position: unknown }[] {
  return topology.sources.map((source) => {
    const { node, subtask } = source;
    const uid = stateIdOf(node, graph);
    return { source, position: meta.operators.find((operator) => operator.uid === uid)?.subtasks[subtask]?.position };
  });
}
