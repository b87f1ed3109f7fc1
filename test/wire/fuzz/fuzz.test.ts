import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import {
  decodeRecords,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  FrameReader,
  MalformedFrameError,
  RecordBatchError,
  type Request,
  splitBatches,
  UnsupportedVersionError,
} from '../../../src/wire/index.js';
import { realExchanges } from '../real-frames.js';
import { mutatedFrame } from './mutate.js';
import { Random } from './random.js';

/** More, or another seed: `WIRE_FUZZ_FRAMES=10000000 WIRE_FUZZ_SEED=2 npx vitest run test/wire/fuzz`. */
const count = Number(process.env.WIRE_FUZZ_FRAMES ?? 60_000);
const seed = Number(process.env.WIRE_FUZZ_SEED ?? 1);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const exchanges = realExchanges();
const requests = exchanges.map(({ request }) => request);
const responses = exchanges.filter(({ response }) => response.length > 0);

function expected(error: unknown, frame: Buffer): void {
  if (error instanceof MalformedFrameError || error instanceof UnsupportedVersionError) return;
  throw new Error(`unexpected error for frame ${frame.toString('hex')}`, { cause: error });
}

async function memory(): Promise<number> {
  await setImmediate();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What may be left after any number of frames of a few kilobytes. */
const MOST_BYTES_LEFT = 32 * 1024 * 1024;
/** What buffers may hold at any moment, garbage included: far from what the lengths in the frames ask for. */
const MOST_BUFFER_BYTES = 512 * 1024 * 1024;

test('mutated requests decode or are refused in words, without costing memory', {
  timeout: 24 * 3600_000,
}, async () => {
  const random = new Random(seed);
  let decodable = 0;
  for (let i = 0; i < 2000; i++) attempt(mutatedFrame(requests, random));
  const before = await memory();
  const buffers = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < count; i++) {
    if (attempt(mutatedFrame(requests, random))) decodable++;
    if (i % 1000 !== 0) continue;
    expect(process.memoryUsage().arrayBuffers - buffers).toBeLessThan(MOST_BUFFER_BYTES);
    // What native codecs hold is given back between turns of the event loop.
    await setImmediate();
  }
  // Were everything refused, the fuzzer would not reach far into the decoders.
  expect(decodable).toBeGreaterThan(count / 10);
  expect(decodable).toBeLessThan(count * 0.9);
  expect((await memory()) - before).toBeLessThan(MOST_BYTES_LEFT);
});

function attempt(frame: Buffer): boolean {
  try {
    const request = decodeRequest(frame);
    // What was understood can be said again. The first time tags may change places; from then on the bytes must stay.
    const said = encoded(request);
    if (!encoded(decodeRequest(said)).equals(said)) throw new Error('encoding again gives other bytes');
    if (request.apiName === 'Produce') lookIntoRecords(request.body.topicData.flatMap((t) => t.partitionData));
    return true;
  } catch (error) {
    expected(error, frame);
    return false;
  }
}

function encoded(request: Request): Buffer {
  return Buffer.concat(encodeRequest(request.apiKey, request.apiVersion, request, request.body)).subarray(4);
}

function lookIntoRecords(partitions: readonly { records: Buffer | null }[]): void {
  for (const { records } of partitions) {
    try {
      for (const batch of splitBatches(records ?? Buffer.alloc(0))) decodeRecords(batch, { maxBytes: 1 << 20 });
    } catch (error) {
      if (!(error instanceof RecordBatchError)) throw error;
    }
  }
}

test('mutated responses decode or are refused in words', { timeout: 24 * 3600_000 }, () => {
  const random = new Random(seed + 1);
  const frames = responses.map(({ response }) => response);
  for (let i = 0; i < count / 4; i++) {
    const { apiKey, version } = random.pick(responses);
    const frame = mutatedFrame(frames, random);
    try {
      decodeResponse(apiKey, version, frame);
    } catch (error) {
      expected(error, frame);
    }
  }
});

test('a stream of mutated frames, cut anywhere, never upsets the frame reader', { timeout: 24 * 3600_000 }, () => {
  const random = new Random(seed + 2);
  for (let i = 0; i < count / 20; i++) {
    const frame = mutatedFrame(requests, random);
    const prefix = Buffer.alloc(4);
    prefix.writeInt32BE(random.below(10) === 0 ? random.pick([-1, 0, 2147483647, 100]) : frame.length);
    const stream = Buffer.concat([prefix, frame]);
    const reader = new FrameReader({ maxFrameBytes: 100_000 });
    try {
      for (let at = 0; at < stream.length; ) {
        const size = 1 + random.below(50);
        reader.push(stream.subarray(at, at + size));
        at += size;
      }
      expect(reader.bufferedBytes).toBeLessThanOrEqual(stream.length);
    } catch (error) {
      expected(error, frame);
    }
  }
});
