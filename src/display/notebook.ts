import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type { DisplaySlot, MimeBundle } from '../core/display.js';
import { onFlush } from '../core/flush.js';
import { type CellHandle, kernelHook } from '../core/kernel.js';

/** Redraws are at least this far apart: ten a second look alive, and a kernel that sends more than that loses some. */
export const REDRAW_EVERY_MS = 100;

type TslabWrite = (
  content: { data: MimeBundle; metadata: object; transient: { display_id: string } },
  update: boolean,
) => void;

interface TslabJupyter {
  readonly lastWriteDisplayData?: TslabWrite | null;
}

let tslab: TslabJupyter | undefined;
/** tslab has a function per cell. */
const tslabCells = new WeakMap<TslabWrite, CellHandle>();

// Looked up in Node's own cache of CommonJS modules: inside tslab it is loaded, elsewhere nothing must be.
function tslabCell(): CellHandle | undefined {
  if (tslab === undefined) {
    const { cache } = createRequire(import.meta.url);
    const path = Object.keys(cache).find((key) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(key));
    tslab = path === undefined ? undefined : (cache[path]?.exports as TslabJupyter | undefined);
  }
  const write = tslab?.lastWriteDisplayData;
  if (typeof write !== 'function') return undefined;
  let cell = tslabCells.get(write);
  if (cell === undefined) {
    cell = { id: 0, write: (data, id, update) => write({ data, metadata: {}, transient: { display_id: id } }, update) };
    tslabCells.set(write, cell);
  }
  return cell;
}

/** The cell that runs now (or ran last), under our launcher or under plain tslab; `undefined` outside a notebook. */
export function currentCell(): CellHandle | undefined {
  const hook = kernelHook();
  return hook === undefined ? tslabCell() : hook.currentCell();
}

/**
 * An output of one cell, changed in place. It keeps writing to the cell that opened it, also when later cells run.
 * The first bundle goes out at once; of later ones only the latest, at most ten a second. What is held back is
 * written before the cell ends, or with the next redraw.
 */
export class NotebookSlot implements DisplaySlot {
  private readonly id = `streambook-${randomUUID()}`;
  private waiting: MimeBundle | undefined;
  private timer: NodeJS.Timeout | undefined;
  private offFlush: (() => void) | undefined;
  private written = performance.now();

  constructor(
    private readonly cell: CellHandle,
    bundle: MimeBundle,
  ) {
    cell.write(bundle, this.id, false);
  }

  update(bundle: MimeBundle, last = false): void {
    this.waiting = bundle;
    const rest = this.written + REDRAW_EVERY_MS - performance.now();
    if (last || rest <= 0) {
      this.flush();
      return;
    }
    this.offFlush ??= onFlush(() => this.flush());
    this.timer ??= setTimeout(() => this.flush(), rest);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.offFlush?.();
    this.offFlush = undefined;
    const bundle = this.waiting;
    if (bundle === undefined) return;
    this.waiting = undefined;
    this.written = performance.now();
    this.cell.write(bundle, this.id, true);
  }
}
