import { StreambookError } from '../../core/errors.js';
import type { Node } from '../connection/cluster.js';
import { kafkajs } from '../connection/kafkajs.js';
import type { AbortedTransaction, DecodedRecords, Decompress } from './records.js';

/** One partition's part of a fetch. */
export interface FetchPartition {
  readonly topic: string;
  readonly partition: number;
  readonly fetchOffset: number;
}

export interface FetchLimits {
  /** How long the broker may wait for something to hand out. */
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly maxBytesPerPartition: number;
  readonly readUncommitted: boolean;
}

/** What came back for one partition. */
export interface FetchedPartition extends DecodedRecords {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's error code; 0 is none. */
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly byteLength: number;
}

const FETCH = 1;
const NEWEST = 11;

/**
 * One Fetch request to one node, over kafkajs's connection. The bytes are read here, not by kafkajs: positions stay
 * exact over control records and what compaction left, a large batch does not overflow the stack, and a record costs
 * a fraction.
 *
 * @see Kafka: protocol guide, Fetch API, versions 4 to 11
 */
export async function fetch(
  node: Node,
  partitions: readonly FetchPartition[],
  limits: FetchLimits,
): Promise<FetchedPartition[]> {
  const version = Math.min(NEWEST, node.versions[FETCH]?.maxVersion ?? 4);
  try {
    return (await node.connectionPool.send({
      request: {
        apiKey: FETCH,
        apiVersion: version,
        apiName: 'Fetch',
        encode: async () => {
          const buffer = encode(version, partitions, limits);
          return { buf: buffer, buffer };
        },
      },
      response: {
        decode: async (payload) => ({ payload, clientSideThrottleTime: payload.readInt32BE(0) }),
        parse: async (decoded) => decode(version, (decoded as { payload: Buffer }).payload, partitions, limits),
      },
      requestTimeout: limits.maxWaitMs + 10_000,
    })) as FetchedPartition[];
  } catch (error) {
    if ((error as Error).name === 'KafkaJSConnectionClosedError') await node.disconnect();
    throw error;
  }
}

function encode(version: number, partitions: readonly FetchPartition[], limits: FetchLimits): Buffer {
  const names = partitions.map(({ topic }) => Buffer.from(topic));
  const buffer = Buffer.alloc(64 + names.reduce((sum, name) => sum + name.length + 64, 0));
  let at = 0;
  const int8 = (value: number) => {
    at = buffer.writeInt8(value, at);
  };
  const int32 = (value: number) => {
    at = buffer.writeInt32BE(value, at);
  };
  const int64 = (value: number) => {
    at = buffer.writeBigInt64BE(BigInt(value), at);
  };
  int32(-1); // replica_id: a consumer
  int32(limits.maxWaitMs);
  int32(1); // min_bytes
  int32(limits.maxBytes);
  int8(limits.readUncommitted ? 0 : 1);
  if (version >= 7) {
    int32(0); // session_id
    int32(-1); // session_epoch: no fetch session
  }
  // One entry per partition, so that their order, which the broker serves them in, is ours to turn round.
  int32(partitions.length);
  partitions.forEach(({ partition, fetchOffset }, i) => {
    at = buffer.writeInt16BE(names[i]!.length, at);
    at += names[i]!.copy(buffer, at);
    int32(1);
    int32(partition);
    if (version >= 9) int32(-1); // current_leader_epoch
    int64(fetchOffset);
    if (version >= 5) int64(-1); // log_start_offset
    int32(limits.maxBytesPerPartition);
  });
  if (version >= 7) int32(0); // forgotten_topics
  if (version >= 11) at = buffer.writeInt16BE(0, at); // rack_id
  return buffer.subarray(0, at);
}

async function decode(
  version: number,
  payload: Buffer,
  asked: readonly FetchPartition[],
  limits: FetchLimits,
): Promise<FetchedPartition[]> {
  let at = 4; // throttle_time_ms
  const int16 = () => {
    at += 2;
    return payload.readInt16BE(at - 2);
  };
  const int32 = () => {
    at += 4;
    return payload.readInt32BE(at - 4);
  };
  const int64 = () => {
    at += 8;
    return payload.readBigInt64BE(at - 8);
  };
  if (version >= 7) {
    const errorCode = int16();
    int32(); // session_id
    if (errorCode !== 0) throw new StreambookError('kafka', `the broker refused a fetch: error ${errorCode}`);
  }
  const decodeRecords = await recordDecoder();
  const result: FetchedPartition[] = [];
  for (let topics = int32(); topics > 0; topics--) {
    const nameLength = int16();
    const topic = payload.toString('utf8', at, at + nameLength);
    at += nameLength;
    for (let count = int32(); count > 0; count--) {
      const partition = int32();
      const errorCode = int16();
      const highWatermark = Number(int64());
      int64(); // last_stable_offset
      if (version >= 5) int64(); // log_start_offset
      const aborted: AbortedTransaction[] = [];
      for (let i = int32(); i > 0; i--) aborted.push({ producerId: int64(), firstOffset: Number(int64()) });
      aborted.sort((a, b) => a.firstOffset - b.firstOffset);
      if (version >= 11) int32(); // preferred_read_replica: fetching stays with the leader
      const length = Math.max(0, int32());
      const bytes = payload.subarray(at, at + length);
      at += length;
      const fetchOffset = asked.find((one) => one.topic === topic && one.partition === partition)?.fetchOffset;
      if (fetchOffset === undefined) continue;
      const decoded = await decodeRecords(bytes, fetchOffset, aborted, !limits.readUncommitted, decompress);
      result.push({ topic, partition, errorCode, highWatermark, byteLength: length, ...decoded });
    }
  }
  return result;
}

let decoder: typeof import('./records.js').decodeRecords | undefined;

/** Loaded at the first fetch: it brings the native checksum along, which takes as long as all the rest of us. */
async function recordDecoder() {
  decoder ??= (await import('./records.js')).decodeRecords;
  return decoder;
}

const CODEC_NAMES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

const decompress: Decompress = async (codec, bytes) => {
  const { CompressionCodecs } = await kafkajs();
  type Codecs = Record<number, () => { decompress(bytes: Buffer): Promise<Buffer> }>;
  try {
    return await (CompressionCodecs as Codecs)[codec]!().decompress(bytes);
  } catch (error) {
    const name = CODEC_NAMES[codec] ?? `codec ${codec}`;
    throw new StreambookError('compression', `records compressed with ${name} cannot be unpacked`, {
      hint: `kafkajs unpacks gzip by itself; others are registered with it: CompressionCodecs[CompressionTypes.${name.toUpperCase()}] = ...`,
      cause: error,
    });
  }
};
