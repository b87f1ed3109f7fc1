import type { Counter } from '../inspect/metrics.js';
import type { OperatorContext } from '../operator-context.js';
import type { KeyedStateStore } from '../state/backend.js';
import type { ListState, MapState } from '../state/collections.js';
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../state/descriptors.js';
import type { AggregatingState, ReducingState, ValueState } from '../state/views.js';

/** Where a function runs. @see Flink: `TaskInfo` */
export interface TaskInfo {
  getTaskName(): string;
  /** From 0. */
  getIndexOfThisSubtask(): number;
  getNumberOfParallelSubtasks(): number;
}

/**
 * What a user function has around it: its state, its place among the subtasks, its counters.
 *
 * @see Flink: `RuntimeContext`
 */
export class RuntimeContext implements KeyedStateStore {
  constructor(private readonly context: OperatorContext) {}

  /** The operator's name. */
  get taskName(): string {
    return this.context.name;
  }

  getIndexOfThisSubtask(): number {
    return this.context.subtask;
  }

  getNumberOfParallelSubtasks(): number {
    return this.context.parallelism;
  }

  /** Flink's newer way to the same: `getTaskInfo().getIndexOfThisSubtask()`. */
  getTaskInfo(): TaskInfo {
    return {
      getTaskName: () => this.taskName,
      getIndexOfThisSubtask: () => this.context.subtask,
      getNumberOfParallelSubtasks: () => this.context.parallelism,
    };
  }

  /** A counter that shows up in `job.metrics()` under this name. */
  counter(name: string): Counter {
    return this.context.metrics.counter(name);
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.context.keyed().getState(descriptor);
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.context.keyed().getListState(descriptor);
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.context.keyed().getMapState(descriptor);
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.context.keyed().getReducingState(descriptor);
  }

  getAggregatingState<IN, ACC, OUT>(
    descriptor: AggregatingStateDescriptor<IN, ACC, OUT>,
  ): AggregatingState<IN, ACC, OUT> {
    return this.context.keyed().getAggregatingState(descriptor);
  }
}
