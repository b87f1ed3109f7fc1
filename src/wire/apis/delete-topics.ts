import { api, array, int16, int32, string, uuid } from '../schema.js';

/** By name up to version 5, by name or id from version 6 on. */
export const deleteTopics = api('DeleteTopics', 20, [1, 6], 4, {
  request: {
    topics: array({ name: string({ nullable: 6, default: null }), topicId: uuid() }, { since: 6 }),
    topicNames: array(string(), { until: 5, ignorable: true }),
    timeoutMs: int32(),
  },
  response: {
    throttleTimeMs: int32({ default: 0, ignorable: true }),
    responses: array({
      name: string({ nullable: 6 }),
      topicId: uuid({ since: 6, ignorable: true }),
      errorCode: int16(),
      errorMessage: string({ since: 5, nullable: 5, default: null, ignorable: true }),
    }),
  },
});
