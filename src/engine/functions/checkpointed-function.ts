import { during } from '../errors.js';
import type { OperatorContext } from '../operator-context.js';
import type { ListStateDescriptor, MapStateDescriptor } from '../state/descriptors.js';
import type { BroadcastState, OperatorListState } from '../state/operator-state.js';
import { RuntimeContext } from './runtime-context.js';

/** The state of a subtask that belongs to no key. */
export interface OperatorStateStore {
  /** A list; when the parallelism changes, its items are shared out evenly. */
  getListState<T>(descriptor: ListStateDescriptor<T>): OperatorListState<T>;
  /** A list of which every subtask gets all items at a restore. */
  getUnionListState<T>(descriptor: ListStateDescriptor<T>): OperatorListState<T>;
  /** A map that is the same in every subtask. */
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>;
}

/** What `initializeState` has around it. */
export interface FunctionInitializationContext {
  /** Whether the state comes from a snapshot. */
  isRestored(): boolean;
  getOperatorStateStore(): OperatorStateStore;
  /** The state per key, where the operator has one. */
  getKeyedStateStore(): RuntimeContext;
}

/** What `snapshotState` has around it. */
export interface FunctionSnapshotContext {
  getCheckpointId(): number;
  /** Epoch ms, by the environment's clock. */
  getCheckpointTimestamp(): number;
}

/**
 * A function object that keeps something in its fields and writes it into state when a snapshot is taken.
 *
 * @example
 *   class Batches extends ProcessFunction<string, string[]> implements CheckpointedFunction {
 *     private waiting: string[] = [];
 *     private saved!: OperatorListState<string>;
 *     initializeState(context: FunctionInitializationContext) {
 *       this.saved = context.getOperatorStateStore().getListState(new ListStateDescriptor<string>('waiting'));
 *       this.waiting = [...this.saved.get()];
 *     }
 *     snapshotState() { this.saved.update(this.waiting); }
 *     processElement(word: string, _context: ProcessContext, out: Collector<string[]>) {
 *       if (this.waiting.push(word) === 10) out.collect(this.waiting.splice(0));
 *     }
 *   }
 * @see Flink: Working with State, `CheckpointedFunction`
 */
export interface CheckpointedFunction {
  /** Called before `open`: at a first start, and after a restore. */
  initializeState(context: FunctionInitializationContext): void;
  /** Called between two elements; what is in state when it returns is in the snapshot. */
  snapshotState(context: FunctionSnapshotContext): void;
}

/** Lets a function that is one take part in snapshots. */
export function initialiseFunction(fn: Partial<CheckpointedFunction>, context: OperatorContext): void {
  const { operatorState } = context;
  fn.initializeState?.({
    isRestored: () => context.restored,
    getOperatorStateStore: () => ({
      getListState: (descriptor) => operatorState.listOf(descriptor, false),
      getUnionListState: (descriptor) => operatorState.listOf(descriptor, true),
      getBroadcastState: (descriptor) => operatorState.broadcast(descriptor),
    }),
    getKeyedStateStore: () => new RuntimeContext(context),
  });
  if (fn.snapshotState === undefined) return;
  context.beforeSnapshot.push((id, takenAt) => {
    try {
      fn.snapshotState?.({ getCheckpointId: () => id, getCheckpointTimestamp: () => takenAt });
    } catch (error) {
      throw during(context, `while it wrote its state for checkpoint ${id}`, error);
    }
  });
}
