import { api, array, bool, int16, int32, int64, string } from '../schema.js';

export const describeLogDirs = api('DescribeLogDirs', 35, [1, 5], 2, {
  request: {
    /** Null: all. */
    topics: array({ topic: string(), partitions: array(int32()) }, { nullable: 0 }),
  },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16({ since: 3, ignorable: true }),
    results: array({
      errorCode: int16(),
      logDir: string(),
      topics: array({
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          partitionSize: int64(),
          offsetLag: int64(),
          isFutureKey: bool(),
        }),
      }),
      totalBytes: int64({ since: 4, default: -1, ignorable: true }),
      usableBytes: int64({ since: 4, default: -1, ignorable: true }),
      isCordoned: bool({ since: 5, default: false, ignorable: true }),
    }),
  },
});
