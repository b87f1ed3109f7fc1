import type { MimeBundle } from '../core/display.js';
import { type CellHandle, kernelHook } from '../core/kernel.js';
import { open } from '../display/open.js';

/** By this method a kernel asks the last value of a cell for its picture; null: it has shown itself already. */
const JUPYTER_DISPLAY = Symbol.for('Jupyter.display');

function markShown<T extends object>(value: T): T {
  Object.defineProperty(value, JUPYTER_DISPLAY, { value: () => null, enumerable: false });
  return value;
}

/**
 * Work that shows its result below the cell it was started in, awaited or not, and resolves to that result as plain
 * data. As the last value of a cell it is not shown a second time.
 */
export class Shown<T extends object> implements PromiseLike<T> {
  private readonly done: Promise<T>;

  constructor(work: () => Promise<{ readonly result: T; readonly bundle: MimeBundle }>) {
    const cell: CellHandle | undefined = kernelHook()?.currentCell();
    this.done = (async () => {
      const { result, bundle } = await work();
      open(bundle, cell);
      return markShown(result);
    })();
  }

  // biome-ignore lint/suspicious/noThenProperty: students forget the await; both ways show the card
  then<R = T, E = never>(
    done?: ((value: T) => R | PromiseLike<R>) | null,
    failed?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this.done.then(done, failed);
  }

  async [JUPYTER_DISPLAY](): Promise<null> {
    await this.done;
    return null;
  }
}
