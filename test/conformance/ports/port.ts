import { scriptedStreams } from '../../../src/datastream/testing/index.js';
import { type DataStream, OutputTag, type StreamExecutionEnvironment } from '../../../src/index.js';
import { type DataStreamCase, scriptOf, type T3 } from '../cases.js';
import { type Built, outcome } from '../from-data.js';

export type Row = unknown[];
export type Sources = (n: number) => DataStream<T3>;
export type Port = (src: Sources) => Built;

export const SIDE = new OutputTag<Row>('side');
export const key = (value: T3): string => value[0];
export const f1s = (elements: readonly T3[]): number[] => elements.map((element) => element[1]);
export const onlyMain = (main: unknown): Built => ({ main: outcome(main) });

/** The scripted sources of a case. */
export function sourcesOf(env: StreamExecutionEnvironment, kase: DataStreamCase): Sources {
  const steps = scriptOf(kase);
  const inputs = steps.reduce((most, step) => Math.max(most, step.in ?? 1), 1);
  const streams = scriptedStreams<T3>(env, steps, Math.max(inputs, 2));
  return (n) => streams[n - 1] as DataStream<T3>;
}
