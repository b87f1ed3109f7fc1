import type { CancelTimer } from '../core/clock.js';
import { ArgumentError } from '../core/errors.js';
import {
  BATCH_SIZE,
  END_OF_INPUT,
  type Source,
  type SourceBatch,
  type SourceContext,
  type SourceReader,
} from '../engine/source.js';

/** What a generator makes. */
export interface GeneratorOptions {
  /** How many elements in all. Default: endless. */
  readonly count?: number;
  /** At most so many a second, by the environment's clock, over all subtasks. Default: as fast as they are taken. */
  readonly perSecond?: number;
}

/**
 * A source whose n-th element (from 0) is `make(n)`: the same after a restart, because it goes on with the number it had
 * come to. Subtask i of p makes the elements i, i + p, i + 2p...
 *
 * @see Flink: DataGen connector, `DataGeneratorSource`
 */
export function generatorSource<T>(make: (index: number) => T, options: GeneratorOptions = {}): Source<T> {
  const { count = Number.POSITIVE_INFINITY, perSecond } = options;
  if (typeof make !== 'function') throw new ArgumentError(`generate: expected a function, got ${String(make)}`);
  if (!(count >= 0)) throw new ArgumentError(`generate: count is ${count}, not 0 or more`);
  if (perSecond !== undefined && !(perSecond > 0)) {
    throw new ArgumentError(`generate: perSecond is ${perSecond}, not above 0`);
  }
  return {
    name: 'Generator Source',
    bounded: count !== Number.POSITIVE_INFINITY,
    createReader: (context) => new GeneratorReader(make, count, perSecond, context),
  };
}

class GeneratorReader<T> implements SourceReader<T> {
  private next: number;
  private beganAt = 0;
  private made = 0;
  private cancel: CancelTimer | undefined;
  private readonly everyMs: number;

  constructor(
    private readonly make: (index: number) => T,
    private readonly count: number,
    perSecond: number | undefined,
    private readonly context: SourceContext,
  ) {
    this.next = typeof context.restored === 'number' ? context.restored : context.subtask;
    this.everyMs = perSecond === undefined ? 0 : (1000 * context.parallelism) / perSecond;
  }

  open(): void {
    this.beganAt = this.context.clock.now();
  }

  poll(): SourceBatch<T> | typeof END_OF_INPUT | undefined {
    if (this.next >= this.count) return END_OF_INPUT;
    const due = this.due();
    if (due <= 0) {
      this.waitForNext();
      return undefined;
    }
    const values: T[] = [];
    for (; values.length < due && this.next < this.count; this.next += this.context.parallelism) {
      values.push(this.make(this.next));
    }
    this.made += values.length;
    return { values };
  }

  position(): number {
    return this.next;
  }

  close(): void {
    this.cancel?.();
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
