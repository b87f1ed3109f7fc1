import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../src/broker/faults/error-answer.js';
import { served } from '../../../src/broker/handlers/index.js';
import { decodeResponse, encodeResponse } from '../../../src/wire/frames.js';

/** A request that names one thing of each kind, whatever the API calls it. */
const partition = { partition: 3, partitionIndex: 3, index: 3 };
const topic = { name: 't', topic: 't', topicId: 'BBBBBBBBBBBBBBBBBBBBBA', partitionIndexes: [3] };
const request = {
  groupId: 'g',
  memberId: 'm',
  topics: [{ ...topic, partitions: [partition] }],
  topicData: [{ ...topic, partitionData: [partition] }],
  topicNames: ['t'],
  groups: [{ groupId: 'g', topics: [{ ...topic, partitions: [partition] }] }],
  groupsNames: ['g'],
  coordinatorKeys: ['g'],
  resources: [{ resourceType: 2, resourceName: 't' }],
  transactionalIds: ['x'],
  creations: [{ resourceName: 't' }],
  deletions: [{ name: 'u' }],
  filters: [{}],
  topicPartitions: [{ topic: 't', partitions: [3] }],
  members: [{ memberId: 'm', groupInstanceId: null }],
  v3AndBelowTopics: [{ name: 't', partitions: [3] }],
  transactions: [{ transactionalId: 'x', topics: [{ name: 't', partitions: [3] }] }],
};

describe('an error', () => {
  const versions = [...served().values()].flatMap(({ name, versions: [from, to] }) =>
    Array.from({ length: to - from + 1 }, (_, i) => [name, from + i] as const),
  );

  it.each(versions)('is answered to %s v%i in a way that the wire can say', (api, version) => {
    const answer = errorAnswer(api, version, lists(api, request), 29);
    if (answer === undefined) return expect(['Fetch', 'DescribeTopicPartitions', 'DescribeLogDirs']).toContain(api);
    const frame = Buffer.concat(encodeResponse(api as 'Heartbeat', version, 1, answer as { errorCode: number }));
    const { body } = decodeResponse(api, version, frame.subarray(4));
    expect(JSON.stringify(body)).toMatch(/"[a-z]*errorCode":29/i);
    expect(JSON.stringify(body)).not.toContain('undefined');
  });

  it('names the topics and partitions that were asked for', () => {
    expect(errorAnswer('Produce', 7, request, 6)).toMatchObject({
      responses: [{ name: 't', partitionResponses: [{ index: 3, errorCode: 6, baseOffset: -1 }] }],
    });
    expect(errorAnswer('Fetch', 11, request, 6)).toMatchObject({
      errorCode: 0,
      responses: [{ topic: 't', partitions: [{ partitionIndex: 3, errorCode: 6, highWatermark: -1 }] }],
    });
    expect(errorAnswer('Fetch', 11, request, 70)).toMatchObject({ errorCode: 70 });
    expect(errorAnswer('DeleteTopics', 1, request, 7)).toMatchObject({ responses: [{ name: 't', errorCode: 7 }] });
    expect(errorAnswer('AddPartitionsToTxn', 3, request, 51)).toMatchObject({
      resultsByTopicV3AndBelow: [{ name: 't', resultsByPartition: [{ partitionIndex: 3, partitionErrorCode: 51 }] }],
    });
    expect(errorAnswer('FindCoordinator', 4, { coordinatorKeys: ['g'] }, 15)).toMatchObject({
      coordinators: [{ key: 'g', errorCode: 15, nodeId: -1, host: '' }],
    });
  });

  it('has no place where nothing was asked for', () => {
    expect(errorAnswer('Produce', 7, { topicData: [] }, 6)).toBeUndefined();
    expect(errorAnswer('Fetch', 11, { topics: [] }, 6)).toBeUndefined();
    expect(errorAnswer('Metadata', 4, { topics: null }, 6)).toBeUndefined();
  });
});

/** OffsetDelete and others list partitions as objects, DescribeLogDirs as numbers. */
function lists(api: string, from: object): object {
  return api === 'DescribeLogDirs' ? { topics: null } : from;
}
