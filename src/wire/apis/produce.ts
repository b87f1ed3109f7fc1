import { api, array, int16, int32, int64, records, string, struct, uuid } from '../schema.js';

/** Appends record batches. Kafka 4 serves version 3 and up, but advertises 0: old librdkafka switches features off otherwise. */
export const produce = api('Produce', 0, [3, 13], 9, {
  request: {
    transactionalId: string({ nullable: 3, default: null }),
    /** -1: all in-sync replicas, 1: the leader, 0: no answer at all. */
    acks: int16(),
    timeoutMs: int32(),
    topicData: array({
      name: string({ until: 12, ignorable: true }),
      topicId: uuid({ since: 13, ignorable: true }),
      partitionData: array({
        index: int32(),
        records: records({ nullable: 0 }),
      }),
    }),
  },
  response: {
    responses: array({
      name: string({ until: 12, ignorable: true }),
      topicId: uuid({ since: 13, ignorable: true }),
      partitionResponses: array({
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        /** -1 unless the topic stamps LogAppendTime. */
        logAppendTimeMs: int64({ default: -1, ignorable: true }),
        logStartOffset: int64({ since: 5, default: -1, ignorable: true }),
        recordErrors: array(
          {
            batchIndex: int32(),
            batchIndexErrorMessage: string({ nullable: 8, default: null }),
          },
          { since: 8, ignorable: true },
        ),
        errorMessage: string({ since: 8, nullable: 8, default: null, ignorable: true }),
        currentLeader: struct(
          { leaderId: int32({ default: -1 }), leaderEpoch: int32({ default: -1 }) },
          { since: 10, tag: 0 },
        ),
      }),
    }),
    throttleTimeMs: int32({ default: 0, ignorable: true }),
    nodeEndpoints: array(
      { nodeId: int32(), host: string(), port: int32(), rack: string({ nullable: 10, default: null }) },
      { since: 10, tag: 0 },
    ),
  },
});
