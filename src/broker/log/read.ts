import { BATCH_HEADER_BYTES, RecordBatch } from '../../wire/record-batch.js';
import type { BufferPool } from './buffer-pool.js';
import type { PartitionLog } from './partition-log.js';
import type { Segment } from './segment.js';

/** What to read of a partition. */
export interface ReadRequest {
  /** Within the log: from its start offset to its end offset. */
  readonly offset: number;
  /** How much to return at most. */
  readonly maxBytes: number;
  /** Batches from this offset on are not returned. */
  readonly upTo: number;
  /** Returns the first batch even if it alone is larger than `maxBytes`, so that a consumer never gets stuck. */
  readonly atLeastOne: boolean;
}

/** Read on top, because the index leads to a place a little before the batch that is wanted. */
const SLACK_BYTES = 16 * 1024;

/**
 * Reads batches as they lie in the file, from the one that holds the offset on. The last one may be cut off in the middle,
 * as Kafka's answers are: clients ask again from there.
 *
 * @param pool lends the buffer
 * @returns a view into a buffer of the pool (give it back), or undefined when there is nothing to read
 */
export async function readLog(log: PartitionLog, request: ReadRequest, pool: BufferPool): Promise<Lent | undefined> {
  const { offset, maxBytes, atLeastOne } = request;
  if (offset >= request.upTo || (maxBytes <= 0 && !atLeastOne)) return undefined;
  for (let index = segmentIndex(log, offset); index < log.segments.length; index++) {
    const segment = log.segments[index]!;
    const end = await visibleEnd(log, segment, index, request.upTo);
    let from = await segment.floorPosition(offset);
    while (from < end) {
      const lent = pool.lend(Math.min(Math.max(maxBytes + SLACK_BYTES, BATCH_HEADER_BYTES), end - from));
      const count = await segment.file.read(lent.view, from);
      const at = skipTo(lent.view, count, offset);
      if (count - at < BATCH_HEADER_BYTES) {
        lent.giveBack();
        // Nothing more can come if the file holds no further header.
        if (at === 0) return undefined;
        from += at;
        continue;
      }
      const firstBytes = new RecordBatch(lent.view, at).byteLength;
      if (firstBytes <= Math.min(count - at, maxBytes)) {
        lent.view = lent.view.subarray(at, Math.min(count, at + maxBytes));
        return lent;
      }
      lent.giveBack();
      return atLeastOne ? readWhole(segment, from + at, firstBytes, pool) : undefined;
    }
    // Compaction or retention changed the segments under us: look again where the offset lies.
    if (log.segments[index] !== segment) index = segmentIndex(log, offset) - 1;
  }
  return undefined;
}

/** A buffer of the pool, and the part of it that means something. */
export interface Lent {
  view: Buffer;
  giveBack(): void;
}

async function readWhole(segment: Segment, position: number, bytes: number, pool: BufferPool): Promise<Lent> {
  const lent = pool.lend(bytes);
  const count = await segment.file.read(lent.view, position);
  lent.view = lent.view.subarray(0, count);
  return lent;
}

/** Where the first batch that holds `offset` or a later one begins; beyond `count` when it is not in the buffer. */
function skipTo(buffer: Buffer, count: number, offset: number): number {
  let at = 0;
  while (count - at >= BATCH_HEADER_BYTES) {
    const batch = new RecordBatch(buffer, at);
    if (batch.lastOffset >= offset) return at;
    at += batch.byteLength;
  }
  return at;
}

/** The index of the segment that may hold `offset`. */
export function segmentIndex(log: PartitionLog, offset: number): number {
  let low = 0;
  let high = log.segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (log.segments[middle]!.baseOffset <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

async function visibleEnd(log: PartitionLog, segment: Segment, index: number, upTo: number): Promise<number> {
  if (upTo >= log.endOffset) return segment.size;
  const next = log.segments[index + 1];
  if (next !== undefined && next.baseOffset <= upTo) return segment.size;
  if (segment.baseOffset >= upTo) return 0;
  return segment.positionOf(upTo);
}
