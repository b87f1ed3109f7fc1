import { CHECKPOINT_FILE, type Checkpoint, decodeCheckpoint } from './checkpoint.js';
import { liveSegments, parseSegmentFile, type SegmentFile } from './compaction/replace.js';
import type { LogConfig } from './log-config.js';
import { type LogContext, PartitionLog } from './partition-log.js';
import { scanBatches } from './scan.js';
import type { Segment } from './segment.js';

/**
 * Opens the log of a partition, or begins a new one. What was written after the last checkpoint is checked batch by
 * batch; the first one that is torn or damaged ends the log, and it and all behind it is cut off.
 *
 * @param folder an existing folder of the storage
 */
export async function openLog(context: LogContext, folder: string, config: LogConfig): Promise<PartitionLog> {
  const log = new PartitionLog(context, folder, config);
  const checkpoint = decodeCheckpoint(context.storage.readWhole(`${folder}/${CHECKPOINT_FILE}`));
  const files: SegmentFile[] = [];
  for (const { name } of context.storage.list(folder)) {
    const file = parseSegmentFile(name);
    if (file !== undefined) files.push(file);
    // Begun and not finished: a replacement that a crash interrupted.
    else if (name.endsWith('.new')) await context.storage.remove(`${folder}/${name}`);
  }
  const { live, replaced } = liveSegments(files);
  for (const { name } of replaced) {
    for (const ending of ['log', 'index', 'timeindex']) await context.storage.remove(`${folder}/${name}.${ending}`);
  }
  for (const { baseOffset, name, generation } of live) log.segments.push(log.newSegment(baseOffset, name, generation));
  if (live.length === 0) log.segments.push(log.newSegment(checkpoint?.nextOffset ?? 0));

  if (checkpoint !== undefined) log.producers.restore(checkpoint.producers);
  await recover(log, checkpoint);
  log.endOffset = log.nextOffset;
  const first = log.segments[0]!.baseOffset;
  log.startOffset = Math.min(log.endOffset, Math.max(first, checkpoint?.logStartOffset ?? first));
  log.cleanedUpTo = Math.min(log.endOffset, checkpoint?.cleanedUpTo ?? 0);
  return log;
}

/** Begins a log in a new and empty folder. */
export function newLog(context: LogContext, folder: string, config: LogConfig): PartitionLog {
  const log = new PartitionLog(context, folder, config);
  log.segments.push(log.newSegment(0));
  return log;
}

async function recover(log: PartitionLog, checkpoint: Checkpoint | undefined): Promise<void> {
  const { segments } = log;
  let index = checkpoint === undefined ? 0 : segments.findIndex((segment) => segment.baseOffset >= checkpoint.segment);
  if (index < 0) index = segments.length - 1;
  let from = 0;
  const first = segments[index]!;
  log.nextOffset = first.baseOffset;
  if (checkpoint !== undefined && first.baseOffset === checkpoint.segment) {
    if (checkpoint.firstTimestamp >= 0) first.firstTimestamp = checkpoint.firstTimestamp;
    // A file shorter than what had been forced to the disk is damaged as a whole.
    if (first.size >= checkpoint.position) {
      from = checkpoint.position;
      log.nextOffset = checkpoint.nextOffset;
    }
  }
  for (; index < segments.length; index++) {
    const segment = segments[index]!;
    log.nextOffset = Math.max(log.nextOffset, segment.baseOffset);
    const sound = await check(log, segment, from);
    from = 0;
    if (sound === segment.size) continue;
    await cut(log, index, sound);
    break;
  }
}

/** Checks a segment from a position on, and takes up what its batches say; returns where it stops being sound. */
async function check(log: PartitionLog, segment: Segment, from: number): Promise<number> {
  if (from === segment.size) return from;
  const options = { from, whole: true, firstOffset: log.nextOffset };
  const sound = await scanBatches(segment.file, options, (batch, position) => {
    log.nextOffset = batch.nextOffset;
    if (position === 0) segment.firstTimestamp = batch.maxTimestamp;
    if (batch.isControl) log.endTransaction(batch);
    else if (batch.hasProducerId) log.producers.add(batch);
  });
  log.unsynced.add(segment);
  log.dirtyBytes += sound - from;
  return sound;
}

async function cut(log: PartitionLog, index: number, sound: number): Promise<void> {
  const { segments } = log;
  const segment = segments[index]!;
  const later = segments.splice(index + 1);
  const lost = later.reduce((bytes, next) => bytes + next.size, segment.size - sound);
  log.context.onTrouble(`${log.folder}: cut off ${lost} bytes behind offset ${log.nextOffset} that were not sound`);
  for (const next of later) await next.remove();
  await segment.truncate(sound);
  log.producers.truncate(log.nextOffset);
}
