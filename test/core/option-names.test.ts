import { describe, expect, test } from 'vitest';
import { checkOptions, type OptionNames } from '../../src/core/option-names.js';
import { operatorHarness, scriptedStream } from '../../src/datastream/testing/index.js';
import {
  AsyncDataStream,
  fileSink,
  kafkaSink,
  RestartStrategies,
  serialisable,
  streamEnv,
  ValueStateDescriptor,
  virtualClock,
  WatermarkStrategy,
} from '../../src/index.js';

interface Options {
  readonly parallelism?: number;
  readonly trace?: boolean;
}
const NAMES: OptionNames<Options> = { parallelism: true, trace: true };
// JavaScript callers and objects put together elsewhere: what TypeScript cannot see.
const wrong = (options: unknown) => options as never;

describe('options', () => {
  test('that exist pass, and none at all', () => {
    checkOptions('f', { trace: true }, NAMES);
    checkOptions('f', undefined, NAMES);
  });

  test('that do not exist are refused with the nearest and the list', () => {
    expect(() => checkOptions('f', wrong({ paralelism: 2 }), NAMES)).toThrow(
      /f has no option `paralelism`\n {2}hint: did you mean `parallelism`\? it has: parallelism, trace/,
    );
    expect(() => checkOptions('f', wrong({ TRACE: 2 }), NAMES)).toThrow(/did you mean `trace`\?/);
    expect(() => checkOptions('f', wrong({ zebra: 2 }), NAMES)).toThrow(/hint: it has: parallelism, trace/);
  });

  test('that are no object are refused', () => {
    for (const bad of ['parallelism', 3, null, [], () => 1]) {
      expect(() => checkOptions('f', wrong(bad), NAMES)).toThrow(/the options of f are .*\n {2}hint: an object/);
    }
  });
});

describe('every door refuses options that do not exist', () => {
  const env = streamEnv();
  const stream = env.fromElements(1);
  const doors: Record<string, () => unknown> = {
    parallelism: () => streamEnv(wrong({ paralelism: 2 })),
    intervalMs: () => streamEnv({ checkpointing: wrong({ intervallMs: 100 }) }),
    maxEvents: () => streamEnv({ trace: wrong({ maxEvent: 100 }) }),
    storage: () =>
      streamEnv()
        .getCheckpointConfig()
        .set(wrong({ storag: 'x' })),
    perSecond: () => env.generate((i) => i, wrong({ perSeconds: 3 })),
    header: () => env.readCsvFile('package.json', {}, wrong({ headr: true })),
    failOnMissingField: () => env.readJsonFile('package.json', {}, wrong({ failOnMissingFields: true })),
    watermarks: () => env.fromKafka('t', wrong({ watermark: WatermarkStrategy.noWatermarks() })),
    groupId: () => env.fromKafka('t', wrong({ group: 'g' })),
    capacity: () => AsyncDataStream.orderedWait(stream, async (n) => n, wrong({ capacty: 3 })),
    maxAttempts: () => AsyncDataStream.orderedWait(stream, async (n) => n, { retry: wrong({ maxAttempt: 3 }) }),
    rollingPolicy: () => fileSink('out', wrong({ rolingPolicy: {} })),
    maxPartBytes: () => fileSink('out', { rollingPolicy: wrong({ maxPartByte: 1 }) }),
    fieldDelimiter: () => fileSink('out', { format: 'csv', schema: {}, csv: wrong({ fieldDelimeter: ';' }) }),
    deliveryGuarantee: () => kafkaSink('t', wrong({ deliveryGarantee: 'none' })),
    maxMessages: () => kafkaSink('t', { buffer: wrong({ maxMessage: 1, intervalMs: 3 }) }),
    jitterFactor: () => RestartStrategies.exponentialDelayRestart(wrong({ jitter_factor: 0 })),
    ttlMs: () => new ValueStateDescriptor('s').enableTimeToLive(wrong({ ttl: 1000 })),
    migrate: () => serialisable(class A {}, wrong({ migrat: () => 1 })),
    startMs: () => virtualClock(wrong({ start: 3 })),
    trace: () => operatorHarness((input) => input.map((x) => x), wrong({ trac: true })),
    timestamp: () => scriptedStream(env, [wrong({ value: 1, timestmap: 3 })]),
  };
  test.each(Object.entries(doors))('%s', (meant, open) => {
    expect(open).toThrow(new RegExp(`has no option .*\n {2}hint: .*\`?${meant}`));
  });

  test('those that answer with a promise reject', async () => {
    const words = streamEnv().fromElements(1);
    words.print();
    const promises: [string, Promise<unknown>][] = [
      ['restoreFrom', words.env.execute(wrong({ restorFrom: 'latest' }))],
      ['top', words.show(wrong({ topp: 3 }))],
      ['bigint', words.toArquero(wrong({ bigInt: 'string' }))],
      ['decimal', words.toDanfo(wrong({ decimals: 'string' }))],
    ];
    for (const [meant, promise] of promises) await expect(promise).rejects.toThrow(`did you mean \`${meant}\`?`);
    expect(() => words.recent(wrong({ row: 3 }))).toThrow('did you mean `rows`?');
  });
});
