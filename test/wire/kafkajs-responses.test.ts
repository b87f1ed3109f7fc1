import { describe, expect, test } from 'vitest';
import { type ApiName, decodeResponse, encodeBatch, encodeResponse, RecordBatch } from '../../src/wire/index.js';
import { kafkajs } from './kafkajs.js';

const since = (at: number, version: number, fields: object) => (version >= at ? fields : {});

/** What our encoder gets, and what kafkajs must then read. */
interface ResponseCase {
  api: ApiName;
  body: (version: number) => object;
  read: (version: number) => object;
}
const errorCode = 3;
const responses: ResponseCase[] = [
  {
    api: 'ApiVersions',
    body: () => ({ errorCode: 0, apiKeys: [{ apiKey: 1, minVersion: 2, maxVersion: 3 }], throttleTimeMs: 0 }),
    read: () => ({ errorCode: 0, apiVersions: [{ apiKey: 1, minVersion: 2, maxVersion: 3 }] }),
  },
  {
    api: 'Metadata',
    body: () => ({
      brokers: [{ nodeId: 1, host: 'h', port: 9092, rack: null }],
      clusterId: 'c',
      controllerId: 1,
      topics: [
        {
          errorCode: 0,
          name: 't',
          isInternal: true,
          partitions: [
            { errorCode: 0, partitionIndex: 4, leaderId: 1, replicaNodes: [1, 2], isrNodes: [1], offlineReplicas: [2] },
          ],
        },
      ],
    }),
    read: (v) => ({
      brokers: [{ nodeId: 1, host: 'h', port: 9092 }],
      ...since(2, v, { clusterId: 'c' }),
      topicMetadata: [
        {
          topic: 't',
          partitionMetadata: [
            { partitionId: 4, leader: 1, replicas: [1, 2], isr: [1], ...since(5, v, { offlineReplicas: [2] }) },
          ],
        },
      ],
    }),
  },
  {
    api: 'Produce',
    body: () => ({
      responses: [
        {
          name: 't',
          partitionResponses: [{ index: 2, errorCode, baseOffset: 12345678901, logAppendTimeMs: 7, logStartOffset: 6 }],
        },
      ],
    }),
    read: () => ({
      topics: [
        { topicName: 't', partitions: [{ partition: 2, errorCode, baseOffset: '12345678901', logAppendTime: '7' }] },
      ],
    }),
  },
  {
    api: 'ListOffsets',
    body: () => ({ topics: [{ name: 't', partitions: [{ partitionIndex: 1, errorCode, timestamp: 8, offset: 9 }] }] }),
    read: () => ({
      responses: [{ topic: 't', partitions: [{ partition: 1, errorCode, timestamp: '8', offset: '9' }] }],
    }),
  },
  {
    api: 'FindCoordinator',
    body: () => ({ errorCode, errorMessage: 'why', nodeId: 1, host: 'h', port: 2 }),
    read: () => ({ errorCode, coordinator: { nodeId: 1, host: 'h', port: 2 } }),
  },
  {
    api: 'JoinGroup',
    body: () => ({
      errorCode,
      generationId: 5,
      protocolName: 'p',
      leader: 'l',
      memberId: 'm',
      members: [{ memberId: 'm', groupInstanceId: 'i', metadata: Buffer.from('x') }],
    }),
    read: (v) => ({
      errorCode,
      generationId: 5,
      groupProtocol: 'p',
      leaderId: 'l',
      memberId: 'm',
      members: [{ memberId: 'm', ...since(5, v, { groupInstanceId: 'i' }) }],
    }),
  },
  {
    api: 'SyncGroup',
    body: () => ({ errorCode, assignment: Buffer.from('plan') }),
    read: () => ({ errorCode, memberAssignment: Buffer.from('plan') }),
  },
  { api: 'Heartbeat', body: () => ({ errorCode }), read: () => ({ errorCode }) },
  {
    api: 'LeaveGroup',
    body: (v) => ({ errorCode, ...since(3, v, { members: [{ memberId: 'm', groupInstanceId: 'i', errorCode: 25 }] }) }),
    read: (v) => ({ errorCode, ...since(3, v, { members: [{ memberId: 'm', groupInstanceId: 'i', errorCode: 25 }] }) }),
  },
  {
    api: 'OffsetCommit',
    body: () => ({ topics: [{ name: 't', partitions: [{ partitionIndex: 1, errorCode }] }] }),
    read: () => ({ responses: [{ topic: 't', partitions: [{ partition: 1, errorCode }] }] }),
  },
  {
    api: 'OffsetFetch',
    body: () => ({
      topics: [{ name: 't', partitions: [{ partitionIndex: 1, committedOffset: 6, metadata: null, errorCode }] }],
      errorCode: 14,
    }),
    read: (v) => ({
      responses: [{ topic: 't', partitions: [{ partition: 1, offset: '6', errorCode }] }],
      ...since(2, v, { errorCode: 14 }),
    }),
  },
  {
    api: 'DescribeGroups',
    body: () => ({
      groups: [
        {
          errorCode: 0,
          groupId: 'g',
          groupState: 'Stable',
          protocolType: 'consumer',
          protocolData: 'rr',
          members: [
            {
              memberId: 'm',
              clientId: 'c',
              clientHost: 'h',
              memberMetadata: Buffer.from('a'),
              memberAssignment: Buffer.from('b'),
            },
          ],
        },
      ],
    }),
    read: () => ({
      groups: [
        {
          errorCode: 0,
          groupId: 'g',
          state: 'Stable',
          protocolType: 'consumer',
          protocol: 'rr',
          members: [
            {
              memberId: 'm',
              clientId: 'c',
              clientHost: 'h',
              memberMetadata: Buffer.from('a'),
              memberAssignment: Buffer.from('b'),
            },
          ],
        },
      ],
    }),
  },
  {
    api: 'ListGroups',
    body: () => ({ errorCode, groups: [{ groupId: 'g', protocolType: 'consumer' }] }),
    read: () => ({ errorCode, groups: [{ groupId: 'g', protocolType: 'consumer' }] }),
  },
  {
    api: 'CreateTopics',
    body: () => ({ topics: [{ name: 't', errorCode: 36, errorMessage: 'is there' }] }),
    read: () => ({ topicErrors: [{ topic: 't', errorCode: 36, errorMessage: 'is there' }] }),
  },
  {
    api: 'DeleteTopics',
    body: () => ({ responses: [{ name: 't', errorCode }] }),
    read: () => ({ topicErrors: [{ topic: 't', errorCode }] }),
  },
  {
    api: 'DeleteRecords',
    body: () => ({ topics: [{ name: 't', partitions: [{ partitionIndex: 1, lowWatermark: 4, errorCode }] }] }),
    read: () => ({ topics: [{ topic: 't', partitions: [{ partition: 1, lowWatermark: 4n, errorCode }] }] }),
  },
  {
    api: 'CreatePartitions',
    body: () => ({ results: [{ name: 't', errorCode, errorMessage: 'no' }] }),
    read: () => ({ topicErrors: [{ topic: 't', errorCode, errorMessage: 'no' }] }),
  },
  {
    api: 'DeleteGroups',
    body: () => ({ results: [{ groupId: 'g', errorCode }] }),
    read: () => ({ results: [{ groupId: 'g', errorCode }] }),
  },
  {
    api: 'InitProducerId',
    body: () => ({ errorCode, producerId: 77, producerEpoch: 2 }),
    read: () => ({ errorCode, producerId: '77', producerEpoch: 2 }),
  },
  {
    api: 'AddPartitionsToTxn',
    body: () => ({
      resultsByTopicV3AndBelow: [
        { name: 't', resultsByPartition: [{ partitionIndex: 1, partitionErrorCode: errorCode }] },
      ],
    }),
    read: () => ({ errors: [{ topic: 't', partitionErrors: [{ partition: 1, errorCode }] }] }),
  },
  { api: 'AddOffsetsToTxn', body: () => ({ errorCode }), read: () => ({ errorCode }) },
  { api: 'EndTxn', body: () => ({ errorCode }), read: () => ({ errorCode }) },
  {
    api: 'TxnOffsetCommit',
    body: () => ({ topics: [{ name: 't', partitions: [{ partitionIndex: 1, errorCode }] }] }),
    read: () => ({ topics: [{ topic: 't', partitions: [{ partition: 1, errorCode }] }] }),
  },
  {
    api: 'DescribeConfigs',
    body: () => ({
      results: [
        {
          errorCode: 0,
          errorMessage: null,
          resourceType: 2,
          resourceName: 't',
          configs: [
            {
              name: 'n',
              value: 'v',
              readOnly: true,
              configSource: 5,
              isSensitive: false,
              synonyms: [{ name: 's', value: 'w', source: 4 }],
            },
          ],
        },
      ],
    }),
    read: () => ({
      resources: [
        {
          errorCode: 0,
          resourceType: 2,
          resourceName: 't',
          configEntries: [
            {
              configName: 'n',
              configValue: 'v',
              readOnly: true,
              configSource: 5,
              isSensitive: false,
              configSynonyms: [{ configName: 's', configValue: 'w', configSource: 4 }],
            },
          ],
        },
      ],
    }),
  },
  {
    api: 'AlterConfigs',
    body: () => ({ responses: [{ errorCode, errorMessage: 'm', resourceType: 2, resourceName: 't' }] }),
    read: () => ({ resources: [{ errorCode, errorMessage: 'm', resourceType: 2, resourceName: 't' }] }),
  },
  {
    api: 'DescribeAcls',
    body: () => ({
      errorCode,
      errorMessage: null,
      resources: [
        {
          resourceType: 2,
          resourceName: 'n',
          patternType: 4,
          acls: [{ principal: 'p', host: 'h', operation: 3, permissionType: 1 }],
        },
      ],
    }),
    read: () => ({
      errorCode,
      resources: [
        {
          resourceType: 2,
          resourceName: 'n',
          resourcePatternType: 4,
          acls: [{ principal: 'p', host: 'h', operation: 3, permissionType: 1 }],
        },
      ],
    }),
  },
  {
    api: 'SaslHandshake',
    body: () => ({ errorCode, mechanisms: ['PLAIN'] }),
    read: () => ({ errorCode, enabledMechanisms: ['PLAIN'] }),
  },
];

function payload(api: ApiName, version: number, body: object): Buffer | undefined {
  try {
    return Buffer.concat(encodeResponse(api as 'Heartbeat', version, 1, body as { errorCode: number })).subarray(8);
  } catch (error) {
    if ((error as { code?: string }).code === 'unsupported-version') return undefined;
    throw error;
  }
}

describe('kafkajs reads our responses', () => {
  test.each(responses)('$api', async ({ api, body, read }) => {
    const { versions, protocol } = kafkajs(api);
    let compared = 0;
    for (const version of versions.map(Number)) {
      const data = payload(api, version, body(version));
      if (data === undefined) continue;
      const { response } = protocol({ version: `${version}` })(api === 'DeleteGroups' ? [] : { topics: [] });
      expect(await response.decode(data)).toMatchObject(read(version));
      expect(
        decodeResponse(api, version, Buffer.concat([Buffer.from([0, 0, 0, 1]), data]), { trailing: 'refuse' }),
      ).toBeTruthy();
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
  });

  test('Fetch, with batches of ours: plain and gzip', async () => {
    const { versions, protocol } = kafkajs('Fetch');
    const batch = (baseOffset: number, compression: 'none' | 'gzip') =>
      encodeBatch({
        records: [
          { key: 'k', value: 'v', timestamp: 1500000000123, headers: [{ key: 'h', value: 'x' }] },
          { key: null, value: 'w', timestamp: 1500000000099 },
        ],
        baseOffset,
        compression,
      });
    const stamped = new RecordBatch(batch(30, 'none'));
    stamped.stampLogAppendTime(1600000000000);
    const records = [batch(10, 'none'), batch(20, 'gzip'), stamped.buffer];
    for (const version of versions.map(Number).filter((each) => each >= 4)) {
      const partition = {
        partitionIndex: 2,
        errorCode: 0,
        highWatermark: 99,
        lastStableOffset: 98,
        abortedTransactions: [{ producerId: 5, firstOffset: 6 }],
        records,
      };
      const body = { responses: [{ topic: 't', partitions: [partition] }] };
      const data = Buffer.concat(encodeResponse('Fetch', version, 1, body)).subarray(8);
      const { response } = protocol({ version: `${version}` })({ topics: [] });
      const decoded = (await response.decode(data)) as { responses: { partitions: Record<string, unknown>[] }[] };
      const read = decoded.responses[0]!.partitions[0]!;
      expect(read).toMatchObject({
        partition: 2,
        highWatermark: '99',
        lastStableOffset: '98',
        abortedTransactions: [{ producerId: '5', firstOffset: '6' }],
      });
      const messages = read.messages as { offset: string; timestamp: string; key: Buffer | null; value: Buffer }[];
      expect(messages.map((m) => [m.offset, m.timestamp, m.key?.toString() ?? null, m.value.toString()])).toEqual([
        ['10', '1500000000123', 'k', 'v'],
        ['11', '1500000000099', null, 'w'],
        ['20', '1500000000123', 'k', 'v'],
        ['21', '1500000000099', null, 'w'],
        ['30', '1600000000000', 'k', 'v'],
        ['31', '1600000000000', null, 'w'],
      ]);
    }
  });
});
