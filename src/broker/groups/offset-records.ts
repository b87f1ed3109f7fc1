import { array, bytes, int32, int64, string } from '../../wire/schema.js';
import { internalCodec } from '../internal-codec.js';

/*
 * The records of `__consumer_offsets`, in Kafka's own format, so that tools which read that topic understand ours.
 * See Kafka: OffsetCommitKey.json, OffsetCommitValue.json, GroupMetadataKey.json, GroupMetadataValue.json.
 */

/** Key of a committed offset. Version 0 has the same layout. */
export const offsetKey = internalCodec(
  'OffsetCommitKey',
  { group: string(), topic: string(), partition: int32() },
  [0, 1],
  1,
);

/** A committed offset. */
export const offsetValue = internalCodec(
  'OffsetCommitValue',
  {
    offset: int64(),
    leaderEpoch: int32({ since: 3, default: -1 }),
    metadata: string(),
    commitTimestamp: int64(),
    expireTimestamp: int64({ since: 1, until: 1, default: -1 }),
  },
  [0, 4],
  3,
  4,
);

/** Key of a group. */
export const groupKey = internalCodec('GroupMetadataKey', { group: string() }, [2, 2], 2);

/** A group as it was agreed on. */
export const groupValue = internalCodec(
  'GroupMetadataValue',
  {
    protocolType: string(),
    generation: int32(),
    protocol: string({ nullable: 0 }),
    leader: string({ nullable: 0 }),
    currentStateTimestamp: int64({ since: 2, default: -1 }),
    members: array({
      memberId: string(),
      groupInstanceId: string({ since: 3, nullable: 3, default: null }),
      clientId: string(),
      clientHost: string(),
      rebalanceTimeout: int32({ since: 1, default: -1 }),
      sessionTimeout: int32(),
      subscription: bytes(),
      assignment: bytes(),
    }),
  },
  [0, 4],
  3,
  4,
);

/** What a key of the topic names. */
export type OffsetsKey =
  | { readonly kind: 'offset'; readonly group: string; readonly topic: string; readonly partition: number }
  | { readonly kind: 'group'; readonly group: string };

/** Reads a key; undefined for what we do not know. */
export function decodeKey(key: Buffer): OffsetsKey | undefined {
  const version = key.length < 2 ? -1 : key.readInt16BE(0);
  if (version === 0 || version === 1) {
    const body = offsetKey.decode(key);
    return body === undefined ? undefined : { kind: 'offset', ...body };
  }
  const body = groupKey.decode(key);
  return body === undefined ? undefined : { kind: 'group', group: body.group };
}
