import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { expect, test } from 'vitest';
import { spawnBroker } from '../broker/support/built.js';
import { tempFolder } from '../broker/support/temp.js';
import { mutatedFrame } from '../wire/fuzz/mutate.js';
import { Random } from '../wire/fuzz/random.js';
import { realExchanges } from '../wire/real-frames.js';

const frames = Number(process.env.FAULT_FRAMES ?? 200_000);
const seed = Number(process.env.FAULT_SEED ?? 1);
const CONNECTIONS = 16;
/** Many frames end their connection, and what follows them is lost. */
const MOST_AT_ONCE = 4;
/** What the broker may take more at the end than after the first tenth. */
const MOST_GROWTH_MIB = 100;

/*
 * Mutated real frames and noise over many connections at a time. The broker must neither fall nor grow, and a client on
 * a connection of its own must not notice.
 */
test(`${frames} hostile frames do no harm`, { timeout: 24 * 3_600_000 }, async () => {
  const broker = await spawnBroker(['--port', '0', '--data', tempFolder(), '--verbose']);
  const kafka = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: 'undisturbed', messages: [{ value: 'first' }] });

  const admin = kafka.admin();
  await admin.connect();
  const requests = realExchanges().map(({ request }) => request);
  const state = { left: frames, refused: 0, answered: 0 };
  let early: number | undefined;
  const attackers = Array.from({ length: CONNECTIONS }, (_, i) => attack(broker.port, requests, seed + i, state));
  const done = Promise.all(attackers);
  let running = true;
  done.finally(() => {
    running = false;
  });
  let sent = 1;
  while (running) {
    // No retries: a single failure fails the test.
    await producer.send({ topic: 'undisturbed', messages: [{ value: `${sent++}` }] });
    if (sent % 25 === 0) await sweep(admin);
    if (early === undefined && state.left < frames * 0.9) early = await residentMiB(broker.child.pid!);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await done;
  await producer.disconnect();
  expect(broker.child.exitCode).toBeNull();
  await sweep(admin);
  expect((await admin.fetchTopicOffsets('undisturbed'))[0]!.high).toBe(String(sent));
  await admin.disconnect();
  // Both must happen, or the frames do not reach what they shall.
  expect(state.refused).toBeGreaterThan(frames / 100);
  expect(state.answered).toBeGreaterThan(frames / 100);
  const late = await residentMiB(broker.child.pid!);
  if (early !== undefined && late !== undefined) expect(late - early).toBeLessThan(MOST_GROWTH_MIB);
  const unexpected = broker
    .errors()
    .split('\n')
    .filter((line) => /TypeError|RangeError|ReferenceError|AssertionError/.test(line));
  expect(unexpected.slice(0, 5)).toEqual([]);
  console.log(`${state.refused} connections refused, ${state.answered} answers, ${early} MiB early, ${late} MiB late`);
  expect(await broker.end('SIGTERM')).toBe(0);
});

/**
 * Some frames create topics, one of them ten thousand partitions: rightly, and not what shall be measured.
 */
async function sweep(admin: Admin): Promise<void> {
  const topics = (await admin.listTopics()).filter((topic) => topic !== 'undisturbed' && !topic.startsWith('__'));
  // One may be gone already: frames delete topics, too.
  await admin.deleteTopics({ topics }).catch(() => {});
}

async function attack(
  port: number,
  requests: readonly Buffer[],
  seedOfThis: number,
  state: { left: number; refused: number; answered: number },
): Promise<void> {
  const random = new Random(seedOfThis * 7919);
  let socket: Socket | undefined;
  let happened = (): void => {};
  while (state.left > 0) {
    if (socket === undefined || socket.destroyed) {
      socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.on('data', () => {
        state.answered++;
        happened();
      });
      socket.on('close', () => {
        state.refused++;
        happened();
      });
      await once(socket, 'connect');
    }
    const burst = Array.from({ length: 1 + random.below(MOST_AT_ONCE) }, () =>
      framed(hostileFrame(requests, random), random),
    );
    state.left -= burst.length;
    // Time for an answer or for the end; a long poll may give neither.
    const next = new Promise<void>((resolve) => {
      happened = resolve;
      setTimeout(resolve, 5);
    });
    socket.write(Buffer.concat(burst));
    await next;
    // What waits in a long poll is left behind at times.
    if (random.below(20) === 0) socket.destroy();
  }
  socket?.destroy();
}

const CREATE_TOPICS = 19;
const CREATE_PARTITIONS = 37;

/** What makes partitions by the ten thousand is rightly slow, and is sent rarely enough that the rest is what is tested. */
function hostileFrame(requests: readonly Buffer[], random: Random): Buffer {
  for (;;) {
    const frame = mutatedFrame(requests, random);
    const api = frame.length < 2 ? -1 : frame.readInt16BE(0);
    if ((api !== CREATE_TOPICS && api !== CREATE_PARTITIONS) || random.below(50) === 0) return frame;
  }
}

/** Most prefixes are right: a wrong one ends the connection before anything else is looked at. */
function framed(frame: Buffer, random: Random): Buffer {
  const prefix = Buffer.alloc(4);
  const wrong = random.below(100) === 0;
  prefix.writeInt32BE(wrong ? random.pick([-1, 0, 3, 2_147_483_647, 104_857_601, frame.length + 7]) : frame.length);
  return Buffer.concat([prefix, frame]);
}

async function residentMiB(pid: number): Promise<number | undefined> {
  try {
    const { readFileSync } = await import('node:fs');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
  } catch {
    return undefined;
  }
}
