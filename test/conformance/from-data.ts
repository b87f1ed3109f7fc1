import {
  type AggregateFunction,
  ContinuousEventTimeTrigger,
  ContinuousProcessingTimeTrigger,
  CountEvictor,
  CountTrigger,
  type DataStream,
  DeltaEvictor,
  DeltaTrigger,
  EventTimeSessionWindows,
  EventTimeTrigger,
  type Evictor,
  GlobalWindows,
  type KeyedStream,
  OutputTag,
  ProcessingTimeSessionWindows,
  ProcessingTimeTrigger,
  PurgingTrigger,
  SlidingEventTimeWindows,
  SlidingProcessingTimeWindows,
  TimeEvictor,
  TimeWindow,
  type Trigger,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  WatermarkStrategy,
  type Window,
  type WindowAssigner,
  type WindowedStream,
} from '../../src/index.js';
import type { DataStreamCase, EvictorSpec, Program, T3, TriggerSpec, WindowSpec } from './cases.js';

/** A word of a program that the runner does not know: the case is skipped, never passed. */
export class UnknownWord extends Error {}

export const LATE = new OutputTag<unknown>('late');

/** What the runner needs of a stream, whatever is in it. */
export interface Outcome {
  forEach(consume: (value: unknown, timestamp: number) => void): unknown;
  getSideOutput<X>(tag: OutputTag<X>): Outcome;
}

/** A stream of anything (streams of different elements are not assignable to each other). */
export const outcome = (stream: unknown): Outcome => stream as Outcome;

/** Streams whose outputs are the case's result. */
export interface Built {
  readonly main: Outcome;
  readonly late?: Outcome | undefined;
  readonly side?: Outcome | undefined;
}

/** The average of f1. */
export const average: AggregateFunction<T3, { sum: number; count: number }, number> = {
  createAccumulator: () => ({ sum: 0, count: 0 }),
  add: (value, acc) => ({ sum: acc.sum + value[1], count: acc.count + 1 }),
  getResult: (acc) => acc.sum / acc.count,
  merge: (a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }),
};

/** Builds a program that is data. */
export function fromData(kase: DataStreamCase, program: Program, source: DataStream<T3>): Built {
  const stream = withWatermarks(program, source);
  if (program.rolling !== undefined) {
    return { main: rolling(keyed(program, stream), program.rolling, program.field) };
  }
  if (program.window === undefined) throw new UnknownWord('neither rolling nor a window');
  return windowed(kase, program, program.window, stream);
}

function keyed(program: Program, stream: DataStream<T3>): KeyedStream<T3, unknown> {
  const position = position_(program.keyBy ?? 'f0');
  return stream.keyBy((value) => value[position]);
}

function position_(field: string): 0 | 1 | 2 {
  const match = /^f([012])$/.exec(field);
  if (match === null) throw new UnknownWord(`field ${field}`);
  return Number(match[1]) as 0 | 1 | 2;
}

class Punctuated {
  onEvent(value: T3, timestamp: number, output: { emitWatermark(watermark: number): void }): void {
    if (value[0].startsWith('!')) output.emitWatermark(timestamp);
  }
  onPeriodicEmit(): void {}
}

export function withWatermarks(program: Program, source: DataStream<T3>): DataStream<T3> {
  const { watermark } = program;
  if (watermark === undefined) return source;
  switch (watermark.kind) {
    case 'explicit':
      return source;
    case 'bounded':
      return source.assignTimestampsAndWatermarks(
        WatermarkStrategy.forBoundedOutOfOrderness<T3>(watermark.delayMs ?? 0),
      );
    case 'monotonous':
      return source.assignTimestampsAndWatermarks(WatermarkStrategy.forMonotonousTimestamps<T3>());
    case 'punctuated':
      return source.assignTimestampsAndWatermarks(WatermarkStrategy.forGenerator<T3>(() => new Punctuated()));
    default:
      throw new UnknownWord(`watermark ${watermark.kind}`);
  }
}

function rolling(stream: KeyedStream<T3, unknown>, word: string, field = 'f1'): Outcome {
  const [name, of] = word.split(':') as [string, string | undefined];
  return outcome(fieldAggregate(stream, name, position_(of ?? field)));
}

interface FieldAggregates {
  sum(position: number): DataStream<T3>;
  min(position: number): DataStream<T3>;
  max(position: number): DataStream<T3>;
  minBy(position: number): DataStream<T3>;
  maxBy(position: number): DataStream<T3>;
  reduce(reducer: (a: T3, b: T3) => T3): DataStream<T3>;
}

function fieldAggregate(stream: FieldAggregates, name: string, position: number): DataStream<T3> {
  switch (name) {
    case 'sum':
      return stream.sum(position);
    case 'min':
      return stream.min(position);
    case 'max':
      return stream.max(position);
    case 'minBy':
      return stream.minBy(position);
    case 'maxBy':
      return stream.maxBy(position);
    case 'reduce-sum':
      return stream.reduce((a, b) => [a[0], a[1] + b[1], b[2]]);
    default:
      throw new UnknownWord(`aggregate ${name}`);
  }
}

function windowed(kase: DataStreamCase, program: Program, spec: WindowSpec, stream: DataStream<T3>): Built {
  if (spec.kind === 'count-all') {
    const all = stream.countWindowAll(spec.size ?? 0, spec.slide);
    if (program.aggregate === 'list') {
      return { main: outcome(all.process<number[][]>((_context, elements) => [elements.map((e) => e[1])])) };
    }
    return { main: aggregateOf(all, program.aggregate ?? '') };
  }
  const byKey = keyed(program, stream);
  const windows =
    spec.kind === 'count' ? byKey.countWindow(spec.size ?? 0, spec.slide) : byKey.window(assigner(kase, spec));
  if (program.trigger) windows.trigger(trigger(kase, program.trigger) as never);
  if (program.evictor) windows.evictor(evictor(kase, program.evictor) as never);
  if (program.allowedLatenessMs) windows.allowedLateness(program.allowedLatenessMs);
  if (program.lateSideOutput === true) windows.sideOutputLateData(LATE as OutputTag<T3>);
  const main = keyedAggregate(windows as never, program.aggregate ?? 'list');
  return { main, late: program.lateSideOutput === true ? main.getSideOutput(LATE) : undefined };
}

type Windows = WindowedStream<T3, unknown, Window>;

function keyedAggregate(windows: Windows, word: string): Outcome {
  if (word === 'list') {
    return outcome(
      windows.process<unknown>((key, context, elements, out) => {
        out.collect([key, ...boundsOf(context.window), elements.map((element) => element[1])]);
      }),
    );
  }
  if (word === 'avg') return outcome(windows.aggregate(average));
  if (word === 'avg+window') {
    return outcome(
      windows.aggregate<{ sum: number; count: number }, number, unknown>(average, (key, window, [result]) => [
        key,
        ...boundsOf(window),
        result,
      ]),
    );
  }
  return aggregateOf(windows as never, word);
}

function boundsOf(window: Window): number[] {
  return window instanceof TimeWindow ? [window.start, window.end] : [];
}

function aggregateOf(
  windows: FieldAggregates & { aggregate(fn: typeof average): DataStream<number> },
  word: string,
): Outcome {
  if (word === 'avg') return outcome(windows.aggregate(average));
  const [name, field] = word.split(':') as [string, string | undefined];
  return outcome(fieldAggregate(windows, name, position_(field ?? 'f1')));
}

function assigner(kase: DataStreamCase, spec: WindowSpec): WindowAssigner<T3, Window> {
  const size = spec.sizeMs ?? 0;
  const slide = spec.slideMs ?? 0;
  const offset = spec.offsetMs ?? 0;
  switch (spec.kind) {
    case 'tumbling':
      return TumblingEventTimeWindows.of<T3>(size, offset);
    case 'sliding':
      return SlidingEventTimeWindows.of<T3>(size, slide, offset);
    case 'tumbling-processing-time':
      return TumblingProcessingTimeWindows.of<T3>(size, offset);
    case 'sliding-processing-time':
      return SlidingProcessingTimeWindows.of<T3>(size, slide, offset);
    case 'session':
      return EventTimeSessionWindows.withGap<T3>(spec.gapMs ?? 0);
    case 'session-processing-time':
      return ProcessingTimeSessionWindows.withGap<T3>(spec.gapMs ?? 0);
    case 'dynamic-session':
      return EventTimeSessionWindows.withDynamicGap<T3>(dynamicGap(kase, spec.gap ?? ''));
    case 'global':
      return GlobalWindows.create<T3>();
    default:
      throw new UnknownWord(`window ${spec.kind}`);
  }
}

/**
 * A gap that depends on the element. The words of the case and its Java say how: an arithmetic expression over the
 * element's fields (`t.f1 * 1000`).
 */
export function dynamicGap(kase: DataStreamCase, words: string): (value: T3) => number {
  const fromJava = /withDynamicGap\(.*?(?:\(?\w+\)?|\w+)\s*->\s*([^)]*(?:\([^)]*\)[^)]*)*)\)/s.exec(kase.java)?.[1];
  const expression = (fromJava ?? words).trim();
  return expressionOf(expression);
}

// Numbers, t.f0/t.f1/t.f2, + - * / ? : comparisons and equality with a literal: nothing else reaches Function.
const ALLOWED = /^(?:\s|\d|[-+*/%?:<>=!()&|.,]|\bt\.f[012]\b|\bf[012]\b|"[^"]*"|'[^']*')*$/;

function expressionOf(source: string): (value: T3) => number {
  let text = source
    .replace(/\b(?:\w+)\.f([012])\b/g, 'f$1')
    .replace(/(f[012])\.equals\(("[^"]*")\)/g, '($1 === $2)')
    .replace(/(\d)[lLdD]\b/g, '$1')
    .replace(/\((?:long|int|double)\)/g, '')
    .replace(/([^=!<>])==([^=])/g, '$1===$2');
  text = text.trim();
  if (text === '' || !ALLOWED.test(text)) throw new UnknownWord(`gap ${source}`);
  const compute = new Function('f0', 'f1', 'f2', `return (${text});`) as (...fields: T3) => number;
  return (value) => Number(compute(...value));
}

// Which way round a delta function of the case subtracts: (a, b) -> b.f1 - a.f1 unless its Java says otherwise.
function delta(kase: DataStreamCase): (a: T3, b: T3) => number {
  const text = /\((\w+),\s*(\w+)\)\s*->\s*([^;]*?f1[^;]*?f1)/s.exec(kase.java);
  const [, a, , body] = text ?? [];
  const firstField = /(\w+)\.f1/.exec(body ?? '')?.[1];
  const sign = a !== undefined && firstField === a ? -1 : 1;
  const absolute = /Math\.abs/.test(body ?? '');
  return (one, other) => {
    const difference = sign * (other[1] - one[1]);
    return absolute ? Math.abs(difference) : difference;
  };
}

function trigger(kase: DataStreamCase, spec: TriggerSpec): Trigger<T3, Window> {
  switch (spec.kind) {
    case 'count':
      return CountTrigger.of<T3, Window>(spec.count ?? 0);
    case 'purging':
      if (spec.of === undefined) throw new UnknownWord('purging of nothing');
      return PurgingTrigger.of<T3, Window>(trigger(kase, spec.of));
    case 'continuous-event-time':
      return ContinuousEventTimeTrigger.of<T3, Window>(spec.intervalMs ?? 0);
    case 'continuous-processing-time':
      return ContinuousProcessingTimeTrigger.of<T3, Window>(spec.intervalMs ?? 0);
    case 'delta':
      return DeltaTrigger.of<T3, Window>(spec.threshold ?? 0, delta(kase));
    case 'event-time':
      return EventTimeTrigger.create<T3, Window>();
    case 'processing-time':
      return ProcessingTimeTrigger.create<T3, Window>();
    default:
      throw new UnknownWord(`trigger ${spec.kind}`);
  }
}

function evictor(kase: DataStreamCase, spec: EvictorSpec): Evictor<T3, Window> {
  const after = spec.after === true;
  switch (spec.kind) {
    case 'count':
      return CountEvictor.of<T3, Window>(spec.count ?? 0, after);
    case 'time':
      return TimeEvictor.of<T3, Window>(spec.keepMs ?? 0, after);
    case 'delta':
      return DeltaEvictor.of<T3, Window>(spec.threshold ?? 0, delta(kase), after);
    default:
      throw new UnknownWord(`evictor ${spec.kind}`);
  }
}
