import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../../src/broker/index.js';
import { TransactionClient } from './support.js';

/*
 * What Kafka 4.3.1 answers to the requests of transactions. To see it do so, start one and name its address in
 * STREAMBOOK_TEST_BROKERS.
 */

const real = process.env.STREAMBOOK_TEST_BROKERS;
let broker: Broker | undefined;
let client: TransactionClient;
let topic: string;
let name: (prefix: string) => string;

beforeAll(async () => {
  if (real === undefined) broker = await startBroker({ port: 0 });
});
afterAll(() => broker?.stop());

beforeEach(async () => {
  client = await TransactionClient.connect(real ?? broker!.address);
  name = (prefix) => `${prefix}-${client.suffix}`;
  topic = name('t');
  await client.createTopic(topic, 2);
});
afterEach(() => client.close());

describe('a transactional id', () => {
  it('gets the next epoch each time, and the next one still when something was open', async () => {
    const p = await client.newProducer(name('tx'));
    expect(p.epoch).toBe(0);
    expect(await client.init(p)).toBe('epoch 1');
    expect(await client.state(p)).toBe('Empty');
    expect(await client.add(p, topic)).toBe('NONE');
    expect(await client.state(p)).toBe('Ongoing t:0');
    // One epoch to fence what was open, and one for the newcomer.
    expect(await client.init(p)).toBe('epoch 3');
    expect(await client.read(topic, false)).toEqual(['0 abort']);
  });

  it('is refused without a name or with a time-out out of range', async () => {
    const p = { id: name('tx'), producerId: -1, epoch: -1 };
    expect(await client.init({ ...p, id: '' })).toBe('INVALID_REQUEST');
    expect(await client.init(p, { timeoutMs: 0 })).toBe('INVALID_TRANSACTION_TIMEOUT');
    expect(await client.init(p, { timeoutMs: 900_001 })).toBe('INVALID_TRANSACTION_TIMEOUT');
    expect(await client.state(p)).toBe('TRANSACTIONAL_ID_NOT_FOUND');
    expect(await client.init(p, { timeoutMs: 900_000 })).toBe('epoch 0');
  });

  it('may bump its own epoch, and repeat the question; others may not', async () => {
    const p = await client.newProducer(name('tx'));
    const old = { ...p };
    expect(await client.init(p, { as: old })).toBe('epoch 1');
    expect(await client.init(p, { as: old })).toBe('epoch 1');
    expect(await client.init(p, { as: p })).toBe('epoch 2');
    expect(await client.init(p, { as: old })).toBe('PRODUCER_FENCED');
    expect(await client.init(p, { as: old, version: 3 })).toBe('INVALID_PRODUCER_EPOCH');
    expect(await client.init(p, { as: { producerId: p.producerId + 1, epoch: p.epoch } })).toBe('PRODUCER_FENCED');
    expect(await client.init(p, { as: { producerId: p.producerId } })).toBe('INVALID_REQUEST');
  });
});

describe('fencing', () => {
  it('answers what each version understands', async () => {
    const old = await client.newProducer(name('tx'));
    expect(await client.add(old, topic)).toBe('NONE');
    const p = { ...old };
    await client.init(p);
    expect(await client.add(old, topic, [0], 1)).toBe('INVALID_PRODUCER_EPOCH');
    expect(await client.add(old, topic, [0], 3)).toBe('PRODUCER_FENCED');
    expect(await client.addOffsets(old, name('g'), 1)).toBe('INVALID_PRODUCER_EPOCH');
    expect(await client.addOffsets(old, name('g'), 2)).toBe('PRODUCER_FENCED');
    expect(await client.end(old, true, 1)).toBe('INVALID_PRODUCER_EPOCH');
    expect(await client.end(old, true, 2)).toBe('PRODUCER_FENCED');
    expect(await client.produce(old, topic, ['x'])).toBe('INVALID_PRODUCER_EPOCH');
    expect(await client.commitOffset(old, name('g'), topic, 1)).toBe('INVALID_PRODUCER_EPOCH');
  });

  it('knows producers that it has never given that id', async () => {
    const p = await client.newProducer(name('tx'));
    const stranger = { ...p, producerId: p.producerId + 1_000_000 };
    const nobody = { ...p, id: name('nobody') };
    expect(await client.add(stranger, topic)).toBe('INVALID_PRODUCER_ID_MAPPING');
    expect(await client.add(nobody, topic)).toBe('INVALID_PRODUCER_ID_MAPPING');
    expect(await client.end(stranger, true)).toBe('INVALID_PRODUCER_ID_MAPPING');
    expect(await client.produce(stranger, topic, ['x'])).toBe('INVALID_PRODUCER_ID_MAPPING');
    expect(await client.end({ ...p, id: '' }, true)).toBe('INVALID_REQUEST');
    expect(await client.add({ ...p, id: '' }, topic)).toBe('INVALID_REQUEST');
  });
});

describe('a transaction', () => {
  it('takes only partitions that are there, all or none', async () => {
    const p = await client.newProducer(name('tx'));
    expect(await client.add(p, topic, [0, 9])).toBe('OPERATION_NOT_ATTEMPTED UNKNOWN_TOPIC_OR_PARTITION');
    expect(await client.add(p, name('missing'))).toBe('UNKNOWN_TOPIC_OR_PARTITION');
    expect(await client.add(p, '__consumer_offsets')).toBe('TOPIC_AUTHORIZATION_FAILED');
    expect(await client.state(p)).toBe('Empty');
  });

  it('takes records only into partitions that were added', async () => {
    const p = await client.newProducer(name('tx'));
    expect(await client.produce(p, topic, ['x'])).toBe('INVALID_TXN_STATE');
    expect(await client.produce(p, topic, ['x'], { version: 11 })).toBe('TRANSACTION_ABORTABLE');
    await client.add(p, topic, [1]);
    expect(await client.produce(p, topic, ['x'])).toBe('INVALID_TXN_STATE');
    expect(await client.produce(p, topic, ['x'], { partition: 1, id: null })).toBe(
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    );
    expect(await client.produce(p, topic, ['x'], { partition: 1 })).toBe('NONE');
    expect(await client.produce(p, topic, ['y'], { partition: 1, sequence: 1, plain: true })).toBe('INVALID_TXN_STATE');
    expect(await client.produce(p, topic, ['y'], { partition: 1, sequence: 2 })).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect(await client.produce(p, topic, ['y'], { partition: 1, sequence: 1 })).toBe('NONE');
    expect(await client.produce(p, topic, ['y'], { partition: 1, sequence: 1 })).toBe('NONE');
    expect(await client.end(p, true)).toBe('NONE');
    // A real Kafka takes more until it has written the marker.
    while ((await client.state(p)) !== 'CompleteCommit') await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await client.produce(p, topic, ['z'], { partition: 1, sequence: 2 })).toBe('INVALID_TXN_STATE');
    expect(await client.read(topic, true, 1)).toEqual(['0 x', '1 y', '2 commit']);
  });

  it('ends once: the same end may be asked for again, another may not', async () => {
    const p = await client.newProducer(name('tx'));
    expect(await client.end(p, true)).toBe('INVALID_TXN_STATE');
    expect(await client.end(p, false)).toBe('INVALID_TXN_STATE');
    await client.add(p, topic);
    expect(await client.end(p, true)).toBe('NONE');
    expect(await client.end(p, true)).toBe('NONE');
    expect(await client.end(p, false)).toBe('INVALID_TXN_STATE');
    expect(await client.state(p)).toBe('CompleteCommit');
    await client.add(p, topic);
    expect(await client.end(p, false)).toBe('NONE');
    expect(await client.end(p, false)).toBe('NONE');
    expect(await client.end(p, true)).toBe('INVALID_TXN_STATE');
    expect(await client.state(p)).toBe('CompleteAbort');
  });

  it('moves the last stable offset when it ends, and names what was aborted', async () => {
    const [p, q] = [await client.newProducer(name('p')), await client.newProducer(name('q'))];
    await client.add(p, topic);
    await client.add(q, topic);
    await client.produce(p, topic, ['p1']);
    await client.produce(q, topic, ['q1']);
    await client.produce(undefined, topic, ['plain']);
    expect(await client.ends(topic)).toBe('stable 0, end 3');
    expect(await client.read(topic, true)).toEqual([]);
    await client.end(q, false);
    await client.add(q, topic);
    expect(await client.ends(topic)).toBe('stable 0, end 4');
    await client.end(p, true);
    await client.init(p);
    expect(await client.ends(topic)).toBe('stable 5, end 5');
    await client.produce(q, topic, ['q2'], { sequence: 1 });
    expect(await client.ends(topic)).toBe('stable 5, end 6');
    expect(await client.read(topic, true)).toEqual([
      '0 p1',
      '1 q1',
      '2 plain',
      '3 abort',
      '4 commit',
      'aborted from 1',
    ]);
    expect((await client.read(topic, false)).length).toBe(6);
    expect(await client.read(topic, true, 0, 4)).toEqual(['4 commit']);
    await client.end(q, false);
    await client.init(q);
    expect(await client.read(topic, true, 0, 4)).toEqual(['4 commit', '5 q2', '6 abort', 'aborted from 5']);
  });

  it('is aborted when its time is over, and its producer fenced', async () => {
    const p = await client.newProducer(name('tx'), 50);
    await client.add(p, topic);
    await client.produce(p, topic, ['late']);
    while ((await client.state(p)) !== 'CompleteAbort') await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await client.end(p, true)).toBe('PRODUCER_FENCED');
    expect(await client.add(p, topic)).toBe('PRODUCER_FENCED');
    expect(await client.init({ ...p }, { as: p })).toBe('PRODUCER_FENCED');
    expect(await client.read(topic, true)).toEqual(['0 late', '1 abort', 'aborted from 0']);
    expect(await client.init(p)).toBe('epoch 2');
  }, 30_000);
});

describe('offsets in a transaction', () => {
  it('count when it commits; who must know waits for that', async () => {
    const group = name('g');
    const p = await client.newProducer(name('tx'));
    expect(await client.commitOffset(p, group, topic, 1)).toBe('INVALID_TXN_STATE');
    expect(await client.addOffsets(p, group)).toBe('NONE');
    expect(await client.commitOffset(p, group, topic, 5)).toBe('NONE');
    expect(await client.commitOffset(p, group, topic, 6)).toBe('NONE');
    expect(await client.commitOffset(p, group, name('missing'), 6)).toBe('UNKNOWN_TOPIC_OR_PARTITION');
    expect(await client.offset(group, topic)).toBe('-1');
    expect(await client.offset(group, topic, true)).toBe('UNSTABLE_OFFSET_COMMIT');
    expect(await client.end(p, true)).toBe('NONE');
    await client.init(p);
    expect(await client.offset(group, topic, true)).toBe('6');
    await client.addOffsets(p, group);
    await client.commitOffset(p, group, topic, 9);
    expect(await client.end(p, false)).toBe('NONE');
    await client.init(p);
    expect(await client.offset(group, topic, true)).toBe('6');
  });

  it('do not go before a later commit outside of it', async () => {
    const group = name('g');
    const p = await client.newProducer(name('tx'));
    await client.addOffsets(p, group);
    await client.commitOffset(p, group, topic, 5);
    await client.request('OffsetCommit', 7, {
      groupId: group,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, committedOffset: 7, committedMetadata: '' }] }],
    });
    expect(await client.offset(group, topic)).toBe('7');
    await client.end(p, true);
    await client.init(p);
    expect(await client.offset(group, topic, true)).toBe('7');
  });

  it('are refused for members that the group does not know', async () => {
    const group = name('g');
    const p = await client.newProducer(name('tx'));
    await client.addOffsets(p, group);
    expect(await client.commitOffset(p, group, topic, 1, { generationId: 3, memberId: 'm' })).toBe(
      'ILLEGAL_GENERATION',
    );
    expect(await client.commitOffset(p, group, topic, 1)).toBe('NONE');
    expect(await client.commitOffset(p, group, topic, 1, { generationId: 0, memberId: 'm' })).toBe('UNKNOWN_MEMBER_ID');
  });
});

describe('asking about partitions of a transaction (AddPartitionsToTxn 4 and 5)', () => {
  const ask = async (p: { id: string; producerId: number; epoch: number }, version: number, verifyOnly = true) => {
    const { resultsByTransaction } = await client.request('AddPartitionsToTxn', version, {
      transactions: [
        {
          transactionalId: p.id,
          producerId: p.producerId,
          producerEpoch: p.epoch,
          verifyOnly,
          topics: [{ name: topic, partitions: [0, 1] }],
        },
      ],
    });
    return resultsByTransaction![0]!.topicResults[0]!.resultsByPartition.sort(
      (a, b) => a.partitionIndex - b.partitionIndex,
    ).map((one) => one.partitionErrorCode);
  };

  it('says which belong to it', async () => {
    const p = await client.newProducer(name('tx'));
    await client.add(p, topic, [1]);
    expect(await ask(p, 4)).toEqual([120, 0]);
    expect(await ask(p, 5)).toEqual([120, 0]);
    expect(await ask({ ...p, epoch: 9 }, 5)).toEqual([90, 90]);
    expect(await ask({ ...p, id: name('nobody') }, 5)).toEqual([49, 49]);
    expect(await ask(p, 5, false)).toEqual([0, 0]);
    expect(await client.state(p)).toBe('Ongoing t:0,1');
  });
});

describe('admin views', () => {
  it('list transactions by state and producer, and describe producers', async () => {
    const [p, q] = [await client.newProducer(name('p')), await client.newProducer(name('q'))];
    await client.add(p, topic);
    await client.produce(p, topic, ['a', 'b']);
    const list = async (body: object) => {
      const answer = await client.request('ListTransactions', 1, {
        stateFilters: [],
        producerIdFilters: [p.producerId, q.producerId],
        ...body,
      });
      const states = answer.transactionStates.map(
        ({ transactionalId, transactionState }) => `${transactionalId.split('-')[0]} ${transactionState}`,
      );
      return [...states.sort(), ...answer.unknownStateFilters];
    };
    expect(await list({})).toEqual(['p Ongoing', 'q Empty']);
    expect(await list({ stateFilters: ['Ongoing', 'Odd'] })).toEqual(['p Ongoing', 'Odd']);
    // What has not begun counts as begun in 1970.
    expect(await list({ durationFilter: 60_000 })).toEqual(['q Empty']);
    expect(await list({ durationFilter: 60_000, stateFilters: ['Ongoing'] })).toEqual([]);
    const { topics } = await client.request('DescribeProducers', 0, {
      topics: [{ name: topic, partitionIndexes: [0, 7] }],
    });
    const partitions = topics[0]!.partitions.sort((a, b) => a.partitionIndex - b.partitionIndex);
    expect(partitions.map(({ errorCode }) => errorCode)).toEqual([0, 3]);
    expect(partitions[0]!.activeProducers).toMatchObject([
      { producerId: p.producerId, producerEpoch: 0, lastSequence: 1, coordinatorEpoch: -1, currentTxnStartOffset: 0 },
    ]);
  });
});
