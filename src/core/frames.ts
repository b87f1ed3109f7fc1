import type { TableColumn } from './display.js';

/** A table of another library, read in place: nothing is copied until a row is asked for. */
export interface FrameView {
  readonly columns: readonly TableColumn[];
  readonly rowCount: number;
  /** The values of one row, in the order of `columns`; `index` from 0 in the order the frame itself shows. */
  row(index: number): readonly unknown[];
}

/** What the upper rooms offer for the tables of other libraries (arquero, danfojs). */
export interface FramePort {
  /** The view of a frame we know, or `undefined` for anything else. Loads no library. */
  view(value: unknown): FrameView | undefined;
}

const none: FramePort = { view: () => undefined };
let port: FramePort = none;

/** The port that is filled now. */
export function frames(): FramePort {
  return port;
}

/** Fills the port; `index.ts` does so once with what `frames/` offers. */
export function setFramePort(next: FramePort | undefined): void {
  port = next ?? none;
}
