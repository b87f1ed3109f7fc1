import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { ApiName } from '../../src/wire/index.js';
import {
  decodeRecords,
  decodeRequest,
  decodeResponse,
  encodeBatch,
  encodeRequest,
  encodeResponse,
  RecordBatch,
  splitBatches,
} from '../../src/wire/index.js';

/*
 * kafkajs as an oracle: it encodes requests and decodes responses, each by hand-written code of its own. What it writes we
 * must read, and the other way round. These are internal files of kafkajs; nothing but tests may touch them.
 */
const require = createRequire(import.meta.url);
interface KafkajsRequest {
  request: { apiKey: number; apiVersion: number; encode(): Promise<unknown> };
  response: { decode(data: Buffer): Promise<Record<string, unknown>> };
}
interface KafkajsApi {
  versions: string[];
  protocol(of: { version: string }): (args: object) => KafkajsRequest;
}
const encodeFrame = require('kafkajs/src/protocol/request') as (of: object) => Promise<{ buffer: Buffer }>;
const folder = (name: string) => `kafkajs/src/protocol/requests/${name.charAt(0).toLowerCase()}${name.slice(1)}`;
const kafkajs = (name: ApiName) => require(folder(name)) as KafkajsApi;

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
