import type { OutputTag } from '../engine/channels/output-tag.js';
import type { StreamNode } from '../engine/graph/graph.js';
import type { Partitioner } from '../engine/graph/partitioner.js';

/** One of the nodes a stream comes from; several after a union. */
export interface Origin {
  readonly node: StreamNode;
  readonly tag?: OutputTag<unknown> | undefined;
  readonly partitioner?: Partitioner | undefined;
}
