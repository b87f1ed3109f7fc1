import { AsyncLocalStorage } from 'node:async_hooks';
import type { MimeBundle } from '../core/display.js';
import { type CellHandle, setKernelHook } from '../core/kernel.js';
import { InterruptScope } from './interrupt.js';
import { CellOutput, type Publish } from './output.js';
import { placeIn } from './stack.js';

/** One execution of one cell: its number, its output area, and what can be interrupted in it. */
export class Cell implements CellHandle {
  readonly output: CellOutput;
  readonly interrupts = new InterruptScope();
  readonly startedAt = Date.now();

  constructor(
    readonly id: number,
    /** The number in the cell's brackets; undefined for silent executions. */
    readonly count: number | undefined,
    /** When the client sent it, by its clock; epoch milliseconds. */
    readonly sentAt: number,
    publish: Publish,
  ) {
    this.output = new CellOutput(publish);
  }

  /** How messages name it: `cell [3]`. */
  get name(): string {
    return cellName(this.id, this.count);
  }

  write(bundle: MimeBundle, displayId: string, update: boolean): void {
    this.output.show(bundle, displayId, update);
  }
}

function cellName(id: number, count: number | undefined): string {
  return count === undefined ? `cell [*${id}]` : `cell [${count}]`;
}

// Follows a cell through its timers and promises, so that what it prints after its end still lands below it.
const storage = new AsyncLocalStorage<Cell>();
let latest: Cell | undefined;

/** The cell whose code runs now; for code that belongs to none, the one started last. */
export function currentCell(): Cell | undefined {
  return storage.getStore() ?? latest;
}

export function runInCell<T>(cell: Cell, action: () => T): T {
  latest = cell;
  return storage.run(cell, action);
}

/** Leads `process.stdout` and `process.stderr` (and so `console`) to the cell that prints. */
export function captureOutput(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = process[name];
    const original = stream.write.bind(stream);
    stream.write = ((chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const cell = currentCell();
      if (cell === undefined) return original(chunk, encoding as BufferEncoding, callback as () => void);
      const isText = typeof chunk === 'string';
      const bytes = isText && typeof encoding === 'string' && !/^utf-?8$/i.test(encoding);
      cell.output.write(name, bytes ? Buffer.from(chunk, encoding as BufferEncoding) : chunk);
      const done = typeof encoding === 'function' ? encoding : callback;
      if (typeof done === 'function') process.nextTick(done as () => void);
      return true;
    }) as typeof stream.write;
  }
}

/** Tells the library which cell it works for. */
export function offerCells(): void {
  setKernelHook({ currentCell, placeIn });
}
