import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, type BrokerEvent, startBroker } from '../../../src/broker/index.js';
import { encodeBatch } from '../../../src/wire/encode-batch.js';
import { FrameReader } from '../../../src/wire/frame-reader.js';
import { decodeResponse, encodeRequest } from '../../../src/wire/frames.js';
import { RawClient } from '../support/client.js';
import { until } from '../support/temp.js';

let broker: Broker;
let events: BrokerEvent[];
const clients: RawClient[] = [];

beforeEach(async () => {
  events = [];
  broker = await startBroker({ port: 0, maxRequestBytes: 1_000_000, onEvent: (event) => void events.push(event) });
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await broker.stop();
});

async function raw(): Promise<RawClient> {
  const client = await RawClient.connect(broker.address);
  clients.push(client);
  return client;
}

/** A socket, and a promise that resolves when the broker has closed it. */
function socket(): { socket: Socket; closed: Promise<void> } {
  const opened = connect(broker.port, '127.0.0.1');
  opened.on('error', () => {});
  opened.resume();
  return { socket: opened, closed: new Promise((resolve) => opened.once('close', () => resolve())) };
}

function frame(...bytes: number[]): Buffer {
  const out = Buffer.alloc(4 + bytes.length);
  out.writeInt32BE(bytes.length, 0);
  out.set(bytes, 4);
  return out;
}

function produce(topic: string, records: Buffer | null) {
  return { acks: -1, timeoutMs: 1000, topicData: [{ name: topic, partitionData: [{ index: 0, records }] }] } as const;
}

const message = (value: string) => encodeBatch({ records: [{ value, timestamp: Date.now() }] });

describe('bytes that are no request', () => {
  it.each([
    ['a length of nothing', frame()],
    ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['a length beyond the limit', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
    ['a header that breaks off', frame(0, 3, 0, 1, 0, 0)],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost:9092\r\n\r\n')],
    ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])],
    ['an array of two billion', frame(0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff)],
    ['an API that there is not', frame(0x03, 0xe7, 0, 0, 0, 0, 0, 1, 0xff, 0xff)],
    ['a version that there is not', frame(0, 3, 0, 99, 0, 0, 0, 1, 0xff, 0xff)],
  ])('close the connection that sent %s, and no other', async (_name, bytes) => {
    const other = await raw();
    const bad = socket();
    bad.socket.write(bytes);
    await bad.closed;
    expect(events).toHaveLength(1);
    expect(['malformed', 'unsupported']).toContain(events[0]!.kind);
    expect(events[0]!.message).not.toContain('\n');
    expect((await other.request('Metadata', 1, { topics: null })).brokers).toHaveLength(1);
  });

  it('of any kind never harm the broker', async () => {
    const good = encodeRequest('Metadata', 9, { correlationId: 1, clientId: 'x' }, { topics: [{ name: 'abc' }] });
    const bytes = Buffer.concat(good);
    for (let round = 0; round < 300; round++) {
      const mutated = round % 3 === 0 ? randomBytes(40) : Buffer.from(bytes);
      // Most frames keep their length, so that what lies behind it is reached.
      for (let i = 0; i < 1 + (round % 4); i++)
        mutated[4 + ((round * 31 + i * 17) % (mutated.length - 4))] = round & 0xff;
      const { socket: one, closed } = socket();
      one.write(mutated);
      one.end();
      await closed;
    }
    expect(events.filter(({ kind }) => kind === 'failed')).toEqual([]);
    const client = await raw();
    expect((await client.request('ApiVersions', 0, {})).errorCode).toBe(0);
  });
});

describe('answers', () => {
  it('come in the order of the requests, though some wait', async () => {
    await broker.createTopic('t');
    const client = await raw();
    const topics = [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }];
    const waiting = client.request('Fetch', 4, { maxWaitMs: 100, minBytes: 1, topics });
    const after = client.request('Metadata', 1, { topics: null });
    const appended = client.request('Produce', 3, produce('t', message('x')));
    await Promise.all([waiting, after, appended]);
    expect(client.answered).toEqual([1, 2, 3]);
  });

  it('come for hundreds of requests in one piece', async () => {
    const client = socket();
    const answers: number[] = [];
    const frames = new FrameReader();
    client.socket.on('data', (chunk) => {
      for (const answer of frames.push(chunk)) answers.push(answer.readInt32BE(0));
    });
    const parts = Array.from({ length: 3000 }, (_, i) =>
      encodeRequest('ApiVersions', 0, { correlationId: i }, {}),
    ).flat();
    client.socket.write(Buffer.concat(parts));
    await until(() => answers.length === 3000);
    expect(answers).toEqual([...answers.keys()]);
    client.socket.destroy();
  });

  it('come also when the request arrives byte by byte', async () => {
    const client = socket();
    client.socket.setNoDelay(true);
    const got = new Promise<Buffer>((resolve) => client.socket.once('data', resolve));
    for (const byte of Buffer.concat(encodeRequest('ApiVersions', 2, { correlationId: 7 }, {}))) {
      client.socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const answer = decodeResponse('ApiVersions', 2, (await got).subarray(4));
    expect(answer.correlationId).toBe(7);
    client.socket.destroy();
  });

  it('say by version 0 and error 35 which versions of ApiVersions there are', async () => {
    const client = socket();
    const got = new Promise<Buffer>((resolve) => client.socket.once('data', resolve));
    client.socket.write(frame(0, 18, 0, 90, 0, 0, 0, 5, 0, 1, 65, 0, 1, 1));
    const answer = (await got).subarray(4);
    expect(answer.readInt32BE(0)).toBe(5);
    expect(answer.readInt16BE(4)).toBe(35);
    expect(answer.readInt32BE(6)).toBe(1);
    expect([answer.readInt16BE(10), answer.readInt16BE(12), answer.readInt16BE(14)]).toEqual([18, 0, 4]);
    // The connection is still good.
    const next = new Promise<Buffer>((resolve) => client.socket.once('data', resolve));
    client.socket.write(
      Buffer.concat(
        encodeRequest('ApiVersions', 3, { correlationId: 6 }, { clientSoftwareName: 'x', clientSoftwareVersion: '1' }),
      ),
    );
    expect(decodeResponse('ApiVersions', 3, (await next).subarray(4)).body.errorCode).toBe(0);
    client.socket.destroy();
  });

  it('are not piled up for a client that does not read them', async () => {
    await broker.createTopic('big');
    const writer = await raw();
    for (let i = 0; i < 40; i++) await writer.request('Produce', 3, produce('big', message('x'.repeat(500_000))));
    const before = process.memoryUsage().rss;
    const lazy = connect(broker.port, '127.0.0.1');
    lazy.on('error', () => {});
    lazy.pause();
    const topics = [{ topic: 'big', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 10_000_000 }] }];
    for (let i = 0; i < 60; i++) {
      lazy.write(
        Buffer.concat(
          encodeRequest('Fetch', 4, { correlationId: i }, { maxWaitMs: 0, minBytes: 0, maxBytes: 10_000_000, topics }),
        ),
      );
    }
    // 60 answers of 10 MB would be 600 MB.
    for (let i = 0; i < 20; i++) expect((await writer.request('Metadata', 1, { topics: null })).topics).toHaveLength(1);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    lazy.destroy();
  });
});

describe('a batch that must not be stored', () => {
  const answerTo = async (records: Buffer | null, version = 8) => {
    const client = await raw();
    const { responses } = await client.request('Produce', version, produce('t', records));
    return responses[0]!.partitionResponses[0]!.errorCode;
  };

  it('is answered with the error code that Kafka has for it', async () => {
    await broker.createTopic('t', { configs: { 'max.message.bytes': 1000 } });
    const good = message('good');
    expect(await answerTo(good)).toBe(0);
    const damaged = Buffer.from(good);
    damaged[damaged.length - 1]! ^= 1;
    expect(await answerTo(damaged)).toBe(2);
    expect(await answerTo(good.subarray(0, good.length - 1))).toBe(87);
    const old = Buffer.from(good);
    old[16] = 1;
    expect(await answerTo(old)).toBe(87);
    old[16] = 9;
    expect(await answerTo(old)).toBe(2);
    expect(await answerTo(null)).toBe(87);
    expect(await answerTo(Buffer.alloc(0))).toBe(87);
    expect(await answerTo(Buffer.concat([good, message('two')]))).toBe(87);
    expect(await answerTo(message('x'.repeat(2000)))).toBe(10);
    expect(await answerTo(encodeBatch({ records: [{ value: 'x', timestamp: Date.now() + 7_200_000 }] }))).toBe(32);
    expect(await answerTo(encodeBatch({ records: [{ value: 'x' }], control: true }))).toBe(87);
    const client = await raw();
    const unknown = await client.request('Produce', 8, produce('nowhere', good));
    expect(unknown.responses[0]!.partitionResponses[0]!.errorCode).toBe(3);
    const wrongAcks = await client.request('Produce', 8, { ...produce('t', good), acks: 2 });
    expect(wrongAcks.responses[0]!.partitionResponses[0]!.errorCode).toBe(21);
    expect(events).toEqual([]);
  });

  it('needs keys where the topic is compacted', async () => {
    await broker.createTopic('t', { configs: { 'cleanup.policy': 'compact' } });
    expect(await answerTo(encodeBatch({ records: [{ value: 'x', timestamp: Date.now() }] }))).toBe(87);
    expect(
      await answerTo(encodeBatch({ records: [{ key: 'k', value: 'x', timestamp: Date.now() }], compression: 'gzip' })),
    ).toBe(0);
  });

  it('closes the connection when no answer was wanted', async () => {
    const client = await raw();
    client.tell('Produce', 8, { ...produce('nowhere', message('x')), acks: 0 });
    await client.closed;
  });
});

describe('acks=0', () => {
  it('gets no answer, and the record is there', async () => {
    await broker.createTopic('t');
    const client = await raw();
    client.tell('Produce', 8, { ...produce('t', message('silent')), acks: 0 });
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, timestamp: -1 }] }];
    const { topics: ends } = await client.request('ListOffsets', 1, { replicaId: -1, topics });
    expect(ends[0]!.partitions[0]!.offset).toBe(1);
  });
});
