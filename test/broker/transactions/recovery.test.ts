import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../../src/broker/index.js';
import { openLog } from '../../../src/broker/log/open.js';
import { DiskStorage } from '../../../src/broker/storage/disk.js';
import { decodeKey, decodeState, encodeKey, encodeState } from '../../../src/broker/transactions/records.js';
import {
  ended,
  ending,
  newState,
  type TransactionState,
  withPartitions,
} from '../../../src/broker/transactions/state.js';
import { encodeTransactionMarker } from '../../../src/wire/control-batch.js';
import { RecordBatch } from '../../../src/wire/record-batch.js';
import { batch, config, context } from '../support/logs.js';
import { tempFolder, until } from '../support/temp.js';
import { TransactionClient } from './support.js';

let broker: Broker | undefined;
let client: TransactionClient;
let data: string;

async function start(): Promise<void> {
  broker = await startBroker({ port: 0, data });
  client = await TransactionClient.connect(broker.address);
}

async function stop(): Promise<void> {
  await client.close();
  await broker?.stop();
  broker = undefined;
}

beforeEach(async () => {
  data = tempFolder();
  await start();
  await client.createTopic('t', 2);
});
afterEach(stop);

/** Writes something into a log while no broker runs: what one would have left that was killed right then. */
async function leave(folder: string, left: RecordBatch): Promise<void> {
  const storage = new DiskStorage(data);
  const log = await openLog(context(storage), `logs/${folder}`, config());
  await log.append(left, { checkProducer: false });
  await log.close();
  await storage.close();
}

function state(id: string, value: TransactionState): RecordBatch {
  return batch([{ key: encodeKey(id), value: encodeState(value), timestamp: Date.now() }]);
}

/** An open transaction with records in two partitions and an offset, whose broker is gone. */
async function interrupted() {
  const p = await client.newProducer('tx');
  await client.add(p, 't', [0, 1]);
  await client.produce(p, 't', ['a']);
  await client.produce(p, 't', ['b'], { partition: 1 });
  await client.addOffsets(p, 'g');
  await client.commitOffset(p, 'g', 't', 5);
  await stop();
  const partitions = new Map([
    ['t', new Set([0, 1])],
    ['__consumer_offsets', new Set([0])],
  ]);
  const open = withPartitions({ ...newState(p.producerId, 60_000, 1), epoch: 0 }, partitions, Date.now());
  return { p, open };
}

describe('a restart', () => {
  it.each([
    [true, ['0 a', '1 commit'], '5'],
    [false, ['0 a', '1 abort', 'aborted from 0'], '-1'],
  ])('finishes what was decided (commit: %s)', async (commit, first, offset) => {
    const { p, open } = await interrupted();
    await leave('__transaction_state-0', state('tx', ending(open, commit, Date.now())));
    await start();
    expect(await client.state(p)).toBe(commit ? 'CompleteCommit' : 'CompleteAbort');
    expect(await client.read('t', true)).toEqual(first);
    expect((await client.read('t', true, 1)).slice(0, 2)).toEqual(['0 b', first[1]]);
    expect(await client.offset('g', 't', true)).toBe(offset);
    // The producer goes on as if nothing had happened.
    expect(await client.end(p, commit)).toBe('NONE');
    expect(await client.add(p, 't')).toBe('NONE');
    expect(await client.produce(p, 't', ['c'], { sequence: 1 })).toBe('NONE');
    expect(await client.end(p, true)).toBe('NONE');
    expect((await client.read('t', true)).filter((line) => line.endsWith(' c'))).toEqual(['2 c']);
  });

  it('finishes it too when some of the markers had been written', async () => {
    const { p, open } = await interrupted();
    await leave('__transaction_state-0', state('tx', ending(open, true, Date.now())));
    const marker = { type: 'commit', coordinatorEpoch: 0, producerId: p.producerId, producerEpoch: 0 } as const;
    await leave('t-1', new RecordBatch(encodeTransactionMarker({ ...marker, timestamp: Date.now() })));
    await start();
    expect((await client.read('t', true)).slice(0, 2)).toEqual(['0 a', '1 commit']);
    expect((await client.read('t', true, 1)).slice(0, 2)).toEqual(['0 b', '1 commit']);
    expect(await client.offset('g', 't', true)).toBe('5');
  });

  it('leaves open what was open: its producer may go on', async () => {
    const { p } = await interrupted();
    await start();
    expect(await client.state(p)).toBe('Ongoing __consumer_offsets:0 t:0,1');
    expect(await client.read('t', true)).toEqual([]);
    expect(await client.offset('g', 't', true)).toBe('UNSTABLE_OFFSET_COMMIT');
    expect(await client.produce(p, 't', ['c'], { sequence: 1 })).toBe('NONE');
    expect(await client.end(p, true)).toBe('NONE');
    expect(await client.read('t', true)).toEqual(['0 a', '1 c', '2 commit']);
    expect(await client.offset('g', 't', true)).toBe('5');
  });

  it('aborts what has been open for too long meanwhile', async () => {
    const { p, open } = await interrupted();
    await leave('__transaction_state-0', state('tx', { ...open, startedAt: Date.now() - 61_000 }));
    await start();
    await until(async () => (await client.state(p)) === 'CompleteAbort');
    expect(await client.end(p, true)).toBe('PRODUCER_FENCED');
    expect(await client.read('t', true)).toEqual(['0 a', '1 abort', 'aborted from 0']);
    expect(await client.offset('g', 't', true)).toBe('-1');
  });

  it('takes a new producer id when the epochs of the old one are used up', async () => {
    const p = await client.newProducer('tx');
    await stop();
    const old = { ...newState(p.producerId, 60_000, Date.now()), epoch: 32_765 };
    await leave('__transaction_state-0', state('tx', old));
    await start();
    expect(await client.init(p)).toBe('epoch 32766');
    const last = { ...p };
    await client.add(p, 't');
    // 32767 only fences.
    expect(await client.init(p)).toBe('epoch 0 of a new id');
    expect(await client.end(last, true)).toBe('INVALID_PRODUCER_ID_MAPPING');
    expect(await client.init(p)).toBe('epoch 1');
  });
});

describe('the record of a transactional id', () => {
  it('reads back as it was written', () => {
    const partitions = new Map([
      ['t', new Set([0, 7])],
      ['é', new Set([1])],
    ]);
    const open = withPartitions({ ...newState(2 ** 40, 900_000, 1), epoch: 3 }, partitions, 1_700_000_000_000);
    const rotated = { ...newState(8, 1, 2), previousProducerId: 7 };
    for (const value of [open, ending(open, true, 5), ended(ending(open, false, 5), 6), rotated]) {
      expect(decodeState(encodeState(value))).toEqual(value);
    }
    expect(decodeKey(encodeKey('tx'))).toBe('tx');
  });

  it('is, byte for byte, what Kafka 4.3.1 writes', () => {
    const kafkas = [
      '0001000000000000000700000000ea600000000001a1fc084e2bffffffffffffffff0100080000000000000007',
      '0001000000000000000700000000ea6001020b742d6231306364663265020000000000000001a1fc084e31000001a1fc084e310100080000000000000007',
      '0001000000000000000700000000ea6002020b742d6231306364663265020000000000000001a1fc084e33000001a1fc084e310100080000000000000007',
      '0001000000000000000700000000ea600401000001a1fc084e35000001a1fc084e310100080000000000000007',
    ];
    const statuses = kafkas.map((hex) => {
      const read = decodeState(Buffer.from(hex, 'hex'))!;
      expect(encodeState(read).toString('hex')).toBe(hex);
      return read.status;
    });
    expect(statuses).toEqual(['Empty', 'Ongoing', 'PrepareCommit', 'CompleteCommit']);
    expect(encodeKey('tx-b10cdf2e').toString('hex')).toBe('0000000b74782d6231306364663265');
  });
});
