import { RecordBatch } from '../../../wire/record-batch.js';
import { recordsOf } from '../../../wire/records.js';
import type { PartitionLog } from '../partition-log.js';
import { scanBatches } from '../scan.js';
import type { Segment } from '../segment.js';
import { AbortedBatches } from './aborted-batches.js';
import { type Cleaning, cleanBatch } from './clean-batch.js';
import { OffsetMap } from './offset-map.js';
import { replaceSegments } from './replace.js';

/** How a run is done. */
export interface CompactOptions {
  /** Memory for the keys of one run. Default 64 MiB. Kafka: `log.cleaner.dedupe.buffer.size`, there 128 MiB. */
  readonly maxMapBytes?: number;
}

const MAX_MAP_BYTES = 64 * 1024 * 1024;
/** What is read, looked at and written before others get their turn. */
const SLICE_BYTES = 256 * 1024;

/**
 * Compacts a log, if enough has been written since the last time: keeps the last record of each key. The active segment,
 * open transactions and what is younger than `min.compaction.lag.ms` are left alone.
 *
 * @returns how many segments were rewritten
 * @throws an error when a segment turns out to be damaged (nothing is lost then) or the disk refuses something
 * @see Kafka: Log Compaction, https://kafka.apache.org/documentation/#compaction
 */
export async function compact(log: PartitionLog, options: CompactOptions = {}): Promise<number> {
  // Nothing of these was left by the last run, and whoever was reading the old segments has finished by now.
  log.producers.forgetAborted(log.cleanedUpTo);
  const limit = await cleanableUpTo(log);
  if (limit === undefined) return 0;
  const startOffset = log.startOffset;
  const aborted = new AbortedBatches(log.producers.abortedBetween(startOffset, limit));
  const latest = new OffsetMap(options.maxMapBytes ?? MAX_MAP_BYTES);
  const upTo = await fill(log, latest, aborted, limit);
  const cleaning: Cleaning = {
    latest,
    upTo,
    startOffset,
    aborted,
    producers: log.producers,
    now: log.context.now(),
    deleteRetentionMs: log.config.deleteRetentionMs,
    seen: new Set(),
  };
  let rewritten = 0;
  for (const group of groupsOf(log, upTo)) {
    if (log.closed) return rewritten;
    rewritten += await rewrite(log, group, cleaning);
  }
  if (log.closed) return rewritten;
  log.cleanedUpTo = Math.max(log.cleanedUpTo, upTo);
  await log.checkpoint();
  return rewritten;
}

/** Where compaction may go to; undefined when it is not worth while yet. */
async function cleanableUpTo(log: PartitionLog): Promise<number | undefined> {
  const { minCompactionLagMs, maxCompactionLagMs, minCleanableDirtyRatio } = log.config;
  const now = log.context.now();
  let limit = Math.min(log.stableOffset, log.active.baseOffset);
  let clean = 0;
  let dirty = 0;
  let overdue = false;
  for (const [index, segment] of log.segments.entries()) {
    if (segment === log.active || segment.baseOffset >= limit) break;
    const next = log.segments[index + 1]!.baseOffset;
    if (next <= log.cleanedUpTo) {
      clean += segment.size;
      continue;
    }
    if (segment.maxTimestamp === undefined) await segment.load();
    const newest = segment.maxTimestamp ?? -1;
    if (minCompactionLagMs > 0 && newest > now - minCompactionLagMs) {
      limit = Math.min(limit, segment.baseOffset);
      break;
    }
    overdue ||= newest >= 0 && now - newest > maxCompactionLagMs;
    dirty += segment.size;
  }
  if (limit <= Math.max(log.cleanedUpTo, log.startOffset) || dirty === 0) return undefined;
  return overdue || dirty / (clean + dirty) > minCleanableDirtyRatio ? limit : undefined;
}

/** Notes the last offset of each key that is written before `limit`, and returns how far it came. */
async function fill(log: PartitionLog, latest: OffsetMap, aborted: AbortedBatches, limit: number): Promise<number> {
  const from = Math.max(log.cleanedUpTo, log.startOffset);
  let reached = from;
  for (const segment of [...log.segments]) {
    if (segment === log.active || segment.baseOffset >= limit || latest.isFull) break;
    const next = log.segments[log.segments.indexOf(segment) + 1]?.baseOffset ?? limit;
    if (next <= from) continue;
    const start = segment.baseOffset >= from ? 0 : await segment.positionOf(from);
    const whole = await inSlices(log, segment, start, (batch) => {
      if (batch.baseOffset >= limit || (latest.isFull && batch.baseOffset > from)) return false;
      reached = batch.nextOffset;
      if (batch.isControl || aborted.has(batch)) return true;
      for (const { key, offset } of recordsOf(batch)) if (key !== null) latest.put(key, offset);
      return true;
    });
    if (whole) reached = Math.max(reached, Math.min(next, limit));
  }
  return reached;
}

/**
 * Goes through a segment, letting others have their turn in between.
 *
 * @param visit `false` ends it
 * @param slice done after each slice
 * @returns whether it came to the end
 */
async function inSlices(
  log: PartitionLog,
  segment: Segment,
  from: number,
  visit: (batch: RecordBatch) => boolean,
  slice?: () => Promise<void>,
): Promise<boolean> {
  const end = segment.size;
  for (let position = from; position < end; ) {
    if (log.closed) return false;
    let bytes = 0;
    let stopped = false;
    const options = { from: position, to: end, whole: true, chunkBytes: SLICE_BYTES };
    const reached = await scanBatches(segment.file, options, (batch) => {
      if (bytes >= SLICE_BYTES) return false;
      bytes += batch.byteLength;
      stopped = !visit(batch);
      return !stopped;
    });
    await slice?.();
    if (stopped) return false;
    if (reached === position) throw new Error(`${segment.path}.log is damaged at byte ${position}: not compacted`);
    position = reached;
  }
  return true;
}

/** Segments that become one, since together they are no larger than one may be. */
function groupsOf(log: PartitionLog, upTo: number): Segment[][] {
  const groups: Segment[][] = [];
  let bytes = 0;
  for (const [index, segment] of log.segments.entries()) {
    if (segment === log.active || segment.baseOffset >= upTo) break;
    const next = log.segments[index + 1]!.baseOffset;
    const group = groups.at(-1);
    const fits =
      group !== undefined &&
      bytes + segment.size <= log.config.segmentBytes &&
      next - 1 - group[0]!.baseOffset <= 0x7fffffff;
    if (fits) group.push(segment);
    else groups.push([segment]);
    bytes = segment.size + (fits ? bytes : 0);
  }
  return groups;
}

/** Writes what is left of a group into a new file and puts that in its place; returns how many segments went. */
async function rewrite(log: PartitionLog, group: readonly Segment[], cleaning: Cleaning): Promise<number> {
  return replaceSegments(log, group, async (append) => {
    let changed = group.length > 1;
    let out: Buffer[] = [];
    const flush = async (): Promise<void> => {
      const chunks = out;
      out = [];
      if (chunks.length > 0) await append(chunks);
    };
    for (const segment of group) {
      const whole = await inSlices(
        log,
        segment,
        0,
        (batch) => {
          const left = cleanBatch(batch, cleaning);
          if (left !== batch) changed = true;
          // What was scanned is overwritten by the next slice.
          if (left instanceof RecordBatch) out.push(Buffer.from(left.bytes()));
          else if (left !== undefined) out.push(left);
          return true;
        },
        flush,
      );
      if (!whole) return false;
    }
    return changed;
  });
}
