import { describe, expect, test } from 'vitest';
import { type ApiName, decodeRecords, decodeRequest, encodeRequest, splitBatches } from '../../src/wire/index.js';
import { encodeFrame, kafkajs } from './kafkajs.js';

interface RequestCase {
  api: ApiName;
  args: object;
  body: (version: number) => object;
}
const group = { groupId: 'g', memberId: 'm' };
const txn = { transactionalId: 'tx', producerId: '4', producerEpoch: 2 };
const since = (at: number, version: number, fields: object) => (version >= at ? fields : {});

const requests: RequestCase[] = [
  { api: 'ApiVersions', args: {}, body: () => ({}) },
  {
    api: 'Metadata',
    args: { topics: ['a', 'b'], allowAutoTopicCreation: false },
    body: (v) => ({ topics: [{ name: 'a' }, { name: 'b' }], ...since(4, v, { allowAutoTopicCreation: false }) }),
  },
  {
    api: 'Fetch',
    args: {
      replicaId: -1,
      maxWaitTime: 5,
      minBytes: 1,
      maxBytes: 99,
      isolationLevel: 1,
      rackId: 'r',
      topics: [{ topic: 't', partitions: [{ partition: 3, fetchOffset: '12345678901', maxBytes: 77 }] }],
    },
    body: (v) => ({
      replicaId: -1,
      maxWaitMs: 5,
      minBytes: 1,
      maxBytes: 99,
      isolationLevel: 1,
      sessionEpoch: -1,
      topics: [{ topic: 't', partitions: [{ partition: 3, fetchOffset: 12345678901, partitionMaxBytes: 77 }] }],
      ...since(11, v, { rackId: 'r' }),
    }),
  },
  {
    api: 'ListOffsets',
    args: {
      replicaId: -1,
      isolationLevel: 1,
      topics: [{ topic: 't', partitions: [{ partition: 1, timestamp: '-2' }] }],
    },
    body: (v) => ({
      topics: [{ name: 't', partitions: [{ partitionIndex: 1, timestamp: -2 }] }],
      ...since(2, v, { isolationLevel: 1 }),
    }),
  },
  {
    api: 'FindCoordinator',
    args: { coordinatorKey: 'k', coordinatorType: 1, groupId: 'k' },
    body: (v) => ({ key: 'k', ...since(1, v, { keyType: 1 }) }),
  },
  {
    api: 'JoinGroup',
    args: {
      ...group,
      sessionTimeout: 30,
      rebalanceTimeout: 60,
      protocolType: 'consumer',
      groupInstanceId: 'i',
      groupProtocols: [{ name: 'rr', metadata: Buffer.from('meta') }],
    },
    body: (v) => ({
      ...group,
      sessionTimeoutMs: 30,
      protocolType: 'consumer',
      protocols: [{ name: 'rr', metadata: Buffer.from('meta') }],
      ...since(1, v, { rebalanceTimeoutMs: 60 }),
      ...since(5, v, { groupInstanceId: 'i' }),
    }),
  },
  {
    api: 'SyncGroup',
    args: {
      ...group,
      generationId: 4,
      groupInstanceId: 'i',
      groupAssignment: [{ memberId: 'm', memberAssignment: Buffer.from('plan') }],
    },
    body: (v) => ({
      ...group,
      generationId: 4,
      assignments: [{ memberId: 'm', assignment: Buffer.from('plan') }],
      ...since(3, v, { groupInstanceId: 'i' }),
    }),
  },
  {
    api: 'Heartbeat',
    args: { ...group, groupGenerationId: 6, groupInstanceId: 'i' },
    body: (v) => ({ ...group, generationId: 6, ...since(3, v, { groupInstanceId: 'i' }) }),
  },
  {
    api: 'LeaveGroup',
    args: { ...group, members: [{ memberId: 'm', groupInstanceId: 'i' }] },
    body: (v) =>
      v >= 3 ? { groupId: 'g', members: [{ memberId: 'm', groupInstanceId: null }] } : { groupId: 'g', memberId: 'm' },
  },
  {
    api: 'OffsetCommit',
    args: {
      ...group,
      groupGenerationId: 8,
      retentionTime: 500,
      topics: [{ topic: 't', partitions: [{ partition: 1, offset: '55', metadata: null }] }],
    },
    body: (v) => ({
      ...group,
      generationIdOrMemberEpoch: 8,
      topics: [{ name: 't', partitions: [{ partitionIndex: 1, committedOffset: 55 }] }],
      ...(v <= 4 ? { retentionTimeMs: 500 } : {}),
    }),
  },
  {
    api: 'OffsetFetch',
    args: { groupId: 'g', topics: [{ topic: 't', partitions: [{ partition: 2 }] }] },
    body: () => ({ groupId: 'g', topics: [{ name: 't', partitionIndexes: [2] }] }),
  },
  { api: 'DescribeGroups', args: { groupIds: ['a', 'b'] }, body: () => ({ groups: ['a', 'b'] }) },
  { api: 'ListGroups', args: {}, body: () => ({}) },
  {
    api: 'CreateTopics',
    args: {
      topics: [
        {
          topic: 't',
          numPartitions: 3,
          replicationFactor: 1,
          replicaAssignment: [{ partition: 0, replicas: [1, 2] }],
          configEntries: [{ name: 'n', value: 'v' }],
        },
      ],
      validateOnly: true,
      timeout: 700,
    },
    body: () => ({
      topics: [
        {
          name: 't',
          numPartitions: 3,
          replicationFactor: 1,
          assignments: [{ partitionIndex: 0, brokerIds: [1, 2] }],
          configs: [{ name: 'n', value: 'v' }],
        },
      ],
      timeoutMs: 700,
      validateOnly: true,
    }),
  },
  { api: 'DeleteTopics', args: { topics: ['t'], timeout: 9 }, body: () => ({ topicNames: ['t'], timeoutMs: 9 }) },
  {
    api: 'DeleteRecords',
    args: { topics: [{ topic: 't', partitions: [{ partition: 1, offset: '-1' }] }], timeout: 9 },
    body: () => ({ topics: [{ name: 't', partitions: [{ partitionIndex: 1, offset: -1 }] }], timeoutMs: 9 }),
  },
  {
    api: 'CreatePartitions',
    args: { topicPartitions: [{ topic: 't', count: 5 }], timeout: 9, validateOnly: true },
    body: () => ({ topics: [{ name: 't', count: 5, assignments: null }], timeoutMs: 9, validateOnly: true }),
  },
  { api: 'DeleteGroups', args: ['g'], body: () => ({ groupsNames: ['g'] }) },
  {
    api: 'InitProducerId',
    args: { transactionalId: 'tx', transactionTimeout: 6 },
    body: () => ({ transactionalId: 'tx', transactionTimeoutMs: 6 }),
  },
  {
    api: 'AddPartitionsToTxn',
    args: { ...txn, topics: [{ topic: 't', partitions: [1, 2] }] },
    body: () => ({
      v3AndBelowTransactionalId: 'tx',
      v3AndBelowProducerId: 4,
      v3AndBelowProducerEpoch: 2,
      v3AndBelowTopics: [{ name: 't', partitions: [1, 2] }],
    }),
  },
  { api: 'AddOffsetsToTxn', args: { ...txn, groupId: 'g' }, body: () => ({ producerId: 4, groupId: 'g' }) },
  { api: 'EndTxn', args: { ...txn, transactionResult: true }, body: () => ({ producerEpoch: 2, committed: true }) },
  {
    api: 'TxnOffsetCommit',
    args: {
      ...txn,
      groupId: 'g',
      topics: [{ topic: 't', partitions: [{ partition: 1, offset: '3', metadata: 'x' }] }],
    },
    body: () => ({
      transactionalId: 'tx',
      topics: [{ name: 't', partitions: [{ partitionIndex: 1, committedOffset: 3, committedMetadata: 'x' }] }],
    }),
  },
  {
    api: 'DescribeConfigs',
    args: { resources: [{ type: 2, name: 't', configNames: ['a'] }], includeSynonyms: true },
    body: () => ({
      resources: [{ resourceType: 2, resourceName: 't', configurationKeys: ['a'] }],
      includeSynonyms: true,
    }),
  },
  {
    api: 'AlterConfigs',
    args: { resources: [{ type: 2, name: 't', configEntries: [{ name: 'a', value: 'b' }] }], validateOnly: true },
    body: () => ({
      resources: [{ resourceType: 2, resourceName: 't', configs: [{ name: 'a', value: 'b' }] }],
      validateOnly: true,
    }),
  },
  {
    api: 'DescribeAcls',
    args: {
      resourceType: 2,
      resourceName: 'n',
      principal: 'p',
      host: 'h',
      operation: 3,
      permissionType: 1,
      resourcePatternType: 4,
    },
    body: () => ({
      resourceTypeFilter: 2,
      resourceNameFilter: 'n',
      patternTypeFilter: 4,
      principalFilter: 'p',
      hostFilter: 'h',
      operation: 3,
      permissionType: 1,
    }),
  },
  { api: 'SaslHandshake', args: { mechanism: 'PLAIN' }, body: () => ({ mechanism: 'PLAIN' }) },
];

describe("kafkajs's requests", () => {
  test.each(requests)('$api', async ({ api, args, body }) => {
    const { versions, protocol } = kafkajs(api);
    let compared = 0;
    for (const version of versions) {
      const { request } = protocol({ version })(args);
      const { buffer } = await encodeFrame({ correlationId: 11, clientId: 'kjs', request });
      let decoded: ReturnType<typeof decodeRequest>;
      try {
        decoded = decodeRequest(buffer.subarray(4), { trailing: 'refuse' });
      } catch (error) {
        // Versions that Kafka 4 no longer serves.
        if ((error as { code?: string }).code === 'unsupported-version') continue;
        throw error;
      }
      expect(decoded).toMatchObject({ apiName: api, apiVersion: Number(version), correlationId: 11, clientId: 'kjs' });
      expect(decoded.body).toMatchObject(body(Number(version)));
      const again = Buffer.concat(encodeRequest(decoded.apiKey, decoded.apiVersion, decoded, decoded.body));
      expect(again.toString('hex')).toBe(buffer.toString('hex'));
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
  });

  test('Produce, with its records', async () => {
    const { versions, protocol } = kafkajs('Produce');
    for (const version of versions.filter((each) => Number(each) >= 3)) {
      const messages = [
        { key: 'k', value: 'v', timestamp: 1500000000123, headers: { h: 'x' } },
        { key: null, value: Buffer.from('w'), timestamp: 1500000000120, headers: {} },
      ];
      const topicData = [{ topic: 't', partitions: [{ partition: 2, firstSequence: 3, messages }] }];
      const args = { acks: -1, timeout: 4, producerId: 12, producerEpoch: 1, compression: 1, topicData };
      const { request } = protocol({ version })(args);
      const { buffer } = await encodeFrame({ correlationId: 1, clientId: null, request });
      const decoded = decodeRequest(buffer.subarray(4), { trailing: 'refuse' });
      if (decoded.apiName !== 'Produce') throw new Error('not reached');
      const [batch] = splitBatches(decoded.body.topicData[0]!.partitionData[0]!.records!);
      expect(batch).toMatchObject({ compression: 'gzip', producerId: 12, producerEpoch: 1, baseSequence: 3 });
      expect(batch!.isCrcValid()).toBe(true);
      expect(decodeRecords(batch!)).toEqual([
        {
          offset: 0,
          timestamp: 1500000000123,
          key: Buffer.from('k'),
          value: Buffer.from('v'),
          headers: [{ key: 'h', value: Buffer.from('x') }],
        },
        { offset: 1, timestamp: 1500000000120, key: null, value: Buffer.from('w'), headers: [] },
      ]);
    }
  });
});
