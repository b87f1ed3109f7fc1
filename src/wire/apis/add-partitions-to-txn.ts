import { api, array, bool, int16, int32, int64, string } from '../schema.js';

/** One transaction from a client up to version 3; several, from broker to broker, from version 4 on. */
export const addPartitionsToTxn = api('AddPartitionsToTxn', 24, [0, 5], 3, {
  request: {
    transactions: array(
      {
        transactionalId: string(),
        producerId: int64(),
        producerEpoch: int16(),
        verifyOnly: bool({ default: false }),
        topics: array({ name: string(), partitions: array(int32()) }),
      },
      { since: 4 },
    ),
    v3AndBelowTransactionalId: string({ until: 3 }),
    v3AndBelowProducerId: int64({ until: 3 }),
    v3AndBelowProducerEpoch: int16({ until: 3 }),
    v3AndBelowTopics: array({ name: string(), partitions: array(int32()) }, { until: 3 }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16({ since: 4, ignorable: true }),
    resultsByTransaction: array(
      {
        transactionalId: string(),
        topicResults: array({
          name: string(),
          resultsByPartition: array({ partitionIndex: int32(), partitionErrorCode: int16() }),
        }),
      },
      { since: 4 },
    ),
    resultsByTopicV3AndBelow: array(
      {
        name: string(),
        resultsByPartition: array({ partitionIndex: int32(), partitionErrorCode: int16() }),
      },
      { until: 3 },
    ),
  },
});
