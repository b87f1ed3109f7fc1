import { KafkaError } from '../kafka-error.js';
import type { PartitionLog } from './partition-log.js';
import type { Segment } from './segment.js';

/**
 * Kafka: `log.retention.check.interval.ms`. We look every second, so that a lesson with a short retention need not wait;
 * but records with timestamps of long ago stay as long as they may in Kafka, and not a second.
 */
const RETENTION_CHECK_INTERVAL_MS = 5 * 60_000;

/**
 * Deletes what `retention.ms`, `retention.bytes` and DeleteRecords have given up: whole segments, oldest first.
 *
 * @returns how many segments went
 * @see Kafka: `log.retention.*`, and `UnifiedLog.deleteOldSegments`
 */
export async function applyRetention(log: PartitionLog): Promise<number> {
  let deleted = 0;
  while (!log.closed && (await mayGo(log, log.segments[0]!))) {
    if (log.segments.length === 1) {
      const active = log.active;
      await log.exclusively(async () => {
        // Something may have been written while we waited.
        if (!log.closed && log.segments.length === 1 && (await mayGo(log, active))) await log.roll();
      });
      if (log.segments.length === 1) break;
    }
    const segment = log.segments.shift()!;
    log.unsynced.delete(segment);
    moveStart(log, log.segments[0]!.baseOffset);
    deleted++;
    await segment.remove();
  }
  return deleted;
}

async function mayGo(log: PartitionLog, segment: Segment): Promise<boolean> {
  const next = log.segments[1];
  if (segment.size === 0) {
    // Compaction may leave nothing of a segment, and yet the log begins where it began.
    return next !== undefined && (log.config.deletes || !log.config.compacts);
  }
  if (next !== undefined && next.baseOffset <= log.startOffset) return true;
  if (next === undefined && log.startOffset >= log.nextOffset) return true;
  if (!log.config.deletes) return false;
  const { retentionBytes, retentionMs } = log.config;
  if (retentionBytes >= 0 && next !== undefined && log.size - segment.size >= retentionBytes) return true;
  const now = log.context.now();
  if (retentionMs < 0 || now - segment.writtenAt < Math.min(retentionMs, RETENTION_CHECK_INTERVAL_MS)) return false;
  if (segment.maxTimestamp === undefined) await segment.load();
  const newest = segment.maxTimestamp ?? -1;
  return newest >= 0 && now - newest > retentionMs;
}

/**
 * Moves the start of the log, so that records before `offset` are not read any more, for good.
 *
 * @param offset -1 is the end
 * @returns the new start
 * @throws KafkaError OFFSET_OUT_OF_RANGE
 * @see Kafka: DeleteRecords
 */
export async function deleteRecords(log: PartitionLog, offset: number): Promise<number> {
  const target = offset === -1 ? log.endOffset : offset;
  if (target < 0 || target > log.endOffset) {
    throw new KafkaError('OFFSET_OUT_OF_RANGE', `${log.folder} ends at offset ${log.endOffset}, asked for ${offset}`);
  }
  if (target > log.startOffset) {
    moveStart(log, target);
    await log.checkpoint();
  }
  return log.startOffset;
}

function moveStart(log: PartitionLog, offset: number): void {
  if (offset <= log.startOffset) return;
  log.startOffset = offset;
  log.producers.forgetAborted(offset);
}
