import type { MimeBundle } from './display.js';

/** A cell that is running or has run: whoever keeps it can write to its output later, from the background too. */
export interface CellHandle {
  /** Counts up from 1 with each executed cell of this kernel. */
  readonly id: number;
  /** Sends `bundle` to this cell's output area; `update` replaces what `displayId` showed before. */
  write(bundle: MimeBundle, displayId: string, update: boolean): void;
}

/** What the kernel's launcher tells the library. Present only inside a notebook started with our kernelspec. */
export interface KernelHook {
  /** The cell that runs now, or the one that ran last. */
  currentCell(): CellHandle | undefined;
  /** Where in the cells something stands: a part of the JavaScript that a cell became, and a position in it. */
  placeIn?(text: string, offset: number): CellPlace | undefined;
}

/** A place in what somebody typed; line and column count from 1. */
export interface CellPlace {
  /** `cell [3]`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const HOOK = Symbol.for('streambook.kernel');
const holder = globalThis as { [HOOK]?: KernelHook };

/** The kernel we run in, if any. */
export function kernelHook(): KernelHook | undefined {
  return holder[HOOK];
}

/** Called once by the launcher, before the first cell. */
export function setKernelHook(hook: KernelHook | undefined): void {
  if (hook === undefined) delete holder[HOOK];
  else holder[HOOK] = hook;
}
