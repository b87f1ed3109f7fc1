import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Broker, startBroker } from '../../src/broker/index.js';
import { type Executed, type NotebookKernel, openKernel } from '../../src/kernel/client/index.js';
import { RawClient } from '../broker/support/client.js';
import { failure, interrupted, printed, result } from './kernel.js';

// What the library starts in a cell, through Interrupt, a second run of the cell, and a restart of the kernel; all of it
// on a broker that outlives the kernel and can be asked what is left.

let broker: Broker;
let kernel: NotebookKernel;
let raw: RawClient;

const FIRST = `import { kafkaSink, receive, send, sendFile, streamEnv, tableEnv, texts } from 'streambook';`;

beforeAll(async () => {
  console.debug = () => undefined;
  broker = await startBroker({ port: 0, data: 'memory' });
  raw = await RawClient.connect(broker.address);
  kernel = await openKernel(inject('server'));
});
afterAll(async () => {
  await kernel?.shutdown();
  raw?.socket.destroy();
  await broker?.stop();
});

/** After a restart nothing is known. */
async function begin(): Promise<void> {
  await ok(`process.env.STREAMBOOK_BROKERS = ${JSON.stringify(broker.address)}; ${FIRST}`);
}

async function ok(code: string, cellId?: string): Promise<Executed> {
  const executed = await kernel.execute(code, cellId === undefined ? {} : { cellId });
  expect(failure(executed).text).toBe('');
  return executed;
}

let topics = 0;
async function topicOf(...values: string[]): Promise<string> {
  const topic = `stopping-${topics++}`;
  await broker.createTopic(topic);
  if (values.length > 0) await ok(`await send('${topic}', ${JSON.stringify(values)});`);
  return topic;
}

const members = (group: string): number | undefined =>
  broker.metrics().groups.find((one) => one.group === group)?.members;

/** How many transactions are open in the topic's only partition. */
async function openTransactions(topic: string): Promise<number> {
  const { topics: found } = await raw.request('DescribeProducers', 0, {
    topics: [{ name: topic, partitionIndexes: [0] }],
  });
  const producers = found[0]?.partitions[0]?.activeProducers ?? [];
  return producers.filter(({ currentTxnStartOffset }) => Number(currentTxnStartOffset) >= 0).length;
}

const running = async (): Promise<unknown> =>
  result(
    await ok(`[...(globalThis as any)[Symbol.for('streambook.running')] ?? []].map((e) => e.stoppable.what).join()`),
  );

const poll = { timeout: 60_000 };

describe('in one kernel', () => {
  beforeAll(begin);
  afterEach(async () => {
    expect(await running()).toBe('');
  });

  test('Interrupt ends a loop over a topic, runs its finally, and frees the place in the group', async () => {
    const topic = await topicOf('a', 'b');
    const stopped = await interrupted(
      kernel,
      `const before = 41; const seen: string[] = [];
       try {
         for await (const m of receive('${topic}', { from: 'earliest', group: 'loop' })) {
           seen.push(m.text);
           console.log('got', m.text);
         }
       } finally {
         console.log('tidied');
       }`,
      'got b',
    );
    expect(printed(stopped)).toBe('got a\ngot b\ntidied\n');
    await expect.poll(() => members('loop'), poll).toBe(0);
    expect(result(await ok(`before + 1 + seen.join('')`))).toBe('42ab');
  });

  test('Interrupt cancels a job that the cell waits for: sources close, the names stay', async () => {
    const stopped = await interrupted(
      kernel,
      `const env = streamEnv();
       const source = (async function* () {
         try {
           for (let i = 0; ; i++) { yield i; await new Promise((done) => setTimeout(done, 5)); }
         } finally {
           console.log('source closed');
         }
       })();
       const counted: number[] = [];
       env.fromCollection(source).forEach((i) => { counted.push(i); if (i === 3) console.log('three'); });
       const job = await env.executeAsync('endless');
       await job.wait();`,
      'three',
    );
    expect(printed(stopped)).toContain('source closed');
    expect(result(await ok('job.status'))).toBe('cancelled');
    expect(result(await ok('counted.length > 3'))).toBe('true');
    expect(
      result(await ok(`(await streamEnv().fromElements(1, 2).map((i) => i * 2).executeAndCollect()).join()`)),
    ).toBe('2,4');
  });

  const endless = (topic: string): string => `streamEnv().fromKafka('${topic}', { from: 'earliest' })`;
  const query = `const t = tableEnv();
    t.executeSql("CREATE TEMPORARY TABLE gen (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '50')");`;

  test.each<[string, (topic: string) => string]>([
    ['a stream that shows itself', (topic) => `console.log('go'); await ${endless(topic)}.show();`],
    ['a loop over a stream', (topic) => `for await (const m of ${endless(topic)}) console.log('go');`],
    ['collecting an endless stream', (topic) => `console.log('go'); await ${endless(topic)}.executeAndCollect();`],
    ['a query that shows itself', () => `${query} console.log('go'); await t.sqlQuery('SELECT n FROM gen').show();`],
    [
      'a query that prints',
      () => `${query} console.log('go'); await t.sqlQuery('SELECT n FROM gen').execute().print();`,
    ],
    [
      'a loop over a query',
      () => `${query} for await (const r of t.sqlQuery('SELECT n FROM gen').execute()) console.log('go');`,
    ],
    [
      'the view of a job',
      (topic) =>
        `const viewed = await ${endless(topic)}.executeAsync('viewed'); console.log('go'); await viewed.show();`,
    ],
    [
      'a text that is sent slowly',
      (topic) =>
        `const slow = sendFile(texts.mobyDick, { topic: '${topic}', chunkBytes: 64, everyMs: 20 }); await slow.sent(1); console.log('go'); await slow;`,
    ],
  ])('Interrupt leaves nothing behind of %s', async (_name, code) => {
    const topic = await topicOf('a');
    const stopped = await interrupted(kernel, `{ ${code(topic)} }`, 'go');
    expect(stopped.status).toBe('error');
    expect(result(await ok('6 * 7'))).toBe('42');
  });

  test('a cell that runs again replaces what it had started', async () => {
    const topic = await topicOf();
    const code = `const reading = (async () => {
        try {
          for await (const m of receive('${topic}', { from: 'earliest', group: 'again' })) m.text;
        } finally {
          (globalThis as any).left = ((globalThis as any).left ?? 0) + 1;
        }
      })();
      const ticking = streamEnv().fromCollection(async function* () {
        for (;;) { yield 1; await new Promise((done) => setTimeout(done, 10)); }
      });
      const ticks = await ticking.executeAsync('ticks');
      (globalThis as any).jobs = [...((globalThis as any).jobs ?? []), ticks];`;
    await ok(code, 'cell-a');
    await expect.poll(() => members('again'), poll).toBe(1);
    await ok(code, 'cell-a');
    const statuses = `(globalThis as any).jobs.map((job: any) => job.status).join()`;
    expect(result(await ok(statuses))).toBe('cancelled,running');
    expect(result(await ok('(globalThis as any).left'))).toBe('1');
    await expect.poll(() => members('again'), poll).toBe(1);
    // Another cell with the same text is another cell, and one that cannot be compiled replaces, too.
    await ok(`const more = await ticking.executeAsync('more'); (globalThis as any).jobs.push(more);`, 'cell-b');
    expect(result(await ok(statuses))).toBe('cancelled,running,running');
    expect((await kernel.execute('const text: string = 5;', { cellId: 'cell-a' })).status).toBe('error');
    expect(result(await ok(statuses))).toBe('cancelled,cancelled,running');
    await ok('await more.cancel();', 'cell-b');
    await expect.poll(() => members('again'), poll).toBe(0);
  });

  test('a second run waits until the first has let go', async () => {
    const code = `import { ProcessFunction } from 'streambook';
      const order = ((globalThis as any).order ??= []);
      order.push('start');
      class Slow extends ProcessFunction<number, number> {
        processElement() {}
        async close() { await new Promise((done) => setTimeout(done, 100)); order.push('closed'); }
      }
      const slowly = await streamEnv().fromCollection(async function* () {
        for (;;) { yield 1; await new Promise((done) => setTimeout(done, 5)); }
      }).process(new Slow()).executeAsync('slowly');`;
    await ok(code, 'cell-c');
    await ok(code, 'cell-c');
    await ok('await slowly.cancel()');
    expect(result(await ok(`(globalThis as any).order.join()`))).toBe('start,closed,start,closed');
  });
});

describe('when the kernel is restarted', () => {
  /** A group that reads, a sender, and a job in the middle of a transaction. */
  async function startAll(group: string): Promise<{ to: string; sent: string }> {
    await begin();
    const [from, to, sent] = [await topicOf('a', 'b'), await topicOf(), await topicOf()];
    await ok(`
      void (async () => { for await (const m of receive('${from}', { from: 'earliest', group: '${group}' })) m.text; })();
      const sending = sendFile(texts.mobyDick, { topic: '${sent}', chunkBytes: 64, everyMs: 10 });
      const env = streamEnv({ checkpointing: { intervalMs: 200_000 } });
      env.fromKafka('${from}', { from: 'earliest', groupId: '${group}-job' })
        .sinkTo(kafkaSink('${to}', { deliveryGuarantee: 'exactly-once' }));
      const job = await env.executeAsync('exact ${group}');`);
    await expect.poll(() => members(group), poll).toBe(1);
    await expect.poll(() => openTransactions(to), poll).toBe(1);
    return { to, sent };
  }

  const recordsIn = (topic: string): number | undefined =>
    broker.metrics().topics.find((one) => one.topic === topic)?.recordsIn;

  async function nothingIsLeft(
    group: string,
    { to, sent }: { to: string; sent: string },
    since: number,
  ): Promise<void> {
    await expect.poll(() => members(group), poll).toBe(0);
    await expect.poll(() => openTransactions(to), poll).toBe(0);
    if (process.env.STREAMBOOK_TIMES !== undefined) {
      console.log(`${group}: nothing left after ${(performance.now() - since).toFixed(0)} ms`);
    }
    const before = recordsIn(sent);
    await begin();
    expect(recordsIn(sent)).toBe(before);
    expect(await running()).toBe('');
    // What the job had written and not committed is not to be read.
    const read = `(await receive('${to}', { from: 'earliest', until: 'end' }).toArray()).length`;
    expect(result(await ok(read))).toBe('0');
  }

  test('no job, no transaction and no member of a group stays behind', async () => {
    const all = await startAll('restarted');
    const since = performance.now();
    await kernel.restart();
    await nothingIsLeft('restarted', all, since);
  });

  test.each([
    ['waits', `console.log('go'); await new Promise(() => {});`],
    ['is busy', `console.log('go'); await null; for (;;);`],
    [
      'is busy where no loop of ours is',
      `console.log('go'); await null; for (;;) /^(a+)+$/.test('a'.repeat(25) + 'b');`,
    ],
  ])('nor when a cell %s', async (name, code) => {
    const group = `restarted-${name.replaceAll(' ', '-')}`;
    const all = await startAll(group);
    let begun = (): void => {};
    const busy = new Promise<void>((resolve) => {
      begun = resolve;
    });
    // It never comes back: the kernel that ran it has gone.
    void kernel.execute(code, { onOutput: () => begun() }).catch(() => undefined);
    await busy;
    const since = performance.now();
    await kernel.restart();
    await nothingIsLeft(group, all, since);
  });
});

test('a kernel that is killed leaves the group at once, and its transaction to the next start of the job', async () => {
  const doomed = await openKernel(inject('server'));
  const from = 'stopping-killed';
  const to = 'stopping-killed-out';
  await broker.createTopic(from);
  await broker.createTopic(to);
  const program = `process.env.STREAMBOOK_BROKERS = ${JSON.stringify(broker.address)}; ${FIRST}
    void (async () => { for await (const m of receive('${from}', { from: 'earliest', group: 'killed' })) m.text; })();
    const env = streamEnv({ checkpointing: { intervalMs: 200_000 } });
    env.fromKafka('${from}', { from: 'earliest' }).sinkTo(kafkaSink('${to}', { deliveryGuarantee: 'exactly-once' }));
    const job = await env.executeAsync('killed');
    await send('${from}', ['one']);`;
  try {
    await doomed.execute(program);
    await expect.poll(() => members('killed'), poll).toBe(1);
    await expect.poll(() => openTransactions(to), poll).toBe(1);
    const dying = doomed.execute(`process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});`);
    await expect(dying).rejects.toMatchObject({ code: 'kernel-died' });
    await expect.poll(() => members('killed'), poll).toBe(0);
  } finally {
    await doomed.shutdown();
  }
  expect(await openTransactions(to)).toBe(1);
  await begin();
  // The same job again: it ends what its earlier self has left open.
  await ok(`const again = streamEnv({ checkpointing: { intervalMs: 200_000 } });
    again.fromKafka('${from}', { from: 'earliest', until: 'end' })
      .sinkTo(kafkaSink('${to}', { deliveryGuarantee: 'exactly-once' }));
    await again.execute('killed');`);
  await expect.poll(() => openTransactions(to), poll).toBe(0);
  const read = `(await receive('${to}', { from: 'earliest', until: 'end' }).toArray()).length`;
  expect(result(await ok(read))).toBe('1');
});
