import { errorCodes } from '../../wire/error-codes.js';
import { errorCodeOf } from '../kafka-error.js';
import { type FoundOffset, findOffset } from '../log/offset-by-time.js';
import type { PartitionLog } from '../log/partition-log.js';
import { serve } from '../server/request.js';

const LATEST = -1;
const EARLIEST = -2;
const MAX_TIMESTAMP = -3;
const EARLIEST_LOCAL = -4;
const LATEST_TIERED = -5;
const EARLIEST_PENDING_UPLOAD = -6;

/** Offsets by time: the ends of a partition, or the first record that is not older than a timestamp. */
export const listOffsets = serve('ListOffsets', [1, 11], async (body, { apiVersion }, services) => ({
  topics: await Promise.all(
    body.topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(
        partitions.map(async ({ partitionIndex, timestamp, currentLeaderEpoch }) => {
          const failed = (errorCode: number) => ({ partitionIndex, errorCode, timestamp: -1, offset: -1 });
          const log = services.topics.log(name, partitionIndex);
          if (log === undefined) return failed(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
          if (currentLeaderEpoch > 0) return failed(errorCodes.UNKNOWN_LEADER_EPOCH);
          try {
            const found = await find(log, timestamp, body.isolationLevel === 1);
            const leaderEpoch = apiVersion >= 4 && found.offset >= 0 ? 0 : -1;
            return { partitionIndex, errorCode: 0, leaderEpoch, ...found };
          } catch (error) {
            return failed(errorCodeOf(error));
          }
        }),
      ),
    })),
  ),
}));

async function find(log: PartitionLog, timestamp: number, committed: boolean): Promise<FoundOffset> {
  switch (timestamp) {
    case LATEST:
      return { offset: committed ? log.stableOffset : log.endOffset, timestamp: -1 };
    case EARLIEST:
    case EARLIEST_LOCAL:
      return { offset: log.startOffset, timestamp: -1 };
    case LATEST_TIERED:
    case EARLIEST_PENDING_UPLOAD:
      return { offset: -1, timestamp: -1 };
    default:
      return findOffset(log, timestamp === MAX_TIMESTAMP ? 'latest-record' : timestamp, committed);
  }
}
