import { crc32c } from '../../wire/crc32c.js';
import type { ProducersSnapshot } from './producers.js';

/**
 * What a partition remembers of itself besides its segments. Everything before `position` in the segment `segment` had
 * been forced to the disk when this was written, so opening the log needs to check only what comes after it.
 */
export interface Checkpoint {
  /** Records before it were deleted, though a segment may still hold some. */
  readonly logStartOffset: number;
  /** Base offset of the segment. */
  readonly segment: number;
  readonly position: number;
  /** The offset that the next record after `position` has. */
  readonly nextOffset: number;
  /** The largest timestamp of the segment's first batch; -1 when there is none. */
  readonly firstTimestamp: number;
  /** Offsets below it have been compacted. */
  readonly cleanedUpTo: number;
  readonly producers: ProducersSnapshot;
}

/** The name of the file in the partition's folder. */
export const CHECKPOINT_FILE = 'checkpoint.json';

/** As text: a line with the checksum of what follows, then JSON. */
export function encodeCheckpoint(checkpoint: Checkpoint): string {
  const text = JSON.stringify(checkpoint);
  return `${crc32c(Buffer.from(text)).toString(16)}\n${text}`;
}

/** The checkpoint, or undefined when there is none or it is damaged: then the whole log is checked. */
export function decodeCheckpoint(content: Buffer | undefined): Checkpoint | undefined {
  const lineEnd = content?.indexOf(0x0a) ?? -1;
  if (content === undefined || lineEnd < 0) return undefined;
  const body = content.subarray(lineEnd + 1);
  if (content.toString('latin1', 0, lineEnd) !== crc32c(body).toString(16)) return undefined;
  return JSON.parse(body.toString('utf8')) as Checkpoint;
}
