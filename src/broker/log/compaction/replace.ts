import type { PartitionLog } from '../partition-log.js';
import type { Segment } from '../segment.js';
import { segmentName } from '../segment.js';

/** Old segments are kept for readers that are in the middle of them. Kafka: `file.delete.delay.ms`, there 60000. */
const REMOVE_AFTER_MS = 10_000;

/**
 * Puts one new file in the place of neighbouring segments. Its name tells which offsets it stands for, and is given to it
 * when it is on the disk as a whole: at every moment a crash leaves the old segments, or the new one, which then goes
 * before those that it replaces (see `liveSegments`).
 *
 * @param write fills the new file; `false` leaves everything as it is
 * @returns how many segments were replaced
 */
export async function replaceSegments(
  log: PartitionLog,
  old: readonly Segment[],
  write: (append: (chunks: readonly Buffer[]) => Promise<void>) => Promise<boolean>,
): Promise<number> {
  const { storage } = log.context;
  const first = old[0]!;
  const next = log.segments[log.segments.indexOf(old.at(-1)!) + 1]!.baseOffset;
  const generation = Math.max(...old.map((segment) => segment.generation)) + 1;
  const name = compactedName(first.baseOffset, next, generation);
  const temporary = `${log.folder}/${name}.log.new`;
  const file = storage.file(temporary);
  try {
    // Also when nothing is left: the file must be there.
    await file.truncate(0);
    const changed = await write((chunks) => file.append(chunks));
    if (!changed || log.closed) {
      await file.remove();
      return 0;
    }
    await file.sync();
    await file.close();
  } catch (error) {
    await file.remove().catch(() => {});
    throw error;
  }
  await storage.rename(temporary, `${log.folder}/${name}.log`);
  // The old segments are removed soon: the power must not fail between the two.
  await storage.syncFolder(log.folder);
  const fresh = log.newSegment(first.baseOffset, name, generation);
  await fresh.load();
  await fresh.indexWriter()?.();
  log.segments.splice(log.segments.indexOf(first), old.length, fresh);
  for (const segment of old) retire(log, segment);
  return old.length;
}

function retire(log: PartitionLog, segment: Segment): void {
  log.unsynced.delete(segment);
  const timer = setTimeout(() => {
    log.retired.delete(segment);
    segment.remove().catch((error) => log.context.onTrouble(`${segment.path}.log could not be removed`, error));
  }, REMOVE_AFTER_MS);
  timer.unref();
  log.retired.set(segment, timer);
}

/** Removes at once what was to be removed later. */
export async function removeRetired(log: PartitionLog): Promise<void> {
  for (const [segment, timer] of log.retired) {
    clearTimeout(timer);
    await segment.remove();
  }
  log.retired.clear();
}

function compactedName(baseOffset: number, nextOffset: number, generation: number): string {
  return `${segmentName(baseOffset)}.${nextOffset}-${generation}`;
}

/** A segment's file, by its name. */
export interface SegmentFile {
  /** Without `.log`. */
  readonly name: string;
  readonly baseOffset: number;
  /** The base offset of the segment behind it when it was compacted; undefined for one that never was. */
  readonly nextOffset: number | undefined;
  /** How often it has been compacted. */
  readonly generation: number;
}

const NAME = /^(\d{20})(?:\.(\d+)-(\d+))?\.log$/;

/** What a file's name says; undefined for one that is no segment. */
export function parseSegmentFile(file: string): SegmentFile | undefined {
  const match = NAME.exec(file);
  if (match === null) return undefined;
  return {
    name: file.slice(0, -'.log'.length),
    baseOffset: Number(match[1]),
    nextOffset: match[2] === undefined ? undefined : Number(match[2]),
    generation: Number(match[3] ?? 0),
  };
}

/** Parts the segments, in order, from those that were replaced and only not removed yet. */
export function liveSegments(files: readonly SegmentFile[]): { live: SegmentFile[]; replaced: SegmentFile[] } {
  const compacted = files.filter(({ nextOffset }) => nextOffset !== undefined);
  const isReplaced = (file: SegmentFile): boolean =>
    compacted.some(
      ({ baseOffset, nextOffset, generation }) =>
        generation > file.generation && file.baseOffset >= baseOffset && file.baseOffset < nextOffset!,
    );
  const live = files.filter((file) => !isReplaced(file));
  live.sort((a, b) => a.baseOffset - b.baseOffset);
  return { live, replaced: files.filter(isReplaced) };
}
