import { quoted } from '../../core/arguments.js';
import { ArgumentError } from '../../core/errors.js';
import { keyGroupOf, subtaskOfKeyGroup } from '../../core/key-groups.js';
import { keyIdOf } from '../../core/keys.js';

/** How the elements of one edge are spread over the subtasks of the operator below. */
export type Partitioner =
  /** Subtask i to subtask i; without the same parallelism on both sides: rebalance, or refused where it was asked for. */
  | { readonly kind: 'forward'; readonly asked?: boolean }
  /** By key group. */
  | { readonly kind: 'hash'; readonly key: (value: unknown) => unknown }
  /** In turn. */
  | { readonly kind: 'rebalance' }
  /** In turn, within the group of neighbours that the subtask is connected to. */
  | { readonly kind: 'rescale' }
  /** At random, from a seed of the edge, so that a run can be repeated. */
  | { readonly kind: 'shuffle' }
  /** To all. */
  | { readonly kind: 'broadcast' }
  /** To the first. */
  | { readonly kind: 'global' }
  /** By a function of the user's. */
  | {
      readonly kind: 'custom';
      readonly key: (value: unknown) => unknown;
      readonly partition: (key: unknown, partitions: number) => number;
    };

/** The function that names the target of an element, for one upstream subtask. Broadcast has none. */
export function chooser(
  partitioner: Partitioner,
  subtask: number,
  targets: number,
  maxParallelism: number,
): (value: unknown) => number {
  switch (partitioner.kind) {
    case 'hash':
      return (value) =>
        subtaskOfKeyGroup(keyGroupOf(keyIdOf(partitioner.key(value)), maxParallelism), maxParallelism, targets);
    case 'global':
      return () => 0;
    case 'shuffle':
      return shuffle(subtask, targets);
    case 'custom':
      return (value) => {
        const target = partitioner.partition(partitioner.key(value), targets);
        if (Number.isInteger(target) && target >= 0 && target < targets) return target;
        throw new ArgumentError(`partitionCustom: the partitioner returned ${quoted(target)}, not 0 to ${targets - 1}`);
      };
    default: {
      // Flink: rebalance begins anywhere, rescale with the first neighbour.
      let next = partitioner.kind === 'rescale' ? 0 : subtask % targets;
      return () => {
        const target = next;
        next = next + 1 === targets ? 0 : next + 1;
        return target;
      };
    }
  }
}

// xorshift32
function shuffle(subtask: number, targets: number): () => number {
  let state = 0x9e3779b9 ^ (subtask + 1);
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % targets;
  };
}
