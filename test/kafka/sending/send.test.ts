import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MimeBundle, setDisplayPort } from '../../../src/core/display.js';
import { receive, send, sendFile, sendRows, texts, topics } from '../../../src/kafka/index.js';
import { fresh, type TestBroker, testBroker, until } from '../support/broker.js';

let broker: TestBroker;
let folder: string;
beforeAll(async () => {
  broker = await testBroker();
  folder = mkdtempSync(join(tmpdir(), 'streambook-send-'));
});
afterAll(async () => {
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
});

const at = () => ({ brokers: broker.brokers, show: false }) as const;
const read = (topic: string) => receive(topic, { brokers: broker.brokers, until: 'end' }).toArray();
const values = async (topic: string) => (await read(topic)).map((m) => m.value);

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('sendFile', () => {
  it('brings a whole novel across, byte for byte and in order', async () => {
    const topic = fresh('novel');
    const summary = await sendFile(texts.mobyDick, { topic, ...at() });
    const messages = await read(topic);
    expect(Buffer.concat(messages.map((m) => m.bytes!)).equals(readFileSync(texts.mobyDick.path))).toBe(true);
    expect(summary).toMatchObject({ topic, messages: messages.length, bytes: texts.mobyDick.bytes, stopped: false });
    expect(messages.map((m) => m.offset)).toEqual(messages.map((_, i) => i));
    expect(Math.max(...messages.map((m) => m.bytes!.length))).toBeLessThanOrEqual(1024);
  });

  it('returns at once; pause, resume and stop do what they say', async () => {
    const topic = fresh('paced');
    const sending = sendFile(texts.mobyDick, { topic, perSecond: 200, ...at() });
    expect(sending.progress).toMatchObject({ state: 'running', messages: 0 });
    expect(await sending.sent(3)).toBeGreaterThanOrEqual(3);
    sending.pause();
    expect(sending.progress.state).toBe('paused');
    // One batch may have been under way; after it nothing moves.
    const [first] = await topics.offsets(topic, at());
    await until(async () => (await topics.offsets(topic, at()))[0]!.next === sending.progress.messages);
    expect(sending.progress.messages - first!.next).toBeLessThanOrEqual(1);
    const paused = sending.progress.messages;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sending.progress.messages).toBe(paused);
    sending.resume();
    await sending.sent(paused + 5);
    const summary = await sending.stop();
    expect(summary.stopped).toBe(true);
    expect(sending.progress.state).toBe('stopped');
    const sent = Buffer.concat((await read(topic)).map((m) => m.bytes!));
    expect(sent.length).toBe(summary.bytes);
    expect(readFileSync(texts.mobyDick.path).subarray(0, sent.length).equals(sent)).toBe(true);
    expect(await sending.sent(1_000_000)).toBe(summary.messages);
  });

  it('can be stopped while paused, and before it has begun', async () => {
    const sending = sendFile(texts.mobyDick, { topic: fresh('early'), ...at() });
    expect((await sending.stop()).messages).toBeLessThan(1_177);
    const other = sendFile(texts.mobyDick, { topic: fresh('paused'), everyMs: 60_000, ...at() });
    await other.sent(1);
    other.pause();
    expect(await other.stop()).toMatchObject({ messages: 1, stopped: true });
  });

  it('is stopped when its topic is deleted: a cell that is run again finds nothing of its first run', async () => {
    const topic = fresh('again');
    const first = sendFile(texts.mobyDick, { topic, everyMs: 1, ...at() });
    const elsewhere = sendFile(texts.mobyDick, { topic: fresh('elsewhere'), everyMs: 60_000, ...at() });
    await Promise.all([first.sent(20), elsewhere.sent(1)]);
    await topics.delete(topic, at());
    expect(first.progress.state).toBe('stopped');
    expect(elsewhere.progress.state).toBe('running');
    await sendFile(texts.mobyDick, { topic, ...at() });
    const all = Buffer.concat((await read(topic)).map((m) => m.bytes!));
    expect(all.equals(readFileSync(texts.mobyDick.path))).toBe(true);
    await elsewhere.stop();
  });

  it('sends keys, headers and times', async () => {
    const topic = fresh('headed');
    const path = file('abc.txt', 'abcdefghij');
    const now = Date.now();
    await sendFile(path, {
      topic,
      chunkBytes: 4,
      key: (chunk, i) => `${i}:${chunk}`,
      headers: { from: 'abc' },
      timestamp: (_, i) => now + i,
      ...at(),
    });
    expect((await read(topic)).map((m) => [m.key, m.text, m.headers, m.timestamp])).toEqual([
      ['0:abcd', 'abcd', { from: 'abc' }, now],
      ['1:efgh', 'efgh', { from: 'abc' }, now + 1],
      ['2:ij', 'ij', { from: 'abc' }, now + 2],
    ]);
  });

  it('repeats the file as often as asked', async () => {
    const topic = fresh('loop');
    const sending = sendFile(file('loop.txt', 'abcdef'), { topic, chunkBytes: 4, loop: 3, ...at() });
    expect(await sending).toMatchObject({ messages: 6, bytes: 18 });
    expect(sending.progress).toMatchObject({ totalBytes: 18, sourceBytes: 18 });
    expect((await values(topic)).join('')).toBe('abcdefabcdefabcdef');
  });

  it('sends other encodings as UTF-8 when told so', async () => {
    const text = '流数据的生成与传输，数据流动起来。'.repeat(50);
    const path = file('gb.txt', iconv.encode(text, 'gb18030'));
    for (const encoding of ['gb18030', 'detect']) {
      const topic = fresh('gb');
      await sendFile(path, { topic, chunkBytes: 100, encoding, ...at() });
      expect((await values(topic)).join('')).toBe(text);
    }
  });

  it('says that a text in another encoding is none that can be read', async () => {
    const seen: string[] = [];
    const slot = (bundle: MimeBundle) => void seen.push(bundle['text/plain']);
    setDisplayPort({
      open: (bundle) => {
        slot(bundle);
        return { update: slot };
      },
      table: () => ({ 'text/plain': '' }),
      progress: () => ({ 'text/plain': '' }),
    });
    try {
      const gb = file('gb2.txt', iconv.encode('流数据的生成与传输', 'gb18030'));
      await sendFile(gb, { topic: fresh('gb'), brokers: broker.brokers });
      expect(seen.at(-1)).toContain('not UTF-8');
      await sendFile(gb, { topic: fresh('gb'), encoding: 'gb18030', brokers: broker.brokers });
      expect(seen.at(-1)).not.toContain('not UTF-8');
      await sendFile(file('utf8.txt', '流数据'.repeat(999)), { topic: fresh('gb'), brokers: broker.brokers });
      expect(seen.at(-1)).not.toContain('not UTF-8');
    } finally {
      setDisplayPort(undefined);
    }
  });

  it('says what is wrong with a file', async () => {
    file('hamlet.txt', 'To be');
    const topic = fresh('wrong');
    await expect(sendFile(join(folder, 'hamlte.txt'), { topic, ...at() })).rejects.toThrow(
      /file-not-found.*hamlte\.txt[\s\S]*did you mean.*hamlet\.txt/,
    );
    await expect(sendFile(folder, { topic, ...at() })).rejects.toThrow('not-a-file');
    await expect(sendFile(file('empty.txt', ''), { topic, ...at() })).rejects.toThrow('empty-file');
    expect(await topics.list(at())).not.toContain(topic);
    expect(() => sendFile('x', { topic: 'a b' })).toThrow('bad-argument');
    expect(() => sendFile('x', { topic, chunkBytes: 2 })).toThrow('chunkBytes is 2');
  });

  it('does not make a topic when told not to', async () => {
    const topic = fresh('absent');
    const sending = sendFile(file('a.txt', 'a'), { topic, create: false, ...at() });
    await expect(sending.sent(1)).rejects.toThrow('topic-not-found');
    await expect(sending).rejects.toThrow('topic-not-found');
    expect(sending.progress.state).toBe('failed');
  });
});

describe('send', () => {
  it('takes one value, several, generators, and whole messages', async () => {
    const topic = fresh('values');
    await send(topic, 'one', at());
    await send(topic, ['two', Buffer.from('three'), null, { n: 4 }, 5], at());
    const now = Date.now();
    async function* slow() {
      yield 'six';
      await new Promise((resolve) => setImmediate(resolve));
      yield { key: 'k', value: { n: 7 }, headers: { h: 'x' }, timestamp: now };
    }
    await send(topic, slow(), at());
    const messages = await read(topic);
    expect(messages.map((m) => m.value)).toEqual(['one', 'two', 'three', null, '{"n":4}', '5', 'six', '{"n":7}']);
    expect(messages.at(-1)).toMatchObject({ key: 'k', headers: { h: 'x' }, timestamp: now });
  });

  it('sends what an endless source has, without waiting for more', async () => {
    const topic = fresh('endless');
    async function* source() {
      yield 'first';
      await new Promise(() => {});
    }
    const sending = send(topic, source(), at());
    expect(await sending.sent(1)).toBe(1);
    expect(await sending.stop()).toMatchObject({ messages: 1, stopped: true });
  });

  it('keeps the order of a key, and puts keys where the Java client would', async () => {
    const topic = fresh('keys');
    await topics.create(topic, { partitions: 4, ...at() });
    await send(
      topic,
      Array.from({ length: 400 }, (_, i) => ({ key: `k${i % 10}`, value: String(i) })),
      at(),
    );
    const messages = await read(topic);
    expect(messages).toHaveLength(400);
    for (let k = 0; k < 10; k++) {
      const ofKey = messages.filter((m) => m.key === `k${k}`);
      expect(new Set(ofKey.map((m) => m.partition)).size).toBe(1);
      expect(ofKey.map((m) => Number(m.text))).toEqual(Array.from({ length: 40 }, (_, i) => i * 10 + k));
    }
    // The hashes are those of Kafka's own test, UtilsTest.testMurmur2.
    const hashes = { '21': -973932308, foobar: -790332482, 'a-little-bit-longer-string': -1486304829 };
    await send(
      topic,
      Object.keys(hashes).map((key) => ({ key, value: 'hash' })),
      at(),
    );
    const placed = (await read(topic)).filter((m) => m.text === 'hash').map((m) => [m.key, m.partition]);
    expect(Object.fromEntries(placed)).toEqual(
      Object.fromEntries(Object.entries(hashes).map(([key, hash]) => [key, (hash & 0x7fffffff) % 4])),
    );
  });

  it('says which message is wrong, and how many had arrived', async () => {
    const topic = fresh('bad');
    async function* source() {
      yield 'good';
      await until(() => sending.progress.messages === 1);
      throw new Error('the sensor broke');
    }
    const sending = send(topic, source(), at());
    await expect(sending).rejects.toThrow(/the sensor broke; 1 message \(4 bytes\) had been acknowledged/);
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    await expect(send(topic, [cyclic], at())).rejects.toThrow(/cannot be written as JSON[\s\S]*message 0/);
    await expect(send(topic, [{ value: 'x', partition: 9 }], at())).rejects.toThrow('no-such-partition');
    expect(() => send(topic, undefined as never, at())).toThrow('bad-argument');
  });

  it('sends a hundred thousand small values exactly once each', async () => {
    const topic = fresh('many');
    await send(
      topic,
      (function* () {
        for (let i = 0; i < 100_000; i++) yield String(i);
      })(),
      at(),
    );
    let next = 0;
    for await (const m of receive(topic, { brokers: broker.brokers, until: 'end' })) {
      if (m.text !== String(next)) throw new Error(`expected ${next}, got ${m.text}`);
      next++;
    }
    expect(next).toBe(100_000);
  });
});

describe('sendRows', () => {
  const csv = 'id,name,amount\n050314421,"Ada, Countess",10\n2,"say ""hi""",20\n\n3,张三,30\n';

  it('sends each row as JSON, numbers with their zeros', async () => {
    const topic = fresh('rows');
    await sendRows(file('rows.csv', csv), { topic, key: 'name', ...at() });
    const messages = await receive(topic, { brokers: broker.brokers, until: 'end', as: 'json' }).toArray();
    expect(messages.map((m) => m.value)).toEqual([
      { id: '050314421', name: 'Ada, Countess', amount: '10' },
      { id: '2', name: 'say "hi"', amount: '20' },
      { id: '3', name: '张三', amount: '30' },
    ]);
    expect(messages[0]!.key).toBe('Ada, Countess');
  });

  it('sends lines of CSV as they stand, and receive reads them', async () => {
    const topic = fresh('lines');
    await sendRows(file('lines.csv', csv), { topic, as: 'csv', ...at() });
    expect((await values(topic))[1]).toBe('2,"say ""hi""",20');
    const asRows = receive(topic, {
      brokers: broker.brokers,
      until: 'end',
      as: 'csv',
      columns: ['id', 'name', 'amount'],
    });
    expect((await asRows.toArray())[1]!.value).toEqual({ id: '2', name: 'say "hi"', amount: '20' });
  });

  it('finds out the encoding', async () => {
    const topic = fresh('gbk');
    const lines = ['姓名,城市', ...Array.from({ length: 40 }, () => '张三,北京市海淀区中关村大街')].join('\n');
    await sendRows(file('gbk.csv', iconv.encode(lines, 'gbk')), { topic, ...at() });
    expect(JSON.parse((await values(topic))[0]!)).toEqual({ 姓名: '张三', 城市: '北京市海淀区中关村大街' });
  });

  it('names file and line of a row that is not right, or leaves it out', async () => {
    const path = file('short.csv', 'a,b\n1,2\n3\n4,5\n');
    await expect(sendRows(path, { topic: fresh('short'), ...at() })).rejects.toThrow(
      /bad-row[\s\S]*short\.csv, line 3/,
    );
    const topic = fresh('skip');
    await sendRows(path, { topic, onBad: 'skip', ...at() });
    expect(await values(topic)).toEqual(['{"a":"1","b":"2"}', '{"a":"4","b":"5"}']);
    await expect(sendRows(path, { topic, onBad: 'skip', key: 'c', ...at() })).rejects.toThrow(/unknown-column.*`c`/);
  });

  it('takes rows that are there already', async () => {
    const topic = fresh('objects');
    await sendRows(
      [
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ],
      { topic, key: 'name', ...at() },
    );
    expect((await read(topic)).map((m) => [m.key, m.text])).toEqual([
      ['a', '{"id":1,"name":"a"}'],
      ['b', '{"id":2,"name":"b"}'],
    ]);
  });
});
