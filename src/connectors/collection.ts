import { types } from 'node:util';
import { quoted } from '../core/arguments.js';
import { ArgumentError, StreambookError } from '../core/errors.js';
import {
  BATCH_SIZE,
  END_OF_INPUT,
  type Source,
  type SourceBatch,
  type SourceContext,
  type SourceReader,
} from '../engine/source.js';
import { positionsFor } from './positions.js';

/** What {@link collectionSource} takes: anything that can be gone through, or a function that makes such a thing anew. */
export type Collection<T> = Iterable<T> | AsyncIterable<T> | (() => Iterable<T> | AsyncIterable<T>);

/**
 * A source of what an array, an iterable or an async iterable holds. Its position is a count: to go on after a restart it
 * goes through the collection again and leaves out the first ones, so a generator should be given as a function.
 */
export function collectionSource<T>(items: Collection<T>): Source<T> {
  if (items === null || items === undefined || typeof items === 'string') {
    throw new ArgumentError(`fromCollection(${JSON.stringify(items)}): not a collection`, {
      hint: 'pass an array, a Set, a generator, or anything with `for ... of`; a text is split first: text.split(" ")',
    });
  }
  if (typeof items !== 'function' && !isCollection(items)) noCollection(items);
  const make = typeof items === 'function' ? items : () => items;
  // A generator's object: what one attempt has taken out of it, another cannot have again.
  const once = typeof items !== 'function' && isOnce(items);
  let used = false;
  return {
    name: 'Collection Source',
    bounded: true,
    maxParallelism: 1,
    createReader: (context) => {
      const made: unknown = make();
      if (once && used) throw usedUp();
      const onUse = (): void => {
        used = true;
      };
      if (!isCollection(made)) return noCollection(made);
      return Symbol.asyncIterator in made
        ? new AsyncReader(made as AsyncIterable<T>, context, onUse)
        : new IterableReader(made as Iterable<T>, context, onUse);
    },
  };
}

function isCollection(items: unknown): items is object {
  return typeof items === 'object' && items !== null && (Symbol.iterator in items || Symbol.asyncIterator in items);
}

function noCollection(items: unknown): never {
  throw new ArgumentError(`fromCollection: ${quoted(items)} cannot be gone through with \`for ... of\``, {
    hint: types.isPromise(items)
      ? 'await it first: fromCollection(await load())'
      : 'pass an array, a Set, a generator, or anything with `for ... of`; one element: fromElements(order)',
  });
}

function isOnce(items: object): boolean {
  const given = items as Partial<Iterable<unknown> & AsyncIterable<unknown>>;
  const iterator: unknown = given[Symbol.asyncIterator]?.() ?? given[Symbol.iterator]?.();
  return iterator === items;
}

function usedUp(): StreambookError {
  return new StreambookError('used-up', 'the job starts again, but its collection can be gone through only once', {
    hint: 'pass the function that makes the generator: fromCollection(makeThem), not fromCollection(makeThem())',
  });
}

function positionOf(context: SourceContext): number {
  const { restored } = context;
  if (restored === undefined) return 0;
  if (typeof restored !== 'number') positionsFor('Collection Source', [restored], () => false);
  return restored as number;
}

class IterableReader<T> implements SourceReader<T> {
  private readonly iterator: Iterator<T>;
  private count = 0;
  private ended = false;
  private size = 1;

  constructor(
    items: Iterable<T>,
    context: SourceContext,
    private readonly onUse: () => void,
  ) {
    this.iterator = items[Symbol.iterator]();
    for (const skip = positionOf(context); this.count < skip; this.count++) this.iterator.next();
  }

  poll(): SourceBatch<T> | typeof END_OF_INPUT {
    this.onUse();
    const values: T[] = [];
    // The first batches are small: a generator's first element is not made to wait for its thousandth.
    while (values.length < this.size && !this.ended) {
      const next = this.iterator.next();
      if (next.done === true) this.ended = true;
      else values.push(next.value);
    }
    this.size = Math.min(BATCH_SIZE, this.size * 2);
    this.count += values.length;
    return values.length === 0 ? END_OF_INPUT : { values };
  }

  position(): number {
    return this.count;
  }

  close(): void {
    if (!this.ended) this.iterator.return?.();
  }
}

class AsyncReader<T> implements SourceReader<T> {
  private readonly iterator: AsyncIterator<T>;
  private buffer: T[] = [];
  private count = 0;
  private ended = false;
  private closed = false;
  private filling = false;
  private skip: number;

  constructor(
    items: AsyncIterable<T>,
    private readonly context: SourceContext,
    private readonly onUse: () => void,
  ) {
    this.iterator = items[Symbol.asyncIterator]();
    this.skip = positionOf(context);
    this.count = this.skip;
  }

  open(): void {
    this.onUse();
    void this.fill();
  }

  poll(): SourceBatch<T> | typeof END_OF_INPUT | undefined {
    if (this.buffer.length > 0) {
      const values = this.buffer;
      this.buffer = [];
      this.count += values.length;
      void this.fill();
      return { values };
    }
    return this.ended ? END_OF_INPUT : undefined;
  }

  position(): number {
    return this.count;
  }

  close(): void {
    this.closed = true;
    // A generator that waits ends when it comes back; nobody waits for that.
    if (!this.ended) void Promise.resolve(this.iterator.return?.()).catch(() => undefined);
  }

  private async fill(): Promise<void> {
    if (this.filling || this.ended) return;
    this.filling = true;
    try {
      while (!this.closed && this.buffer.length < BATCH_SIZE) {
        const next = await this.iterator.next();
        if (next.done === true) {
          this.ended = true;
          break;
        }
        if (this.skip > 0) this.skip--;
        else {
          this.buffer.push(next.value);
          if (this.buffer.length === 1) this.context.wake();
        }
      }
    } catch (error) {
      this.ended = true;
      if (!this.closed) this.context.fail(error);
    } finally {
      this.filling = false;
      this.context.wake();
    }
  }
}
