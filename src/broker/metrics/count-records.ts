import { BATCH_HEADER_BYTES, BATCH_OVERHEAD_BYTES } from '../../wire/record-batch.js';

const LENGTH_AT = 8;
const LAST_OFFSET_DELTA_AT = 23;
const COUNT_AT = 57;

/**
 * How many records from `offset` on (default: all) lie in the whole batches of `bytes`. Looks at headers only.
 */
export function countRecords(bytes: Buffer, offset = -1): number {
  let records = 0;
  for (let at = 0; bytes.length - at >= BATCH_HEADER_BYTES; ) {
    const next = at + bytes.readInt32BE(at + LENGTH_AT) + BATCH_OVERHEAD_BYTES;
    if (next > bytes.length || next - at < BATCH_HEADER_BYTES) break;
    const count = bytes.readInt32BE(at + COUNT_AT);
    if (at === 0 && offset >= 0) {
      const lastOffset = Number(bytes.readBigInt64BE(at)) + bytes.readInt32BE(at + LAST_OFFSET_DELTA_AT);
      records += Math.min(count, lastOffset - offset + 1);
    } else records += count;
    at = next;
  }
  return records;
}
