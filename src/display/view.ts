import type { MimeBundle } from '../core/display.js';
import type { CellHandle } from '../core/kernel.js';
import { currentCell } from './notebook.js';
import { open } from './open.js';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');
/** By this method a kernel asks the last value of a cell for its picture. */
const JUPYTER_DISPLAY = Symbol.for('Jupyter.display');

/**
 * Something to look at that is not drawn yet. `await view` and `view.show()` draw it below the cell (in a terminal: as
 * text), and so does a notebook with the last value of a cell.
 */
export abstract class View implements PromiseLike<undefined> {
  /** The picture as a MIME bundle; of something that still goes on, as it is now. */
  abstract bundle(): Promise<MimeBundle>;

  /** One line for logs and the debugger. */
  abstract toString(): string;

  /** Draws it. Resolves when it is drawn; of something live, when that has ended or was interrupted. */
  show(): Promise<void> {
    return this.showIn(currentCell());
  }

  /** @internal The same below a cell that may not be the one that runs now. */
  async showIn(cell: CellHandle | undefined): Promise<void> {
    open(await this.bundle(), cell);
  }

  /** `await view` draws it. */
  // biome-ignore lint/suspicious/noThenProperty: a cell that awaits a view shows it, as it does a stream's
  then<R = undefined, E = never>(
    drawn?: ((value: undefined) => R | PromiseLike<R>) | null,
    failed?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this.show()
      .then(() => undefined)
      .then(drawn, failed);
  }

  [JUPYTER_DISPLAY](): Promise<MimeBundle> {
    return this.bundle();
  }

  [INSPECT](): string {
    return this.toString();
  }
}

/** A view of something that is all there already. */
export class StillView extends View {
  private made: Promise<MimeBundle> | undefined;

  constructor(
    private readonly line: string,
    private readonly make: () => MimeBundle | Promise<MimeBundle>,
  ) {
    super();
  }

  override bundle(): Promise<MimeBundle> {
    this.made ??= (async () => this.make())();
    return this.made;
  }

  override toString(): string {
    return this.line;
  }
}
