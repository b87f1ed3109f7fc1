import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, type BrokerOptions, startBroker } from '../../../src/broker/index.js';
import { errorCodes, type KafkaErrorName, kafkaError } from '../../../src/wire/error-codes.js';
import { RawClient } from '../support/client.js';
import { tempFolder, until } from '../support/temp.js';

let broker: Broker;
const clients: RawClient[] = [];

async function start(options: BrokerOptions = {}): Promise<void> {
  broker = await startBroker({ port: 0, minSessionTimeoutMs: 10, ...options });
}

beforeEach(() => start());

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await broker.stop();
});

async function raw(): Promise<RawClient> {
  const client = await RawClient.connect(broker.address);
  clients.push(client);
  return client;
}

function name(code: number): KafkaErrorName {
  return kafkaError(code)!.name;
}

interface JoinOptions {
  memberId?: string;
  groupInstanceId?: string | null;
  sessionTimeoutMs?: number;
  rebalanceTimeoutMs?: number;
  protocols?: { name: string; metadata: Buffer }[];
  version?: number;
}

const metadata = (text: string) => [{ name: 'range', metadata: Buffer.from(text) }];

async function join(client: RawClient, options: JoinOptions = {}) {
  const { version = 5, memberId = '', groupInstanceId = null, protocols = metadata('m') } = options;
  const { errorCode, ...rest } = await client.request('JoinGroup', version, {
    groupId: 'g',
    sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
    rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? 10_000,
    memberId,
    groupInstanceId,
    protocolType: 'consumer',
    protocols,
  });
  return { error: name(errorCode), ...rest };
}

/** Joins as clients do: asks for an id first. */
async function joinNew(client: RawClient, options: JoinOptions = {}) {
  const { error, memberId } = await join(client, options);
  expect(error).toBe('MEMBER_ID_REQUIRED');
  return join(client, { ...options, memberId });
}

type Joined = Awaited<ReturnType<typeof join>>;

async function sync(
  client: RawClient,
  joined: Joined,
  assignments: Record<string, string> = {},
  instance: string | null = null,
) {
  const { errorCode, assignment } = await client.request('SyncGroup', 3, {
    groupId: 'g',
    generationId: joined.generationId,
    memberId: joined.memberId,
    groupInstanceId: instance,
    assignments: Object.entries(assignments).map(([memberId, text]) => ({ memberId, assignment: Buffer.from(text) })),
  });
  return { error: name(errorCode), assignment: assignment.toString() };
}

async function heartbeat(client: RawClient, joined: Joined, instance: string | null = null) {
  const { generationId, memberId } = joined;
  const request = { groupId: 'g', generationId, memberId, groupInstanceId: instance };
  return name((await client.request('Heartbeat', 3, request)).errorCode);
}

async function commit(client: RawClient, memberId: string, generationIdOrMemberEpoch: number, committedOffset = 1) {
  const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: '' }];
  const topics = [{ name: 't', partitions }];
  const answer = await client.request('OffsetCommit', 7, { groupId: 'g', generationIdOrMemberEpoch, memberId, topics });
  return name(answer.topics[0]!.partitions[0]!.errorCode);
}

async function committed(client: RawClient): Promise<number> {
  const topics = [{ name: 't', partitionIndexes: [0] }];
  const answer = await client.request('OffsetFetch', 3, { groupId: 'g', topics });
  return answer.topics[0]!.partitions[0]!.committedOffset;
}

/** A group of one, in agreement. */
async function settled(client: RawClient, options: JoinOptions = {}): Promise<Joined> {
  const joined = options.groupInstanceId == null ? await joinNew(client, options) : await join(client, options);
  expect(joined.error).toBe('NONE');
  const answer = await sync(client, joined, { [joined.memberId]: 'all' }, options.groupInstanceId ?? null);
  expect(answer).toEqual({ error: 'NONE', assignment: 'all' });
  return joined;
}

async function state(): Promise<string> {
  const client = await raw();
  const { groups } = await client.request('DescribeGroups', 4, { groups: ['g'] });
  return groups[0]!.groupState;
}

describe('joining', () => {
  it('makes the first member the leader, who alone hears of everybody', async () => {
    const [a, b] = [await raw(), await raw()];
    const first = await settled(a);
    expect(first.leader).toBe(first.memberId);
    expect(first.members.map(({ memberId }) => memberId)).toEqual([first.memberId]);
    const joining = joinNew(b, { protocols: metadata('second') });
    await until(async () => (await heartbeat(a, first)) === 'REBALANCE_IN_PROGRESS');
    const again = await join(a, { memberId: first.memberId, protocols: metadata('first') });
    const second = await joining;
    expect([again.generationId, second.generationId]).toEqual([2, 2]);
    expect(again.members.map(({ metadata: told }) => told.toString()).sort()).toEqual(['first', 'second']);
    expect(second.members).toEqual([]);
    expect(second.leader).toBe(first.memberId);
    const [forFirst, forSecond] = await Promise.all([
      sync(a, again, { [first.memberId]: 'one half', [second.memberId]: 'the other' }),
      sync(b, second),
    ]);
    expect(forFirst.assignment).toBe('one half');
    expect(forSecond.assignment).toBe('the other');
    expect(await heartbeat(b, second)).toBe('NONE');
    expect(await state()).toBe('Stable');
  });

  it('gives members before version 4 their id at once', async () => {
    const joined = await join(await raw(), { version: 2 });
    expect(joined.error).toBe('NONE');
    expect(joined.memberId).toMatch(/^raw-/);
  });

  it('is refused without a group, with a wrong session timeout, unknown id, or nothing in common', async () => {
    const client = await raw();
    await settled(client);
    const other = await raw();
    expect((await join(other, { memberId: 'made up' })).error).toBe('UNKNOWN_MEMBER_ID');
    expect((await join(other, { sessionTimeoutMs: 1 })).error).toBe('INVALID_SESSION_TIMEOUT');
    expect((await join(other, { sessionTimeoutMs: 2_000_000 })).error).toBe('INVALID_SESSION_TIMEOUT');
    expect((await join(other, { protocols: [{ name: 'sticky', metadata: Buffer.alloc(0) }] })).error).toBe(
      'INCONSISTENT_GROUP_PROTOCOL',
    );
    expect((await join(other, { protocols: [] })).error).toBe('INCONSISTENT_GROUP_PROTOCOL');
    const nameless = {
      groupId: '',
      sessionTimeoutMs: 10_000,
      memberId: '',
      protocolType: 'consumer',
      protocols: metadata('m'),
    };
    expect(name((await other.request('JoinGroup', 0, nameless)).errorCode)).toBe('INVALID_GROUP_ID');
  });

  it('takes the assignor that all offer and most prefer', async () => {
    const offer = (...names: string[]) => names.map((one) => ({ name: one, metadata: Buffer.from(one) }));
    const [a, b, c] = [await raw(), await raw(), await raw()];
    const first = await settled(a, { protocols: offer('x', 'y', 'z') });
    const second = joinNew(b, { protocols: offer('z', 'y') });
    const third = joinNew(c, { protocols: offer('q', 'z', 'y') });
    await until(async () => (await heartbeat(a, first)) === 'REBALANCE_IN_PROGRESS');
    // Both others must be waiting before the first comes back, or the third would have to wait for another round.
    await until(
      async () => (await (await raw()).request('DescribeGroups', 4, { groups: ['g'] })).groups[0]!.members.length === 3,
    );
    const again = await join(a, { memberId: first.memberId, protocols: offer('x', 'y', 'z') });
    await Promise.all([second, third]);
    expect(again.protocolName).toBe('z');
  });

  it('answers who did not hear the answer the same again, without a rebalance', async () => {
    const [a, b] = [await raw(), await raw()];
    const first = await settled(a);
    const joining = joinNew(b);
    await until(async () => (await heartbeat(a, first)) === 'REBALANCE_IN_PROGRESS');
    const again = await join(a, { memberId: first.memberId });
    const second = await joining;
    await Promise.all([sync(a, again, {}), sync(b, second)]);
    const repeated = await join(b, { memberId: second.memberId });
    expect(repeated.generationId).toBe(second.generationId);
    expect(await heartbeat(a, again)).toBe('NONE');
  });
});

describe('leaving', () => {
  it('is noticed at once by the others', async () => {
    const [a, b] = [await raw(), await raw()];
    const first = await settled(a);
    const joining = joinNew(b);
    await until(async () => (await heartbeat(a, first)) === 'REBALANCE_IN_PROGRESS');
    const again = await join(a, { memberId: first.memberId });
    const second = await joining;
    await Promise.all([sync(a, again), sync(b, second)]);
    expect((await b.request('LeaveGroup', 1, { groupId: 'g', memberId: second.memberId })).errorCode).toBe(0);
    expect(await heartbeat(a, again)).toBe('REBALANCE_IN_PROGRESS');
    expect(await heartbeat(b, second)).toBe('UNKNOWN_MEMBER_ID');
    expect((await join(a, { memberId: first.memberId })).members).toHaveLength(1);
  });

  it('of several at once is answered one by one', async () => {
    const client = await raw();
    const joined = await settled(client);
    const stat = await raw();
    const joining = join(stat, { groupInstanceId: 'i' });
    await until(async () => (await heartbeat(client, joined)) === 'REBALANCE_IN_PROGRESS');
    await join(client, { memberId: joined.memberId });
    await joining;
    const { errorCode, members } = await client.request('LeaveGroup', 3, {
      groupId: 'g',
      members: [{ memberId: joined.memberId }, { memberId: 'nobody' }, { memberId: '', groupInstanceId: 'i' }],
    });
    expect(errorCode).toBe(0);
    expect(members.map((member) => name(member.errorCode))).toEqual(['NONE', 'UNKNOWN_MEMBER_ID', 'NONE']);
    expect(await state()).toBe('Empty');
  });

  it('happens by itself when a member is silent for its session timeout', async () => {
    await broker.stop();
    await start({ fastRebalance: false });
    const client = await raw();
    await settled(client, { sessionTimeoutMs: 80 });
    await until(async () => (await state()) === 'Empty');
  });

  it('happens when the connection drops, if groups rebalance fast', async () => {
    const client = await raw();
    await settled(client);
    await client.close();
    await until(async () => (await state()) === 'Empty');
    const other = await raw();
    await join(other);
    await other.close();
    // The id that was given out and not used does not hold up anybody.
    expect((await joinNew(await raw())).error).toBe('NONE');
  });

  it('does not happen when the connection drops, if they rebalance as in Kafka', async () => {
    await broker.stop();
    await start({ fastRebalance: false });
    const client = await raw();
    const joined = await settled(client);
    await client.close();
    const again = await raw();
    expect(await heartbeat(again, joined)).toBe('NONE');
  });

  it('is forced on those who do not come back within the rebalance timeout', async () => {
    const [a, b] = [await raw(), await raw()];
    const slow = await settled(a, { rebalanceTimeoutMs: 50 });
    const joined = await joinNew(b, { rebalanceTimeoutMs: 50 });
    expect(joined.members).toHaveLength(1);
    expect(await heartbeat(a, slow)).toBe('UNKNOWN_MEMBER_ID');
  });

  it('is forced on those who join and then do not ask for their assignment', async () => {
    const [a, b] = [await raw(), await raw()];
    const leader = await joinNew(a, { rebalanceTimeoutMs: 50 });
    await until(async () => (await state()) === 'Empty');
    expect((await sync(a, leader)).error).toBe('UNKNOWN_MEMBER_ID');
    await settled(b);
  });
});

describe('a static member', () => {
  it('takes its place again without a rebalance, and fences the one it was', async () => {
    const [a, b] = [await raw(), await raw()];
    const before = await settled(a, { groupInstanceId: 'i' });
    await a.close();
    expect(await state()).toBe('Stable');
    const after = await join(b, { groupInstanceId: 'i' });
    expect(after.error).toBe('NONE');
    expect(after.generationId).toBe(before.generationId);
    expect(after.memberId).not.toBe(before.memberId);
    // It does not hear that it leads, so it does not assign anew.
    expect(after.leader).not.toBe(after.memberId);
    expect(await sync(b, after, {}, 'i')).toEqual({ error: 'NONE', assignment: 'all' });
    expect(await heartbeat(b, before, 'i')).toBe('FENCED_INSTANCE_ID');
    expect((await join(b, { memberId: before.memberId, groupInstanceId: 'i' })).error).toBe('FENCED_INSTANCE_ID');
  });

  it('brings a rebalance when it comes back with other wishes', async () => {
    const [a, b] = [await raw(), await raw()];
    const before = await settled(a, { groupInstanceId: 'i' });
    const after = await join(b, { groupInstanceId: 'i', protocols: metadata('other') });
    expect(after.generationId).toBe(before.generationId + 1);
    expect(after.leader).toBe(after.memberId);
  });
});

describe('generations', () => {
  it('are checked by heartbeats, syncs and commits', async () => {
    await broker.createTopic('t');
    const client = await raw();
    const joined = await settled(client);
    const old = { ...joined, generationId: joined.generationId - 1 };
    expect(await heartbeat(client, old)).toBe('ILLEGAL_GENERATION');
    expect((await sync(client, old)).error).toBe('ILLEGAL_GENERATION');
    expect(await commit(client, joined.memberId, old.generationId)).toBe('ILLEGAL_GENERATION');
    expect(await commit(client, 'nobody', joined.generationId)).toBe('UNKNOWN_MEMBER_ID');
    expect(await commit(client, '', -1)).toBe('UNKNOWN_MEMBER_ID');
    expect(await committed(client)).toBe(-1);
    expect(await commit(client, joined.memberId, joined.generationId, 42)).toBe('NONE');
    expect(await committed(client)).toBe(42);
  });

  it('of a group that does not exist are illegal, unless it only keeps offsets', async () => {
    await broker.createTopic('t');
    const client = await raw();
    expect(await commit(client, 'm', 3)).toBe('ILLEGAL_GENERATION');
    expect(await commit(client, '', -1, 7)).toBe('NONE');
    expect(await committed(client)).toBe(7);
    const { groups } = await client.request('ListGroups', 4, { statesFilter: ['Empty'] });
    expect(groups.map(({ groupId }) => groupId)).toEqual(['g']);
  });
});

describe('committed offsets', () => {
  it('are refused for unknown topics and too much metadata', async () => {
    await broker.createTopic('t');
    const client = await raw();
    const one = (partitionIndex: number, committedMetadata = '') => ({
      partitionIndex,
      committedOffset: 1,
      committedMetadata,
    });
    const { topics } = await client.request('OffsetCommit', 2, {
      groupId: 'g',
      topics: [
        { name: 't', partitions: [one(0), one(1)] },
        { name: 'nowhere', partitions: [one(0)] },
      ],
    });
    expect(topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => name(errorCode)))).toEqual([
      'NONE',
      'UNKNOWN_TOPIC_OR_PARTITION',
      'UNKNOWN_TOPIC_OR_PARTITION',
    ]);
    const long = [{ name: 't', partitions: [one(0, 'x'.repeat(4097))] }];
    const answer = await client.request('OffsetCommit', 2, { groupId: 'g', topics: long });
    expect(answer.topics[0]!.partitions[0]!.errorCode).toBe(errorCodes.OFFSET_METADATA_TOO_LARGE);
  });

  it('go with their topic, and with their group', async () => {
    await broker.createTopic('t');
    const client = await raw();
    await commit(client, '', -1, 7);
    await client.request('DeleteTopics', 1, { topicNames: ['t'], timeoutMs: 1000 });
    await until(async () => (await committed(client)) === -1);
    await broker.createTopic('t');
    expect(await committed(client)).toBe(-1);
    await commit(client, '', -1, 8);
    const { results } = await client.request('DeleteGroups', 1, { groupsNames: ['g', 'other'] });
    expect(results.map(({ errorCode }) => name(errorCode))).toEqual(['NONE', 'GROUP_ID_NOT_FOUND']);
    expect(await committed(client)).toBe(-1);
  });

  it('and groups are there again after a restart, members only where groups do not rebalance fast', async () => {
    const data = tempFolder();
    for (const fastRebalance of [false, true]) {
      await broker.stop();
      await start({ data, fastRebalance });
      const client = await raw();
      if (!fastRebalance) await broker.createTopic('t');
      const joined = await settled(client);
      await commit(client, joined.memberId, joined.generationId, 11);
      await broker.stop();
      await start({ data, fastRebalance });
      const next = await raw();
      expect(await committed(next)).toBe(11);
      expect(await heartbeat(next, joined)).toBe(fastRebalance ? 'UNKNOWN_MEMBER_ID' : 'NONE');
      expect(await state()).toBe(fastRebalance ? 'Empty' : 'Stable');
      if (!fastRebalance) await next.request('LeaveGroup', 1, { groupId: 'g', memberId: joined.memberId });
    }
  });
});
