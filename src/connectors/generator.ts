import { checkInteger, quoted } from '../core/arguments.js';
import type { CancelTimer } from '../core/clock.js';
import { ArgumentError } from '../core/errors.js';
import { checkOptions, type OptionNames } from '../core/option-names.js';
import { checkFunction } from '../engine/functions/user-function.js';
import {
  BATCH_SIZE,
  END_OF_INPUT,
  type Source,
  type SourceBatch,
  type SourceContext,
  type SourceReader,
} from '../engine/source.js';
import { positionsFor } from './positions.js';
import { type Random, randomFor } from './random.js';
import { restride, type Stride, strides } from './strides.js';

/** What a generator makes. */
export interface GeneratorOptions {
  /** How many elements in all. Default: endless. */
  readonly count?: number;
  /** At most so many a second, by the environment's clock, over all subtasks. Default: as fast as they are taken. */
  readonly perSecond?: number;
  /** What the numbers that `make` gets from `random()` depend on, besides the element's number. Default 0. */
  readonly seed?: number;
}

const NAMES: OptionNames<GeneratorOptions> = { count: true, perSecond: true, seed: true };

/** Where a generator's subtask stands: the numbers it has left. */
interface GeneratorPosition {
  readonly left: readonly Stride[];
}

/**
 * A source whose n-th element (from 0) is `make(n)`: the same after a restart, because it goes on with the number it had
 * come to. Subtask i of p makes the elements i, i + p, i + 2p...
 *
 * `random()` gives numbers from 0 up to but not including 1 that depend on the seed and the element's number only: the same
 * after a restart, in the next run, and with any number of subtasks.
 *
 * @see Flink: DataGen connector, `DataGeneratorSource`
 */
export function generatorSource<T>(
  make: (index: number, random: Random) => T,
  options: GeneratorOptions = {},
): Source<T> {
  checkOptions('generate', options, NAMES);
  const { count = Number.POSITIVE_INFINITY, perSecond, seed = 0 } = options;
  checkFunction('generate', make);
  if (count !== Number.POSITIVE_INFINITY) checkInteger('generate: count', count, 0);
  if (perSecond !== undefined && (typeof perSecond !== 'number' || !(perSecond > 0))) {
    throw new ArgumentError(`generate: perSecond is ${quoted(perSecond)}, not a number above 0`);
  }
  if (!Number.isSafeInteger(seed)) throw new ArgumentError(`generate: seed is ${quoted(seed)}, not an integer`);
  return {
    name: 'Generator Source',
    bounded: count !== Number.POSITIVE_INFINITY,
    createReader: (context) => new GeneratorReader(make, count, perSecond, seed, context),
    redistribute: (positions, parallelism) => {
      const before = positionsFor<GeneratorPosition>('Generator Source', positions, ({ left }) => Array.isArray(left));
      const shared = restride(
        before.map(({ left }) => left),
        parallelism,
      );
      return shared.map((left): GeneratorPosition => ({ left }));
    },
  };
}

class GeneratorReader<T> implements SourceReader<T> {
  private readonly left: Stride[];
  private beganAt = 0;
  private made = 0;
  private cancel: CancelTimer | undefined;
  private readonly everyMs: number;

  constructor(
    private readonly make: (index: number, random: Random) => T,
    private readonly count: number,
    perSecond: number | undefined,
    private readonly seed: number,
    private readonly context: SourceContext,
  ) {
    const restored = context.restored as GeneratorPosition | undefined;
    this.left = [...(restored?.left ?? strides(0, context.parallelism)[context.subtask] ?? [])];
    this.everyMs = perSecond === undefined ? 0 : (1000 * context.parallelism) / perSecond;
  }

  open(): void {
    this.beganAt = this.context.clock.now();
  }

  poll(): SourceBatch<T> | typeof END_OF_INPUT | undefined {
    if (this.front() === undefined) return END_OF_INPUT;
    const due = this.due();
    if (due <= 0) {
      this.waitForNext();
      return undefined;
    }
    const values: T[] = [];
    while (values.length < due) {
      const front = this.front();
      if (front === undefined) break;
      const { step, end } = front;
      const stop = Math.min(this.count, end ?? Number.POSITIVE_INFINITY);
      let { next } = front;
      for (; values.length < due && next < stop; next += step) values.push(this.make(next, randomFor(this.seed, next)));
      this.left[0] = { ...front, next };
    }
    this.made += values.length;
    return { values };
  }

  position(): GeneratorPosition {
    return { left: [...this.left] };
  }

  close(): void {
    this.cancel?.();
  }

  /** The numbers to go on with; `undefined` when there are none left. */
  private front(): Stride | undefined {
    for (;;) {
      const [first] = this.left;
      if (first === undefined || first.next < Math.min(this.count, first.end ?? Number.POSITIVE_INFINITY)) return first;
      // The last one stays: a generator that is given a larger count goes on.
      if (first.end === undefined) return undefined;
      this.left.shift();
    }
  }

  /** How many elements may come now: the first at once, the others at their times. */
  private due(): number {
    if (this.everyMs === 0) return BATCH_SIZE;
    const elapsed = this.context.clock.now() - this.beganAt;
    return Math.min(BATCH_SIZE, Math.floor(elapsed / this.everyMs) + 1 - this.made);
  }

  private waitForNext(): void {
    this.cancel?.();
    const at = Math.ceil(this.beganAt + this.made * this.everyMs);
    this.cancel = this.context.clock.schedule(at, this.context.wake);
  }
}
