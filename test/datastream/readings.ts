import { boundedOutOfOrderness, streamEnv, TumblingEventTimeWindows } from '../../src/index.js';

// What JavaScript callers, and objects put together elsewhere, can pass.
export const wrong = (value?: unknown) => value as never;

export interface Reading {
  readonly k: string;
  readonly n: number;
  readonly t: number;
}
export const READINGS: readonly Reading[] = [
  { k: 'a', n: 1, t: 1000 },
  { k: 'b', n: 2, t: 2000 },
  { k: 'a', n: 3, t: 3000 },
  { k: 'a', n: 4, t: 7000 },
];
export const timed = (readings: readonly Reading[] = READINGS) =>
  streamEnv()
    .fromCollection(readings)
    .assignTimestampsAndWatermarks(boundedOutOfOrderness(0, (r: Reading) => r.t));
export const windows = () => timed().keyBy('k').window(TumblingEventTimeWindows.of(5000));
