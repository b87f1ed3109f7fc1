import type { RecordBatch } from '../../wire/record-batch.js';
import { recordsOf } from '../../wire/records.js';
import type { PartitionLog } from './partition-log.js';
import { scanBatches } from './scan.js';
import type { Segment } from './segment.js';

/** An offset with the timestamp of its record; both -1 when there is none. */
export interface FoundOffset {
  readonly offset: number;
  readonly timestamp: number;
}

const NOTHING: FoundOffset = { offset: -1, timestamp: -1 };

/**
 * The first record whose timestamp is `timestamp` or later, or the record with the largest timestamp.
 *
 * @param committed looks only at what readers of committed records may see
 * @see Kafka: ListOffsets, KIP-734
 */
export async function findOffset(
  log: PartitionLog,
  timestamp: number | 'latest-record',
  committed: boolean,
): Promise<FoundOffset> {
  const end = committed ? log.stableOffset : log.endOffset;
  const segments = [...log.segments];
  const maxima: number[] = [];
  for (const segment of segments) {
    if (segment.maxTimestamp === undefined) await segment.load();
    maxima.push(segment.maxTimestamp ?? -1);
  }
  if (timestamp === 'latest-record') {
    const largest = Math.max(...maxima);
    if (largest < 0) return NOTHING;
    const found = await inSegment(log, segments[maxima.indexOf(largest)]!, largest, end);
    return found ?? NOTHING;
  }
  for (const [index, segment] of segments.entries()) {
    if (maxima[index]! < timestamp) continue;
    const found = await inSegment(log, segment, timestamp, end);
    if (found !== undefined) return found;
  }
  return NOTHING;
}

async function inSegment(
  log: PartitionLog,
  segment: Segment,
  timestamp: number,
  end: number,
): Promise<FoundOffset | undefined> {
  const { times } = segment.indexes ?? (await segment.load());
  // The entry says: up to this batch nothing is as late as what we look for.
  const entry = times.floor(timestamp - 1);
  let from = await segment.floorPosition(entry < 0 ? segment.baseOffset : times.valueAt(entry));
  // Headers first: only the batch that holds the record is read as a whole.
  for (;;) {
    let position = -1;
    await scanBatches(segment.file, { from, to: segment.size, whole: false }, (batch, at) => {
      if (batch.maxTimestamp < timestamp || batch.lastOffset < log.startOffset || batch.isControl) return true;
      position = at;
      return false;
    });
    if (position < 0) return undefined;
    let found: FoundOffset | undefined;
    let next = position;
    await scanBatches(segment.file, { from: position, to: segment.size, whole: true }, (batch, at) => {
      if (at > position) return false;
      next = at + batch.byteLength;
      found = inBatch(batch, timestamp, log.startOffset);
      return true;
    });
    if (found !== undefined) return found.offset < end ? found : undefined;
    if (next === position) return undefined;
    from = next;
  }
}

function inBatch(batch: RecordBatch, timestamp: number, startOffset: number): FoundOffset | undefined {
  for (const record of recordsOf(batch)) {
    if (record.timestamp >= timestamp && record.offset >= startOffset) {
      return { offset: record.offset, timestamp: record.timestamp };
    }
  }
  return undefined;
}
