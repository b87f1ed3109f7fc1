import { api, array, bool, int8, int16, int32, string, uuid } from '../schema.js';

export const createTopics = api('CreateTopics', 19, [2, 7], 5, {
  request: {
    topics: array({
      name: string(),
      /** -1: the broker's default (from version 4 on), or the assignments tell. */
      numPartitions: int32(),
      replicationFactor: int16(),
      assignments: array({ partitionIndex: int32(), brokerIds: array(int32()) }),
      configs: array({ name: string(), value: string({ nullable: 0 }) }),
    }),
    timeoutMs: int32({ default: 60000 }),
    validateOnly: bool({ default: false }),
  },
  response: {
    throttleTimeMs: int32({ default: 0, ignorable: true }),
    topics: array({
      name: string(),
      topicId: uuid({ since: 7, ignorable: true }),
      errorCode: int16(),
      errorMessage: string({ nullable: 0, ignorable: true }),
      topicConfigErrorCode: int16({ since: 5, ignorable: true, tag: 0 }),
      numPartitions: int32({ since: 5, default: -1, ignorable: true }),
      replicationFactor: int16({ since: 5, default: -1, ignorable: true }),
      configs: array(
        {
          name: string(),
          value: string({ nullable: 5 }),
          readOnly: bool(),
          configSource: int8({ default: -1, ignorable: true }),
          isSensitive: bool(),
        },
        { since: 5, nullable: 5, ignorable: true },
      ),
    }),
  },
});
