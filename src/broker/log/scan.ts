import { BATCH_HEADER_BYTES, BATCH_OVERHEAD_BYTES, RecordBatch } from '../../wire/record-batch.js';
import type { LogFile } from '../storage/storage.js';

/** What to look at while going through a segment. */
export interface ScanOptions {
  /** Where to begin: the position of a batch. */
  readonly from: number;
  /** Where to end; the file's size by default. */
  readonly to?: number;
  /** Checks each batch's checksum, and hands over whole batches. Otherwise only headers are sure to be there. */
  readonly whole: boolean;
  /** Offsets may not be lower than this, and grow from batch to batch. */
  readonly firstOffset?: number;
  /** How much to read at a time; 1 MiB by default. */
  readonly chunkBytes?: number;
}

const CHUNK_BYTES = 1024 * 1024;

/**
 * Goes through the batches of a segment in order, until the end or the first one that is not sound.
 *
 * @param visit gets a view that is overwritten afterwards, and the batch's position; `false` ends the scan before it
 * @returns the position after the last batch that was sound and visited
 */
export async function scanBatches(
  file: LogFile,
  options: ScanOptions,
  visit: (batch: RecordBatch, position: number) => unknown,
): Promise<number> {
  const end = Math.min(options.to ?? file.size, file.size);
  let expected = options.firstOffset ?? 0;
  let chunk = Buffer.allocUnsafeSlow(
    Math.max(BATCH_HEADER_BYTES, Math.min(options.chunkBytes ?? CHUNK_BYTES, end - options.from)),
  );
  let position = options.from;
  while (end - position >= BATCH_HEADER_BYTES) {
    const count = await file.read(chunk.subarray(0, Math.min(chunk.length, end - position)), position);
    let at = 0;
    let needed = 0;
    while (count - at >= BATCH_HEADER_BYTES) {
      const batch = new RecordBatch(chunk, at);
      const bytes = batch.batchLength + BATCH_OVERHEAD_BYTES;
      const sound = batch.magic === 2 && bytes >= BATCH_HEADER_BYTES && bytes <= end - position - at;
      if (!sound || batch.baseOffset < expected || batch.lastOffsetDelta < 0) return position + at;
      if (options.whole && bytes > count - at) {
        needed = bytes;
        break;
      }
      if (options.whole && !batch.isCrcValid()) return position + at;
      expected = batch.nextOffset;
      if (visit(batch, position + at) === false) return position + at;
      at += bytes;
    }
    if (needed > chunk.length) chunk = Buffer.allocUnsafeSlow(needed);
    // Nothing was read though bytes should be there: the file became shorter under us.
    else if (at === 0) return position;
    position += at;
  }
  return position;
}
