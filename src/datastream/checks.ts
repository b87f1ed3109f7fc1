import { quoted } from '../core/arguments.js';
import { ArgumentError } from '../core/errors.js';
import type { Sink } from '../engine/sink.js';
import type { Source } from '../engine/source.js';
import { WatermarkStrategy } from '../engine/time/watermarks.js';

const has = (value: unknown, method: string): boolean =>
  typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[method] === 'function';

/** Checks that others are streams, and written in the same environment. */
export function checkStreams(where: string, env: unknown, others: readonly unknown[]): void {
  for (const other of others) {
    if (!has(other, 'executeAndCollect')) {
      const hint = Array.isArray(other) ? `pass them one by one: .${where}(a, b)` : 'the other stream of the program';
      throw new ArgumentError(`${where}: ${quoted(other)} is not a stream`, { hint });
    }
    if ((other as { env: unknown }).env === env) continue;
    throw new ArgumentError(`${where}: the streams belong to different environments`, {
      hint: 'make both with the same env: const env = streamEnv()',
    });
  }
}

/** Checks that something is a sink. */
export function checkSink(sink: Sink<never>): void {
  if (has(sink, 'createOperator')) return;
  throw new ArgumentError(`sinkTo: ${quoted(sink)} is not a sink`, {
    hint: "fileSink('folder'), kafkaSink('topic'); a function goes into .forEach(...)",
  });
}

/** Checks that something is a source. */
export function checkSource(source: Source<never>): void {
  if (has(source, 'createReader')) return;
  throw new ArgumentError(`fromSource: ${quoted(source)} is not a source`, {
    hint: 'an object with a name and createReader(context); lists go into fromCollection(...)',
  });
}

/** Checks that something is a watermark strategy. */
export function checkStrategy(where: string, strategy: unknown): void {
  if (strategy instanceof WatermarkStrategy) return;
  throw new ArgumentError(`${where}: ${quoted(strategy)} is not a WatermarkStrategy`, {
    hint: 'boundedOutOfOrderness(seconds(3), (order) => order.time), or WatermarkStrategy.forMonotonousTimestamps()...',
  });
}

/** Checks a name or uid: it has to be told apart from none. */
export function checkText(where: string, text: unknown): string {
  if (typeof text === 'string' && text !== '') return text;
  throw new ArgumentError(`${where}: ${quoted(text)} is not a text with letters in it`);
}

/** Checks that something names a side output. */
export function checkTag(where: string, tag: unknown): void {
  if (typeof (tag as { id?: unknown } | undefined)?.id === 'string') return;
  throw new ArgumentError(`${where}: ${quoted(tag)} is not an OutputTag`, { hint: "new OutputTag('late')" });
}
