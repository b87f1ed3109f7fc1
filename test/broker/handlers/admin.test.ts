import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../../src/broker/index.js';
import type { ApiName, RequestInput, ResponseBody } from '../../../src/wire/codec.js';
import { RawClient } from '../support/client.js';
import { tempFolder } from '../support/temp.js';

/* The expected answers are those that Kafka 4.3.1 (one node, no authorizer) gave to the same requests. */

let broker: Broker;
let client: RawClient;

beforeEach(async () => {
  broker = await startBroker({ port: 0, data: tempFolder() });
  await broker.createTopic('t', { partitions: 2 });
  client = await RawClient.connect(broker.address);
});

afterEach(async () => {
  await client.close();
  await broker.stop();
});

const ask = <N extends ApiName>(api: N, version: number, body: RequestInput<N>): Promise<ResponseBody<N>> =>
  client.request(api, version, body);

const anyAcl = {
  resourceTypeFilter: 1,
  resourceNameFilter: null,
  patternTypeFilter: 1,
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
};

describe('access lists', () => {
  it('are answered as by a Kafka without an authorizer', async () => {
    for (const version of [1, 2, 3]) {
      expect(await ask('DescribeAcls', version, anyAcl)).toEqual({
        throttleTimeMs: 0,
        errorCode: 54,
        errorMessage: 'No Authorizer is configured on the broker',
        resources: [],
      });
    }
    const creation = {
      resourceType: 2,
      resourceName: 't',
      principal: 'User:x',
      host: '*',
      operation: 3,
      permissionType: 3,
    };
    const refused = { errorCode: 54, errorMessage: 'No Authorizer is configured.' };
    expect((await ask('CreateAcls', 3, { creations: [creation] })).results).toEqual([refused]);
    const { filterResults } = await ask('DeleteAcls', 3, { filters: [anyAcl] });
    expect(filterResults).toEqual([{ ...refused, matchingAcls: [] }]);
  });

  it('fail in kafkajs with the same words', async () => {
    const admin = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await expect(
      admin.describeAcls({ resourceType: 1, resourcePatternType: 1, operation: 1, permissionType: 1 } as never),
    ).rejects.toMatchObject({ type: 'SECURITY_DISABLED' });
    expect(await admin.listPartitionReassignments({ topics: [{ topic: 't', partitions: [0] }] })).toEqual({
      topics: [],
    });
    await admin.disconnect();
  });
});

describe('replicas', () => {
  it('are nowhere being moved, and stay where they are', async () => {
    const nothing = { throttleTimeMs: 0, errorCode: 0, errorMessage: null, topics: [] };
    expect(await ask('ListPartitionReassignments', 0, { topics: null })).toEqual(nothing);
    const { responses } = await ask('AlterPartitionReassignments', 0, {
      topics: [
        {
          name: 't',
          partitions: [
            { partitionIndex: 0, replicas: [1] },
            { partitionIndex: 1, replicas: null },
            { partitionIndex: 9, replicas: [1] },
            { partitionIndex: 0, replicas: [2] },
            { partitionIndex: 0, replicas: [] },
            { partitionIndex: 0, replicas: [1, 1] },
          ],
        },
        { name: 'nope', partitions: [{ partitionIndex: 0, replicas: [1] }] },
      ],
    });
    const includes = (what: string) => `The manual partition assignment includes ${what}`;
    expect(responses.map(({ partitions }) => partitions.map((one) => [one.errorCode, one.errorMessage]))).toEqual([
      [
        [0, null],
        [85, null],
        [3, 'Unable to find partition t:9.'],
        [39, includes('broker 2, but no such broker is registered.')],
        [39, includes('an empty replica list.')],
        [39, includes('the broker 1 more than once.')],
      ],
      [[3, 'Unable to find a topic named nope.']],
    ]);
  });

  it('need no election', async () => {
    const topicPartitions = [
      { topic: 't', partitions: [0, 9] },
      { topic: 'nope', partitions: [0] },
    ];
    const needless = { partitionId: 0, errorCode: 84, errorMessage: 'Leader election not needed for topic partition.' };
    const { replicaElectionResults } = await ask('ElectLeaders', 2, { electionType: 0, topicPartitions });
    expect(replicaElectionResults).toEqual([
      {
        topic: 't',
        partitionResult: [needless, { partitionId: 9, errorCode: 3, errorMessage: 'No such partition as t-9' }],
      },
      { topic: 'nope', partitionResult: [{ partitionId: 0, errorCode: 3, errorMessage: 'No such topic as nope' }] },
    ]);
    expect((await ask('ElectLeaders', 2, { electionType: 1, topicPartitions: null })).replicaElectionResults).toEqual([
      { topic: 't', partitionResult: [] },
    ]);
  });

  it('lie in one folder, with their sizes', async () => {
    const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic: 't', messages: [{ value: 'x', partition: 1 }] });
    await producer.disconnect();
    const { topics } = broker.metrics();
    const size = topics.find(({ topic }) => topic === 't')!.partitions[1]!.sizeBytes;
    const one = (partitionIndex: number, partitionSize: number) => ({
      partitionIndex,
      partitionSize,
      offsetLag: 0,
      isFutureKey: false,
    });
    const some = await ask('DescribeLogDirs', 4, {
      topics: [
        { topic: 't', partitions: [1, 5] },
        { topic: 'nope', partitions: [0] },
      ],
    });
    expect(some.results).toHaveLength(1);
    expect(some.results[0]).toMatchObject({
      errorCode: 0,
      logDir: broker.data,
      topics: [{ name: 't', partitions: [one(1, size)] }],
    });
    expect(some.results[0]!.totalBytes).toBeGreaterThan(some.results[0]!.usableBytes);
    expect(some.results[0]!.usableBytes).toBeGreaterThan(0);
    expect((await ask('DescribeLogDirs', 1, { topics: null })).results[0]!.topics).toEqual([
      { name: 't', partitions: [one(0, 0), one(1, size)] },
    ]);
    expect((await ask('DescribeLogDirs', 1, { topics: [] })).results[0]!.topics).toEqual([]);
  });
});

describe('the cluster', () => {
  it('is described to clients, and to nobody as controllers', async () => {
    const included = { includeClusterAuthorizedOperations: true, includeFencedBrokers: true };
    expect(await ask('DescribeCluster', 2, { ...included, endpointType: 1 })).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      errorMessage: null,
      endpointType: 1,
      clusterId: broker.clusterId,
      controllerId: 1,
      brokers: [{ brokerId: 1, host: '127.0.0.1', port: broker.port, rack: null, isFenced: false }],
      clusterAuthorizedOperations: 8096,
    });
    const as = (endpointType: number) =>
      ask('DescribeCluster', 1, { includeClusterAuthorizedOperations: false, endpointType });
    expect(await as(2)).toMatchObject({
      errorCode: 114,
      errorMessage: 'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER',
    });
    expect(await as(9)).toMatchObject({ errorCode: 115, errorMessage: 'Unsupported endpoint type 9' });
  });

  it('is a quorum of one', async () => {
    const topics = (topicName: string) => [{ topicName, partitions: [{ partitionIndex: 0 }] }];
    const answer = await ask('DescribeQuorum', 2, { topics: topics('__cluster_metadata') });
    const [partition] = answer.topics[0]!.partitions;
    expect(answer).toMatchObject({ errorCode: 0, nodes: [{ nodeId: 1, listeners: [{ port: broker.port }] }] });
    expect(partition).toMatchObject({ errorCode: 0, leaderId: 1, currentVoters: [{ replicaId: 1 }], observers: [] });
    expect((await ask('DescribeQuorum', 0, { topics: topics('t') })).topics[0]!.partitions[0]!.errorCode).toBe(3);
  });

  it('says of the configurations of brokers what they are', async () => {
    const { results } = await ask('DescribeConfigs', 4, {
      resources: [{ resourceType: 4, resourceName: '1', configurationKeys: null }],
    });
    const types = new Map(results[0]!.configs.map(({ name, configType }) => [name, configType]));
    const expected = { 'auto.create.topics.enable': 1, 'num.partitions': 3, 'log.dirs': 7, 'process.roles': 7 };
    for (const [name, type] of Object.entries({ ...expected, 'offsets.topic.replication.factor': 4 })) {
      expect([name, types.get(name)]).toEqual([name, type]);
    }
    expect(types.has('remote.storage.enable')).toBe(false);
  });

  it('lists what has a configuration', async () => {
    expect((await ask('ListConfigResources', 1, { resourceTypes: [] })).configResources).toEqual([
      { resourceName: '1', resourceType: 8 },
      { resourceName: '1', resourceType: 4 },
      { resourceName: 't', resourceType: 2 },
    ]);
    expect((await ask('ListConfigResources', 1, { resourceTypes: [2] })).configResources).toHaveLength(1);
    expect((await ask('ListConfigResources', 0, {})).configResources).toEqual([]);
    expect(await ask('DescribeClientQuotas', 1, { components: [], strict: false })).toMatchObject({
      errorCode: 0,
      entries: [],
    });
  });

  it('says where users are changed', async () => {
    const upsertions = ['bob', 'carol'].map((name) => ({
      name,
      mechanism: 1,
      iterations: 4096,
      salt: Buffer.from('salt'),
      saltedPassword: Buffer.alloc(32),
    }));
    const deletions = [{ name: 'bob', mechanism: 2 }];
    const { results } = await ask('AlterUserScramCredentials', 0, { deletions, upsertions });
    expect(results.map(({ user, errorCode }) => [user, errorCode])).toEqual([
      ['bob', 44],
      ['carol', 44],
    ]);
    expect(results[0]!.errorMessage).toContain('--users FILE');
  });

  it('has the users that it was given', async () => {
    const none = await ask('DescribeUserScramCredentials', 0, { users: null });
    expect(none).toMatchObject({ errorCode: 0, results: [] });
    const { results } = await ask('DescribeUserScramCredentials', 0, {
      users: [{ name: 'alice' }, { name: 'alice' }, { name: 'bob' }],
    });
    const failed = (user: string, errorCode: number, errorMessage: string) => ({
      user,
      errorCode,
      errorMessage,
      credentialInfos: [],
    });
    expect(results).toEqual([
      failed('alice', 92, 'Cannot describe SCRAM credentials for the same user twice in a single request: alice'),
      failed('bob', 91, 'Attempt to describe a user credential that does not exist: bob'),
    ]);
    const guarded = await startBroker({ port: 0, sasl: { users: { carol: 'secret' } } });
    const inside = await RawClient.connect(guarded.address);
    await inside.request('SaslHandshake', 1, { mechanism: 'PLAIN' });
    await inside.request('SaslAuthenticate', 2, { authBytes: Buffer.from('\0carol\0secret') });
    const described = await inside.request('DescribeUserScramCredentials', 0, { users: [] });
    const credentialInfos = [1, 2].map((mechanism) => ({ mechanism, iterations: 8192 }));
    expect(described.results).toEqual([{ user: 'carol', errorCode: 0, errorMessage: null, credentialInfos }]);
    await inside.close();
    await guarded.stop();
  });
});

describe('deleting offsets', () => {
  const topics = [
    { name: 't', partitions: [0, 1, 9].map((partitionIndex) => ({ partitionIndex })) },
    { name: 'nope', partitions: [{ partitionIndex: 0 }] },
  ];
  const commit = (groupId: string) =>
    ask('OffsetCommit', 5, {
      groupId,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 7, committedMetadata: '' }] }],
    });

  it('takes those of topics that nobody in the group reads', async () => {
    expect(await ask('OffsetDelete', 0, { groupId: 'none', topics })).toMatchObject({ errorCode: 69, topics: [] });
    expect(await ask('OffsetDelete', 0, { groupId: '', topics })).toMatchObject({ errorCode: 24, topics: [] });
    await commit('g');
    const codes = (answer: ResponseBody<'OffsetDelete'>) =>
      answer.topics.map(({ partitions }) => partitions.map(({ errorCode }) => errorCode));
    expect(codes(await ask('OffsetDelete', 0, { groupId: 'g', topics }))).toEqual([[0, 0, 3], [3]]);
    const fetched = await ask('OffsetFetch', 5, { groupId: 'g', topics: [{ name: 't', partitionIndexes: [0] }] });
    expect(fetched.topics[0]!.partitions[0]!.committedOffset).toBe(-1);

    await broker.createTopic('read');
    await commit('busy');
    const consumer = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).consumer({ groupId: 'busy' });
    await consumer.connect();
    await consumer.subscribe({ topic: 'read' });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({ eachMessage: async () => {} });
    await joined;
    const both = [topics[0]!, { name: 'read', partitions: [{ partitionIndex: 0 }] }];
    expect(codes(await ask('OffsetDelete', 0, { groupId: 'busy', topics: both }))).toEqual([[0, 0, 3], [86]]);
    await consumer.disconnect();
  });
});

describe('groups of the new protocol', () => {
  it('are refused in words', async () => {
    const join = {
      groupId: 'g',
      memberId: 'm',
      memberEpoch: 0,
      rebalanceTimeoutMs: 1000,
      subscribedTopicNames: ['t'],
      topicPartitions: [],
    };
    expect(await ask('ConsumerGroupHeartbeat', 1, join)).toMatchObject({
      errorCode: 35,
      errorMessage: expect.stringContaining('group.protocol=classic'),
    });
  });
});
