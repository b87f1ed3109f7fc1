/*
 * The program that is killed: source -> one-second windows per key -> sink. Its settings come as JSON in FAULT_PROGRAM.
 * It reads an input that is whole before it starts, so that everything it writes in the end is known beforehand.
 */
import { watchFaultPoints } from '../../../src/engine/checkpoint/fault-points.js';
import {
  boundedOutOfOrderness,
  fileSink,
  kafkaSink,
  seconds,
  streamEnv,
  TumblingEventTimeWindows,
} from '../../../src/index.js';

export interface ProgramSettings {
  readonly kind: 'kafka' | 'file';
  readonly guarantee: 'exactly-once' | 'at-least-once' | 'at-most-once';
  readonly input: string;
  readonly output: string;
  readonly storage: string;
  readonly uid: string;
  readonly brokers?: string;
  /** Die at the so manieth time that this moment comes. */
  readonly dieAt?: { readonly point: string; readonly count: number };
  /** Milliseconds a burst of elements takes, so that a run has room for kills. */
  readonly pauseMs: number;
}

interface Event {
  readonly key: string;
  readonly at: number;
  readonly n: number;
}

async function main(settings: ProgramSettings): Promise<void> {
  const { kind, guarantee, input, output, storage, uid, brokers, dieAt, pauseMs } = settings;
  let seen = 0;
  watchFaultPoints((point) => {
    if (point === dieAt?.point && ++seen === dieAt.count) process.kill(process.pid, 'SIGKILL');
  });
  const withCheckpoints = guarantee !== 'at-most-once';
  const env = streamEnv(withCheckpoints ? { checkpointing: { intervalMs: 60, storage } } : {});
  const lines =
    kind === 'kafka'
      ? env
          .fromKafka(input, {
            until: 'end',
            ...(brokers === undefined ? {} : { brokers }),
            ...(withCheckpoints ? {} : { groupId: uid, from: 'committed', commitOffsets: 'on-receipt' }),
          })
          .map((message) => String(message.value))
      : env.readTextFile(input);
  let count = 0;
  const events = lines.uid('input').map((line) => {
    // A burst of work now and then: the run takes long enough to be killed in.
    if (++count % 200 === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    return JSON.parse(line) as Event;
  });
  if (guarantee === 'at-most-once') {
    // Windows would lose whole windows; without state it shows plainly what was lost.
    events
      .map((event) => JSON.stringify({ n: event.n }))
      .sinkTo(kafkaSink(output, { brokers: brokers as string, deliveryGuarantee: 'none' }));
    await env.execute({ uid });
    return;
  }
  const results = events
    .assignTimestampsAndWatermarks(boundedOutOfOrderness(0, (event) => event.at))
    .uid('time')
    .keyBy((event) => event.key)
    .window(TumblingEventTimeWindows.of(seconds(1)))
    .aggregate(
      {
        createAccumulator: () => ({ sum: 0, count: 0 }),
        add: (event, sums) => ({ sum: sums.sum + event.n, count: sums.count + 1 }),
        getResult: (sums) => sums,
        merge: (a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }),
      },
      (key, window, elements) => ({ key, start: window.start, ...elements[0] }),
    )
    .uid('windows')
    .map((result) => JSON.stringify(result));
  if (kind === 'kafka')
    results.sinkTo(kafkaSink(output, { brokers: brokers as string, deliveryGuarantee: guarantee })).uid('output');
  else results.sinkTo(fileSink(output, { deliveryGuarantee: guarantee })).uid('output');
  await env.execute({ uid, restoreFrom: 'latest' });
}

main(JSON.parse(process.env.FAULT_PROGRAM as string) as ProgramSettings).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
