import { crc32c } from '@node-rs/crc32';
import { StreambookError } from '../../core/errors.js';
import { KafkaRecord, type RecordBatchInfo } from './record.js';

/** Aborted transactions of a fetch: whose they are, and where they begin. Sorted by `firstOffset`. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** Unpacks a batch's records; `codec` is Kafka's number (1 gzip, 2 snappy, 3 lz4, 4 zstd). */
export type Decompress = (codec: number, bytes: Buffer) => Promise<Buffer>;

export interface DecodedRecords {
  readonly records: KafkaRecord[];
  /** One past the last offset that was read, whether or not it held a record for us. */
  readonly nextOffset: number;
}

const NO_HEADERS: readonly (readonly [string, Buffer | null])[] = Object.freeze([]);
/** Offset and length before a batch, and its header up to the records. */
const PREFIX = 12;
const HEADER = 61;

/**
 * Reads the record batches of one partition, from `fetchOffset` on.
 *
 * Control records, aborted transactions and empty batches (what compaction leaves) hold nothing for the reader, but
 * they do move `nextOffset`. kafkajs's own decoder drops them without a trace, so a reader could not know that it has
 * come to the end.
 *
 * @param committedOnly leave out aborted transactions, by `aborted`
 * @throws `bad-record-batch` for a wrong checksum or an old format
 * @see Kafka: message format, record batch
 */
export async function decodeRecords(
  bytes: Buffer,
  fetchOffset: number,
  aborted: readonly AbortedTransaction[],
  committedOnly: boolean,
  decompress: Decompress,
): Promise<DecodedRecords> {
  const records: KafkaRecord[] = [];
  const abortedNow = new Set<bigint>();
  let upcoming = 0;
  let nextOffset = fetchOffset;
  for (let at = 0; at + HEADER <= bytes.length; ) {
    const end = at + PREFIX + bytes.readInt32BE(at + 8);
    // The last batch may be cut off where the answer was full.
    if (end > bytes.length) break;
    const baseOffset = Number(bytes.readBigInt64BE(at));
    const magic = bytes[at + 16];
    if (magic !== 2)
      throw badBatch(`message format ${magic}; only format 2 (Kafka 0.11 and later) is read`, baseOffset);
    if (crc32c(bytes.subarray(at + 21, end)) >>> 0 !== bytes.readUInt32BE(at + 17)) {
      throw badBatch('its checksum is wrong: the bytes were damaged', baseOffset);
    }
    const attributes = bytes.readInt16BE(at + 21);
    const lastOffset = baseOffset + bytes.readInt32BE(at + 23);
    const producerId = bytes.readBigInt64BE(at + 43);
    const next = lastOffset + 1;
    if (next > nextOffset) {
      while (upcoming < aborted.length && aborted[upcoming]!.firstOffset <= lastOffset) {
        abortedNow.add(aborted[upcoming++]!.producerId);
      }
      const isControl = (attributes & 0x20) !== 0;
      if (isControl) {
        // The marker's key is version and type; type 0 ends an aborted transaction.
        if (controlType(bytes, at) === 0) abortedNow.delete(producerId);
      } else if (!(committedOnly && (attributes & 0x10) !== 0 && abortedNow.has(producerId))) {
        const codec = attributes & 0x07;
        const count = bytes.readInt32BE(at + 57);
        const packed = bytes.subarray(at + HEADER, end);
        const body = codec === 0 ? packed : await decompress(codec, packed);
        const appendTime = (attributes & 0x08) !== 0 ? Number(bytes.readBigInt64BE(at + 35)) : undefined;
        const batch = { leaderEpoch: bytes.readInt32BE(at + PREFIX), logAppendTime: appendTime !== undefined };
        const baseTimestamp = Number(bytes.readBigInt64BE(at + 27));
        readRecords(body, count, baseOffset, baseTimestamp, appendTime, fetchOffset, batch, records);
      }
      nextOffset = next;
    }
    at = end;
  }
  return { records, nextOffset };
}

function controlType(bytes: Buffer, at: number): number | undefined {
  reader.at = at + HEADER;
  const count = bytes.readInt32BE(at + 57);
  if (count === 0) return undefined;
  varint(bytes);
  reader.at += 1;
  varint(bytes);
  varint(bytes);
  varint(bytes);
  return bytes.readInt16BE(reader.at + 2);
}

/** Where the next varint is read. One shared cursor: an object per record would cost more than the record. */
const reader = { at: 0 };

function varint(bytes: Buffer): number {
  let at = reader.at;
  let byte = bytes[at++]!;
  let raw = byte & 0x7f;
  // Up to 28 bits fit integer arithmetic; lengths and deltas nearly always do.
  if (byte >= 0x80) {
    byte = bytes[at++]!;
    raw |= (byte & 0x7f) << 7;
    if (byte >= 0x80) {
      byte = bytes[at++]!;
      raw |= (byte & 0x7f) << 14;
      if (byte >= 0x80) {
        byte = bytes[at++]!;
        raw |= (byte & 0x7f) << 21;
        for (let factor = 2 ** 28; byte >= 0x80; factor *= 128) {
          if (at >= bytes.length) throw badBatch('a record is cut off');
          byte = bytes[at++]!;
          raw += (byte & 0x7f) * factor;
        }
      }
    }
  }
  reader.at = at;
  if (raw > 0x7fffffff) return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  return (raw >>> 1) ^ -(raw & 1);
}

function view(bytes: Buffer): Buffer | null {
  const length = varint(bytes);
  if (length < 0) return null;
  const from = reader.at;
  if (from + length > bytes.length) throw badBatch('a record is cut off');
  reader.at = from + length;
  return bytes.subarray(from, reader.at);
}

function readRecords(
  bytes: Buffer,
  count: number,
  baseOffset: number,
  baseTimestamp: number,
  appendTime: number | undefined,
  fetchOffset: number,
  batch: RecordBatchInfo,
  into: KafkaRecord[],
): void {
  reader.at = 0;
  for (let i = 0; i < count; i++) {
    const length = varint(bytes);
    const end = reader.at + length;
    if (end > bytes.length) throw badBatch('a record is cut off', baseOffset);
    reader.at += 1;
    const timestamp = appendTime ?? baseTimestamp + varint(bytes);
    if (appendTime !== undefined) varint(bytes);
    const offset = baseOffset + varint(bytes);
    // A batch is fetched whole, though the reader may want its second half only.
    if (offset >= fetchOffset) {
      const key = view(bytes);
      const value = view(bytes);
      const headerCount = varint(bytes);
      const named = headerCount === 0 ? NO_HEADERS : headers(bytes, headerCount);
      into.push(new KafkaRecord(offset, timestamp, key, value, named, batch));
    }
    reader.at = end;
  }
}

function headers(bytes: Buffer, count: number): [string, Buffer | null][] {
  const result: [string, Buffer | null][] = [];
  for (let i = 0; i < count; i++) result.push([view(bytes)?.toString() ?? '', view(bytes)]);
  return result;
}

function badBatch(why: string, offset?: number): StreambookError {
  return new StreambookError('bad-record-batch', `a record batch cannot be read: ${why}`, {
    ...(offset === undefined ? {} : { where: `offset ${offset}` }),
  });
}
