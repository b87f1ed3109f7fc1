import { ArgumentError } from '../../core/errors.js';
import { checkOptions, type OptionNames } from '../../core/option-names.js';
import {
  END_OF_INPUT,
  type Source,
  type SourceBatch,
  type SourceContext,
  type SourceReader,
} from '../../engine/source.js';
import type { DataStream } from '../data-stream.js';
import type { StreamExecutionEnvironment } from '../environment.js';

/** One step of a script: an element, a watermark, idleness, the end of an input, or a pause. */
export interface ScriptStep<T> {
  /** Which input, from 1. Default 1. */
  readonly in?: number;
  readonly value?: T;
  /** The element's timestamp, epoch ms; absent: none. */
  readonly timestamp?: number;
  /** A watermark; `Infinity` is the end of time. */
  readonly watermark?: number;
  /** The input falls idle until its next element or watermark. */
  readonly idle?: boolean;
  /** The input ends. Inputs that are not ended by the script end with it. */
  readonly end?: boolean;
  /** Time that passes before the next step, by the environment's clock. */
  readonly pauseMs?: number;
}

const NAMES: OptionNames<ScriptStep<unknown>> = {
  in: true,
  value: true,
  timestamp: true,
  watermark: true,
  idle: true,
  end: true,
  pauseMs: true,
};

/**
 * Streams that a script feeds: strictly step by step, over all inputs, each step fully processed before the next.
 *
 * @param inputs how many streams. Default: as many as the script names
 * @example
 *   const env = streamEnv({ clock: virtualClock({ autoAdvance: true }) });
 *   const [left, right] = scriptedStreams(env, [
 *     { in: 1, value: 'a', timestamp: 1000 },
 *     { in: 2, watermark: 3000 },
 *   ]);
 */
export function scriptedStreams<T>(
  env: StreamExecutionEnvironment,
  steps: readonly ScriptStep<T>[],
  inputs = steps.reduce((most, step) => Math.max(most, step.in ?? 1), 1),
): DataStream<T>[] {
  for (const step of steps) {
    checkOptions('a step of a script', step, NAMES);
    const input = step.in ?? 1;
    if (Number.isInteger(input) && input >= 1 && input <= inputs) continue;
    throw new ArgumentError(`scriptedStreams: a step names input ${input}, and there are ${inputs}`);
  }
  const script = new Script(steps);
  return Array.from({ length: inputs }, (_, i) => env.fromSource(script.source(i + 1)));
}

/** One stream that a script feeds; see {@link scriptedStreams}. */
export function scriptedStream<T>(env: StreamExecutionEnvironment, steps: readonly ScriptStep<T>[]): DataStream<T> {
  return scriptedStreams(env, steps, 1)[0] as DataStream<T>;
}

class Script<T> {
  cursor = 0;
  readonly ended = new Set<number>();
  private pausing = false;
  private contexts: SourceContext[] = [];

  constructor(readonly steps: readonly ScriptStep<T>[]) {}

  source(input: number): Source<T> {
    return {
      name: `Scripted Source ${input}`,
      bounded: true,
      maxParallelism: 1,
      createReader: (context) => {
        this.contexts.push(context);
        return new ScriptReader(this, input, context);
      },
    };
  }

  /** The step that is next, if it is for this input. */
  stepFor(input: number, context: SourceContext): ScriptStep<T> | undefined {
    const step = this.steps[this.cursor];
    if (step === undefined) return undefined;
    if (step.pauseMs !== undefined) {
      this.pause(step.pauseMs, context);
      return undefined;
    }
    return (step.in ?? 1) === input ? step : undefined;
  }

  advance(): void {
    this.cursor++;
    for (const context of this.contexts) context.wake();
  }

  private pause(pauseMs: number, context: SourceContext): void {
    if (this.pausing) return;
    this.pausing = true;
    context.clock.schedule(context.clock.now() + pauseMs, () => {
      this.pausing = false;
      this.advance();
    });
  }
}

class ScriptReader<T> implements SourceReader<T> {
  constructor(
    private readonly script: Script<T>,
    private readonly input: number,
    private readonly context: SourceContext,
  ) {}

  poll(): SourceBatch<T> | typeof END_OF_INPUT | undefined {
    const { script } = this;
    if (script.cursor >= script.steps.length) return END_OF_INPUT;
    const step = script.stepFor(this.input, this.context);
    if (step === undefined) return undefined;
    script.advance();
    if (step.end === true) return END_OF_INPUT;
    const hasValue = 'value' in step;
    return {
      values: hasValue ? [step.value as T] : [],
      timestamps: hasValue && step.timestamp !== undefined ? [step.timestamp] : undefined,
      watermark: step.watermark,
      idle: step.idle,
    };
  }

  position(): number {
    return this.script.cursor;
  }
}
